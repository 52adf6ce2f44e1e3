"""What of a platform's state matters to its future, for explorers that compare states.

Times are relative and causes are left out. Message numbers and names are renumbered
(:class:`~sim.protocol.renaming.Renaming`); the lanes of a logical socket are those of
:mod:`sim.client.canonical`, so that a client and its platform number the same frames alike.
"""

from __future__ import annotations

from typing import Any

from sim.platform.deadlines import Deadline
from sim.platform.outputs import Output, Send
from sim.platform.snapshots import MemberState, PeerState, Snapshot, StreamState
from sim.protocol.frames import Message
from sim.protocol.renaming import Renaming, counted

Form = tuple[Any, ...]

UP, DOWN = "up", "down"
"""The lanes of a logical socket: what its client numbers, and what the platform does."""


def canonical(snapshot: Snapshot, now: int, names: Renaming, statuses_kept: int) -> Form:
    """The canonical form of a snapshot.

    Answers go with the first new request after ``statuses_kept`` (us): how old one is beyond that
    does not matter, but it is there until then, for a request that is repeated.
    """
    return _Walk(snapshot, now, names, statuses_kept).platform()


class _Walk:
    """One walk over a snapshot, always in the same order."""

    def __init__(self, snapshot: Snapshot, now: int, names: Renaming, kept: int) -> None:
        self._saved = snapshot
        self._oldest = -kept - 1
        self._now = now
        self._names = names
        self._name = names.name
        self._sockets = {
            peer.socket: peer.name for peer in snapshot.peers if peer.socket is not None
        }

    def platform(self) -> Form:
        saved = self._saved
        return (
            tuple([self._peer(peer) for peer in self._peers()]),
            tuple([self._member(member) for member in saved.members]),
            tuple([self._stream(stream) for stream in saved.streams]),
            saved.muted,
            saved.given,
            tuple([(self._name(id), until - self._now) for id, until in self._remembered()]),
            tuple([(until - self._now, self._name(name)) for until, name in self._removed()]),
            tuple([self._deadline(deadline) for deadline in saved.deadlines[1]]),
            tuple([self._output(output) for output in saved.outputs]),
        )

    def _remembered(self) -> list[tuple[str, int]]:
        return [(id, until) for id, until in self._saved.departed if until > self._now]

    def _removed(self) -> list[tuple[int, str]]:
        return [(until, name) for until, name in self._saved.removed if until > self._now]

    def _peers(self) -> list[PeerState]:
        """All that are not about to be forgotten."""
        known = [
            peer
            for peer in self._saved.peers
            if not peer.gone or peer.socket is not None or peer.remembered_until > self._now
        ]
        return sorted(known, key=_in_order)

    def _peer(self, peer: PeerState) -> Form:
        up, down = (peer.name, UP), (peer.name, DOWN)
        number = self._names.number
        return (
            self._name(peer.name),
            None if peer.socket is None else peer.heard - self._now,
            number(down, peer.sent),
            tuple([self._message(message, peer.name) for message in peer.unacknowledged]),
            number(up, peer.highest),
            tuple(
                [
                    (max(time - self._now, self._oldest), self._names.frame(status, down, up))
                    for _, (time, status) in peer.answers
                ]
            ),
            (peer.gone, max(0, peer.remembered_until - self._now), peer.farewell_due),
            None if peer.farewell is None else self._message(peer.farewell, peer.name),
        )

    def _message(self, message: Message, peer: str) -> Form:
        return self._names.frame(message, (peer, DOWN), (peer, UP))

    def _member(self, member: MemberState) -> Form:
        name = self._name
        return (
            (name(member.id), member.client, member.role, member.suppressed),
            (name(member.peer), str(member.presence)),
            tuple([name(id) for id in member.untold]),
            tuple([name(id) for id in sorted(member.ended, key=counted)]),
            tuple(
                [
                    (name(stream), tuple([name(id) for id in sorted(those, key=counted)]))
                    for stream, those in member.subscriptions
                    if those
                ]
            ),
        )

    def _stream(self, stream: StreamState) -> Form:
        return (
            self._name(stream.id),
            self._name(stream.owner),
            self._name(stream.name),
            stream.has_audio,
            stream.has_video,
        )

    def _deadline(self, deadline: Deadline) -> Form:
        return deadline.time - self._now, str(deadline.alarm), self._name(deadline.name)

    def _output(self, output: Output) -> Form:
        peer = self._sockets.get(output.socket)
        if not isinstance(output, Send):
            return "close", self._name(peer), output.code
        return "send", self._name(peer), self._names.frame(output.frame, (peer, DOWN), (peer, UP))


def _in_order(peer: PeerState) -> tuple[bool, int]:
    """Those with a socket first, by its number: so are two silences at the same instant told."""
    return peer.socket is None, peer.socket or 0
