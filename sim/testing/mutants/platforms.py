"""Broken platforms: each has one fault."""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import evolve

from sim.platform import Platform
from sim.platform.delivery import Delivery, Peer
from sim.platform.requests import Request, accept, grant
from sim.platform.room import Member, Room
from sim.platform.settings import PlatformSettings
from sim.protocol import reasons
from sim.protocol.frames import Frame, Message
from sim.protocol.journal import Journal
from sim.protocol.names import SERVER
from sim.protocol.records import incidents
from sim.protocol.roles import Capability
from sim.protocol.units import DAY


class Otherwise(Platform):
    """A platform that does not keep to its settings."""

    otherwise: ClassVar[dict[str, Any]]

    def __init__(self, journal: Journal, settings: PlatformSettings) -> None:
        super().__init__(journal, evolve(settings, **self.otherwise))


class NeverGivesUpTheDead(Otherwise):
    """A lost connection is never given up: it stays as a ghost."""

    otherwise: ClassVar[dict[str, Any]] = {"grace": DAY}


class IgnoresGrace(Otherwise):
    """A lost connection is given up at once, without its grace period."""

    otherwise: ClassVar[dict[str, Any]] = {"grace": 0}


class ForgetsTheRemoved(Otherwise):
    """Whoever was removed is forgotten at once."""

    otherwise: ClassVar[dict[str, Any]] = {"remember_gone": 0}


class ForgetsWhatWasMissed(Otherwise):
    """Whoever comes back from an outage is not told what has happened meanwhile."""

    otherwise: ClassVar[dict[str, Any]] = {"replay": False}


class RecordsAnotherReason(Otherwise):
    """Whoever says goodbye is taken for lost."""

    otherwise: ClassVar[dict[str, Any]] = {"leave_reason": reasons.NETWORK_DISCONNECTED}


class Reticent(Room):
    """Does not tell everybody of some things."""

    untold: ClassVar[tuple[tuple[str, str], ...]]

    def broadcast(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        cause: int | None,
        but: Member | None = None,
    ) -> None:
        """Tell everybody, unless it is to be kept."""
        if (method, resource) not in self.untold:
            super().broadcast(method, resource, content, cause, but)


class DepartureKeeper(Reticent):
    """Tells nobody of departures."""

    untold = (("deleted", "connection"), ("deleted", "stream"))


class KeepsDeparturesToItself(Platform):
    """Nobody is told who has left."""

    room_class = DepartureKeeper


class StreamKeeper(Reticent):
    """Tells nobody of new streams."""

    untold = (("created", "stream"),)


class KeepsStreamsToItself(Platform):
    """Nobody is told of a new stream."""

    room_class = StreamKeeper


class SignalKeeper(Reticent):
    """Passes no signals on."""

    untold = (("create", "signal"),)


class AcknowledgesSignalsAndLosesThem(Platform):
    """A signal is acknowledged, and then lost."""

    room_class = SignalKeeper


class Misinformer(Room):
    """Says of every end that a moderator wanted it."""

    def broadcast(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        cause: int | None,
        but: Member | None = None,
    ) -> None:
        """Tell everybody, of an end with another reason."""
        if method == "deleted":
            content = {**content, "reason": reasons.FORCE_DISCONNECTED}
        super().broadcast(method, resource, content, cause, but)


class TellsAnotherReason(Platform):
    """Why somebody has left is told otherwise than it was."""

    room_class = Misinformer


class Tactful(Delivery):
    """Tells nobody that he was removed."""

    def part(
        self, peer: Peer, own: dict[str, Any], cause: int | None, now: int, *, told: bool
    ) -> None:
        """Forget the connection of ``peer``, and do not tell it."""
        super().part(peer, own, cause, now, told=False)


class TactfulRoom(Room):
    """A room whose delivery is tactful."""

    delivery_class = Tactful


class DoesNotTellTheVictim(Platform):
    """Whoever is removed is not told, and his socket stays open."""

    room_class = TactfulRoom


class SparesTheVictim(Platform):
    """A command to remove somebody is accepted, and not carried out."""

    def receive(self, socket: int, frame: Frame, now: int) -> None:
        """Take a frame; say of a command to remove somebody that it is done."""
        peer = self.room.delivery.by_socket.get(socket)
        member = peer.member if peer else None
        if peer and member and isinstance(frame, Message) and self._would_remove(member, frame):
            if self.room.delivery.is_new(peer, frame.txn, now):
                self._only_say_so(member, frame, now)
        else:
            super().receive(socket, frame, now)

    def server_force_disconnect(self, client: str, now: int, cause: int | None = None) -> bool:
        """The app server disconnects somebody: the same."""
        member = self.room.find(client)
        if member is not None:
            data = {"command": "forceDisconnect", "target": member.id, "by": SERVER}
            self.room.decide("", incidents.ACCEPTED, data, cause)
        return member is not None

    def _would_remove(self, member: Member, message: Message) -> bool:
        return (
            (message.method, message.resource) == ("delete", "connection")
            and Capability.FORCE_DISCONNECT.wire in member.permissions
            and message.content["id"] in self.room.members
        )

    def _only_say_so(self, member: Member, message: Message, now: int) -> None:
        command, content = "forceDisconnect", message.content
        request = Request(member, message.txn, command, content, message.cause, now, 200)
        accept(self.room, request, grant(self.room, request, content["id"]))


class TakesEverybodyForAModerator(Platform):
    """Permissions are not checked: whoever joins may do everything."""

    def receive(self, socket: int, frame: Frame, now: int) -> None:
        """Take a frame; whoever joins with it is a moderator."""
        if isinstance(frame, Message) and "role" in frame.content:
            frame = frame._replace(content={**frame.content, "role": "moderator"})
        super().receive(socket, frame, now)
