"""Who judges a run, and what they say when it has ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sim.expectations import Checker, expected_breaches
from sim.laws import BROKEN, Goals, Laws
from sim.protocol.events import ENDS
from sim.result import ClientResult, Clients, Result, Told
from sim.scenario import Scenario
from sim.trace import Header, Record, Recorder
from sim.world import World

Sink = Callable[[Record], object]
"""Gets every story record as it comes."""


class Judges:
    """The laws, the goals, the expectations, what clients were told. Feed it every story record."""

    def __init__(self, story: Scenario, header: Header, keep: bool) -> None:
        self.laws = Laws(header, None if story.laws == "all" else story.laws)
        self.events: defaultdict[str, list[Told]] = defaultdict(list)
        """What each client was told; empty when that is not kept."""
        self.goals = Goals(header)
        self.reasons: dict[str, int] = {}
        """Why something ended, as apps were told, and how often."""
        self._expected_breaches = expected_breaches(story.expect)
        self._expectations = Checker(story.expect, header.people)
        self._keep = keep
        self._told = 0
        expecting = (self._expectations,) if story.expect else ()
        self.sinks: tuple[Sink, ...] = (self.laws, *expecting, self._tell)

    def _tell(self, record: Record) -> None:
        if record.kind == "event":
            self._told += 1
            if record.name in ENDS and (reason := record.reason) is not None:
                self.reasons[reason] = self.reasons.get(reason, 0) + 1
            if self._keep:
                told = (record.time, record.object, record.name, record.data.get("reason"))
                self.events[record.client].append(told)
        elif record.kind == "quirk":
            self.goals(record)

    def result(
        self,
        scenario: Scenario,
        header: Header,
        ended: int,
        world: World[Recorder],
        kept: list[Record],
        rerun: str,
    ) -> Result:
        """Everything about a run that has ended at ``ended`` microseconds.

        ``rerun`` is the line that runs it again.
        """
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
            digest=world.journal.digest_to_come,
            ended=ended,
            count=world.journal.records,
            told=self._told,
            laws=verdicts,
            goals=dict(self.goals.reached),
            expectations=tuple(outcomes),
            clients=_clients(world, self.events),
            exit_code=int(failed or bool(unwanted)),
            records=kept,
            header=header,
            rerun=rerun,
            reasons=dict(self.reasons),
            moves=dict(world.journal.moves),
        )


def _clients(world: World[Recorder], events: Mapping[str, Iterable[Any]]) -> Clients:
    return Clients(
        {
            name: ClientResult(name, tuple(events.get(name, ())), who.driver.core.left())
            for name, who in world.participants.items()
        }
    )
