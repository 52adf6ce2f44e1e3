"""Virtual time: the only place that knows SimPy. People, links and the platform, put together."""

from sim.world.world import World

__all__ = ["World"]
