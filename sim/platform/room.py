"""The session as the platform knows it: members in joining order, streams in publishing order."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from attrs import define, field

from sim.platform.deadlines import Deadlines
from sim.platform.delivery import Delivery, Peer
from sim.platform.settings import PlatformSettings
from sim.platform.states import LIFECYCLE, Presence, Step, Trigger
from sim.protocol.journal import Journal
from sim.protocol.reasons import FORCE_DISCONNECTED, MEDIA_IDLE, SERVER_ROTATION
from sim.protocol.records import Entry


@define(eq=False)
class Stream:
    """A published stream."""

    id: str
    owner: Member
    name: str
    has_audio: bool
    has_video: bool

    def described(self) -> dict[str, Any]:
        """The content of its ``created stream`` notice."""
        return {
            "id": self.id,
            "connection": self.owner.id,
            "client": self.owner.client,
            "name": self.name,
            "hasAudio": self.has_audio,
            "hasVideo": self.has_video,
        }


@define(eq=False)
class Member:
    """A connection of the session: joined, or lost and in its grace period."""

    id: str
    client: str
    role: str
    permissions: list[str]
    suppressed: bool
    peer: Peer
    presence: Presence = Presence.ABSENT
    joined: int | None = None
    """The record of its joining, which a removal for idleness names as its cause."""
    lost: int | None = None
    """The record of its loss, which the end of its grace period names as its cause."""
    untold: tuple[str, ...] = ()
    """The connections that have not heard of it yet."""
    streams: dict[str, Stream] = field(factory=dict)
    ended: set[str] = field(factory=set)
    """The names of streams that it once published."""
    subscriptions: dict[str, set[str]] = field(factory=dict)
    """By stream, the names of its subscribers."""

    def described(self) -> dict[str, Any]:
        """The content of its ``created connection`` notice."""
        return {"id": self.id, "client": self.client, "permissions": self.permissions}

    def can(self, trigger: Trigger) -> bool:
        """Whether ``trigger`` means anything in the present state."""
        return (self.presence, trigger) in LIFECYCLE

    def step(self, trigger: Trigger) -> Step:
        """Move as the table says; a move that it does not list is a fault of ours (KeyError)."""
        step = LIFECYCLE[self.presence, trigger]
        self.presence = step.to
        return step


class Given(NamedTuple):
    """How a request is to be answered: of which command (None: any), and whether it is done."""

    command: str | None
    status: int
    done: bool


class Room:
    """Everything that the parts of the platform share."""

    delivery_class: ClassVar[type[Delivery]] = Delivery
    """What brings messages to people: a room of another kind may have another."""

    def __init__(self, journal: Journal, settings: PlatformSettings) -> None:
        self.settings = settings
        self.deadlines = Deadlines()
        self.delivery = self.delivery_class(settings)
        self.members: dict[str, Member] = {}
        self.streams: dict[str, Stream] = {}
        self.muted = settings.mute_on_entry
        self.given: dict[str, list[Given]] = {}
        """By person, how their next requests are to be answered."""
        self.reasons = {
            Trigger.LEAVE: settings.leave_reason,
            Trigger.EXPEL: FORCE_DISCONNECTED,
            Trigger.EXPIRE: settings.lost_reason,
            Trigger.IDLE: MEDIA_IDLE,
            Trigger.ROTATE: SERVER_ROTATION,
        }
        """Why a connection is said to have ended, by what ended it."""
        self._journal = journal
        self.departed: dict[str, int] = {}
        """Connections that were removed, in that order, and until when that is known."""

    def depart(self, member: Member, now: int) -> None:
        """A member leaves for good."""
        del self.members[member.id]
        self.departed[member.id] = now + self.settings.remember_gone

    def has_departed(self, connection: str, now: int) -> bool:
        """Whether that connection was removed lately: one that tries to join again may not."""
        departed = self.departed
        while departed and departed[first := next(iter(departed))] <= now:
            del departed[first]
        return connection in departed

    def state(self, member: Member, entry: Entry, cause: int | None, **data: Any) -> int | None:
        """Record what became of a connection or of its stream."""
        data = {"connection": member.id, **data}
        return self._journal(member.client, *entry.head, data, cause)

    def decide(
        self, client: str, entry: Entry, data: dict[str, Any], cause: int | None
    ) -> int | None:
        """Record a decision; ``client`` is whose wish or case was decided, "" is the app server."""
        return self._journal(client, *entry.head, data, cause)

    def send(
        self, member: Member, method: str, resource: str, content: dict[str, Any], cause: int | None
    ) -> None:
        """Send a message to one member."""
        self.delivery.send(member.peer, method, resource, content, cause)

    def broadcast(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        cause: int | None,
        but: Member | None = None,
    ) -> None:
        """Send a message to every member, in joining order, ``but`` one."""
        send = self.delivery.send
        for member in self.members.values():
            if member is not but:
                send(member.peer, method, resource, content, cause)

    def find(self, who: str, presence: Presence | None = None) -> Member | None:
        """A member by its connection's name, or the latest one of a person.

        With ``presence``, one that is in that state is preferred.
        """
        if who in self.members:
            return self.members[who]
        theirs = [member for member in self.members.values() if member.client == who]
        preferred = [member for member in theirs if member.presence == presence]
        best = preferred or theirs
        return best[-1] if best else None

    def described(self) -> dict[str, Any]:
        """The content of the answer to joining: who and what is here, in order."""
        return {
            "connections": [member.described() for member in self.members.values()],
            "streams": [stream.described() for stream in self.streams.values()],
            "mute": self.muted,
        }
