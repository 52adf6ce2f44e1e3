"""The same story is told twice: whether it is the same, and if not, where it first differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from hypothesis.errors import FailedHealthCheck

from sim.protocol.units import format_clock
from sim.scenario import Scenario
from sim.simulation import Simulation
from sim.trace import Record

_CUT = 120


class NotDeterministic(AssertionError, FailedHealthCheck):  # noqa: N818 - it reads as a sentence
    """A story that was run again was another one: a test of it means nothing.

    To Hypothesis it is a health check that fails. It would shrink another failure, and then say
    that the test is flaky, and not where.
    """


def difference(
    name: str,
    first: Sequence[Record],
    story: Scenario,
    begin: Callable[[Scenario], Simulation],
) -> NotDeterministic | None:
    """What is to be said if the story gives other records than those that it ``first`` gave.

    ``begin`` makes the simulation that is to run it. One that failed in the middle of an instant
    has not come to its end, so that more may follow when it is run again.
    """
    again = _again(begin(story), story.duration)
    for before, now in zip_longest(first, again[: len(first)]):
        if before != now:
            return NotDeterministic(_sentence(name, before, now))
    return None


def _again(simulation: Simulation, ended: int) -> Sequence[Record]:
    """The records of the story; what comes out of the world has come out of it before."""
    try:
        simulation.advance(ended)
    except Exception:  # noqa: BLE001 - an app that fails: it is the records that are compared
        return simulation.records
    return simulation.records


def _sentence(name: str, before: Record | None, now: Record | None) -> str:
    record = before or now
    assert record is not None
    return (
        f"{name} is not deterministic: the same story, run twice, first differs at"
        f" {format_clock(record.time)}, record {record.seq}: {_said(before)}, then {_said(now)};"
        " an app, a client or a rule uses a clock, randomness or state of its own"
    )


def _said(record: Record | None) -> str:
    if record is None:
        return "nothing"
    who = record.client or "the platform"
    said = f"{who}: {record.kind} {record.object}.{record.name} {record.data}"
    return said if len(said) <= _CUT else f"{said[: _CUT - 1]}…"
