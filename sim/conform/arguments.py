"""The arguments of a recorded call, as the objects that the app passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sim.client.signals import ABSENT
from sim.conform import choices
from sim.conform.app import RecordedApp

LONGEST_TEXT: Final = 1_000_000
"""The most characters of a text that is written as ``{repeat, times}``."""


class Stranger:
    """An object of the app's own that is no part of the SDK, with whatever fields it was given."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = dict(fields)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._fields:
            raise AttributeError(name)
        return self._fields[name]


# -- what may be written ---------------------------------------------------------------------------


def complaints(args: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the arguments of a step: their key and the rest of the sentence."""
    for key, fits in _FITS.items():
        wrong = fits(args[key]) if key in args else None
        if wrong is not None:
            yield key, wrong
    for key in ("type", "data"):
        if _is_repeated(args.get(key)) and not _can_repeat(args[key]):
            what = f"must repeat a text, to at most {LONGEST_TEXT} characters"
            yield key, what


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be a text"


def _index(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if fits else "must be a whole number from 0"


def _publisher(value: Any) -> str | None:
    fits = value is None or isinstance(value, str) or _index(value) is None
    return None if fits else "must be a text, or a whole number from 0"


_FITS: Final[dict[str, Callable[[Any], str | None]]] = {
    "connection_of": _text,
    "stream_of": _text,
    "subscriber": _index,
    "publisher": _publisher,
    "platform_answers": choices.status,
}


def _is_repeated(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"repeat", "times"}


def _can_repeat(value: Mapping[str, Any]) -> bool:
    text, times = value["repeat"], value["times"]
    fits = isinstance(text, str) and _index(times) is None
    return fits and len(text) * times <= LONGEST_TEXT


# -- what it means ---------------------------------------------------------------------------------


def literal(value: Any) -> Any:
    """A value as it is written: an object becomes a :class:`Stranger`."""
    return Stranger(value) if isinstance(value, dict) else value


def text(value: Any) -> Any:
    """A signal's type or data: ``{repeat, times}`` is a long text, ``{json}`` any value."""
    if _is_repeated(value):
        return value["repeat"] * value["times"]
    if isinstance(value, dict) and set(value) == {"json"}:
        return value["json"]
    return value


def target(app: RecordedApp, args: Mapping[str, Any]) -> Any:
    """What a moderator's command is about: somebody's connection or stream, or a literal."""
    for key, find in (("stream_of", stream_of), ("connection_of", connection_of)):
        if key in args:
            otherwise = "or_if_nobody_is_known"
            known = find(app, args[key], once=otherwise not in args)
            return known or literal(args.get(otherwise))
    return literal(args.get("value"))


def connection_of(app: RecordedApp, person: str, once: bool = True) -> Any:
    """The connection of a person that the session knows last, or with ``once`` knew; or None."""
    known = [c for c in app.session.connections.values() if c.client == person]
    return known[-1] if known else _met(app, person, "connections") if once else None


def stream_of(app: RecordedApp, person: str, once: bool = True) -> Any:
    """The stream of a person that the session knows last, or with ``once`` knew; or None."""
    known = [s for s in app.session.streams.values() if s.connection.client == person]
    return known[-1] if known else _met(app, person, "streams") if once else None


def _met(app: RecordedApp, person: str, what: str) -> Any:
    """What the app still holds of somebody who has gone."""
    return (app.connections if what == "connections" else app.streams).get(person)


def addressee(app: RecordedApp, args: Mapping[str, Any]) -> Any:
    """Whom a signal is for."""
    if "to" not in args:
        return ABSENT
    to = args["to"]
    if isinstance(to, dict) and isinstance(to.get("connection_of"), str):
        return connection_of(app, to["connection_of"])
    return app.session if to == "session" else literal(to)


def option(args: Mapping[str, Any], name: str) -> Any:
    """An option of a signal, or ABSENT."""
    return text(args[name]) if name in args else ABSENT
