"""All the examples of one test: what they have reached together, and which are run twice."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from hypothesis import Phase, settings
from hypothesis.errors import FailedHealthCheck
from hypothesis.stateful import run_state_machine_as_test

from sim.testing.goals import Tally
from sim.wording import listing


class NotExercised(AssertionError, FailedHealthCheck):  # noqa: N818 - it reads as a sentence
    """The examples of a test have together never reached what it requires.

    To Hypothesis it is a health check that fails: no single example is to blame, none is shrunk.
    """


class Campaign:
    """The examples of one test. ``frame`` is the call of Hypothesis that makes them, if known."""

    def __init__(self, machine: Any, frame: FrameType | None = None) -> None:
        self.machine = machine
        self.frame = frame
        self.tally = Tally()
        self.broken = 0
        """So many examples have failed."""

    def passed(self, goals: Iterable[str]) -> None:
        """An example has passed, and has reached these goals."""
        self.tally.add(goals)

    @property
    def doubts(self) -> bool:
        """Whether the example that is about to pass is to be run twice: the 1st, 2nd, 4th, 8th …"""
        return _is_power_of_two(self.tally.runs + 1)

    @property
    def doubts_failure(self) -> bool:
        """The same of an example that has failed."""
        self.broken += 1
        return _is_power_of_two(self.broken)

    def check(self) -> None:
        """Raise :class:`NotExercised` for goals that no example has reached."""
        missing = self.tally.missing(self.machine.require)
        if missing:
            runs = self.tally.runs
            examples = "the only example" if runs == 1 else f"{runs} examples together"
            raise NotExercised(
                f"{self.machine.__name__} requires {listing(missing)}, which {examples} never"
                " reached"
            )

    def check_if_last(self) -> None:
        """The same, once there have been as many examples as Hypothesis makes.

        Of a machine that is run by :func:`hypothesis.stateful.run_state_machine_as_test` itself
        nobody is told that the test is over.
        """
        chosen = settings.default
        if self.frame is None or chosen is None or not generates(chosen):
            return
        if self.tally.runs >= chosen.max_examples:
            self.check()


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0


_supervised: Campaign | None = None
_latest: Campaign | None = None


@contextmanager
def supervising(machine: Any) -> Iterator[Campaign]:
    """Let the examples that are made meanwhile be those of one test of this class."""
    global _supervised  # noqa: PLW0603 - a machine is made by Hypothesis, without arguments
    before, _supervised = _supervised, Campaign(machine)
    try:
        yield _supervised
    finally:
        _supervised = before


def campaign_of(machine: Any) -> Campaign:
    """The test of which an example of this class begins."""
    global _latest  # noqa: PLW0603
    if _supervised is not None and _supervised.machine is machine:
        return _supervised
    frame = _test()
    if _latest is None or _latest.machine is not machine or _latest.frame is not frame:
        _latest = Campaign(machine, frame)
    return _latest


def _test() -> FrameType | None:
    """The call of Hypothesis's that makes the examples."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code is not run_state_machine_as_test.__code__:
        frame = frame.f_back
    return frame


def generates(chosen: settings) -> bool:
    """Whether a test with these settings makes examples of its own.

    One that only looks at examples of old need not reach anything.
    """
    return Phase.generate in chosen.phases
