"""The sockets of one membership: the one in use, and those that live on without being in use.

Source: spec/opentok-js-2.35.2.md, sections 2.1, 3.5 and 8, 9. The shipped client loses sight of
sockets that it does not close: of an attempt to connect that has failed, and of a connection that
the app has left too hastily. What they say is told by the same Session.
"""

from __future__ import annotations

from typing import Protocol

from sim.client.joining import Joining
from sim.client.page import Page
from sim.client.peers import Connection
from sim.client.socket import ReconnectingSocket
from sim.protocol import quirks
from sim.protocol.frames import Message


class Member(Protocol):
    """Whose the sockets are: a membership of a session."""

    page: Page
    joining: Joining
    own: str | None
    unconnected: int | None
    connection: Connection | None
    connections: dict[str, Connection]

    def next_socket(self) -> str:
        """The id of the next own socket."""

    def away(self) -> int | None:
        """An outage has begun that the app is told of; return the record of that."""

    def back(self) -> None:
        """It is over, and the app is told so."""

    def over(self, reason: str, outage: int | None) -> None:
        """The socket in use is gone for good, in that outage but for another cause."""

    def removed(self, reason: str, besides: int | None) -> None:
        """The connection has ended though its socket is there; that record explains it, too."""

    def message(self, message: Message) -> None:
        """A message of the platform about a session whose state is known."""


class Sockets:
    """What a membership does with what its sockets report. ``current`` is the one in use."""

    def __init__(self, mine: Member) -> None:
        self._mine = mine
        self.hold(None)

    def hold(
        self, current: ReconnectingSocket | None, loose: tuple[ReconnectingSocket, ...] = ()
    ) -> None:
        """Have these sockets and no others."""
        self.current = current
        self.loose = loose
        """Those that are not in use any more and live on."""
        self.all = loose if current is None else (current, *loose)
        """The one in use, if there is one, and the others."""

    def of(self, attempt: int) -> ReconnectingSocket | None:
        """The socket whose present attempt that is."""
        for socket in self.all:
            if socket.attempt == attempt:
                return socket
        return None

    def dial(self, reconnects: bool) -> None:
        """Open one, and use it."""
        mine = self._mine
        socket = ReconnectingSocket(mine.page, mine.next_socket(), reconnects, self)
        self.hold(socket, self.loose)
        socket.start()

    def forget(self) -> None:
        """Drop all of them without a word."""
        sockets = self.all
        self.hold(None)
        for socket in sockets:
            socket.drop()

    def take(self) -> ReconnectingSocket | None:
        """Do not use the present one any more; whoever takes it closes it."""
        socket = self.current
        self.hold(None, self.loose)
        return socket

    def let_go(self) -> None:
        """Do not use the present one any more; it lives on, which the present cause explains."""
        socket = self.take()
        if socket is not None and not socket.is_over:
            socket.let_go = self._mine.page.loop.cause
            self.hold(None, (*self.loose, socket))

    # -- what they report ------------------------------------------------------------------------

    def opened(self, socket: ReconnectingSocket) -> None:
        """It is open for the first time: ask to join."""
        self._mine.joining.opened(socket)

    def failed(self, _: ReconnectingSocket, code: int) -> None:
        """It could not be opened."""
        self._mine.joining.socket_failed(code)

    def reconnecting(self, socket: ReconnectingSocket) -> int | None:
        """An outage has begun; what follows from it names this event as its cause."""
        mine = self._mine
        if self._joins(socket):
            mine.joining.held_up(mine.page.loop.cause)
            if not mine.page.deviate(quirks.EARLY, mine.unconnected):
                return None
        return mine.away()

    def reconnected(self, socket: ReconnectingSocket) -> None:
        """An outage is over."""
        mine = self._mine
        if self._joins(socket) and not mine.page.profile.has(quirks.EARLY):
            return
        mine.back()

    def _joins(self, socket: ReconnectingSocket) -> bool:
        """Whether that is the socket over which the client is joining now."""
        return self._mine.joining.active and socket is self.current

    def ended(self, socket: ReconnectingSocket, reason: str, outage: int | None) -> None:
        """It is gone for good, in that outage but for another cause.

        The end of any of them is taken for that of the one in use, if there is one: they all lead
        to the same address (L38323).
        """
        mine, in_use = self._mine, socket is self.current
        loose = tuple([each for each in self.loose if each is not socket])
        self.hold(None if in_use else self.current, loose)
        if mine.joining.active and in_use:
            mine.joining.socket_failed(0)
        elif mine.connection is not None and in_use:
            mine.over(reason, outage)
        elif mine.connection is not None and self.current is not None and self._is_taken(socket):
            mine.removed(reason, socket.let_go)

    def _is_taken(self, socket: ReconnectingSocket) -> bool:
        """Whether its end is taken for that of the one in use: of a removed one by a quirk."""
        return not socket.removed or self._mine.page.deviate(quirks.REMOVED, socket.let_go)

    def message(self, socket: ReconnectingSocket, message: Message) -> None:
        """One message of the platform."""
        mine, joining = self._mine, self._mine.joining
        if not joining.active:
            if mine.connection is not None or _is_of_the_known(mine, message):
                mine.message(message)
        elif _announces(mine, message):
            joining.own_announced(message.content)
        elif socket is self.current:
            joining.hold(message)


def _announces(mine: Member, message: Message) -> bool:
    created = (message.method, message.resource) == ("created", "connection")
    return created and message.content["id"] == mine.own


def _is_of_the_known(mine: Member, message: Message) -> bool:
    """Whether it is a signal of somebody whom a session knows that has no connection."""
    is_signal = (message.method, message.resource) == ("create", "signal")
    return is_signal and message.content["from"] in mine.connections
