"""Platforms with one fault each."""

from attrs import evolve

from sim.platform import Platform
from sim.platform.delivery import Delivery
from sim.platform.room import Room
from sim.protocol import reasons
from sim.protocol.frames import Message
from sim.protocol.units import DAY


class Unreliable(Platform):
    """A platform whose room, or delivery, is of another class."""

    room_class = Room
    delivery_class = Delivery

    def __init__(self, journal, settings):
        super().__init__(journal, settings)
        room = self._room = self.room_class(journal, settings)
        room.delivery = self._delivery = self.delivery_class(settings)
        self._by_socket, self._outputs = room.delivery.by_socket, room.delivery.outputs


class Otherwise(Platform):
    """A platform that does not keep to its settings."""

    otherwise = {}

    def __init__(self, journal, settings):
        super().__init__(journal, evolve(settings, **self.otherwise))


class NeverGivesUpTheDead(Otherwise):
    otherwise = {"grace": DAY}


class ForgetsTheRemoved(Otherwise):
    otherwise = {"remember_gone": 0}


class ForgetsWhatWasMissed(Otherwise):
    otherwise = {"replay": False}


class RecordsAnotherReason(Otherwise):
    otherwise = {"leave_reason": reasons.NETWORK_DISCONNECTED}


class Reticent(Room):
    """Does not tell everybody of some things."""

    untold = ()

    def broadcast(self, method, resource, content, cause, but=None):
        if (method, resource) not in self.untold:
            super().broadcast(method, resource, content, cause, but)


class DepartureKeeper(Reticent):
    untold = (("deleted", "connection"), ("deleted", "stream"))


class KeepsDeparturesToItself(Unreliable):
    room_class = DepartureKeeper


class StreamKeeper(Reticent):
    untold = (("created", "stream"),)


class KeepsStreamsToItself(Unreliable):
    room_class = StreamKeeper


class SignalKeeper(Reticent):
    untold = (("create", "signal"),)


class AcknowledgesSignalsAndLosesThem(Unreliable):
    room_class = SignalKeeper


class Misinformer(Room):
    def broadcast(self, method, resource, content, cause, but=None):
        if method == "deleted":
            content = {**content, "reason": reasons.FORCE_DISCONNECTED}
        super().broadcast(method, resource, content, cause, but)


class TellsAnotherReason(Unreliable):
    """Why somebody left is told otherwise than it was."""

    room_class = Misinformer


class Tactful(Delivery):
    def part(self, peer, own, cause, now, *, told):
        super().part(peer, own, cause, now, told=False)


class DoesNotTellTheVictim(Unreliable):
    """Whoever is removed is not told, and its socket stays open."""

    delivery_class = Tactful


class TakesEverybodyForAModerator(Platform):
    def receive(self, socket, frame, now):
        if isinstance(frame, Message) and "role" in frame.content:
            frame = frame._replace(content={**frame.content, "role": "moderator"})
        super().receive(socket, frame, now)
