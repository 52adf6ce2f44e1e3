"""The sink that makes of one run what is observed in it, looking at each record once."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, Final

from sim.laws.routes import routes
from sim.research.observing.detections import Detections
from sim.research.observing.kicks import Kicks
from sim.research.observing.observed import Observed
from sim.research.observing.outages import Outages
from sim.research.observing.pictures import Pictures
from sim.research.observing.sessions import Sessions
from sim.research.observing.signals import Signals
from sim.result import Result, Told
from sim.running import run
from sim.scenario import Scenario
from sim.trace import Record

OWN: Final = "own"
"""What a network is called that has no name."""

_CACHED: Final = 4096


class Watcher:
    """A sink for the story's records of one run; :meth:`observed` says what was seen.

    ``point`` is the number of the design point; with ``events`` what apps were told is kept, too.
    It needs nothing that a run keeps:

    >>> from sim.scenario import load
    >>> scenario = load("scenarios/clean-goodbye.yaml")
    >>> watcher = Watcher(scenario)
    >>> seen = watcher.observed(run(scenario, keep=False, sinks=[watcher]))
    >>> [(each.person, each.end_told) for each in seen.sessions]
    [('alice', None), ('bob', 'clientDisconnected'), ('carol', None)]
    """

    def __init__(self, scenario: Scenario, *, point: int = 0, events: bool = False) -> None:
        self._scenario = scenario
        self._point = point
        self._told: list[tuple[str, Told]] | None = [] if events else None
        self._sessions = sessions = Sessions(_networks(scenario))
        self._outages = Outages(sessions)
        self._kicks = Kicks(sessions)
        self._signals = Signals(sessions)
        self._pictures = Pictures()
        self._detections = Detections()
        # Who looks at sessions as they were before a record comes before who follows them.
        self._watching: tuple[Any, ...] = (
            self._outages,
            self._kicks,
            self._signals,
            self._pictures,
            self._detections,
            sessions,
        )
        self._routes = routes(tuple([type(each) for each in self._watching]))
        self._table: dict[tuple[str, str], tuple[Callable[[Record], object], ...]] = {}

    def __call__(self, record: Record) -> None:
        """Take the next story record."""
        key = (record[4], record[5])  # kind and name, quickly
        takes = self._table.get(key)
        if takes is None:
            takes = self._taking(key)
        for take in takes:
            take(record)

    def _taking(self, key: tuple[str, str]) -> tuple[Callable[[Record], object], ...]:
        watching = self._watching
        takes = [MethodType(handler, watching[number]) for number, handler in self._routes[key]]
        if self._told is not None and key[0] == "event":
            takes.append(MethodType(_tell, self._told))
        if len(self._table) < _CACHED:  # the types of signals are names, too: any number of them
            self._table[key] = tuple(takes)
        return tuple(takes)

    def observed(self, result: Result) -> Observed:
        """What was seen in the run of which this is the result."""
        ended, bounds = result.ended, result.header.bounds
        outages = self._outages.finish(ended, bounds.silence)
        return Observed(
            scenario=self._scenario.name,
            point=self._point,
            replication=result.replication,
            seed=result.seed,
            digest=result.digest,
            ended_us=ended,
            events=result.told,
            sessions=self._sessions.finish(ended),
            outages=outages,
            kicks=self._kicks.finish(),
            signals=self._signals.finish(ended, bounds.detection + bounds.delivery),
            detections=self._detections.finish(outages, bounds.detection),
            duplicate_pictures=len(self._pictures.duplicates),
            breaches={
                name: verdict.broken for name, verdict in result.laws.items() if verdict.broken
            },
            exit_code=result.exit_code,
            told=tuple(self._told or ()),
            duplicates_us=tuple(self._pictures.duplicates),
        )


def observe(
    scenario: Scenario,
    *,
    replication: int = 0,
    point: int = 0,
    events: bool = False,
    **options: Any,
) -> Observed:
    """Run a scenario once, keeping nothing, and say what was seen.

    ``options`` are those of :func:`sim.run`; ``events`` keeps what apps were told.
    """
    watcher = Watcher(scenario, point=point, events=events)
    sinks = (*options.pop("sinks", ()), watcher)
    result = run(scenario, replication=replication, keep=False, sinks=sinks, **options)
    return watcher.observed(result)


def _tell(told: list[tuple[str, Told]], record: Record) -> None:
    event = (record.time, record.object, record.name, record.reason)
    told.append((record.client, event))


def _networks(scenario: Scenario) -> dict[str, str]:
    """By person: what their network is called."""
    return {
        each: person.network if isinstance(person.network, str) else OWN
        for name, person in scenario.clients.items()
        for each in scenario.named(name)
    }
