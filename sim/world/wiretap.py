"""Messages in the trace: used only when a run records more than its story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.protocol.frames import Disconnect, Frame, Message, Ping, Pong, Status
from sim.protocol.journal import ALL, WIRE, Journal
from sim.protocol.records import Entry, states

if TYPE_CHECKING:
    from sim.world.wire import Wire


class Wiretap:
    """Writes a record for every frame that is sent, delivered or lost."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def sent(self, by: str, wire: Wire, frame: Frame) -> None:
        """``by`` is ``platform`` or the client's name."""
        self._note(states.SENT, by, wire, frame)

    def delivered(self, to: str, wire: Wire, frame: Frame) -> None:
        """``to`` is ``platform`` or the client's name."""
        self._note(states.DELIVERED, to, wire, frame)

    def lost(self, client: str, blame: int | str | None) -> None:
        """A packet of that client's link was lost."""
        cause = blame if isinstance(blame, int) else None
        self._journal(client, *states.PACKET_LOST.head, {"blame": blame}, cause, WIRE)

    def _note(self, entry: Entry, end: str, wire: Wire, frame: Frame) -> None:
        heartbeat = isinstance(frame, Ping | Pong)
        data: dict[str, Any] = {"end": end, "socket": wire.number, "frame": _described(frame)}
        cause = None if isinstance(frame, Ping | Pong) else frame.cause
        self._journal(wire.hello.client, *entry.head, data, cause, ALL if heartbeat else WIRE)


def _described(frame: Frame) -> list[Any]:
    if isinstance(frame, Message):
        return ["message", frame.txn, frame.method, frame.resource, frame.content]
    if isinstance(frame, Status):
        return ["status", frame.txn, frame.status, frame.content]
    if isinstance(frame, Disconnect):
        return ["disconnect", frame.reconnect]
    return ["ping" if isinstance(frame, Ping) else "pong"]
