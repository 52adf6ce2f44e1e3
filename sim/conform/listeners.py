"""What a recorded app did inside a listener, written as the JavaScript that it ran.

:mod:`sim.conform.javascript` reads it; here is what it does: calls of the session, of its objects
or of the event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sim.client.events import Event
from sim.client.faces import Publisher, Subscriber
from sim.client.signals import ABSENT
from sim.conform import javascript
from sim.conform.javascript import Call, Guard, Later, Set, Statement
from sim.protocol.events import EVENTS
from sim.wording import not_one_of

if TYPE_CHECKING:
    from sim.world.participant import Participant

Deed = Callable[["Participant", Event], object]

BY: Final = "listener"
KINDS: Final = ("session", "publisher", "subscriber")
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


def unknown(kind: str, event: str) -> str | None:
    """A sentence if objects of that kind dispatch no such event; None if they do."""
    names = [each.name for each in EVENTS if each.object == kind.capitalize()]
    if event in names or (kind == "session" and event.startswith("signal:")):
        return None
    return not_one_of(event, names, f"an event of a {kind}")


# -- what a listener may do ------------------------------------------------------------------------


def _publish(who: Participant, _: Event, __: str) -> None:
    who.session.publish(who.new_publisher(), None, BY)


def _unpublish(who: Participant, _: Event, __: str) -> None:
    """Whatever is attached to the session, also while the end of that is being told."""
    for publication in list(who.driver.core.page.publishers):
        if publication.session is who.membership:
            who.session.unpublish(publication.face, BY)


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

# -- listeners -------------------------------------------------------------------------------------


Variables = dict[str, int]
"""What the guards in a page's listeners count: a variable that was never set is 0."""


def deed(script: str, variables: Variables | None = None) -> Deed:
    """What a listener's JavaScript does. Raises ``ValueError`` for what is not understood.

    ``variables`` are those of the page, which all its listeners share.
    """
    try:
        statements = javascript.parse(script)
        unknown = [name for name, _ in javascript.calls(statements) if name not in _DEEDS]
    except ValueError as problem:
        raise ValueError(_refusal(str(problem))) from None
    if unknown:
        raise ValueError(_refusal(f"says {script!r}"))
    counted = {} if variables is None else variables
    return lambda who, event: _run(statements, who, event, counted)


def _refusal(problem: str) -> str:
    if not problem.startswith("says"):
        return problem
    known = ", ".join(f"{name}()" for name in _DEEDS if name != "throw")
    return (
        f"{problem}; understood are {known} and throw, at once, in"
        " Promise.resolve().then(() => ...), in setTimeout(() => ..., ms) or in"
        " if (!again) { again = 1; ... }"
    )


def _run(
    statements: tuple[Statement, ...], who: Participant, event: Event, variables: Variables
) -> None:
    for each in statements:
        if isinstance(each, Call):
            _DEEDS[each.name](who, event, each.arguments)
        elif isinstance(each, Later):
            _put_off(each, who, event, variables)
        elif isinstance(each, Set):
            before = variables.get(each.variable, 0)
            variables[each.variable] = before + 1 if each.value is None else each.value
        elif _lets_through(each, variables):
            _run(each.body, who, event, variables)


def _lets_through(guard: Guard, variables: Variables) -> bool:
    before = variables.get(guard.variable, 0)
    variables[guard.variable] = before + guard.step
    return before + (guard.step if guard.first else 0) < guard.limit


def _put_off(later: Later, who: Participant, event: Event, variables: Variables) -> None:
    page = who.driver.core.page

    def act() -> None:
        try:
            _run(later.body, who, event, variables)
        except (RuntimeError, TypeError, ValueError) as problem:  # reaches nobody, as in a browser
            page.note_thrown("session", event.type, problem)

    if later.delay is None:
        page.microtask(act)
    else:
        page.timeout(later.delay, act)


def calls(script: str) -> Iterator[tuple[str, int]]:
    """The calls in a listener's script, each with its delay in microseconds.

    None of one that is not understood.
    """
    try:
        yield from javascript.calls(javascript.parse(script))
    except ValueError:
        return
