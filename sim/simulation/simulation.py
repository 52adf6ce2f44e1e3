"""The world of one run, driven by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import signature
from types import TracebackType
from typing import Any, Final, Self

from attrs import fields

from sim.expectations import Await
from sim.laws import Verdict
from sim.protocol.quirks import Profile
from sim.protocol.quirks import profile as profile_named
from sim.protocol.units import format_clock
from sim.result import Result, refuse_breaches
from sim.scenario import Person, Scenario, load
from sim.simulation.arguments import (
    apps_by_name,
    check_app,
    keywords,
    names_of_laws,
    recording_or_none,
    sinks_in_order,
    whole,
)
from sim.simulation.driving import Driving
from sim.simulation.errors import NotReached
from sim.simulation.judges import Sink
from sim.simulation.options import Options
from sim.simulation.performance import Recording
from sim.simulation.replays import replay_line
from sim.simulation.story import Story
from sim.simulation.waiting import unmet
from sim.wording import brief
from sim.world.app import AppMaker

Condition = Callable[["Simulation"], object]
"""A predicate: true when what is waited for has come."""


class Simulation(Driving):
    """A world that people join, in which time passes and things happen as you say.

    Begin with nothing, or with a scenario (a file or a :class:`~sim.Scenario`), whose people and
    script then do their part. ``seed``, ``networks``, ``platform``, ``timers``, ``profile``,
    ``name`` and ``laws`` are as in a scenario file, and replace what the scenario says; ``apps``
    and ``sinks`` are as for :func:`sim.run`, and so are ``options``: ``replication``,
    ``permute_ties``, ``max_events``, ``keep``, and ``client_class`` and ``platform_class``, which
    make what is used instead of the product's own models. ``recording`` is given the header of a
    trace and returns what takes its lines, of which there are as many as ``level`` says.

    Whatever is done is kept: :attr:`scenario` is a scenario of which :func:`sim.run`, with the same
    ``replication``, ``permute_ties`` and apps, gives the same digest. What cannot be done raises
    ``ValueError`` (``sim.ScenarioError`` is one), a sentence for each mistake, and changes nothing.
    Where an error comes out of the world itself, from an app or a story without end, the world
    stops: it can be looked at, and no more.

    >>> with Simulation(seed=7) as s:
    ...     s.join("alice", publish="camera")
    ...     s.join("bob")
    ...     s.advance("5s")
    ...     s.do("alice", do="disconnect")
    ...     s.advance("5s")
    ...     s.check()
    >>> s.result.clients["bob"].sees("streamDestroyed", "clientDisconnected")
    True
    """

    def __init__(
        self,
        /,
        scenario: str | os.PathLike[str] | Scenario | None = None,
        *,
        seed: int | None = None,
        networks: Mapping[str, Any] | None = None,
        platform: Any = None,
        timers: Any = None,
        profile: str | Profile | None = None,
        name: str | None = None,
        laws: str | Iterable[str] | None = None,
        apps: Mapping[str, AppMaker] | None = None,
        sinks: Sequence[Sink] = (),
        recording: Recording | None = None,
        **options: Any,
    ) -> None:
        settings = {
            "seed": None if seed is None else whole("seed", seed),
            "networks": networks,
            "platform": platform,
            "timers": timers,
            "profile": profile_named(profile) if isinstance(profile, str) else profile,
            "name": name,
            "laws": names_of_laws(laws),
        }
        if not (scenario is None or isinstance(scenario, Scenario)):
            scenario = load(scenario)
        self._begin(
            Story(scenario, settings),
            Options(**keywords(options, _ARGUMENTS, "an argument of Simulation")),
            apps_by_name(apps),
            sinks_in_order(sinks),
            recording_or_none(recording),
        )

    def __repr__(self) -> str:
        world = self._run.world
        people = ", ".join(f"{who.name} {who.session.state}" for who in world.participants.values())
        clock = format_clock(self.now)
        return f"<Simulation {self._story.settings.name!r} at {clock}: {people or 'nobody'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, __: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()

    # -- what can be done ----------------------------------------------------------------------

    def join(
        self,
        name: str,
        /,
        person: Person | None = None,
        *,
        app: AppMaker | None = None,
        **keys: Any,
    ) -> None:
        """Let somebody come into the story now; with ``count`` a group.

        ``keys`` are those of a person in a scenario file, with ``_`` for ``-``, or in addition to
        ``person``. ``app`` is code that gets the :class:`~sim.world.app.App` of each fresh page.
        People come before the steps of an instant: after one, it is a microsecond later. An error
        of an app in its first page comes out of this: then nobody has joined.
        """
        self._refuse()
        at = self.now + 1 if self._stepped else self.now
        whole = self._story.joined(name, self._story.person(at, person, keys))
        if app is not None:
            check_app(app)
        self._let_in(at, whole, name, app)

    def do(self, client: str, /, **keys: Any) -> None:
        """Do a step of the scenario language to a person or a group, at once.

        ``keys`` are those of a step, with ``_`` for ``-`` and ``lasting`` for ``for``. What comes
        before the script at this instant has happened then. Another step at the same time follows
        directly.
        """
        self._refuse()
        step = self._story.step(self.now, client, keys)
        with self._running:
            self._take_turn()
            self._stepped = True
            self._story.did(step)
            self._run.do(step)

    def heal(self, client: str | None = None) -> None:
        """End what is wrong with somebody's link, or with everybody's; chance leaves it alone."""
        self._refuse()
        present = [name for name, who in self._story.clients.items() if who.since <= self.now]
        for name in present if client is None else [client]:
            self.do(name, network="heal")

    def advance(self, length: str | int) -> None:
        """Let that much time pass: text such as ``20s``, or microseconds.

        What happens exactly at its end is left out.
        """
        self._refuse()
        time = self._after(length)
        with self._running:
            self._go_on(time)

    def advance_until(self, condition: str | Condition, *, within: str | int) -> None:
        """Let time pass until something has come; then it is a microsecond after that instant.

        ``condition`` is an expectation of a scenario, of which only that counts which is seen from
        now on, or a predicate of this simulation, looked at now and whenever an instant is over.

        Raises :class:`~sim.NotReached` when it has not come ``within`` that time, which has passed.
        """
        self._refuse()
        limit = self._after(within)
        if isinstance(condition, str):
            seen = Await(condition, self._run.header.people, self._run.records, self.now)
            with self._run.listening(seen):
                met = self._go_on_until(lambda: seen.met, limit)
            missing = f"{condition!r}: {seen.missing}"
        elif callable(condition):
            met = self._go_on_until(lambda: bool(condition(self)), limit)
            missing = "" if met else unmet(condition, self._run)
        else:
            raise ValueError(
                f"what is waited for is a sentence or a predicate, not {brief(condition)}"
            )
        if not met:
            raise NotReached(f"by {format_clock(limit)} {missing}")

    def check(self) -> None:
        """Judge by the laws, as if the run ended now.

        Raises :class:`~sim.LawBroken` for the first breach, but for those that the scenario
        expects.
        """
        __tracebackhide__ = True
        line = replay_line(self._options, self._apps)
        refuse_breaches(self._verdicts(), self._story.settings.expect, lambda: self.scenario, line)

    def _verdicts(self) -> Mapping[str, Verdict]:
        if self._final is not None:
            return self._final.laws
        return self._run.verdicts(self.now) if self._options.keeps_records else self.result.laws

    def fork(self) -> Simulation:
        """Another world that has come to the same point by the same way; both go on apart.

        It is played again from the beginning, so that apps are made anew; ``sinks`` and
        ``recording`` stay with the original.
        """
        self._refuse(copying=True)
        fork = object.__new__(type(self))
        fork._begin(self._story.copy(), self._options, dict(self._apps))
        with fork._running:
            fork._go_on(self.now)
            if self._entered:
                fork._take_turn()
            if self._stepped:
                fork._stepped = True
                fork._run.finish_turn()
        return fork

    def close(self) -> Result:
        """End the world here, and return how it went. The end of a ``with`` block does the same."""
        self._finish()
        return self.result

    # -- what can be seen ----------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:
        """What was done, as a scenario that ends here.

        It ends a microsecond later when something has been done at this very instant. Raises
        ``ValueError`` when nobody has joined.
        """
        return self._story.until(self._ended)

    def scenario_with(self, name: str, person: Person) -> Scenario:
        """The same with somebody who comes now: whom :meth:`join` would let in, or could not."""
        at = self.now + 1 if self._stepped else self.now
        story = self._story.copy()
        story.keep(story.joined(name, story.person(at, person, {})))
        return story.until(max(self._ended, at + 1))

    @property
    def result(self) -> Result:
        """How it went, as if the world ended here; once it has ended, how it went.

        When something has been done at this very instant, the rest of the instant is played on a
        :meth:`fork`. Raises ``ValueError`` when nobody has joined.
        """
        if self._final is not None:
            return self._final
        stopped = bool(self._closed)
        if stopped or (self._options.keeps_records and not self._entered):
            return self._judged(self._ended)
        return self.fork().close()


class Unattended(Simulation):
    """One that goes on to its end by itself: what makes it lets time pass, and does nothing else.

    It is bare if nobody listens (:mod:`sim.simulation.bare`).
    """

    _attended = False


_ARGUMENTS: Final = [
    *list(signature(Simulation.__init__).parameters)[1:-1],
    *(each.name for each in fields(Options)),
]
"""What a Simulation can be given, by name."""
