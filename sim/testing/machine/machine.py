"""``SessionMachine``: Hypothesis plays with a session, and the laws look on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.quirks import Profile
from sim.scenario import Person, Scenario
from sim.testing import context, goals
from sim.testing.machine import declaration, rules
from sim.testing.machine.campaign import Campaign, campaign_of
from sim.testing.machine.case import CaseProperty
from sim.testing.machine.determinism import NotDeterministic, difference
from sim.testing.machine.failing import is_failure, tell
from sim.testing.machine.judging import Judged
from sim.testing.machine.moderation import ModerationRules
from sim.testing.machine.network import NetworkRules
from sim.testing.machine.people import PeopleRules
from sim.testing.machine.persons import persons
from sim.testing.machine.platform import PlatformRules
from sim.testing.machine.publishing import PublishingRules
from sim.testing.machine.settling import settle
from sim.testing.machine.situation import Situation
from sim.testing.machine.time import TimeRules
from sim.testing.mutants import Mutant
from sim.world.app import AppMaker
from sim.world.world import ClientMaker, PlatformMaker


class SessionMachine(
    PeopleRules, PublishingRules, ModerationRules, NetworkRules, PlatformRules, TimeRules
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

    seed: ClassVar[int] = 0
    """What all chance of the world comes from. It is not drawn: a smaller story keeps its luck."""
    profile: ClassVar[str | Profile] = "documented"
    """Which client is modelled, as in a scenario file."""
    networks: ClassVar[Sequence[str] | Mapping[str, Any]] = ("fibre", "wifi", "wifi-lossy")
    """What people are on: names of presets, or ``networks`` as in a scenario file."""
    max_people: ClassVar[int] = 4
    """So many people come at most."""
    apps: ClassVar[Mapping[str, AppMaker]] = {}
    """App code by the names of people, who are the first to come."""
    client_class: ClassVar[ClientMaker | None] = None
    """Makes the clients, instead of the product's own."""
    platform_class: ClassVar[PlatformMaker | None] = None
    """Makes the platform, instead of the product's own."""
    platform: ClassVar[Any] = None
    """The platform's choices, as in a scenario file."""
    timers: ClassVar[Any] = None
    """The client's timers, as in a scenario file."""
    laws: ClassVar[str | Iterable[str]] = "all"
    """Which laws are judged."""
    weights: ClassVar[Mapping[str, int]] = {}
    """How often rules are drawn, by name, compared with others: 1 if not said, 0 for never."""
    require: ClassVar[Iterable[str]] = ()
    """Goals that the examples of a test must have reached together (:mod:`sim.testing.goals`)."""
    replayable: ClassVar[bool] = True
    """Whether what was done is all in ``simulation.scenario``; False if rules of your own reach
    into ``simulation.world``."""

    TestCase = CaseProperty()  # type: ignore[assignment]

    def __init_subclass__(cls, **keys: Any) -> None:
        super().__init_subclass__(**keys)
        rules.weigh(cls, cls.weights)
        declaration.check(cls)

    def __init__(self) -> None:
        super().__init__()
        self.done = []
        self._outside = sys.exception()
        self._campaign: Campaign = campaign_of(type(self))
        self._names = declaration.names(type(self))
        self._moment: tuple[int, int, int] | None = None
        self.simulation = self._begin(None)

    # -- the world -----------------------------------------------------------------------------

    def _begin(self, story: Scenario | None) -> Judged:
        present = context.present()
        models = self._models(present.mutant)
        if story is not None:
            apps = {name: app for name in story.clients if (app := self.app_of(name))}
            return Judged(story, apps=apps, **models)
        return Judged(
            seed=self._setting("seed", present.seed),
            profile=self._setting("profile", present.profile),
            networks=self.networks if isinstance(self.networks, Mapping) else None,
            platform=self.platform,
            timers=self.timers,
            laws=self.laws,
            name=type(self).__name__,
            **models,
        )

    @classmethod
    def _models(cls, mutant: Mutant | None) -> dict[str, Any]:
        """What makes clients and the platform, where that is not the product itself."""
        client = cls.client_class or (mutant and mutant.client_class)
        platform = cls.platform_class or (mutant and mutant.platform_class)
        models = {"client_class": client, "platform_class": platform}
        return {name: model for name, model in models.items() if model}

    def _setting(self, name: str, outside: Any) -> Any:
        """What the class says, or else what is said from outside, or else the default."""
        if outside is None or declaration.chooses(type(self), name, SessionMachine):
            return getattr(self, name)
        return outside

    def app_of(self, name: str) -> AppMaker | None:
        """The app of somebody; None for that of a scenario file."""
        mutant = context.present().mutant
        return self.apps.get(name) or (mutant.app if mutant else None)

    def let_in(self, name: str, person: Person) -> None:
        """Let somebody join, with the app that is for this name."""
        self.simulation.join(name, person, app=self.app_of(name))

    @property
    def situation(self) -> Situation:
        """Who can do what now."""
        world = self.simulation.world
        moment = (world.kernel.now, world.journal.records, len(world.participants))
        if moment != self._moment:
            self._moment, self._situation = moment, Situation(self.simulation, self._names)
        return self._situation

    # -- who comes -----------------------------------------------------------------------------

    @classmethod
    def person(cls, name: str) -> SearchStrategy[Person]:
        """Strategy: what somebody of that name is like. Override it to bound it."""
        return persons(tuple(cls.networks))

    def next_person(self) -> SearchStrategy[Person]:
        """Strategy: who comes next."""
        return self.person(self.situation.newcomer[0])

    def first_people(self) -> SearchStrategy[dict[str, Person]]:
        """Strategy: who is there from the beginning, by name."""
        return self._first_people(self._names)

    @classmethod
    @cache
    def _first_people(cls, names: tuple[str, ...]) -> SearchStrategy[dict[str, Person]]:
        first, *others = names
        people = st.fixed_dictionaries(
            {first: cls.person(first)}, optional={name: cls.person(name) for name in others}
        )
        return people.map(lambda drawn: {name: drawn[name] for name in names if name in drawn})

    # -- the end -------------------------------------------------------------------------------

    def teardown(self) -> None:
        """Heal all, let time pass, and judge what must happen eventually."""
        problem = sys.exception()
        if problem is self._outside:
            self._end()
        elif is_failure(problem):
            assert problem is not None
            self._fail(problem)

    def _end(self) -> None:
        simulation, campaign = self.simulation, self._campaign
        try:
            if simulation.world.participants:
                settle(simulation)
                simulation.close()
                if campaign.doubts:
                    self._run_twice()
        except Exception as problem:
            self._fail(problem)
            raise
        reached = self._reached()
        context.note(reached)
        campaign.passed(reached)
        campaign.check_if_last()

    def _reached(self) -> tuple[str, ...]:
        if not self.simulation.world.participants:
            return ()
        reached = goals.reached(self.simulation, self.done)
        for goal in reached:
            if goals.kind_of(goal) in ("reason", "law", "quirk"):
                event(goal)
        return reached

    def _run_twice(self) -> None:
        """Raise :class:`~sim.testing.NotDeterministic` if the story is another one again."""
        if not self.replayable or not self.simulation.world.participants:
            return
        story, records = self.simulation.scenario, self.simulation.records
        campaign = self._campaign
        campaign.twofold = difference(type(self).__name__, records, story, self._begin)
        if campaign.twofold is not None:
            raise campaign.twofold from None

    def _fail(self, problem: BaseException) -> None:
        """An example fails: say what it is, unless the story is another one each time."""
        if not isinstance(problem, NotDeterministic) and self._campaign.doubts_failure:
            self._run_twice()
        tell(problem, self.simulation, type(self), replayable=self.replayable)


rules.weigh(SessionMachine, {})
