"""The tables of an experiment: one place for their columns, with types, units and meanings.

Arrow's schemas, the files' columns, what is read and ``docs/metrics.md`` all come from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final

from attrs import field, frozen

from sim.research.metrics.metric import Durations, Ratio, Said
from sim.research.observing.observed import Observed


class Kind(StrEnum):
    """What a column has in it; the value is Arrow's name of the type."""

    TEXT = "string"
    WHOLE = "int64"
    SEED = "uint64"
    NUMBER = "double"
    FLAG = "bool"


@frozen
class Column:
    """One column. ``unit`` is "" where there is none; one that is ``empty`` may have nulls."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    empty: bool = False


@frozen
class Figure:
    """What a run says of one metric."""

    metric: str
    said: Said


Row = tuple[Any, ...]


@frozen
class Table:
    """One table: a row a run, or a row for each of something in a run."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Observed, Iterable[Figure]], list[Row]] = field(repr=False, eq=False)


# -- columns ---------------------------------------------------------------------------------------


def _text(name: str, meaning: str, *, empty: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, empty=empty)


def _time(name: str, meaning: str, *, empty: bool = False) -> Column:
    return Column(name, Kind.WHOLE, meaning, "µs", empty)


def _count(name: str, meaning: str) -> Column:
    return Column(name, Kind.WHOLE, meaning)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, Kind.FLAG, meaning)


_POINT: Final = _count("point", "number of the design point, from 0")
_REPLICATION: Final = _count("replication", "number of the replication, from 0")
_RUN: Final = (
    _text("scenario", "name of the scenario"),
    _POINT,
    _REPLICATION,
    Column("seed", Kind.SEED, "seed of the scenario"),
)

_SESSION: Final = (
    _text("person", "whose connection it is"),
    _text("connection", "its name in the session"),
    _text("role", "the person's role; empty if the platform never had the connection"),
    _text("network", "name of the network that the person was on; `own` for one without a name"),
    _time("joined_us", "when the platform had it, or its app was told `sessionConnected`"),
    _time(
        "ended_us",
        "when its app was told `sessionDisconnected`, or its page was gone; if its app never was in"
        " the session, when the platform let it go",
        empty=True,
    ),
    _flag("censored", "whether it had not ended when the run did"),
    _text("end_told", "the reason of the end that its app was told", empty=True),
    _text("end_others", "the reason of its end that another app was told first", empty=True),
    _count("reconnections", "how often its app was told `sessionReconnecting`"),
    _time("reconnecting_us", "how long its app was reconnecting, together"),
    _time(
        "ghost_us",
        "how long other apps held it to be there after its end, if the platform had it still then",
        empty=True,
    ),
    _flag("ghost_censored", "whether another app still did when the run ended"),
    _count("leftovers", "Subscribers made in it that were never destroyed after its end"),
)

_EVENT: Final = (
    _count("number", "the event's place among those of the run, from 1"),
    _time("time_us", "when the app was told"),
    _text("person", "whose app was told"),
    _text("object", "of which object"),
    _text("event", "its name"),
    _text("reason", "its reason", empty=True),
)

_OUTCOME: Final = (
    _text("digest", "digest of the story's records"),
    _time("ended_us", "when the run ended"),
    _count("sessions", "how many sessions there were"),
    _count("events", "how many events apps were told"),
    _count("outages", "how many outages links had"),
    _count("kicks", "how many commands to remove somebody were accepted"),
    _count("signals", "ways of signals to other apps that were there, each to each"),
    _count("detections", "how often the platform held a connection to be lost by a failure"),
    _count("duplicate_pictures", "how often a page came to show one more picture of somebody"),
    _count("law_breaks", "how often laws broke"),
    _count("exit_code", "0 if all laws and expectations held, or were to break; 1 if not"),
)

_METRIC: Final = _text("metric", "name of the metric")
_FIGURE: Final = (
    _METRIC,
    Column("numerator", Kind.NUMBER, "over many runs, divide the sum of these"),
    Column("denominator", Kind.NUMBER, "by the sum of these; where it is 0, the run says nothing"),
)

_DURATION: Final = (
    _METRIC,
    Column("seconds", Kind.NUMBER, "how long it lasted, so far as that was seen", "s"),
    _flag("ended", "whether it had ended when the run did; if not, it is censored"),
)

# -- rows ------------------------------------------------------------------------------------------

_of_run: Final = attrgetter(*(column.name for column in _RUN))
_of_session: Final = attrgetter(*(column.name for column in _SESSION))


def _sessions(observed: Observed, _: Iterable[Figure]) -> list[Row]:
    run = _of_run(observed)
    return [run + _of_session(each) for each in observed.sessions]


def _events(observed: Observed, _: Iterable[Figure]) -> list[Row]:
    point, replication = observed.point, observed.replication
    return [
        (point, replication, number, time, person, object, event, reason)
        for number, (person, (time, object, event, reason)) in enumerate(observed.told, 1)
    ]


def _runs(observed: Observed, _: Iterable[Figure]) -> list[Row]:
    outcome = (
        observed.digest,
        observed.ended_us,
        len(observed.sessions),
        observed.events,
        len(observed.outages),
        len(observed.kicks),
        len(observed.signals),
        len(observed.detections),
        observed.duplicate_pictures,
        sum(observed.breaches.values()),
        observed.exit_code,
    )
    return [_of_run(observed) + outcome]


def _figures(observed: Observed, figures: Iterable[Figure]) -> list[Row]:
    point, replication = observed.point, observed.replication
    return [
        (point, replication, each.metric, float(said.numerator), float(said.denominator))
        for each in figures
        if isinstance(said := each.said, Ratio)
    ]


def _durations(observed: Observed, figures: Iterable[Figure]) -> list[Row]:
    point, replication = observed.point, observed.replication
    return [
        (point, replication, each.metric, float(one.seconds), bool(one.ended))
        for each in figures
        if isinstance(said := each.said, Durations)
        for one in said.each
    ]


SESSIONS: Final = Table(
    "sessions", "One row a session: a connection of one person.", (*_RUN, *_SESSION), _sessions
)
EVENTS: Final = Table(
    "events", "One row an event that an app was told.", (_POINT, _REPLICATION, *_EVENT), _events
)
RUNS: Final = Table("runs", "One row a run.", (*_RUN, *_OUTCOME), _runs)
METRICS: Final = Table(
    "metrics",
    "One row a metric of a run; those of durations are in the next table.",
    (_POINT, _REPLICATION, *_FIGURE),
    _figures,
)
DURATIONS: Final = Table(
    "durations",
    "One row each of what a metric of durations looks at, such as a ghost.",
    (_POINT, _REPLICATION, *_DURATION),
    _durations,
)

TABLES: Final = {table.name: table for table in (SESSIONS, EVENTS, RUNS, METRICS, DURATIONS)}
"""The tables by name."""
