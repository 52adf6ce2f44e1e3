"""Signals, and whether those get them who were there when they were sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from attrs import define

from sim.laws.law import Handlers, handlers
from sim.protocol.names import SERVER
from sim.protocol.quirks import SENT_EARLY
from sim.protocol.reasons import CLIENT_DISCONNECTED
from sim.protocol.units import SECOND
from sim.research.observing.observed import Signal
from sim.research.observing.sessions import Attendance, Sessions
from sim.trace import Record

LATE: Final = SECOND
"""A signal that takes longer, in microseconds, is late."""
GONE: Final = 404
"""The status with which the platform refuses a signal to somebody whom it does not have."""


@define(eq=False)
class _Way:
    sender: str
    to: Attendance
    sent: int
    got: int | None = None


class Signals:
    """Follows every signal to everybody whose app is in the session when it is sent."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._ways: dict[str, dict[str, _Way]] = {}
        """By the name of the signal: the ways to each connection."""
        self._calls: dict[int, str] = {}
        """By the number of a record from which its request follows: the name of the signal."""

    def _called(self, record: Record) -> None:
        data = record.data
        sender = self._sessions.present(record.client)
        if sender is not None:
            self._calls[record.seq] = data["signal"]
            own, to = sender.connection, data.get("to")
            self._send(
                record,
                record.client,
                lambda each: each.connection != own and to in (None, each.connection),
            )

    def _server_sent(self, record: Record) -> None:
        """The app's server signals one person."""
        self._send(record, SERVER, lambda each: each.person == record.client)

    def _send(self, record: Record, sender: str, is_meant: Callable[[Attendance], bool]) -> None:
        self._ways[record.data["signal"]] = {
            each.connection: _Way(sender, each, record.time)
            for each in self._sessions.everybody()
            if is_meant(each)
        }

    def _sent_early(self, record: Record) -> None:
        name = self._calls.get(record.cause or 0)
        if name is not None:
            self._calls[record.seq] = name

    def _refused(self, record: Record) -> None:
        """The platform does not pass it on: its ways are none.

        To a receiver whom it has no more (404) the signal was on its way.
        """
        ways = self._ways.get(self._calls.get(record.cause or 0, ""), {})
        for way in list(ways.values()):
            if record.data["status"] != GONE or way.to.here:
                del ways[way.to.connection]

    def _completed(self, record: Record) -> None:
        name = self._calls.pop(record.data["call"], None)
        ways = self._ways.get(name or "")
        if ways and not record.data["ok"] and _same_time(ways, record.time):
            del self._ways[name or ""]  # its own client has refused it: it was never sent

    def _got(self, record: Record) -> None:
        way = self._ways.get(record.data.get("signal", ""), {}).get(record.data.get("own") or "")
        if way is not None and way.got is None:
            way.got = record.time

    def finish(self, ended: int, within: int) -> tuple[Signal, ...]:
        """The rows of a run that ended at ``ended``, without those of which it cannot tell.

        Those are the signals to somebody who left meanwhile, or who is reconnecting, and those sent
        less than ``within`` microseconds before the end.
        """
        ways = (way for each in self._ways.values() for way in each.values())
        return tuple([_signal(way) for way in ways if _is_known(way, ended, within)])

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "signal"): _called,
            ("decision", "signal"): _server_sent,
            ("decision", "refused"): _refused,
            ("callback", "signal"): _completed,
            ("quirk", SENT_EARLY): _sent_early,
            ("event", "signal"): _got,
        }
    )


def _same_time(ways: dict[str, _Way], now: int) -> bool:
    return all(way.sent == now for way in ways.values())


def _is_known(way: _Way, run_ended: int, within: int) -> bool:
    if way.got is not None:
        return True
    if way.to.ended is not None:
        return way.to.cut_off or way.to.told not in (None, CLIENT_DISCONNECTED)
    return way.to.reconnecting is None and run_ended - way.sent > within


def _signal(way: _Way) -> Signal:
    late = way.got is not None and way.got - way.sent > LATE
    return Signal(way.sender, way.to.person, way.sent, way.got, late, way.got is None)
