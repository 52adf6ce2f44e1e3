"""Accepted commands to remove somebody, and when the victim learns of them."""

from __future__ import annotations

from typing import ClassVar, Final

from sim.laws.law import Handlers, handlers
from sim.protocol.reasons import FORCE_DISCONNECTED
from sim.protocol.records.calls import FORCE_DISCONNECT
from sim.research.observing.observed import Kick
from sim.research.observing.sessions import Attendance, Sessions
from sim.trace import Record

_COMMAND: Final = FORCE_DISCONNECT.name


class Kicks:
    """Follows what the platform accepts."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._all: list[tuple[int, Attendance, bool]] = []

    def _accepted(self, record: Record) -> None:
        if record.data["command"] == _COMMAND:
            victim = self._sessions.of(record.data["target"])
            if victim is not None:
                self._all.append((record.time, victim, victim.reconnecting is not None))

    def finish(self) -> tuple[Kick, ...]:
        """The rows, in order."""
        return tuple([_kick(*each) for each in self._all])

    HANDLERS: ClassVar[Handlers] = handlers({("decision", "accepted"): _accepted})


def _kick(accepted: int, victim: Attendance, reconnecting: bool) -> Kick:
    knows = victim.told == FORCE_DISCONNECTED
    told = victim.ended if knows else None
    return Kick(victim.person, accepted, told, victim.connection, reconnecting, victim.over)
