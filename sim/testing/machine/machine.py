"""``SessionMachine``: Hypothesis plays with a session, and the laws look on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from sim.result import Result
from sim.scenario import Person, Scenario
from sim.testing import context, goals
from sim.testing.machine import declaration
from sim.testing.machine.campaign import Campaign, campaign_of
from sim.testing.machine.case import CaseProperty
from sim.testing.machine.declared import Declared
from sim.testing.machine.determinism import difference
from sim.testing.machine.failing import tell
from sim.testing.machine.moderation import ModerationRules
from sim.testing.machine.network import NetworkRules
from sim.testing.machine.people import PeopleRules
from sim.testing.machine.platform import PlatformRules
from sim.testing.machine.publishing import PublishingRules
from sim.testing.machine.settling import settle
from sim.testing.machine.situation import Situation
from sim.testing.machine.stories import brought_to_rest, looked_at, played
from sim.testing.machine.time import TimeRules
from sim.testing.stories import Source, folder_of, is_failure, story_of
from sim.world.app import App, AppMaker

_EVENTS: Final = ("reason", "law", "quirk")
"""Of these kinds of goals Hypothesis's statistics tell; and of rules, as they are done."""


class SessionMachine(
    PeopleRules, PublishingRules, ModerationRules, NetworkRules, PlatformRules, TimeRules, Declared
):
    """A state machine of Hypothesis's over :class:`sim.Simulation`, to subclass.

    >>> from sim.testing import SessionMachine
    >>> class MyMachine(SessionMachine):
    ...     networks = ("wifi-lossy",)
    ...     max_people = 3
    >>> TestMine = MyMachine.TestCase  # pytest and unittest find it

    People come and go, publish, are removed; links fail; time passes. The laws are judged as it
    runs: what breaks one fails in that step. In the end all faults are healed, time passes until
    all is quiet, and the laws of what must happen eventually are judged, too.
    """

    TestCase = CaseProperty()  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.done = []
        self._made: dict[str, list[tuple[App, object]]] = {}
        self._outside = sys.exception()
        self._campaign: Campaign = campaign_of(type(self))
        self.names = declaration.names(type(self))
        self._moment: tuple[int, int, int] | None = None
        self._coming: tuple[str, Person] | None = None
        """Who is being let in: an app may fail in its first page."""
        self.simulation = self.empty_world()

    # -- the world -----------------------------------------------------------------------------

    def let_in(self, name: str, person: Person) -> None:
        """Let somebody join, with the app that is for this name."""
        app = self.app_of(name)
        self._coming = name, person
        self.simulation.join(name, person, app=app and self._keeping(name, app))
        self._coming = None

    def _keeping(self, name: str, app: AppMaker) -> AppMaker:
        def make(page: App) -> None:
            made = app(page)
            self._made.setdefault(name, []).append((page, made))

        return make

    def app(self, name: str) -> Any:
        """What was made of :attr:`apps` for the page that somebody has now.

        None for who has no such app, has not come yet, or has no page at present.
        """
        if name not in self.simulation.world.participants:
            return None
        client = self.simulation.client(name)
        # A world that is played again, for a result in between, makes apps of its own.
        own = [made for page, made in self._made.get(name, ()) if page.session is client.session]
        return own[-1] if own and client.is_open else None

    @property
    def situation(self) -> Situation:
        """Who can do what now."""
        world = self.simulation.world
        moment = (world.kernel.now, world.journal.records, len(world.participants))
        if moment != self._moment:
            self._moment, self._situation = moment, Situation(self.simulation, self.names)
        return self._situation

    @classmethod
    def check_story(cls, story: Source, *, invariants: bool = True) -> Result:
        """Tell a story again, with the apps and the models of this class, judged as it runs.

        ``story`` is what a failure has saved: a scenario file, relative to that of the test, or a
        :class:`sim.Scenario`. Its seed and profile are replaced where the class chooses them.

        Your invariants are looked at after each step and in the end, and :meth:`at_rest` once all
        has been healed after that. Rules of your own have no part in it: with ``invariants=False``
        both are left out, for those that need what such rules keep.

        Raises what the machine would raise, and :class:`sim.ScenarioError` or ``OSError`` for what
        is no story.
        """
        __tracebackhide__ = True
        whole = cls.as_declared(story_of(story, folder_of(sys._getframe(1))))
        result: Result = cls._told(whole, looked_at if invariants else played)
        if invariants and cls.at_rest is not SessionMachine.at_rest:
            cls._told(whole, brought_to_rest)
        context.note(goals.reached(result))
        return result

    @classmethod
    def _told(cls, story: Scenario, way: Callable[[Any, Scenario], Any]) -> Any:
        """A machine in which that story happens, in one of the ways of stories.py."""
        __tracebackhide__ = True
        machine = cls()
        machine.simulation = cls.world_of(story, machine._keeping)
        try:
            return way(machine, story)
        except Exception as problem:
            tell(problem, machine.simulation, cls, replayable=cls.replayable)
            raise

    # -- who comes -----------------------------------------------------------------------------

    def next_person(self) -> SearchStrategy[Person]:
        """Strategy: who comes next."""
        return self.person(self.situation.newcomer[0])

    def first_people(self) -> SearchStrategy[dict[str, Person]]:
        """Strategy: who is there from the beginning, by name."""
        return self._first_people(self.names)

    @classmethod
    @cache
    def _first_people(cls, names: tuple[str, ...]) -> SearchStrategy[dict[str, Person]]:
        """What somebody is like is drawn of those who are not there as well.

        So to leave somebody out changes one choice and moves no other: Hypothesis finds it.
        """
        first, *others = names

        @st.composite
        def people(draw: st.DrawFn) -> dict[str, Person]:
            there = {first: True} | {name: draw(st.booleans()) for name in others}
            drawn = {name: draw(cls.person(name)) for name in names}
            return {name: person for name, person in drawn.items() if there[name]}

        return people()

    # -- the end -------------------------------------------------------------------------------

    def at_rest(self) -> None:
        """What must be so in the end, when all faults are healed and all is quiet.

        It is for you to override, and asserts what it likes. Not called if nobody has joined.
        """

    def teardown(self) -> None:
        """Heal all, let time pass, and judge what must happen eventually."""
        problem = sys.exception()
        if problem is self._outside:
            self._end()
        elif problem is not None:
            self._fail(problem)

    def _end(self) -> None:
        simulation, campaign = self.simulation, self._campaign
        try:
            if self._begun:
                settle(simulation)
                self.at_rest()
                simulation.close()
        except Exception as problem:
            self._fail(problem)
            raise
        if campaign.doubts:
            self._run_twice()
        reached = self._reached()
        context.note(reached)
        campaign.passed(reached)
        campaign.check_if_last()

    @property
    def _begun(self) -> bool:
        """Whether anybody has ever joined: otherwise there is no story."""
        return bool(self.simulation.world.participants)

    def _reached(self) -> tuple[str, ...]:
        reached = goals.reached(self.simulation, self.done) if self._begun else ()
        for goal in reached:
            if goals.kind_of(goal) in _EVENTS:
                event(goal)
        return reached

    def _fail(self, problem: BaseException) -> None:
        """An example does not pass: say why, unless the story is another one each time."""
        if isinstance(problem, Flaky) or (is_failure(problem) and self._campaign.doubts_failure):
            self._run_twice()
        if is_failure(problem):
            tell(
                problem,
                self.simulation,
                type(self),
                replayable=self.replayable,
                coming=self._coming,
            )

    def _run_twice(self) -> None:
        """Raise :class:`~sim.testing.NotDeterministic` if the story is another one again."""
        if self.replayable and self._begun:
            story, records = self.simulation.scenario, self.simulation.records
            unjudged = partial(self.world_of, laws=())  # it is the records that are compared
            another = difference(type(self).__name__, records, story, unjudged)
            if another is not None:
                raise another from None
