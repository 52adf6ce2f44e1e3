"""What a signal may be. Source: spec/opentok-js-2.35.2.md, section 6."""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any, Final, NamedTuple

from attrs import frozen

from sim.client.calls import Completion, Promise
from sim.client.events import EventTarget
from sim.client.membership import Membership
from sim.client.page import Reply
from sim.client.peers import Connection
from sim.client.refusals import refuse
from sim.protocol import errors, quirks
from sim.protocol.carried import carried
from sim.protocol.records import calls

TYPE_MAX: Final = 128
DATA_MAX: Final = 8192
"""UTF-16 units of the data's JSON text (a plain string may have 8190 characters)."""
_TYPE = re.compile(r"[A-Za-z0-9._~-]+\Z")


class Absent(Enum):
    """Marks an option that was not given, which is something else than None."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Problem(NamedTuple):
    """The condition under which a signal is refused, and the option that is wrong."""

    condition: str
    parameter: str | None = None


@frozen
class Request:
    """The options of one ``signal`` call, as given."""

    type: Any = ABSENT
    data: Any = ABSENT
    to: Any = ABSENT
    retry: Any = ABSENT

    @property
    def retried(self) -> bool:
        """Whether it is sent again after a reconnection: the default."""
        return self.retry is ABSENT or bool(self.retry)

    def problem(self) -> Problem | None:
        """Why it is refused, or None; data, to, type, retry in turn."""
        checks = (
            ("data", _data, self.data),
            ("to", _to, self.to),
            ("type", _type, self.type),
            ("retryAfterReconnect", _retry, self.retry),
        )
        for option, check, value in checks:
            condition = None if value is ABSENT else check(value)
            if condition is not None:
                return Problem(condition, option)
        return None

    def content(self, session: Membership) -> dict[str, Any]:
        """What goes over the wire; a signal to the own Session is one to everybody."""
        content: dict[str, Any] = {} if self.type is ABSENT else {"type": self.type}
        if self.data is not ABSENT:
            content["data"] = carried(self.data)
        if self.to is not ABSENT and self.to is not session.events.target:
            content["to"] = getattr(self.to, "id", self.to)
        return content


def send(session: Membership, request: Request, completion: Completion | None, by: str) -> Promise:
    """Check the signal and send it, or fail the call at once."""
    id, content = session.next_signal(), request.content(session)
    problem = _refusal(session, request)
    noted = content if problem is None else {key: _plain(content[key]) for key in content}
    noted = noted | {"signal": id, "retry": request.retried, "by": by}
    call = session.call(calls.SIGNALLING, noted, completion)
    if problem is not None:
        refuse(session, call, *problem)
        return call.promise

    reply = Reply(session.key, "call", call.number)
    with session.page.loop.because(call.record):
        if _is_away(session, request):
            session.page.deviate(quirks.SENT_EARLY, session.outage)
        session.request("create", "signal", content | {"id": id}, reply, request.retried)
    return call.promise


def _refusal(session: Membership, request: Request) -> Problem | None:
    if not session.is_connected():
        return Problem(errors.NOT_CONNECTED)
    problem = request.problem()
    if problem is None and _is_away(session, request) and not _is_sent_early(session):
        return Problem(errors.NOT_CONNECTED)
    if problem is None and session.socket is None:
        return Problem(errors.SOCKET_GONE)
    return problem


def _is_away(session: Membership, request: Request) -> bool:
    """Whether there is an outage that the signal is not to be kept over."""
    socket = session.socket
    return socket is not None and socket.outage and not request.retried


def _is_sent_early(session: Membership) -> bool:
    """Whether a socket is open again: the shipped client does not wait until it has heard of it."""
    is_open = session.socket is not None and session.socket.is_open
    return is_open and session.page.profile.has(quirks.SENT_EARLY)


def _plain(value: Any) -> Any:
    """What the record of a refused signal says of an option that need not be JSON."""
    return f"<{type(value).__name__}>" if _data(value) == errors.INVALID else value


def _units(text: str) -> int:
    """The length as JavaScript counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _data(value: Any) -> str | None:
    if value is None:
        return errors.INVALID
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        return errors.INVALID
    return "too large" if _units(text) > DATA_MAX else None


def _to(value: Any) -> str | None:
    is_session = isinstance(value, EventTarget) and value.kind == "Session"
    return None if isinstance(value, Connection) or is_session else errors.INVALID


def _type(value: Any) -> str | None:
    if not isinstance(value, str):
        return errors.INVALID
    if _units(value) > TYPE_MAX:
        return "too large"
    return None if _TYPE.match(value) else errors.INVALID


def _retry(value: Any) -> str | None:
    return None if isinstance(value, bool) else errors.INVALID
