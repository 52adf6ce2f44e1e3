"""What a class of machines says of itself, and the worlds that it makes of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve
from hypothesis.strategies import SearchStrategy

from sim.protocol.quirks import Profile
from sim.protocol.quirks import profile as profile_named
from sim.scenario import Person, Scenario
from sim.testing import context
from sim.testing.machine import declaration, rules
from sim.testing.machine.judging import Judged
from sim.testing.machine.persons import persons
from sim.world.app import AppMaker
from sim.world.world import ClientMaker, PlatformMaker


class Declared:
    """The attributes that a :class:`~sim.testing.SessionMachine` may set."""

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
    apps_may_throw: ClassVar[bool] = False
    """Whether it is no failure that an app throws in a listener, a callback or a timeout."""
    weights: ClassVar[Mapping[str, int]] = {}
    """How often rules are drawn, by name, compared with others: 0 for never, up to 100."""
    require: ClassVar[Iterable[str]] = ()
    """Goals that the examples of a test must have reached together (:mod:`sim.testing.goals`)."""
    replayable: ClassVar[bool] = True
    """Whether what was done is all in ``simulation.scenario``; False if rules of your own reach
    into ``simulation.world``."""

    def __init_subclass__(cls, **keys: Any) -> None:
        super().__init_subclass__(**keys)
        rules.weigh(cls, cls.weights)
        declaration.check(cls)

    @classmethod
    def person(cls, name: str) -> SearchStrategy[Person]:
        """Strategy: what somebody of that name is like. Override it to bound it."""
        return persons(tuple(cls.networks))

    @classmethod
    def app_of(cls, name: str) -> AppMaker | None:
        """The app of somebody; None for that of a scenario file."""
        mutant = context.present().mutant
        return cls.apps.get(name) or (mutant.app if mutant else None)

    # -- worlds --------------------------------------------------------------------------------

    @classmethod
    def empty_world(cls) -> Judged:
        """A world without people."""
        present = context.present()
        return cls._judged(
            seed=cls.seed if cls._chooses("seed") or present.seed is None else present.seed,
            profile=cls._chosen("profile") or present.profile or cls.profile,
            networks=cls.networks if isinstance(cls.networks, Mapping) else None,
            platform=cls.platform,
            timers=cls.timers,
            laws=cls.laws,
            name=declaration.story_name(cls.__name__),
        )

    @classmethod
    def world_of(
        cls,
        story: Scenario,
        keeping: Callable[[str, AppMaker], AppMaker] | None = None,
        laws: tuple[str, ...] | None = None,
    ) -> Judged:
        """The world of a story, with the apps and the models of this class.

        ``keeping`` is asked for an app in the place of each, as :meth:`SessionMachine.app` does.
        ``laws`` are those of the story if none are given.
        """
        apps = {name: app for name in story.clients if (app := cls.app_of(name)) is not None}
        if keeping is not None:
            apps = {name: keeping(name, app) for name, app in apps.items()}
        return cls._judged(story, apps=apps, laws=laws)

    @classmethod
    def as_declared(cls, story: Scenario) -> Scenario:
        """A story with what this class chooses."""
        chosen = {"seed": cls._chosen("seed"), "profile": cls._chosen("profile")}
        if isinstance(chosen["profile"], str):
            chosen["profile"] = profile_named(chosen["profile"])
        given = {name: value for name, value in chosen.items() if value is not None}
        return evolve(story, **given) if given else story

    @classmethod
    def _chosen(cls, name: str) -> Any:
        """What the class says of itself, or None if that is the default."""
        return getattr(cls, name) if cls._chooses(name) else None

    @classmethod
    def _chooses(cls, name: str) -> bool:
        below = cls.__mro__[: cls.__mro__.index(Declared)]
        return any(name in vars(each) for each in below)

    @classmethod
    def _judged(cls, story: Scenario | None = None, **keys: Any) -> Judged:
        world = Judged(story, **keys, **cls._models())
        world.apps_may_throw = cls.apps_may_throw
        return world

    @classmethod
    def _models(cls) -> dict[str, Any]:
        """What makes clients and the platform, where that is not the product itself."""
        mutant = context.present().mutant
        client = cls.client_class or (mutant and mutant.client_class)
        platform = cls.platform_class or (mutant and mutant.platform_class)
        models = {"client_class": client, "platform_class": platform}
        return {name: model for name, model in models.items() if model}
