"""Signals: to everybody, to one connection, and from the app server."""

from __future__ import annotations

from typing import Any

from sim.platform.requests import Request, acknowledged, refuse
from sim.platform.room import Member, Room


def signal(room: Room, request: Request) -> None:
    """Pass a signal on to everybody, or to the one it is addressed to."""
    if not room.settings.may_signal(request.member.role):
        return refuse(room, request, 403, "no permission")
    to = request.content.get("to")
    if to is not None and not known(room, to):
        return refuse(room, request, 404, "recipient not found")
    sender = {"from": request.member.id, "client": request.member.client}
    content = {"id": request.content["id"], **sender}
    content |= {key: request.content[key] for key in ("type", "data") if key in request.content}
    untold = None if room.settings.signal_echo else request.member
    with acknowledged(room, request, room.settings.signal_ack):
        deliver(room, content, to, request.cause, untold)
    return None


def known(room: Room, to: str) -> bool:
    """Whether a signal can be addressed so: to a connection, or to the session."""
    return to in room.members or to == room.settings.session_id


def deliver(
    room: Room, content: dict[str, Any], to: str | None, cause: int | None, untold: Member | None
) -> None:
    """Send a signal to one member, or to everybody ``untold`` excepted."""
    if to in room.members:
        room.send(room.members[to], "create", "signal", content, cause)
    else:
        room.broadcast("create", "signal", content, cause, but=untold)
