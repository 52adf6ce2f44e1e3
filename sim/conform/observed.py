"""What the simulated apps were told, in the recordings' terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from attrs import frozen

from sim.conform.answers import Called
from sim.conform.calls import BOTH
from sim.conform.case import Completion, Told
from sim.conform.labels import owner_of
from sim.protocol.names import Label
from sim.trace import Record
from sim.world.participant import Participant

_OF_OURS: Final = ("state", "own", "from", "connection", "stream", "signal")
"""Fields of a record that a recording calls otherwise, or does not have."""
MEDIA: Final = ("connected", "disconnected")
"""What Subscribers tell of their media."""


def is_media(object: str, event: str) -> bool:
    """Whether an event depends on WebRTC's timing."""
    return object.startswith("subscriber") and event in MEDIA


@frozen
class Observed:
    """One re-enactment: events, completions and what is left, and the records behind them."""

    expect: Mapping[str, tuple[Told, ...]]
    completions: tuple[Completion, ...]
    left: Mapping[str, Mapping[str, Any]]
    records: tuple[Record, ...]
    sources: Mapping[str, tuple[int, ...]]
    """The record behind each event, by client."""
    endings: tuple[int | None, ...]
    """The record behind each completion; a call that threw has none."""


class Observer:
    """A sink of the recorder that keeps events and completions as a recording would.

    ``after_task`` puts something off to the end of a client's present task, as a promise does.
    """

    def __init__(self, after_task: Callable[[str, Callable[[], None]], None]) -> None:
        self._after_task = after_task
        self._records: list[Record] = []
        self._told: dict[str, list[Told]] = {}
        self._sources: dict[str, list[int]] = {}
        self._completions: list[Completion] = []
        self._endings: list[int | None] = []
        self._labels: dict[int, str] = {}
        self._expected: dict[str, str | None] = {}
        self._called: dict[int, Called] = {}
        self._made: Counter[tuple[str, str]] = Counter()
        self._subscriptions: dict[tuple[str, str], int] = {}

    def __call__(self, record: Record) -> None:
        """Take in a story record."""
        self._records.append(record)
        if record.kind == "event":
            self._event(record)
        elif record.kind == "call" and record.name == "preventDefault":
            self._prevented(record)
        elif record.kind == "call" and record.object != "browser":
            self._call(record)
        elif record.kind == "callback" and "ok" in record.data:
            self._callback(record)

    def expect_call(self, client: str, label: str | None) -> None:
        """The next call of that client is the one with this label in the script."""
        self._expected[client] = label

    def called(self, record: int | None) -> Called | None:
        """Which call of the script it is that this record tells of."""
        return None if record is None else self._called.get(record)

    def threw(self, client: str, label: str, error: str, now: int) -> None:
        """A driven call has thrown."""
        fields = {"ok": False, "error": error}
        self._complete(Completion(now, client, label, "throw", fields), None)

    def finish(self, participants: Mapping[str, Participant]) -> Observed:
        """Everything, at the end of the run."""
        return Observed(
            {name: tuple(self._told.get(name, ())) for name in participants},
            tuple(self._completions),
            {name: _left(who) for name, who in participants.items()},
            tuple(self._records),
            {name: tuple(self._sources.get(name, ())) for name in participants},
            tuple(self._endings),
        )

    def _event(self, record: Record) -> None:
        data = record.data
        fields: dict[str, Any] = {key: data[key] for key in data if key not in _OF_OURS}
        fields["session_state"] = data["state"]
        about = _about(record)
        if about is not None:
            fields["about"] = about
        if "from" in data:
            fields["from"] = None if data["from"] is None else owner_of(data["from"])
        media = is_media(record.object, record.name)
        told = Told(record.time, record.object, record.name, fields, media)
        self._told.setdefault(record.client, []).append(told)
        self._sources.setdefault(record.client, []).append(record.seq)

    def _prevented(self, record: Record) -> None:
        source = record.cause
        for told, seq in zip(
            reversed(self._told[record.client]), reversed(self._sources[record.client]), strict=True
        ):
            if seq == source:
                told.fields["prevented"] = True  # type: ignore[index]
                return

    def _call(self, record: Record) -> None:
        label = self._expected.get(record.client) if record.data.get("by") == "script" else None
        if label is not None:
            self._labels[record.seq] = label
        elif record.name == "subscribe":
            self._labels[record.seq] = f"subscribe {self._subscriber(record)}"
        said = self._labels.get(record.seq, record.name)
        self._called[record.seq] = Called(said, self._made[record.client, said])
        self._made[record.client, said] += 1

    def _subscriber(self, record: Record) -> str:
        """The Subscriber of a call, or what it would have been called had the call not failed."""
        named = record.data["subscriber"]
        person = owner_of(str(record.data["stream"]))
        before = self._subscriptions.setdefault((record.client, person), 0)
        self._subscriptions[record.client, person] += 1
        return named or str(Label("subscriber", person, before))

    def _callback(self, record: Record) -> None:
        data = record.data
        label = self._labels.get(data["call"], record.name)
        fields = {key: data[key] for key in ("ok", "error", "code") if data.get(key) is not None}
        by = data.get("by", "callback")
        if by == "callback" and label == f"{record.name}()":
            return  # called without arguments, hence without a callback
        ways = ("callback", "promise") if record.name in BOTH else (by,)
        if fields.get("error") == "TypeError":  # thrown before the callback is looked at
            ways = ("promise",)
        for way in ways:
            ended = Completion(record.time, record.client, label, way, fields)
            if way == "promise" and record.name in BOTH:
                self._after_task(record.client, partial(self._complete, ended, record.seq))
            else:
                self._complete(ended, record.seq)

    def _complete(self, completion: Completion, seq: int | None) -> None:
        self._completions.append(completion)
        self._endings.append(seq)


def _about(record: Record) -> str | None:
    data = record.data
    if record.object.startswith("subscriber"):
        return None
    if "stream" in data:
        return f"stream of {owner_of(data['connection'])}"
    return f"connection {owner_of(data['connection'])}" if "connection" in data else None


def _left(who: Participant) -> dict[str, Any]:
    session, page = who.session, who.driver.core.page.document
    return {
        "session_state": session.state,
        "publishers_in_page": page.counts["publisher"],
        "subscribers_in_page": page.counts["subscriber"],
        "connections": len(session.connections),
        "streams": len(session.streams),
    }
