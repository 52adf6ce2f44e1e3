"""What is to be said of scenarios and traces that cannot be used."""

from __future__ import annotations


def sentences(failure: Exception) -> tuple[str, ...] | None:
    """What is wrong with a scenario or a trace; None if it is something else that failed."""
    from sim.scenario import ScenarioError
    from sim.trace import TraceError
    from sim.world.bounds import StoryWithoutEnd

    if isinstance(failure, ScenarioError):
        return tuple(map(str, failure.problems))
    if isinstance(failure, TraceError | StoryWithoutEnd):
        return (str(failure),)
    return None
