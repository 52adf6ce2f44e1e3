"""The SDK: what one client's page, Session, Publishers and Subscribers do. Sans-I/O.

A :class:`~sim.client.client.Client` is told what happened (a socket opened or closed, a frame
came, time passed) and leaves what it wants done in ``outputs``; it has no clock, no randomness
and no network of its own.
"""

from sim.client.client import Client

__all__ = ["Client"]
