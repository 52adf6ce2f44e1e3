"""Running a scenario: the one function behind the command line, the tests and the notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from sim.client import Client
from sim.draws.stream import Draws
from sim.expectations import Checker, expected_breaches
from sim.laws import BROKEN, Laws
from sim.platform import Platform
from sim.platform.promises import unkept
from sim.protocol.journal import LEVELS
from sim.protocol.quirks import Profile
from sim.protocol.quirks import profile as profile_named
from sim.protocol.roles import ROLES
from sim.result import ClientResult, Result, Told
from sim.trace import Bounds, Header, Record, Recorder, Writer
from sim.trace import Person as TracedPerson
from sim.trace.target import claim
from sim.trace.token import PERMUTED
from sim.version import VERSION
from sim.world import World

if TYPE_CHECKING:
    from sim.client.session import Session
    from sim.scenario import Scenario
    from sim.scenario.people import Person

Sink = Callable[[Record], object]
Hook = Callable[["Session"], object]


def run(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    seed: int | None = None,
    replication: int = 0,
    profile: str | None = None,
    trace: str | os.PathLike[str] | None = None,
    trace_level: str = "story",
    force: bool = False,
    laws: Iterable[str] | None = None,
    permute_ties: bool = False,
    keep: bool = True,
    sinks: Sequence[Sink] = (),
    hooks: Mapping[str, Hook] | None = None,
    client: type[Client] = Client,
    platform: type[Platform] = Platform,
) -> Result:
    """Simulate a scenario once and judge it.

    ``scenario`` is a file or a :class:`~sim.scenario.Scenario`. ``seed`` and ``profile`` override
    the scenario's. ``trace`` is a file to write, at ``trace_level`` (``story``, ``wire`` or
    ``all``); it replaces a trace, with ``force`` any file, but never the scenario. ``laws`` names
    the laws to check, all by default. ``permute_ties`` draws the order of what happens at the same
    instant. Without ``keep`` neither the records nor the clients' events are held in memory, which
    then does not grow with time. ``sinks`` get every story record as it comes. ``hooks`` maps
    people to app code: a callable that gets the Session of each fresh page and registers listeners.
    ``client`` and ``platform`` are classes to use instead of the product's own models, for testing
    laws against broken ones.

    Raises :class:`~sim.scenario.ScenarioError` for a bad scenario, ``ValueError`` for an unknown
    law, profile or person, :class:`~sim.trace.TraceError` when the trace cannot be written.

    >>> result = run("scenarios/clean-goodbye.yaml")
    >>> result.held
    True
    """
    _check_numbers(seed=seed, replication=replication)
    story = _loaded(scenario)
    chosen = story.profile if profile is None else profile_named(profile)
    level = _level(trace_level)
    header = evolve(
        _header(story, chosen, trace_level),
        seed=story.seed if seed is None else seed,
        replication=replication,
        options=(PERMUTED,) if permute_ties else (),
    )
    judges = _Judges(story, header, _law_names(story, laws), keep)
    _check_hooks(hooks, story)
    kept: list[Record] = []
    every = [*judges.sinks, *sinks, *([kept.append] if keep else [])]
    if trace is not None:
        claim(trace, [scenario] if isinstance(scenario, str | os.PathLike) else (), force=force)
    with _writing(trace, header, story) as writer:
        world = World(
            Draws(header.seed, replication),
            recorder=lambda clock: Recorder(
                clock, level, every, () if writer is None else (writer.write,)
            ),
            settings=story.platform,
            profile=chosen,
            timers=story.timers,
            level=level,
            permute_ties=permute_ties,
            client_class=client,
            platform_class=platform,
        )
        _populate(world, story, hooks or {})
        world.start(story.script)
        world.run(story.duration)
        if writer is not None:
            writer.finish(world.journal.footer(story.duration))
    return judges.result(world, header, kept, trace)


@contextmanager
def _writing(
    trace: str | os.PathLike[str] | None, header: Header, story: Scenario
) -> Iterator[Writer | None]:
    """The trace file while the run goes on; cut off but readable if that is interrupted."""
    if trace is None:
        yield None
        return
    from sim.scenario import scenario_hash, to_data

    whole = evolve(header, scenario=to_data(story), scenario_hash=scenario_hash(story))
    with Writer(trace, whole) as writer:
        yield writer


def _loaded(scenario: str | os.PathLike[str] | Scenario) -> Scenario:
    if isinstance(scenario, str | os.PathLike):
        from sim.scenario import load

        return load(Path(scenario))
    return scenario


def _level(name: str) -> int:
    if name not in LEVELS:
        raise ValueError(f"there is no trace level {name!r}; the levels are {', '.join(LEVELS)}")
    return LEVELS[name]


def _check_numbers(**given: int | None) -> None:
    for name, value in given.items():
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if value is not None and not whole:
            raise ValueError(f"{name} must be a whole number from 0 on, not {value!r}")


def _law_names(story: Scenario, laws: Iterable[str] | None) -> Iterable[str] | None:
    if laws is not None:
        return [laws] if isinstance(laws, str) else list(laws)
    return None if story.laws == "all" else story.laws


def _check_hooks(hooks: Mapping[str, Hook] | None, story: Scenario) -> None:
    for name in hooks or {}:
        if name not in story.clients:
            known = ", ".join(story.clients)
            raise ValueError(f"there is no client {name!r} to hook into; the clients are {known}")


def _header(story: Scenario, profile: Profile, level: str) -> Header:
    bounds = Bounds(
        silence=_silence(story),
        window=story.timers.window,
        connect=story.timers.connect_timeout,
        detection=story.platform.detection,
        grace=story.platform.grace,
    )
    return Header(
        version=VERSION,
        name=story.name,
        profile=profile.name,
        quirks=tuple(profile.names),
        level=level,
        duration=story.duration,
        people={name: _traced(person) for name, person in story.people.items()},
        bounds=bounds,
        unkept=unkept(story.platform, away=bounds.outage, journey=bounds.margin),
    )


def _silence(story: Scenario) -> int:
    """How long a client hears nothing before it takes its network for lost (L18555)."""
    timers = story.timers
    return timers.silence if story.platform.reconnection else timers.silence_without_reconnection


def _traced(person: Person) -> TracedPerson:
    reaction = person.on.get("sessionDisconnected")
    return TracedPerson(
        role=person.role,
        capabilities=tuple(str(capability) for capability in ROLES[person.role]),
        promises={"clean-up-after": None if reaction is None else reaction.clean_up_after},
        prevents=tuple(name for name, r in person.on.items() if r.prevent_default),
        suppressed=person.connection_events_suppressed,
    )


def _populate(world: World[Recorder], story: Scenario, hooks: Mapping[str, Hook]) -> None:
    for step in story.script:
        if step.network == "change" and step.to is not None:
            world.networks[step.to] = story.network(step.to)
    for name, person in story.clients.items():
        world.add(name, person, story.link(person), story.named(name), hooks.get(name))


class _Judges:
    """The sinks that every run has, and what they say at its end."""

    def __init__(
        self, story: Scenario, header: Header, laws: Iterable[str] | None, keep: bool
    ) -> None:
        self._story = story
        self._laws = Laws(header, laws)
        self._expectations = Checker(story.expect, header.people)
        self._keep = keep
        self._told = 0
        self._events: dict[str, list[Told]] = {name: [] for name in story.people}
        self.sinks: list[Sink] = [self._laws, self._expectations, self._tell]

    def _tell(self, record: Record) -> None:
        if record.kind == "event":
            self._told += 1
            if self._keep:
                told = (record.time, record.object, record.name, record.data.get("reason"))
                self._events[record.client].append(told)

    def result(
        self,
        world: World[Recorder],
        header: Header,
        kept: list[Record],
        trace: str | os.PathLike[str] | None,
    ) -> Result:
        """Everything about a run that is over."""
        ended = self._story.duration
        verdicts = self._laws.finish(ended)
        broken = {name for name, verdict in verdicts.items() if verdict.outcome == BROKEN}
        outcomes = self._expectations.finish(ended, {name: name not in broken for name in verdicts})
        unwanted = broken.difference(expected_breaches(self._story.expect))
        failed = any(not outcome.held for outcome in outcomes)
        return Result(
            scenario=self._story,
            seed=header.seed,
            replication=header.replication,
            profile=header.profile,
            digest=world.journal.digest,
            ended=ended,
            count=world.journal.records,
            told=self._told,
            laws=verdicts,
            expectations=tuple(outcomes),
            clients={
                name: ClientResult(name, tuple(self._events[name]), who.driver.core.left())
                for name, who in world.participants.items()
            },
            exit_code=int(failed or bool(unwanted)),
            records=kept,
            trace_path=None if trace is None else os.fspath(trace),
            header=header,
        )
