"""Memberships whose sockets do not do what they should: ping, give up, forget, recognise."""

from __future__ import annotations

from attrs import evolve

from sim.client.delivery import NEW, Requests, Seen, Throws
from sim.client.membership import Membership
from sim.client.socket import ReconnectingSocket
from sim.protocol.frames import Message
from sim.protocol.units import DAY, HOUR


class SocketedMembership(Membership):
    """A membership that spoils its socket as soon as there is one."""

    def open_socket(self, particulars: dict[str, object]) -> None:
        """Open one, and spoil it."""
        super().open_socket(particulars)
        if self.socket is not None:
            self.spoil(self.socket)

    def spoil(self, socket: ReconnectingSocket) -> None:
        """Let the socket do something otherwise."""
        raise NotImplementedError


class NeverPings(SocketedMembership):
    """No ping is sent, so that a client to whom nobody speaks hears nothing."""

    def spoil(self, socket: ReconnectingSocket) -> None:
        """Let the first ping be due in a day."""
        socket.timers = evolve(socket.timers, ping=DAY)


class NeverGivesUp(SocketedMembership):
    """Reconnecting goes on when its window is over."""

    def spoil(self, socket: ReconnectingSocket) -> None:
        """Let the window last an hour."""
        socket.timers = evolve(socket.timers, window=HOUR)


class Oblivious(Seen):
    """Remembers nothing."""

    def meet(self, txn: int, now: int) -> str:
        """Every number is new."""
        return NEW


class RepeatsSignals(SocketedMembership):
    """What the platform says again, because it was not acknowledged, is told again."""

    def spoil(self, socket: ReconnectingSocket) -> None:
        """Let it recognise nothing."""
        socket.seen = Oblivious(0)


class KeepsWhatHasFailed(Requests):
    """Requests that are kept in mind when they have failed."""

    kept: tuple[Message, ...] = ()

    def fail(self, retried: bool, throws: Throws = lambda *_: False) -> bool:
        """Say that they have failed; what was not to be sent again is kept."""
        if not retried:
            _, pending = self.snapshot()
            self.kept += tuple(each.message for each in pending if not each.retry)
        return super().fail(retried, throws)


class RetriesWhatHasFailed(SocketedMembership):
    """A signal that is not to be retried fails when it should, and is sent again all the same."""

    def spoil(self, socket: ReconnectingSocket) -> None:
        """Let it keep what has failed."""
        socket.requests = KeepsWhatHasFailed(socket.page.answer)

    def back(self) -> None:
        """The outage is over: send what has failed in it."""
        super().back()
        requests = self.socket.requests if self.socket else None
        if isinstance(requests, KeepsWhatHasFailed):
            kept, requests.kept = requests.kept, ()
            for message in kept:
                self.request(message.method, message.resource, message.content)
