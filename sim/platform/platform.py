"""The platform as its driver sees it: what arrives, what is to be sent, when to be woken."""

from __future__ import annotations

from collections.abc import Sequence
from operator import sub
from typing import Any, ClassVar

from sim.platform import canonical, moderation, presence, routing, signalling, snapshots
from sim.platform.deadlines import Alarm, Deadline
from sim.platform.delivery import Peer
from sim.platform.outputs import Close, Output, Silence
from sim.platform.room import Given, Member, Room
from sim.platform.settings import PlatformSettings
from sim.platform.snapshots import Snapshot
from sim.platform.states import Presence, Trigger
from sim.protocol.frames import Disconnect, Frame, Hello, Message, Ping, Status
from sim.protocol.journal import Journal
from sim.protocol.renaming import Renaming


class Platform:
    """One session's messaging platform.

    The driver calls :meth:`opened`, :meth:`receive` and :meth:`closed` as sockets do. At
    :meth:`next_deadline` it asks for the :meth:`silences`, calls :meth:`silent` for each with the
    record that explains it, then :meth:`wake`. After each call it carries out and clears
    :attr:`outputs`, in order. Times are microseconds and never run backwards.

    Whatever the platform knows is data: :meth:`snapshot` and :meth:`restore` copy it.

    Args:
        journal: writes a record and returns its number.
        settings: the platform's choices.
    """

    room_class: ClassVar[type[Room]] = Room
    """What keeps the session: a platform of another kind may have another."""

    def __init__(self, journal: Journal, settings: PlatformSettings) -> None:
        self.settings = settings
        self.room = self.room_class(journal, settings)
        self._delivery = self.room.delivery
        self._by_socket = self._delivery.by_socket
        self.outputs: list[Output] = self._delivery.outputs
        """What the driver has to do next, in order; the driver clears this very list."""

    # ------------------------------------------------------------------------ what can be seen

    def session_info(self, client: str) -> tuple[int, dict[str, Any]]:
        """The HTTP reply to a client that is about to connect: status and body."""
        status = self.settings.info_status.get(client, 200)
        if status != 200:
            return status, {}
        settings = self.settings
        return status, {
            "reconnection": settings.reconnection,
            "peer_to_peer": settings.peer_to_peer,
        }

    def present(self) -> dict[str, Presence]:
        """Every connection of the session, in joining order, joined or lost."""
        return {name: member.presence for name, member in self.room.members.items()}

    def streams(self) -> dict[str, str]:
        """Every stream of the session in publishing order, with its connection."""
        return {name: stream.owner.id for name, stream in self.room.streams.items()}

    # -------------------------------------------------------------------------------- sockets

    def opened(self, socket: int, hello: Hello, now: int, cause: int | None) -> None:
        """A WebSocket was accepted; ``socket`` is the driver's new number for it."""
        if socket in self._by_socket:
            return
        if self._is_turned_away(hello, now):
            self.outputs.append(Close(socket, self.settings.abandon_code, cause))
            return
        peer = self._delivery.peer(hello.socket, now)
        greeting = self._greeting(peer)
        if greeting == "close":
            ended = peer.farewell.cause if peer.farewell else None
            self.outputs.append(Close(socket, self.settings.abandon_code, ended or cause))
            return
        self._delivery.attach(peer, socket, now, cause)
        peer.farewell_due = greeting == "tell"
        speaks_first = hello.reconnect and self.settings.speaks_first_on_reconnect
        if peer.member is not None and self._resume(peer.member, cause):
            return
        if speaks_first and peer.farewell_due:
            self._delivery.tell(peer)
        elif speaks_first:
            self.outputs.append(peer.pong)

    def _resume(self, member: Member, cause: int | None) -> bool:
        back = presence.come_back(self.room, member, cause)
        return presence.catch_up(self.room, member, back)

    def _is_turned_away(self, hello: Hello, now: int) -> bool:
        """Whether it is a stranger who says that it comes back, and that is not let pass."""
        if not hello.reconnect or self.settings.expired == "ignore":
            return False
        return self._delivery.find(hello.socket, now) is None

    def foresee(self, socket: int, times: Sequence[int]) -> int | None:
        """PINGs will come in on a socket at these ``times``, unless something else happens.

        Return when it was heard last before if nothing but PONGs will come of them: then they need
        not be handed in. Else None.
        """
        peer = self._by_socket.get(socket)
        if peer is None or peer.farewell_due:
            return None
        heard = peer.heard
        if max(map(sub, times, (heard, *times))) >= self.settings.detection:
            return None
        self._delivery.will_hear(peer, times[-1])
        return heard

    def heard_until(self, socket: int, heard: int) -> None:
        """Something else happens: what came in on a socket last came in then."""
        peer = self._by_socket.get(socket)
        if peer is not None:
            self._delivery.heard_until(peer, heard)

    def _greeting(self, peer: Peer) -> str | None:
        """What one hears first who comes back and whose connection was removed; else None.

        One whose grace has expired is turned away unless the settings say otherwise:
        ``networkDisconnected`` is what its own client finds out when the window closes (contract
        C7).
        """
        if not peer.gone:
            return None
        if peer.farewell is None:
            return "close"
        expired = peer.farewell.content["reason"] == self.settings.lost_reason
        return self.settings.expired if expired else self.settings.when_gone

    def closed(self, socket: int, now: int, cause: int | None) -> None:
        """The platform's side of a socket saw a reset or a close."""
        peer = self._by_socket.get(socket)
        if peer is not None:
            self._drop(peer, now, cause)

    def receive(self, socket: int, frame: Frame, now: int) -> None:
        """Take a frame from a socket; frames of sockets that are not open are ignored."""
        peer = self._by_socket.get(socket)
        if peer is None:
            return
        peer.heard = now
        if peer.farewell_due:
            self._delivery.tell(peer)
        if isinstance(frame, Ping):  # nearly every frame, hence first
            self.outputs.append(peer.pong)
        elif isinstance(frame, Status):
            self._delivery.acknowledged(peer, frame.txn)
        elif isinstance(frame, Message):
            routing.take(self.room, peer, frame, now)
        elif isinstance(frame, Disconnect):
            self._goodbye(peer, frame, now)

    def _goodbye(self, peer: Peer, goodbye: Disconnect, now: int) -> None:
        if goodbye.reconnect:
            self._drop(peer, now, goodbye.cause)
        elif peer.member is not None:
            presence.remove(self.room, peer.member, Trigger.LEAVE, now, goodbye.cause)

    def _drop(self, peer: Peer, now: int, cause: int | None) -> None:
        member = peer.member
        self._delivery.detach(peer, now)
        if member is not None:
            presence.lose(self.room, member, now, cause)

    # -------------------------------------------------------------------------------- timers

    def next_deadline(self) -> int | None:
        """When to ask and :meth:`wake` next; it may turn out that nothing was due yet."""
        silence, other = self._delivery.silences.earliest(), self.room.deadlines.earliest()
        if silence is None or other is None:
            return other if silence is None else silence
        return min(silence, other)

    def silences(self, now: int) -> list[Silence]:
        """The sockets that are to be taken for dead, the longest silence first."""
        return [
            Silence(peer.socket, peer.member.client if peer.member else None)
            for peer in self._delivery.silent(now)
            if peer.socket is not None
        ]

    def silent(self, socket: int, now: int, cause: int | None) -> None:
        """Take a socket for dead that is silent; ``cause`` is the record that explains it."""
        peer = self._by_socket.get(socket)
        if peer is not None and self._delivery.is_silent(peer, now):
            self._abandon(peer, self.settings.abandon_code, now, cause)

    def wake(self, now: int) -> None:
        """Do everything whose time has come, in the order of time.

        A silence that the driver has not explained has no cause.
        """
        silence = self._delivery.silences.earliest()
        if silence is not None and silence <= now:
            for each in self.silences(now):
                self.silent(each.socket, now, None)
        while (deadline := self.room.deadlines.due(now)) is not None:
            self._alarm(deadline, now)

    def _alarm(self, deadline: Deadline, now: int) -> None:
        member = self.room.members[deadline.name]
        if deadline.alarm is Alarm.GRACE:
            presence.remove(self.room, member, Trigger.EXPIRE, now, member.lost)
        elif deadline.alarm is Alarm.ANNOUNCEMENT:
            presence.announce(self.room, member)
        else:
            moderation.remove_idle(self.room, member, now, member.joined)

    def _abandon(self, peer: Peer, code: int, now: int, cause: int | None) -> None:
        member = peer.member
        if member is not None:
            presence.lose(self.room, member, now, cause)
            cause = member.lost
        self._delivery.hang_up(peer, code, now, cause)

    # -------------------------------------------------------------------------------- copying

    def snapshot(self) -> Snapshot:
        """Everything that the platform knows, as plain data that nothing changes afterwards."""
        return snapshots.take(self.room)

    def restore(self, snapshot: Snapshot) -> None:
        """Know what a platform with the same settings knew."""
        snapshots.put_back(self.room, snapshot)

    def canonical(self, now: int, names: Renaming | None = None) -> tuple[Any, ...]:
        """What of the state matters to the future, for explorers (:mod:`sim.platform.canonical`).

        ``names`` is shared by all whose forms are compared together.
        """
        kept = self.settings.statuses_kept
        return canonical.canonical(self.snapshot(), now, names or Renaming(), kept)

    # ------------------------------------------------------- what the platform does of itself

    def close_socket(self, client: str, code: int, now: int, cause: int | None = None) -> bool:
        """Close the socket of a person or connection; return whether there was one."""
        member = self.room.find(client, Presence.JOINED)
        if member is None or member.presence is not Presence.JOINED:
            return False
        self._abandon(member.peer, code, now, cause)
        return True

    def expire_grace(self, client: str, now: int, cause: int | None = None) -> bool:
        """Give up a person's lost connection now, noticed or not; return whether there was one."""
        member = self.room.find(client, Presence.LOST)
        if member is None:
            return False
        if member.presence is Presence.JOINED:
            self._abandon(member.peer, self.settings.abandon_code, now, cause)
        presence.remove(
            self.room, member, Trigger.EXPIRE, now, member.lost if cause is None else cause
        )
        return True

    def remove_idle(self, client: str, now: int, cause: int | None = None) -> bool:
        """Remove a person's connection as idle now; return whether there was one."""
        member = self.room.find(client)
        if member is not None:
            moderation.remove_idle(self.room, member, now, cause)
        return member is not None

    def rotate(
        self, client: str, now: int, cause: int | None = None, *, migrate: bool = False
    ) -> bool:
        """Take the node of a person's connection out of service.

        With ``migrate`` the client is asked to move and its connection stays; without, the
        connection ends with ``serverRotation`` (spec section 2.12).
        """
        member = self.room.find(client)
        if member is None:
            return False
        moderation.rotate(self.room, member, now, cause, migrate=migrate)
        return True

    # ------------------------------------------------------------------------- the app server

    def server_force_disconnect(self, client: str, now: int, cause: int | None = None) -> bool:
        """The app server disconnects a person or connection; return whether there was one."""
        member = self.room.find(client)
        if member is None:
            return False
        moderation.expel(self.room, member, now, cause)
        return True

    def server_signal(
        self,
        name: str,
        now: int,
        cause: int | None = None,
        *,
        to: str | None = None,
        type: str | None = None,
        data: Any = None,
    ) -> bool:
        """The app server signals everybody, or one person or connection ``to``.

        ``name`` is the signal's own. Return whether there was somebody to tell.
        """
        member = None if to is None else self.room.find(to)
        if to is not None and member is None:
            return False
        said = {key: value for key, value in (("type", type), ("data", data)) if value is not None}
        content = {"id": name, "from": None, **said}
        signalling.deliver(self.room, content, member.id if member else None, cause, None)
        return bool(self.room.members)

    def answer_next(
        self, client: str, status: int, command: str | None = None, *, done: bool = False
    ) -> None:
        """Answer the next request of this person with ``status``.

        With ``command`` that is the next request of that name (``signal``, ``publish``, ...). A
        status that is not 2xx refuses the request, unless it is ``done`` all the same.
        """
        given = self.room.given.setdefault(client, [])
        given.append(Given(command, status, done or 200 <= status < 300))
