"""Copies of all that a platform knows, as plain data.

Written by hand for speed: explorers and forks make thousands a second. The contents of frames and
the lists of permissions are shared with the platform, which never changes one that it has made.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from sim.platform.deadlines import Deadline
from sim.platform.delivery import Answer, Delivery, Peer
from sim.platform.outputs import Output, Send
from sim.platform.room import Given, Member, Room, Stream
from sim.platform.states import Presence
from sim.protocol.frames import PONG, Message

Pending = tuple[int, tuple[Deadline, ...]]


class PeerState(NamedTuple):
    """A :class:`~sim.platform.delivery.Peer`, without its member."""

    name: str
    socket: int | None
    heard: int
    sent: int
    unacknowledged: tuple[Message, ...]
    highest: int
    answers: tuple[tuple[int, Answer], ...]
    gone: bool
    remembered_until: int
    farewell: Message | None
    farewell_due: bool


class MemberState(NamedTuple):
    """A :class:`~sim.platform.room.Member`, its peer by name and its streams left out."""

    id: str
    client: str
    role: str
    permissions: list[str]
    suppressed: bool
    peer: str
    presence: Presence
    joined: int | None
    lost: int | None
    untold: tuple[str, ...]
    ended: frozenset[str]
    subscriptions: tuple[tuple[str, frozenset[str]], ...]


class StreamState(NamedTuple):
    """A :class:`~sim.platform.room.Stream`, its owner by name."""

    id: str
    owner: str
    name: str
    has_audio: bool
    has_video: bool


class Snapshot(NamedTuple):
    """A platform, in the orders that it keeps."""

    peers: tuple[PeerState, ...]
    members: tuple[MemberState, ...]
    streams: tuple[StreamState, ...]
    muted: bool
    given: tuple[tuple[str, tuple[Given, ...]], ...]
    departed: tuple[tuple[str, int], ...]
    removed: tuple[tuple[int, str], ...]
    deadlines: Pending
    silences: Pending
    outputs: tuple[Output, ...]


def take(room: Room) -> Snapshot:
    """Copy what a room and its delivery know."""
    delivery = room.delivery
    return Snapshot(
        tuple([_peer(peer) for peer in delivery.by_name.values()]),
        tuple([_member(member) for member in room.members.values()]),
        tuple([_stream(stream) for stream in room.streams.values()]),
        room.muted,
        tuple([(name, tuple(given)) for name, given in room.given.items() if given]),
        tuple(room.departed.items()),
        tuple(delivery.removed),
        room.deadlines.snapshot(),
        delivery.silences.snapshot(),
        tuple(delivery.outputs),
    )


def _peer(peer: Peer) -> PeerState:
    return PeerState(
        peer.name,
        peer.socket,
        peer.heard,
        peer.sent,
        tuple(peer.unacknowledged.values()),
        peer.highest,
        tuple(peer.answers.items()),
        peer.gone,
        peer.remembered_until,
        peer.farewell,
        peer.farewell_due,
    )


def _member(member: Member) -> MemberState:
    return MemberState(
        member.id,
        member.client,
        member.role,
        member.permissions,
        member.suppressed,
        member.peer.name,
        member.presence,
        member.joined,
        member.lost,
        member.untold,
        frozenset(member.ended),
        tuple([(name, frozenset(those)) for name, those in member.subscriptions.items()]),
    )


def _stream(stream: Stream) -> StreamState:
    return StreamState(stream.id, stream.owner.id, stream.name, stream.has_audio, stream.has_video)


def put_back(room: Room, saved: Snapshot) -> None:
    """Have a room and its delivery know what was copied, and nothing else."""
    room.muted = saved.muted
    room.given = {name: list(given) for name, given in saved.given}
    room.departed = dict(saved.departed)
    room.deadlines.restore(saved.deadlines)
    _put_back_delivery(room.delivery, saved)
    room.members, room.streams = {}, {}
    for state in saved.members:
        _put_back_member(room, state)
    for id, owner, name, has_audio, has_video in saved.streams:
        member = room.members[owner]
        room.streams[id] = member.streams[id] = Stream(id, member, name, has_audio, has_video)


def _put_back_delivery(delivery: Delivery, saved: Snapshot) -> None:
    delivery.outputs[:] = saved.outputs
    delivery.removed = deque(saved.removed)
    delivery.silences.restore(saved.silences)
    delivery.by_name = {}
    delivery.by_socket.clear()  # the platform holds on to this very dict
    for state in saved.peers:
        peer = delivery.by_name[state.name] = _peer_again(state)
        if peer.socket is not None:
            delivery.by_socket[peer.socket] = peer


def _peer_again(state: PeerState) -> Peer:
    peer = Peer(state.name, state.socket, state.heard)
    if state.socket is not None:
        peer.pong = Send(state.socket, PONG)
    peer.sent, peer.highest = state.sent, state.highest
    peer.unacknowledged = {message.txn: message for message in state.unacknowledged}
    peer.answers = dict(state.answers)
    peer.gone, peer.remembered_until = state.gone, state.remembered_until
    peer.farewell, peer.farewell_due = state.farewell, state.farewell_due
    return peer


def _put_back_member(room: Room, state: MemberState) -> None:
    peer = room.delivery.by_name[state.peer]
    room.members[state.id] = peer.member = Member(
        state.id,
        state.client,
        state.role,
        state.permissions,
        state.suppressed,
        peer,
        state.presence,
        state.joined,
        state.lost,
        state.untold,
        {},
        set(state.ended),
        {name: set(those) for name, those in state.subscriptions},
    )
