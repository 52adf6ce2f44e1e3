"""What a reconnecting socket tells whoever uses it."""

from __future__ import annotations

from typing import Protocol

from sim.protocol.frames import Message


class SocketOwner(Protocol):
    """Who uses the socket: a membership of a session."""

    def socket_opened(self) -> None:
        """The first socket is open: join."""

    def socket_failed(self, code: int) -> None:
        """The first socket could not be opened."""

    def socket_reconnecting(self) -> int | None:
        """An outage has begun; return the record that tells the app, if it is told."""

    def socket_reconnected(self) -> None:
        """An outage is over."""

    def socket_ended(self, reason: str, outage: int | None) -> None:
        """The socket is closed for good. ``outage`` is the record of the outage that this ends, if
        it ends for something else.
        """

    def message(self, message: Message) -> None:
        """A message of the platform, each only once."""
