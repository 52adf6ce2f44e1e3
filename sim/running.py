"""Running a scenario: the one function behind the command line, the tests and the notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from attrs import evolve

from sim.client import Client
from sim.platform import Platform
from sim.protocol.quirks import Profile
from sim.result import Result
from sim.scenario import Scenario, load, scenario_hash, to_data
from sim.simulation import Simulation, Unattended
from sim.simulation.arguments import Keep
from sim.trace import Footer, Header, Writer
from sim.trace.target import claim
from sim.world.bounds import MOST_EVENTS

if TYPE_CHECKING:
    from sim.simulation.judges import Sink
    from sim.world.app import AppMaker
    from sim.world.world import ClientMaker, PlatformMaker

Name = str | os.PathLike[str]

PARTS: Final = 100
"""Times in a run that its progress is told."""


def run(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    seed: int | None = None,
    replication: int = 0,
    profile: str | Profile | None = None,
    trace: str | os.PathLike[str] | None = None,
    trace_level: str = "story",
    force: bool = False,
    laws: Iterable[str] | None = None,
    permute_ties: bool = False,
    max_events: int = MOST_EVENTS,
    keep: Keep = True,
    sinks: Sequence[Sink] = (),
    apps: Mapping[str, AppMaker] | None = None,
    progress: Callable[[int], object] | None = None,
    client: ClientMaker = Client,
    platform: PlatformMaker = Platform,
) -> Result:
    """Simulate a scenario once and judge it.

    ``scenario`` is a file or a :class:`~sim.scenario.Scenario`. ``seed`` and ``profile`` override
    the scenario's; a profile has a name, or is made by :func:`sim.protocol.quirks.profile`.
    ``trace`` is a file to write, at ``trace_level`` (``story``, ``wire`` or ``all``); it replaces a
    trace, with ``force`` any file, but never the scenario. ``laws`` names the laws to check, all by
    default. ``permute_ties`` draws the order of what happens at the same instant. ``max_events`` is
    how much may happen. Without ``keep`` neither the records nor the clients' events are held in
    memory, which then does not grow with time; ``keep="events"`` holds what apps were told, and no
    records. Where no records are kept heartbeats that nothing disturbs are not performed one by
    one, which changes nothing that is told. ``sinks`` get every story record as it comes.
    ``apps`` maps people to app code: a callable that gets the :class:`~sim.world.app.App` of each
    fresh page. ``progress`` is told the virtual time, a hundred times in the run. ``client`` and
    ``platform`` make what is used instead of the product's own models, such as broken ones to test
    laws against: classes, or functions that take the same arguments.

    A run is bare if nobody wants anything but its figures: it keeps and writes nothing, has no laws
    (``laws=()``), expectations, sinks or apps, and no models but the product's own. It makes no
    records, and costs half of what others do in a crowd; :attr:`Result.digest`, if it is asked for,
    is that of the same run, made again with them.

    Raises :class:`~sim.scenario.ScenarioError` for a bad scenario, ``ValueError`` for an unknown
    law, profile or person, :class:`~sim.StoryWithoutEnd`, also a ``ValueError``, for a story in
    which so much happens that it will not end, :class:`~sim.trace.TraceError` when the trace cannot
    be written.

    >>> result = run("scenarios/clean-goodbye.yaml")
    >>> result.held
    True
    """
    story = scenario if isinstance(scenario, Scenario) else load(scenario)
    inputs = () if isinstance(scenario, Scenario) else (scenario,)
    with ExitStack() as files:
        writers: list[Writer] = []

        def recording(header: Header) -> Callable[[str], object]:
            assert trace is not None
            claim(trace, inputs, force=force)
            writers.append(files.enter_context(_writer(trace, header, story)))
            return writers[0].write

        simulation = Unattended(
            story,
            seed=seed,
            profile=profile,
            laws=laws,
            apps=apps,
            sinks=sinks,
            recording=None if trace is None else recording,
            replication=replication,
            level=trace_level,
            permute_ties=permute_ties,
            max_events=max_events,
            keep=keep,
            client_class=client,
            platform_class=platform,
        )
        _advance(simulation, story.duration, progress)
        result = simulation.close()
        for writer in writers:
            writer.finish(Footer(result.count, result.digest, result.ended))
    if trace is None and result.scenario is story:
        return result
    return evolve(result, scenario=story, trace_path=None if trace is None else os.fspath(trace))


def _advance(
    simulation: Simulation, duration: int, progress: Callable[[int], object] | None
) -> None:
    if progress is None:
        simulation.advance(duration)
        return
    for part in range(1, PARTS + 1):
        simulation.advance(duration * part // PARTS - simulation.now)
        progress(simulation.now)


def _writer(trace: Name, header: Header, story: Scenario) -> Writer:
    """Begin a trace file, which is cut off but readable if the run is interrupted.

    Raises :class:`~sim.trace.TraceError`.
    """
    whole = evolve(header, scenario=to_data(story), scenario_hash=scenario_hash(story))
    return Writer(trace, whole)
