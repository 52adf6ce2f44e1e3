"""What a recorded app did inside a listener, written as the JavaScript that it ran.

Understood are calls of the session, of its objects or of the event, one after the other; at once,
in a promise's continuation, or after a timer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sim.client.events import Event
from sim.client.faces import Publisher, Subscriber
from sim.client.page import Page
from sim.client.signals import ABSENT
from sim.protocol.units import MILLISECOND

if TYPE_CHECKING:
    from sim.world.participant import Participant

Deed = Callable[["Participant", Event], object]

BY: Final = "listener"
OBJECTS: Final = "one of session, publisher and subscriber"

_PLACE: Final = re.compile(r"(?:(session|publisher|subscriber)[^:]*:)?(\w[\w:.~-]*)")


def place(written: str) -> tuple[str | None, str]:
    """The kind of object and the event of ``object:event``; an event alone is the Session's.

    >>> place("publisher:streamDestroyed"), place("sessionConnected"), place("page:load")[0]
    (('publisher', 'streamDestroyed'), ('session', 'sessionConnected'), None)
    """
    match = _PLACE.fullmatch(written.strip())
    if match is None or (match[1] is None and re.match(r"(?!signal:)\w+:", written)):
        return None, ""
    return match[1] or "session", match[2]


# -- what a listener may do ------------------------------------------------------------------------


def _publish(who: Participant, _: Event, __: str) -> None:
    who.session.publish(who.new_publisher(), None, BY)


def _unpublish(who: Participant, _: Event, __: str) -> None:
    for publisher in list(who.session.publishers):
        who.session.unpublish(publisher, BY)


def _subscribe(who: Participant, event: Event, _: str) -> None:
    who.session.subscribe(getattr(event, "stream", None), None, BY)


def _unsubscribe(who: Participant, _: Event, __: str) -> None:
    for subscriber in list(who.session.subscribers):
        who.session.unsubscribe(subscriber, BY)


def _destroy(who: Participant, event: Event, _: str) -> None:
    if isinstance(event.target, Subscriber):
        who.session.unsubscribe(event.target, BY)
    elif isinstance(publisher := event.target, Publisher) or (publisher := who.publisher):
        publisher.destroy()


def _signal(who: Participant, _: Event, arguments: str) -> None:
    said = _object(arguments)
    kind, data, retry = (said.get(k, ABSENT) for k in ("type", "data", "retryAfterReconnect"))
    who.session.signal(kind, data, ABSENT, retry, None, BY)


def _throw(who: Participant, _: Event, arguments: str) -> None:
    raise RuntimeError(f"the listener threw {arguments or 'an Error'}")


def _object(written: str) -> dict[str, Any]:
    """An object literal of JavaScript; without one, nothing."""
    plain = re.sub(r"([{,]\s*)(\w+)\s*:", r'\1"\2":', written.replace("'", '"'))
    try:
        read = json.loads(plain or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


_DEEDS: Final[dict[str, Callable[[Participant, Event, str], object]]] = {
    "preventDefault": lambda _, event, __: event.prevent_default(),
    "disconnect": lambda who, _, __: who.session.disconnect(BY),
    "connect": lambda who, _, __: who.session.connect(None, BY),
    "publish": _publish,
    "unpublish": _unpublish,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "destroy": _destroy,
    "signal": _signal,
    "off": lambda who, event, _: (event.target or who.session).off(),
    "throw": _throw,
}

# -- JavaScript ------------------------------------------------------------------------------------

_ARROW: Final = r"(?:\(\s*\w*\s*\)\s*=>|function\s*\(\s*\w*\s*\))\s*"
_PROMISE: Final = re.compile(
    rf"(?:Promise\.resolve\(\)\.then|queueMicrotask)\({_ARROW}(.+)\)", re.DOTALL
)
_TIMEOUT: Final = re.compile(rf"setTimeout\({_ARROW}(.+?)(?:,\s*([0-9]+)\s*)?\)", re.DOTALL)
_CALL: Final = re.compile(r"(?:await\s+)?(?:[\w\[\]]+\.)*(\w+)\(([^()]*)\)", re.DOTALL)
_THROWN: Final = re.compile(r"throw\s+(.*)", re.DOTALL)


LONGEST: Final = 1_000
"""The most characters of a listener's script."""


def deed(script: str) -> Deed:
    """What a listener's JavaScript does. Raises ``ValueError`` for what is not understood."""
    if len(script) > LONGEST:
        raise ValueError(f"has {len(script)} characters; the most allowed is {LONGEST}")
    deeds = [_statement(each) for each in _statements(script)]

    def act(who: Participant, event: Event) -> None:
        for each in deeds:
            each(who, event)

    return act


def _statements(script: str) -> Iterator[str]:
    """The statements of a script or of a block, split where no bracket is open."""
    depth, begun = 0, 0
    script = _unwrapped(script)
    for position, character in enumerate(script):
        depth += (character in "([{") - (character in ")]}")
        if character in ";\n" and depth == 0:
            yield from _nonempty(script[begun:position])
            begun = position + 1
    yield from _nonempty(script[begun:])


def _unwrapped(script: str) -> str:
    script = script.strip().rstrip(";").strip()
    whole = script.startswith("{") and script.endswith("}")
    return script[1:-1].strip() if whole else script


def _nonempty(statement: str) -> Iterator[str]:
    if statement.strip():
        yield statement.strip()


def _statement(script: str) -> Deed:
    if wrapped := _PROMISE.fullmatch(script):
        later = deed(wrapped[1])
        return lambda who, event: _page(who).microtask(lambda: _apart(who, event, later))
    if wrapped := _TIMEOUT.fullmatch(script):
        inner, delay = deed(wrapped[1]), _delay(wrapped[2])
        return lambda who, event: _page(who).timeout(delay, lambda: _apart(who, event, inner))
    name, arguments = _called(script)
    if name not in _DEEDS:
        known = ", ".join(f"{name}()" for name in _DEEDS if name != "throw")
        raise ValueError(
            f"says {script!r}; understood are {known} and throw, at once, in"
            " Promise.resolve().then(() => ...) or in setTimeout(() => ..., ms)"
        )
    return lambda who, event: _DEEDS[name](who, event, arguments)


def _called(script: str) -> tuple[str, str]:
    """The name of the function that a single call is of, and its arguments; or empty texts."""
    if thrown := _THROWN.fullmatch(script):
        return "throw", thrown[1]
    match = _CALL.fullmatch(script)
    return (match[1], match[2].strip()) if match else ("", "")


def _page(who: Participant) -> Page:
    return who.driver.core.page


def _apart(who: Participant, event: Event, later: Deed) -> None:
    """Run what was put off; what it throws reaches nobody, as in a browser."""
    try:
        later(who, event)
    except (RuntimeError, TypeError, ValueError) as problem:
        _page(who).note_thrown("session", event.type, problem)


def _delay(written: str | None) -> int:
    return min(int(written or 0), 86_400_000) * MILLISECOND


def calls(script: str) -> Iterator[tuple[str, int]]:
    """The calls in a listener's script, each with its delay in microseconds."""
    for statement in _statements(script):
        if wrapped := _PROMISE.fullmatch(statement):
            yield from calls(wrapped[1])
        elif wrapped := _TIMEOUT.fullmatch(statement):
            delay = _delay(wrapped[2])
            yield from ((name, delay + later) for name, later in calls(wrapped[1]))
        else:
            yield _called(statement)[0], 0
