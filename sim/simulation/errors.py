"""What a simulation that is driven by hand may raise. See ``sim.scenario`` for bad commands."""

from __future__ import annotations


class NotReached(AssertionError):  # noqa: N818 - it reads as a sentence where it is raised
    """What was waited for did not come in time."""
