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
    answered: int | None = None
    """When its sender was told what has become of it."""
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
        answered = record.time if sender == SERVER else None
        self._ways[record.data["signal"]] = {
            each.connection: _Way(sender, each, record.time, answered)
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
        ways = self._ways.get(name or "", {})
        if ways and not record.data["ok"] and _same_time(ways, record.time):
            del self._ways[name or ""]  # its own client has refused it: it was never sent
        for way in ways.values():
            way.answered = record.time

    def _got(self, record: Record) -> None:
        way = self._ways.get(record.data.get("signal", ""), {}).get(record.data.get("own") or "")
        if way is not None and way.got is None:
            way.got = record.time

    def finish(self, ended: int, within: int) -> tuple[Signal, ...]:
        """The rows of a run that ended at ``ended``, without those of which it cannot tell.

        Those are the signals whose receiver was in touch, until it left or the run ended, for no
        longer than ``within`` microseconds after they were sent; to one who left, after their
        sender was answered.
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
    to = way.to
    if way.got is not None or (to.ended is not None and _is_cut_off(to)):
        return True
    since = way.sent if to.ended is None else way.answered
    return since is not None and _in_touch_until(to, run_ended) - since > within


def _is_cut_off(to: Attendance) -> bool:
    return to.cut_off or to.told not in (None, CLIENT_DISCONNECTED)


def _in_touch_until(to: Attendance, run_ended: int) -> int:
    """When the receiver's app was last known not to be reconnecting."""
    if to.reconnecting is not None:
        return to.reconnecting
    if to.ended is None:
        return run_ended
    last = to.stretches[-1] if to.stretches else None
    return last[0] if last is not None and last[1] == to.ended else to.ended


def _signal(way: _Way) -> Signal:
    late = way.got is not None and way.got - way.sent > LATE
    return Signal(way.sender, way.to.person, way.sent, way.got, late, way.got is None)
