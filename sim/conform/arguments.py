"""The arguments of a recorded call, as the objects that the app passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.client.signals import ABSENT

if TYPE_CHECKING:
    from sim.client.session import Session


class Stranger:
    """An object of the app's own that is no part of the SDK, with whatever fields it was given."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            setattr(self, name, value)


def literal(value: Any) -> Any:
    """A value as it is written: an object becomes a :class:`Stranger`."""
    return Stranger(value) if isinstance(value, dict) else value


def text(value: Any) -> Any:
    """A signal's type or data: ``{repeat, times}`` is a long text, ``{json}`` any value."""
    if isinstance(value, dict) and set(value) == {"repeat", "times"}:
        return str(value["repeat"]) * int(value["times"])
    if isinstance(value, dict) and set(value) == {"json"}:
        return value["json"]
    return value


def target(session: Session, args: Mapping[str, Any] | None, person: str | None) -> Any:
    """What a moderator's command is about: somebody's connection or stream, or a literal."""
    args = args or {}
    if "value" in args:
        return literal(args["value"])
    if "stream_of" in args:
        return stream_of(session, args["stream_of"]) or literal(args.get("or_if_nobody_is_known"))
    if "connection_of" in args:
        known = connection_of(session, args["connection_of"])
        return known or literal(args.get("or_if_nobody_is_known"))
    return None if person is None else person


def connection_of(session: Session, person: str) -> Any:
    """The connection of a person that the session knows, or None."""
    return next((c for c in session.connections.values() if c.client == person), None)


def stream_of(session: Session, person: str) -> Any:
    """The stream of a person that the session knows last, or None."""
    known = [s for s in session.streams.values() if s.connection.client == person]
    return known[-1] if known else None


def addressee(session: Session, args: Mapping[str, Any]) -> Any:
    """Whom a signal is for."""
    if "to" not in args:
        return ABSENT
    to = args["to"]
    if isinstance(to, dict) and "connection_of" in to:
        return connection_of(session, to["connection_of"])
    return session if to == "session" else literal(to)


def option(args: Mapping[str, Any], name: str) -> Any:
    """An option of a signal, or ABSENT."""
    return text(args[name]) if name in args else ABSENT
