"""List the protocol: writes ``protocol.md`` beside this file from the tables in the code.

Run it after changing a table: ``python -m docs.list_protocol``. A test holds the page to the
tables.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable
from pathlib import Path

from sim.protocol import reasons
from sim.protocol.errors import ERRORS
from sim.protocol.events import EVENTS, EventSpec
from sim.protocol.quirks import PROFILES, QUIRKS
from sim.protocol.roles import ROLES, Capability
from sim.protocol.timers import Timers
from sim.protocol.units import format_duration

PAGE = Path(__file__).with_name("protocol.md")

HEAD = """\
# The protocol

What the client and the platform agree on, and what an app sees of it. The page is listed from the
tables in `sim/protocol/`, which the code uses and the tests compare with the specification
(`python -m docs.list_protocol`).

A source such as L66728 is a line of `dist/js/opentok.js` of `@opentok/client` 2.35.2; a section is
one of `spec/opentok-js-2.35.2.md`; a recording is one of the conformance cases.
"""

REASONS = {
    "Session `sessionDisconnected`": reasons.SESSION_DISCONNECTED,
    "Session `connectionDestroyed`": reasons.CONNECTION_DESTROYED,
    "Session `streamDestroyed`": reasons.STREAM_DESTROYED,
    "Publisher `streamDestroyed`": reasons.PUBLISHER_STREAM_DESTROYED,
    "Subscriber `destroyed`": reasons.SUBSCRIBER_DESTROYED,
}


def page() -> str:
    """The whole page."""
    sections = (events(), outside(), reason_list(), error_list(), timer_list(), roles(), quirks())
    return "\n".join([HEAD, *sections])


def table(header: str, rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; ``header`` is its first line's cells, separated by bars."""
    columns = header.split("|")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def code(words: Iterable[str]) -> str:
    """Words as code, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def events() -> str:
    """The events that the simulator dispatches."""
    rows = (
        (
            event.object,
            f"`{event.name}`",
            cancelable(event),
            code(event.fields) or "–",
            event.default_action or "–",
            event.source,
        )
        for event in EVENTS
        if event.in_scope
    )
    head = (
        "## Events\n\nDispatched synchronously, in the order of registration of the listeners.\n\n"
    )
    return head + table("object|event|cancelable|fields|default action|source", rows)


def cancelable(event: EventSpec) -> str:
    """Whether its default can be prevented."""
    if event.cancelable is None:
        return "no event object"
    return "yes" if event.cancelable else "no"


def outside() -> str:
    """The events that the real client has besides."""
    rows = (
        (event.object, f"`{event.name}`", cancelable(event), event.source)
        for event in EVENTS
        if not event.in_scope
    )
    head = "## Events outside the subject\n\nThe real client has them, the simulator does not.\n\n"
    return head + table("object|event|cancelable|source", rows)


def reason_list() -> str:
    """The reasons, by event."""
    rows = ((name, code(why)) for name, why in REASONS.items())
    rewritten = ", ".join(f"`{old}` as `{new}`" for old, new in reasons.REWRITTEN.items())
    return (
        "## Reasons\n\n"
        f"Where the platform names none, `{reasons.WHEN_NONE_IS_SENT}` is told; {rewritten}; any"
        " other reason is passed on as it is.\n\n" + table("event|reasons", rows)
    )


def error_list() -> str:
    """The errors of every call, by what went wrong."""
    rows = (
        (f"`{call}`", condition, f"`{error.name}`", "–" if error.code is None else error.code)
        for call, conditions in ERRORS.items()
        for condition, error in conditions.items()
    )
    head = "## Errors\n\nA status that is not listed for a call is its `other`.\n\n"
    return head + table("call|condition|name|code", rows)


def timer_list() -> str:
    """The timers, with what their documentation in the code says."""
    said = field_docs(Timers)
    rows = (
        (f"`{name}`", duration(getattr(Timers(), name)), said.get(name, "")) for name in fields()
    )
    return "## Timers\n\n" + table("timer|value|what it decides", rows)


def fields() -> list[str]:
    """The names of the timers, in the order of the class."""
    return [name for name in inspect.get_annotations(Timers) if not name.startswith("_")]


def duration(value: int | tuple[int, ...]) -> str:
    """A timer's value; what is less than a millisecond is a number of times."""
    if isinstance(value, tuple):
        return ", ".join(format_duration(part) for part in value)
    return str(value) if 0 < value < 1_000 else format_duration(value)


def field_docs(of: type) -> dict[str, str]:
    """The docstrings that follow the fields of a class, by field, each as one line."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    assert isinstance(node, ast.ClassDef)
    said: dict[str, str] = {}
    for field, doc in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(doc, ast.Expr):
            assert isinstance(field.target, ast.Name)
            said[field.target.id] = plain(ast.literal_eval(doc.value))
    return said


def plain(docstring: str) -> str:
    """A docstring as one line of Markdown."""
    return " ".join(docstring.split()).replace(":attr:", "").replace("``", "`")


def roles() -> str:
    """What each role may do."""
    rows = (
        (f"`{role}`", *("yes" if capability in may else "no" for capability in Capability))
        for role, may in ROLES.items()
    )
    return "## Roles\n\n" + table("role|" + "|".join(f"`{c}`" for c in Capability), rows)


def quirks() -> str:
    """The quirks, and the profiles that switch them on."""
    rows = (
        (f"`{quirk.name}`", quirk.sees, quirk.contract, quirk.source) for quirk in QUIRKS.values()
    )
    bases = "; ".join(f"`{name}` has {len(on) or 'none'}" for name, on in PROFILES.items())
    return (
        "## Quirks\n\nWhere the shipped client does something else than its documentation. Each can"
        f" be switched in a scenario. Of the profiles, {bases}.\n\n"
        + table("quirk|what an app sees|what was promised|source", rows)
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
