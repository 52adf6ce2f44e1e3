"""Commands of a moderator: what is checked, in which order, and what goes out.

Source: spec/opentok-js-2.35.2.md, sections 2.4, 2.5 and 5.2. The order of the checks differs
from call to call in the shipped client, so it is data here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from sim.client.calls import Call, Completion, Promise
from sim.client.membership import Membership
from sim.client.page import Reply
from sim.client.peers import Stream
from sim.client.refusals import refuse
from sim.protocol import errors
from sim.protocol.records import Entry, calls
from sim.protocol.roles import Capability


@frozen
class Command:
    """One moderator command: the request it becomes, its capability and its checks in order."""

    call: Entry
    method: str
    resource: str
    checks: tuple[str, ...]
    content: Mapping[str, Any] = field(factory=dict)
    """What the request says besides its target."""
    completed_by: str = "callback"
    """The mute commands have a promise only, no callback."""
    without_target: str = errors.INVALID
    """What is wrong when there is no target at all."""

    @property
    def capability(self) -> Capability:
        """What one must be allowed to."""
        assert self.call.needs is not None
        return self.call.needs


_MUTE_CHECKS: Final = (errors.NOT_CONNECTED, errors.DENIED, errors.INVALID, errors.SOCKET_GONE)


def _mute(call: Entry, resource: str, active: bool) -> Command:
    content = {"reason": "mute", "active": active}
    return Command(call, "update", resource, _MUTE_CHECKS, content, "promise")


_ALL: Final = (
    Command(
        calls.FORCE_DISCONNECT,
        "delete",
        "connection",
        (errors.NOT_CONNECTED, errors.INVALID, errors.DENIED, errors.SOCKET_GONE),
        without_target="undefined argument",
    ),
    Command(
        calls.FORCE_UNPUBLISH,
        "delete",
        "stream",
        (errors.INVALID, errors.NOT_CONNECTED, errors.DENIED, errors.SOCKET_GONE),
    ),
    _mute(calls.FORCE_MUTE_STREAM, "stream", True),
    _mute(calls.FORCE_MUTE_ALL, "session", True),
    _mute(calls.DISABLE_FORCE_MUTE, "session", False),
)
COMMANDS: Final = {command.call.name: command for command in _ALL}
"""By the name of the call."""


def on_target(
    session: Membership, entry: Entry, target: Any, completion: Completion | None, by: str
) -> Promise:
    """A command about one connection or stream: the object itself, or its id as text."""
    row = COMMANDS[entry.name]
    id = target if isinstance(target, str) else getattr(target, "id", None)
    content = {"id": id, **row.content}
    call = session.call(entry, {row.resource: id, "by": by}, completion, row.completed_by)
    problem = None if id else row.without_target if target is None else errors.INVALID
    return _send(session, call, problem, content)


def on_session(session: Membership, entry: Entry, exclusion: Any, by: str) -> Promise:
    """A command about everybody but the streams in ``exclusion``."""
    row = COMMANDS[entry.name]
    fits = exclusion is None or (
        isinstance(exclusion, list | tuple) and all(isinstance(s, Stream) for s in exclusion)
    )
    spared = [stream.id for stream in exclusion or ()] if fits else []
    call = session.call(entry, {"exclusion": spared, "by": by}, None, row.completed_by)
    problem = None if fits else errors.INVALID
    return _send(session, call, problem, {**row.content, "exclusion": spared})


def _send(session: Membership, call: Call, problem: str | None, content: dict[str, Any]) -> Promise:
    row = COMMANDS[call.name]
    with session.page.loop.because(call.record):
        condition = _refusal(session, row, problem)
        if condition is not None:
            refuse(session, call, condition)
        else:
            reply = Reply(session.key, "call", call.number)
            session.request(row.method, row.resource, content, reply)
    return call.promise


def _refusal(session: Membership, row: Command, problem: str | None) -> str | None:
    holds = {
        errors.NOT_CONNECTED: session.is_connected(),
        errors.INVALID: problem is None,
        errors.DENIED: session.may(row.capability),
        errors.SOCKET_GONE: session.socket is not None,
    }
    failed = next((check for check in row.checks if not holds[check]), None)
    return problem if failed == errors.INVALID else failed
