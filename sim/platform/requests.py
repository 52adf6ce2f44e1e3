"""A client's request and the ways to answer it. Every request is answered exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sim.platform.room import Member, Room
from sim.protocol.records import incidents


class Request(NamedTuple):
    """What a member asks for; ``success`` is the status of a good answer."""

    member: Member
    number: int
    command: str
    content: dict[str, Any]
    cause: int | None
    now: int
    success: int


def accept(room: Room, request: Request, cause: int | None = None) -> None:
    """Answer that it is done; ``cause`` is the record of what was done, if there is one."""
    _answer(room, request, request.success, {}, request.cause if cause is None else cause)


def decline(room: Room, request: Request, status: int, reason: str) -> None:
    """Answer that it is not done, without a record: a race, or nonsense."""
    _answer(room, request, status, {"reason": reason}, request.cause)


def refuse(room: Room, request: Request, status: int, reason: str) -> None:
    """Record that a wish is refused, and answer so."""
    data = {"command": request.command, "status": status, "by": request.member.id}
    refused = room.decide(request.member.client, incidents.REFUSED, data, request.cause)
    _answer(room, request, status, {"reason": reason}, refused)


def grant(room: Room, request: Request, target: str) -> int | None:
    """Record that a moderator's command is accepted; return the record."""
    data = {"command": request.command, "target": target, "by": request.member.id}
    return room.decide(request.member.client, incidents.ACCEPTED, data, request.cause)


@contextmanager
def acknowledged(
    room: Room, request: Request, order: str, cause: int | None = None
) -> Iterator[None]:
    """Answer that it is done before (``ack-first``) or after (``ack-last``) it is done."""
    if order == "ack-first":
        accept(room, request, cause)
    yield
    if order == "ack-last":
        accept(room, request, cause)


def _answer(
    room: Room, request: Request, status: int, content: dict[str, Any], cause: int | None
) -> None:
    room.delivery.answer(request.member.peer, request.number, status, content, cause, request.now)
