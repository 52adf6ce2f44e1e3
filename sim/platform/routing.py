"""A request's way: seen before or new, which command it is, who may give it, who carries it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sim.platform import moderation, presence, signalling, streams
from sim.platform.delivery import Peer
from sim.platform.requests import Request, decline, refuse
from sim.platform.room import Given, Member, Room
from sim.protocol.frames import Message
from sim.protocol.roles import Capability


class Rule(NamedTuple):
    """A command: its name, the capability it takes, the keys it cannot do without, its handler."""

    command: str
    capability: Capability | None
    needs: tuple[str, ...]
    handle: Callable[[Room, Request], None]


RULES: Final[dict[tuple[str, str], Rule]] = {
    ("create", "stream"): Rule("publish", Capability.PUBLISH, ("id",), streams.publish),
    ("delete", "stream"): Rule("unpublish", None, ("id",), streams.delete),
    ("create", "subscriber"): Rule(
        "subscribe", Capability.SUBSCRIBE, ("id", "stream"), streams.subscribe
    ),
    ("delete", "subscriber"): Rule("unsubscribe", None, ("id", "stream"), streams.unsubscribe),
    ("update", "channel"): Rule(
        "updateChannel", None, ("stream", "channel", "active"), streams.update_channel
    ),
    ("create", "signal"): Rule("signal", None, ("id",), signalling.signal),
    ("delete", "connection"): Rule(
        "forceDisconnect", Capability.FORCE_DISCONNECT, ("id",), moderation.force_disconnect
    ),
    ("update", "stream"): Rule(
        "forceMuteStream", Capability.FORCE_MUTE, ("id", "active"), moderation.mute_stream
    ),
    ("update", "session"): Rule(
        "forceMuteAll", Capability.FORCE_MUTE, ("active",), moderation.mute_session
    ),
}

JOIN: Final = ("create", "connection")
JOIN_NEEDS: Final = ("id", "client", "role")


def take(room: Room, peer: Peer, message: Message, now: int) -> None:
    """Answer a request, carrying it out if that has not been done and may be done."""
    asked = (message.method, message.resource)
    if not room.delivery.is_new(peer, message.txn, now):
        _repeat(room, peer, message, now, joins=asked == JOIN)
    elif asked == JOIN and not peer.gone:
        _join(room, peer, message, now)
    elif peer.member is None:
        _turn_away(room, peer, message, 404, "no connection", now)
    elif (rule := RULES.get(asked)) is None:
        _turn_away(room, peer, message, 400, "bad request", now)
    else:
        given = _given(room, peer.member, rule.command)
        request = Request(
            peer.member,
            message.txn,
            rule.command,
            message.content,
            message.cause,
            now,
            given.status,
        )
        _carry_out(room, rule, request, done=given.done)


def _join(room: Room, peer: Peer, message: Message, now: int) -> None:
    if _complete(message.content, JOIN_NEEDS):
        presence.join(room, peer, message.txn, message.content, message.cause, now)
    else:
        _turn_away(room, peer, message, 400, "bad request", now)


def _repeat(room: Room, peer: Peer, message: Message, now: int, *, joins: bool) -> None:
    """Answer a repeated request as before, without doing it again.

    A repeated joining is answered with who is here now: the first answer would bring back those
    who have left since, after the notices of their leaving.
    """
    answer = peer.answers.get(message.txn)
    if answer is None:
        _turn_away(room, peer, message, 410, "answered long ago", now)
        return
    status = answer.status
    if joins and peer.member is not None and status.status == 200:
        status = status._replace(content=room.described())
    room.delivery.answer_again(peer, status)


def _turn_away(
    room: Room, peer: Peer, message: Message, status: int, reason: str, now: int
) -> None:
    room.delivery.answer(peer, message.txn, status, {"reason": reason}, message.cause, now)


def _given(room: Room, member: Member, command: str) -> Given:
    """How a request is answered that is in order: by choice, or as usual."""
    given = room.given.get(member.client, [])
    for number, each in enumerate(given):
        if each.command in (None, command):
            return given.pop(number)
    usual = room.settings.ack_status
    return Given(None, usual, 200 <= usual < 300)


def _carry_out(room: Room, rule: Rule, request: Request, *, done: bool) -> None:
    if not _complete(request.content, rule.needs):
        decline(room, request, 400, "bad request")
    elif not done:
        refuse(room, request, request.success, "refused by choice")
    elif rule.capability and rule.capability.wire not in request.member.permissions:
        refuse(room, request, 403, "no permission")
    else:
        rule.handle(room, request)


def _complete(content: dict[str, Any], needs: tuple[str, ...]) -> bool:
    return all(key in content for key in needs)
