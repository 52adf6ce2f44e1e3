"""What a reconnecting socket tells whoever uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.protocol.frames import Message

if TYPE_CHECKING:
    from sim.client.socket import ReconnectingSocket


class SocketOwner(Protocol):
    """Who uses the socket: a membership of a session."""

    def opened(self, socket: ReconnectingSocket) -> None:
        """It is open for the first time: join."""

    def failed(self, socket: ReconnectingSocket, code: int) -> None:
        """It could not be opened."""

    def reconnecting(self, socket: ReconnectingSocket) -> int | None:
        """An outage has begun; return the record that tells the app, if it is told."""

    def reconnected(self, socket: ReconnectingSocket) -> None:
        """An outage is over."""

    def ended(self, socket: ReconnectingSocket, reason: str, outage: int | None) -> None:
        """It is closed for good. ``outage`` is the record of the outage that this ends, if it ends
        for something else.
        """

    def message(self, socket: ReconnectingSocket, message: Message) -> None:
        """A message of the platform, each only once."""
