"""What commands are given from Python: taken, or refused with one sentence (``ValueError``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import signature
from typing import Any, Final, Literal

from attrs import Attribute

from sim.protocol.journal import LEVELS
from sim.protocol.units import LONGEST, MOST, parse_duration
from sim.wording import brief, not_one_of, quoted

_KEYWORDS: Final = {"for": "lasting", "from": "since"}
"""Keys of the language that are words of Python's own."""

EVENTS: Final = "events"
"""Given as ``keep``: what apps were told is kept, and no records."""
Keep = bool | Literal["events"]
"""What of a run is held in memory: all, nothing, or what apps were told."""

Check = Callable[[Any, "Attribute[Any]", Any], None]
"""An attrs validator."""

# -- numbers, flags, words -------------------------------------------------------------------------


def whole(name: str, value: Any, least: int = 0) -> int:
    """A whole number from ``least`` on. Raises ``ValueError``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} on, not {brief(value)}")
    if value > MOST:
        raise ValueError(f"{name} must be at most {MOST}, not {brief(value)}")
    return value


def whole_from(least: int) -> Check:
    """Check that an attribute is a whole number from ``least`` on."""

    def check(_: Any, attribute: Attribute[Any], value: Any) -> None:
        whole(attribute.name, value, least)

    return check


def check_flag(_: Any, attribute: Attribute[Any], value: Any) -> None:
    """Raise ``ValueError`` unless the value is True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{attribute.name} must be True or False, not {brief(value)}")


def check_keep(_: Any, __: Attribute[Any], value: Any) -> None:
    """Raise ``ValueError`` unless the value says what is kept."""
    if not isinstance(value, bool) and not (isinstance(value, str) and value == EVENTS):
        raise ValueError(f"keep must be True, False or '{EVENTS}', not {brief(value)}")


def check_level(_: Any, __: Attribute[Any], value: Any) -> None:
    """Raise ``ValueError`` unless the value is the name of a trace level."""
    if not isinstance(value, str) or value not in LEVELS:
        levels = ", ".join(LEVELS)
        raise ValueError(f"there is no trace level {brief(value)}; the levels are {levels}")


def duration(value: Any) -> int:
    """A duration in microseconds, from such a number or from text like ``2min 7s``.

    Raises ``ValueError`` with one sentence.
    """
    if isinstance(value, str):
        return parse_duration(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{brief(value)} is no duration: write '20s', or whole microseconds")
    if not 0 <= value <= LONGEST:
        raise ValueError(f"{brief(value)} us is out of range: a duration is from 0 to 366 days")
    return value


# -- code ------------------------------------------------------------------------------------------


def check_maker(_: Any, attribute: Attribute[Any], value: Any) -> None:
    """Raise ``ValueError`` unless the value can be called to make a model."""
    if not callable(value):
        what = attribute.name.removesuffix("_class")
        raise ValueError(
            f"{attribute.name} must be a class or a function that makes a {what}, "
            f"not {brief(value)}"
        )


def check_app(app: Any) -> None:
    """Raise ``ValueError`` unless this can be called with an App."""
    if not callable(app):
        raise ValueError(f"an app is a function or a class that gets the App, not {brief(app)}")
    try:
        takes = signature(app)
    except (TypeError, ValueError):  # it does not tell
        return
    try:
        takes.bind(None)
    except TypeError:
        raise ValueError(
            f"an app gets the App and nothing else: {brief(app)} cannot be called with that"
        ) from None


def apps_by_name(apps: Any) -> dict[str, Any]:
    """Apps by the names of people. Raises ``ValueError``."""
    if apps is None:
        return {}
    if not isinstance(apps, Mapping):
        raise ValueError(f"apps are a dict of names and apps, not {brief(apps)}")
    return dict(apps)


def sinks_in_order(sinks: Any) -> tuple[Any, ...]:
    """Functions that get each record. Raises ``ValueError``."""
    if not isinstance(sinks, Iterable):
        raise ValueError(f"sinks are a list of functions that get each record, not {brief(sinks)}")
    found = tuple(sinks)
    for sink in found:
        if not callable(sink):
            raise ValueError(f"a sink is a function that gets each record, not {brief(sink)}")
    return found


def recording_or_none(recording: Any) -> Any:
    """What is called with a header, if there is something. Raises ``ValueError``."""
    if recording is not None and not callable(recording):
        raise ValueError(
            "a recording is a function that gets the header of a trace and returns what takes its "
            f"lines, not {brief(recording)}"
        )
    return recording


def lines_taker(returned: Any) -> Any:
    """What a recording has returned. Raises ``ValueError`` unless it can be called with lines."""
    if not callable(returned):
        raise ValueError(f"a recording returns what takes its lines, not {brief(returned)}")
    return returned


def names_of_laws(laws: Any) -> Any:
    """The names of laws as a scenario has them, if these are any."""
    if isinstance(laws, str):
        return laws if laws == "all" else (laws,)
    return (*laws,) if isinstance(laws, Iterable) else laws


# -- keywords --------------------------------------------------------------------------------------


def keywords(keys: Mapping[str, Any], known: Sequence[str], kind: str) -> dict[str, Any]:
    """The keys by the names of attributes, spelled either way.

    Raises ``ValueError`` for one that is not ``known``, ``kind`` with an article, and for one that
    is given in two spellings.
    """
    if all(map(known.__contains__, keys)):  # as attributes are called, each in one spelling
        return dict(keys)
    spelled: dict[str, str] = {}
    for key in keys:
        name = _KEYWORDS.get(key, key.replace("-", "_"))
        if name not in known:
            raise ValueError(not_one_of(key, known, kind))
        if name in spelled:
            both = f"{quoted(spelled[name])} and {quoted(key)}"
            raise ValueError(f"{both} are two spellings of one key: keep one")
        spelled[name] = key
    return {name: keys[key] for name, key in spelled.items()}
