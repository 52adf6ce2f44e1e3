"""Holds what a run writes to the table of records: for tests, at no cost to anybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from sim.protocol import records
from sim.protocol.journal import STORY, Journal
from sim.trace.recorder import Recorder


class UnlistedRecordError(AssertionError):
    """Something was written that the table of records does not allow, or out of its order.

    An assertion, so that it is not taken for an app's own fault when a listener's call writes.
    """


def inspect(object: str, kind: str, name: str, data: dict[str, Any], level: int = STORY) -> None:
    """Raise :class:`UnlistedRecordError` unless the table has such a record."""
    wrong = records.problem(object, kind, name, data, level)
    if wrong is not None:
        raise UnlistedRecordError(wrong)


def inspected(journal: Journal) -> Journal:
    """That journal, which looks at each record before it is written."""

    def write(
        client: str,
        object: str,
        kind: str,
        name: str,
        data: dict[str, Any],
        cause: int | None,
        level: int = STORY,
    ) -> int | None:
        inspect(object, kind, name, data, level)
        return journal(client, object, kind, name, data, cause, level)

    return write


def switch_on() -> None:
    """From now on every :class:`Recorder` of this process looks at what it is given."""
    _replace(_inspecting)


def switch_off() -> None:
    """From now on recorders take anything again: what is recorded is no run of ours."""
    _replace(_WRITE)


_WRITE: Final = Recorder.__call__


def _replace(write: Callable[..., int | None]) -> None:
    setattr(Recorder, "__call__", write)  # noqa: B010 - mypy holds methods fast, and rightly


def _inspecting(
    recorder: Recorder,
    client: str,
    object: str,
    kind: str,
    name: str,
    data: dict[str, Any],
    cause: int | None,
    level: int = STORY,
) -> int | None:
    if kind != "event" or recorder.is_heard:  # what nobody reads need not be described
        inspect(object, kind, name, data, level)
    if cause is not None and not 0 < cause <= recorder.records:
        raise UnlistedRecordError(
            f"record {kind} {name} of {object}: there is no record {cause} yet"
        )
    _in_order(recorder, f"record {kind} {name} of {object}")
    return _WRITE(recorder, client, object, kind, name, data, cause, level)


_LATEST: Final[WeakKeyDictionary[Recorder, int]] = WeakKeyDictionary()
"""When each recorder wrote last."""


def _in_order(recorder: Recorder, what: str) -> None:
    before, now = _LATEST.get(recorder, 0), recorder.now
    if now < before:
        raise UnlistedRecordError(f"{what} is of {now} us, after one of {before} us")
    _LATEST[recorder] = now
