"""Who judges a run, and what they say when it has ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sim.expectations import Checker, expected_breaches
from sim.laws import BROKEN, Goals, Laws
from sim.result import ClientResult, Clients, Result, Told
from sim.scenario import Scenario
from sim.trace import Header, Record, Recorder, ToCome
from sim.world import World

Sink = Callable[[Record], object]
"""Gets every story record as it comes."""


class Judges:
    """The laws, the goals, the expectations, what clients were told. Feed it every story record."""

    def __init__(self, story: Scenario, header: Header, keep: bool) -> None:
        self.laws = Laws(header, None if story.laws == "all" else story.laws)
        self.events: defaultdict[str, list[Told]] = defaultdict(list)
        """What each client was told; empty when that is not kept."""
        self._expected_breaches = expected_breaches(story.expect)
        self._expectations = Checker(story.expect, header.people)
        judging = (self.laws,) if story.laws else ()
        expecting = (self._expectations,) if story.expect else ()
        self.sinks: tuple[Sink, ...] = (*judging, *expecting, *((self._keep,) if keep else ()))
        """None where nothing is to be judged or kept."""

    def _keep(self, record: Record) -> None:
        if record.kind == "event":
            told = (record.time, record.object, record.name, record.reason)
            self.events[record.client].append(told)

    def result(
        self,
        scenario: Scenario,
        header: Header,
        ended: int,
        world: World[Recorder],
        digest: ToCome,
        kept: list[Record],
        rerun: str,
    ) -> Result:
        """Everything about a run that has ended at ``ended`` microseconds.

        ``rerun`` is the line that runs it again.
        """
        journal, goals = world.journal, Goals(header)
        goals.add(journal.quirks)
        verdicts = self.laws.finish(ended)
        broken = {name for name, verdict in verdicts.items() if verdict.outcome == BROKEN}
        where = {name: verdict.broke for name, verdict in verdicts.items()}
        outcomes = self._expectations.finish(ended, where)
        unwanted = broken.difference(self._expected_breaches)
        failed = any(not outcome.held for outcome in outcomes)
        return Result(
            scenario=scenario,
            seed=header.seed,
            replication=header.replication,
            profile=header.profile,
            digest=digest,
            ended=ended,
            count=journal.records,
            told=journal.told,
            laws=verdicts,
            goals=goals.reached,
            expectations=tuple(outcomes),
            clients=_clients(world, self.events),
            exit_code=int(failed or bool(unwanted)),
            records=kept,
            header=header,
            rerun=rerun,
            reasons=dict(journal.reasons),
            moves=dict(journal.moves),
        )


def _clients(world: World[Recorder], events: Mapping[str, Iterable[Any]]) -> Clients:
    return Clients(
        {
            name: ClientResult(name, tuple(events.get(name, ())), who.driver.core.left())
            for name, who in world.participants.items()
        }
    )
