"""completed-once: a call that promises an answer gets one, in time, and no second."""

from __future__ import annotations

from typing import ClassVar, Final

from attrs import define

from sim.laws.law import EVENTUALLY, Handlers, Law, handlers, on
from sim.laws.presence import Presence
from sim.laws.trouble import Trouble
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.protocol.records.calls import COMPLETIONS
from sim.protocol.units import format_duration
from sim.trace import Record
from sim.wording import whose

_ANSWERED_BY: Final = {"sessionConnected": "connect", "sessionDisconnected": "disconnect"}
"""Events whose listeners the client itself uses to answer a call: one that throws stops it."""
_CALLS: Final = tuple(("call", name) for name in COMPLETIONS)
_ANSWERS: Final = tuple(("callback", name) for name in COMPLETIONS)
_TIMED: Final = ("connect", "disconnect", "publish", "subscribe")
"""Calls that the client itself ends in time."""
_REQUESTS: Final = tuple(name for name in COMPLETIONS if name not in _TIMED)
"""Calls that wait for the platform."""


@define(eq=False)
class Open:
    """A call without its answer; ``overdue`` once that has been said."""

    record: Record
    overdue: bool = False


class CompletedOnce:
    """Remembers, by client, the calls of its page that have not been answered."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._trouble = watch.track(Trouble)
        self._open: dict[str, dict[int, Open]] = {}
        bounds = watch.bounds
        self._within = {
            "connect": bounds.joining,
            "disconnect": bounds.delivery,
            "publish": bounds.publish + bounds.margin,
            "subscribe": bounds.subscribe + bounds.margin,
        }
        """By call, how long the client itself waits. All others wait for the platform."""
        self._reply = bounds.detection + bounds.delivery
        """The way up, the platform's patience with it, and the way down again."""

    def _called(self, record: Record) -> None:
        if record.name == "disconnect":
            self._settled(record)
        if self._presence.of(record.client).page and not record.data.get("ignored"):
            self._watch.exercised += 1
            call = self._open.setdefault(record.client, {})[record.seq] = Open(record)
            within = self._within.get(record.name, self._reply)
            self._look_at(call, record.time + within, within)

    def _answered(self, record: Record) -> None:
        number = record.data["call"]
        calls = self._open.get(record.client, {})
        if calls.pop(number, None) is None and self._presence.of(record.client).page:
            what = f"{whose(record.client)} {record.name} of record {number}"
            self._watch.breach(record, f"{what} was answered again")

    # -- answers that do not come ----------------------------------------------------------------

    def _look_at(self, call: Open, due: int, within: int) -> None:
        self._watch.after(due, self._look, call, due, within)

    def _look(self, call: Open, now: int, within: int) -> None:
        """The bound has passed, but not for all: look again when it has."""
        due = self._due(call.record, now)
        if due > now and self._is_open(call):
            self._look_at(call, due, within)
        else:
            self._overdue(call, within)

    def _due(self, record: Record, now: int) -> int:
        """When a call must have been answered, as far as can be said now.

        Connecting takes as long as the network takes to let it through. The platform's answer is
        there when the client has attended for long enough, or has left.
        """
        if record.name == "connect":
            return self._trouble.over(record.client, now) + self._within["connect"]
        client = self._presence.of(record.client)
        if record.name in self._within or client.started is None:
            return now
        since = now if client.since is None else client.since.time
        return max(since, record.time) + self._reply

    def _settled(self, record: Record) -> None:
        """Who is connected, or disconnects, connects no more, and is told so."""
        if record.object == "session":
            bounds = self._watch.bounds
            within = bounds.delivery if record.kind == "call" else bounds.margin
            self._expect(record, ("connect",), within)

    def _ended(self, record: Record) -> None:
        """With the session its requests are over."""
        self._expect(record, _REQUESTS, self._watch.bounds.margin)

    def _expect(self, record: Record, names: tuple[str, ...], within: int) -> None:
        """Open calls of these names must be answered so long after the record."""
        for call in self._open.get(record.client, {}).values():
            if call.record.name in names:
                self._expect_one(call, record.time + within, within, f" of {record.name}")

    def _expect_one(self, call: Open, due: int, within: int, of: str) -> None:
        self._watch.after(due, self._overdue, call, within, of)

    def _overdue(self, call: Open, within: int, of: str = "") -> None:
        if self._is_open(call):
            call.overdue = True
            what = f"{whose(call.record.client)} {call.record.name}"
            late = f"{what} was not answered within {format_duration(within)}{of}"
            self._watch.breach(call.record, late)

    def _is_open(self, call: Open) -> bool:
        return call.record.seq in self._open.get(call.record.client, {}) and not call.overdue

    # -- who waits no more -----------------------------------------------------------------------

    def _threw(self, record: Record) -> None:
        """A listener of the app that throws stops the client's own after it."""
        name = _ANSWERED_BY.get(record.data["event"])
        for call in self._open.get(record.client, {}).values():
            if call.record.name == name:
                call.overdue = True

    def _gone(self, record: Record) -> None:
        self._open.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            **dict.fromkeys(_CALLS, _called),
            **dict.fromkeys(_ANSWERS, _answered),
            ("callback", "listenerThrew"): _threw,
            ("event", "sessionConnected"): _settled,
            ("state", "disconnected"): _settled,
            ("event", "sessionDisconnected"): _ended,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="completed-once",
    kind=EVENTUALLY,
    statement="every call that promises an answer gets one, and no second, while its page is there:"
    " `publish` within its 15 s and `subscribe` within its 30 s, `disconnect` within silence +"
    " margin, `connect` with the end of connecting (within silence + margin of a `disconnect`, and"
    " of all its attempts on a network that is well); signals and commands within detection +"
    " silence + margin in which the client attends, or with the end of its session. A `connect`"
    " that is ignored promises nothing; a listener of the app that throws may stop the answer to"
    " `connect` or `disconnect`",
    source="the vendor's reference of the Session's methods; fact sheet 2.1, 2.2, 3.4, 3.5, 3.6",
    exercised="a call of `connect`, `disconnect`, `publish`, `subscribe`, `signal`, or a command",
    checker=CompletedOnce,
)
