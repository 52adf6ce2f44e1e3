"""What a recorded app did inside a listener, written as the JavaScript that it ran.

Understood are a call of the session or of the event, at once, in a promise's continuation, or
after a timer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sim.client.events import Event

if TYPE_CHECKING:
    from sim.client.session import Session

Deed = Callable[["Session", Event], object]


def _unpublish(session: Session) -> None:
    for publisher in list(session.publishers):
        session.unpublish(publisher, "listener")


_PROMISE = re.compile(r"Promise\.resolve\(\)\.then\(\(\)\s*=>\s*(.+)\)\Z", re.DOTALL)
_TIMEOUT = re.compile(r"setTimeout\(\(\)\s*=>\s*(.+?)(?:,\s*(\d+))?\)\Z", re.DOTALL)
_CALL = re.compile(r"(?:\w+\.)?(\w+)\([^()]*\)\Z")

DEEDS: Final[dict[str, Deed]] = {
    "preventDefault": lambda _, event: event.prevent_default(),
    "disconnect": lambda session, _: session.disconnect("listener"),
    "connect": lambda session, _: session.connect(None, "listener"),
    "unpublish": lambda session, _: _unpublish(session),
}


def deed(script: str) -> Deed:
    """What a listener's JavaScript does. Raises ``ValueError`` for what is not understood."""
    script = script.strip().rstrip(";")
    wrapped = _PROMISE.match(script)
    if wrapped is not None:
        later = deed(wrapped.group(1))
        return lambda session, event: session.client.loop.soon(lambda: later(session, event))
    wrapped = _TIMEOUT.match(script)
    if wrapped is not None:
        inner, delay = deed(wrapped.group(1)), int(wrapped.group(2) or 0) * 1000
        return lambda session, event: session.client.loop.later(
            max(delay, session.client.timers.turn), lambda: inner(session, event)
        )
    called = called_by(script)
    if called not in DEEDS:
        known = ", ".join(f"{name}()" for name in DEEDS)
        raise ValueError(
            f"a listener does {script!r}; understood are {known}, at once, in"
            " Promise.resolve().then(() => ...) or in setTimeout(() => ..., ms)"
        )
    return DEEDS[called]


def called_by(script: str) -> str:
    """The name of the function that a single call is of, or an empty text."""
    match = _CALL.match(script.strip().rstrip(";"))
    return match.group(1) if match else ""
