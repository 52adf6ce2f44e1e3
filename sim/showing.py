"""How a run shows itself in a notebook: the verdict, a picture of it, and the rest folded."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Final

from sim.frames import Event
from sim.protocol.units import format_clock

if TYPE_CHECKING:
    from sim.result import Result
    from sim.trace import Record

_STORIES: Final = "sim.telling"
"""By name: stories are told of records, and a run may have kept none."""
_EVENTS: Final = 500
"""So many events are shown."""
_LINES: Final = 200
"""So many lines of the story are shown."""
_LINE: Final = 110
"""How wide they are, in characters."""
_PICTURE: Final = 900
"""How wide the picture is shown, in pixels, so that its small print can be read."""


def html_of(result: Result, events: Sequence[Event]) -> str:
    """A run as a piece of HTML; ``events`` are what its apps were told, in order."""
    name, digest = escape(result.scenario.name), result.digest
    laws = ((law, verdict.outcome) for law, verdict in result.laws.items())
    told = (
        (format_clock(time), client, object, event, reason or "")
        for time, client, object, event, reason in events[:_EVENTS]
    )
    return (
        f"<div><b>{name}, seed {result.seed}, digest <code>{digest}</code></b>"
        f"{_verdict(result.broken)}{_picture(result)}{_story(result.records)}"
        f"{_folded('What the apps were told', _table(told))}{_folded('Laws', _table(laws))}</div>"
    )


def _verdict(broken: Sequence[object]) -> str:
    """Whether everything held; what did not, in sentences."""
    sentences = "".join(f"<li>{escape(str(each))}</li>" for each in broken)
    return f"<ul>{sentences}</ul>" if broken else "<p>All laws and expectations held.</p>"


def _picture(result: Result) -> str:
    """The timeline, small; nothing where no records were kept."""
    if not result.records:
        return ""
    picture = result.report()._repr_html_().encode("utf-8")
    # As an image: that is shown of a notebook which nobody trusts yet, too.
    source = f"data:image/svg+xml;base64,{b64encode(picture).decode('ascii')}"
    return f'<div><img alt="The run as a timeline" width="{_PICTURE}" src="{source}"></div>'


def _story(records: Sequence[Record]) -> str:
    """The story in lines; nothing where no records were kept."""
    if not records:
        return ""
    marks = import_module(f"{_STORIES}.marks")
    told = import_module(f"{_STORIES}.layout").told(records, _LINE)
    lines = [escape(marks.unstyled(line)) for line in told]
    if len(lines) > _LINES:
        lines[_LINES:] = [f"and {len(lines) - _LINES} lines more"]
    return _folded("The story", f"<pre>{chr(10).join(lines)}</pre>")


def _table(rows: Iterable[Sequence[str]]) -> str:
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _folded(title: str, content: str) -> str:
    return f"<details><summary>{title}</summary>{content}</details>"
