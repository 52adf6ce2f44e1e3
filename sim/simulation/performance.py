"""A story that is being performed: its world, its records and its judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

from attrs import evolve

from sim.draws.stream import Draws
from sim.laws import Breach, Verdict
from sim.protocol.journal import LEVELS
from sim.result import Result, Told
from sim.scenario import Scenario, Step
from sim.simulation.arguments import lines_taker
from sim.simulation.culprits import REMEMBERED, culprits
from sim.simulation.headers import header_of, said, traced
from sim.simulation.judges import Judges, Sink
from sim.simulation.options import Options
from sim.simulation.replays import replay_line
from sim.simulation.story import Story
from sim.trace import Header, Record, Recorder, Retold
from sim.world import World
from sim.world.app import AppMaker

Recording = Callable[[Header], Callable[[str], object]]
"""Given the header of a trace: what takes each of its lines."""


class Performance:
    """Performs a story, which may grow on the way.

    Whatever lets time pass raises :class:`~sim.world.bounds.StoryWithoutEnd` for one that will not
    end.

    ``sinks`` get every story record as it comes, ``recording`` makes what gets the trace's lines.
    If it is ``bare`` nobody gets anything of it but its figures; if it ``looks_ahead``, heartbeats
    are not performed one by one (see :mod:`sim.simulation.bare`).
    """

    def __init__(
        self,
        story: Story,
        options: Options,
        apps: Mapping[str, AppMaker],
        sinks: Sequence[Sink] = (),
        recording: Recording | None = None,
        *,
        bare: bool = False,
        looks_ahead: bool = False,
    ) -> None:
        self._people = traced(story.people)
        self.header = header_of(story, options, self._people, apps)
        self._apps = dict(apps)
        """Who has app code of their own."""
        self.records: list[Record] = []
        """The story's records so far; empty when they are not kept."""
        self._story = story
        self._options = options
        self._grown = False
        self._bare = bare
        self._looks_ahead = looks_ahead
        self._judges = self._new_judges()
        lines = () if recording is None else (lines_taker(recording(self.header)),)
        keeping = (self.records.append,) if options.keeps_records else ()
        self.world = self._new_world((*self._judges.sinks, *sinks, *keeping), lines)
        for name, person in story.clients.items():
            link = story.settings.link(person)
            self.world.add(name, person, link, story.named(name), apps.get(name))
        for step in story.steps:
            self._learn_network(step)

    def _new_judges(self) -> Judges:
        settings, options = self._story.settings, self._options
        return Judges(settings, self.header, bool(options.keep))

    def _new_world(
        self, sinks: Sequence[Sink], lines: Sequence[Callable[[str], object]]
    ) -> World[Recorder]:
        settings, options = self._story.settings, self._options
        level = LEVELS[options.level]
        world = World(
            Draws(self.header.seed, options.replication),
            recorder=partial(
                Recorder, level=level, sinks=sinks, lines=lines, digests=not self._bare
            ),
            settings=settings.platform,
            profile=settings.profile,
            timers=settings.timers,
            level=level,
            permute_ties=options.permute_ties,
            max_events=options.max_events,
            keeps=bool(options.keep),
            client_class=options.client_class,
            platform_class=options.platform_class,
            looks_ahead=self._looks_ahead,
            describes=not self._bare,
        )
        kernel = world.kernel
        kernel.written, kernel.blamed = lambda: world.journal.records, self._culprits
        return world

    def _culprits(self) -> str:
        latest = self.records[-REMEMBERED:] or self.world.journal.latest
        people = self.world.participants.items()
        sockets = {name: each.membership.socket for name, each in people}
        beating = [
            name for name, socket in sockets.items() if socket and socket.ping_at is not None
        ]
        return culprits(latest, beating, self._story.settings.timers.ping)

    # -- what happens ------------------------------------------------------------------------

    def start(self) -> None:
        """Let in who is there from the beginning."""
        self.world.start(self._story.steps)
        self.world.take_turn()

    def advance(self, time: int) -> None:
        """Let everything happen that comes before ``time``."""
        self.world.kernel.advance(time)

    def take_turn(self) -> None:
        """Let everything happen at this instant that comes before the script."""
        self.world.take_turn()

    def finish_turn(self) -> None:
        """Let the script do what it has to do at this instant."""
        self.world.finish_turn()

    def prepare(self, whole: Scenario, name: str, app: AppMaker | None) -> None:
        """Make somebody of the ``whole`` story, or a group, whom to :meth:`let_in` at once.

        Whatever the app raises comes out of this, and changes nothing.
        """
        person = whole.clients[name]
        with self.world.journal.holding():
            self.world.prepare(name, person, whole.link(person), whole.named(name), app)
        self._apps |= {} if app is None else {name: app}

    def let_in(self, name: str) -> None:
        """Let somebody in who is made, and in the story."""
        person = self._story.clients[name]
        self._grown = True
        self._people.update(traced(dict.fromkeys(self._story.named(name), person)))
        self.world.journal.release()
        self.world.enter()
        self.world.kernel.settle()

    def do(self, step: Step) -> None:
        """Do a step now."""
        self._learn_network(step)
        self.world.do(step)

    def _learn_network(self, step: Step) -> None:
        if step.network == "change" and step.to is not None:
            self.world.networks[step.to] = self._story.settings.network(step.to)

    def listening(self, sink: Sink) -> AbstractContextManager[None]:
        """Let a sink have the records that come meanwhile."""
        return self.world.journal.heard_by(sink)

    # -- how it went -------------------------------------------------------------------------

    @property
    def breaches(self) -> list[Breach]:
        """The breaches of laws so far, in order of time."""
        return self._judges.laws.breaches

    def told(self, name: str) -> tuple[Told, ...]:
        """What somebody's app was told so far, if that is kept."""
        return tuple(self._judges.events.get(name, ()))

    def verdicts(self, ended: int) -> dict[str, Verdict]:
        """What the laws say of the records so far, if it ended then; nobody is disturbed."""
        return self._judged_anew().laws.finish(ended)

    def result(self, scenario: Scenario, ended: int, *, over: bool) -> Result:
        """How it went until ``ended``; if it is not ``over``, nobody is disturbed."""
        # Laws take people in as they come; who "everyone" is, expectations know from the beginning.
        stale = self._grown and bool(scenario.expect)
        anew = self._options.keeps_records and (stale or not over)
        judges = self._judged_anew() if anew else self._judges
        header = self.header
        if self._grown or not over or ended != header.duration:
            options = said(self._options, self._apps)
            header = evolve(header, duration=ended, people=dict(self._people), options=options)
        rerun = replay_line(self._options, self._apps)
        made = self.world.journal.digest_to_come
        digest = Retold(partial(digest_of, scenario, self._options)) if made is None else made
        kept = list(self.records)
        return judges.result(scenario, header, ended, self.world, digest, kept, rerun)

    def _judged_anew(self) -> Judges:
        """Other judges, who have seen the records that are kept."""
        judges = self._new_judges()
        for record in self.records:
            for sink in judges.sinks:
                sink(record)
        return judges


def digest_of(scenario: Scenario, options: Options) -> str:
    """The digest of a story that is performed from its beginning to its end, with nobody's apps."""
    performance = Performance(Story(scenario, {}), options, {})
    performance.start()
    performance.finish_turn()
    performance.advance(scenario.duration)
    return performance.world.journal.digest
