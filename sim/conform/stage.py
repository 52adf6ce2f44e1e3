"""Lets the clients of a case join a simulation, drives its script, and says what was observed.

The recorder's network was a proxy on the same machine: silence there held frames up, and when it
was restored they went on at once. So links here are short, and retransmissions quick. Cutting the
messaging socket left media and the HTTP API alone, hence three links a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from attrs import evolve

from sim.client import Client
from sim.client.events import EventTarget, Listener
from sim.client.session import Session
from sim.conform import calls, choices, habits, incidents, labels, listeners, undrivable, unsaid
from sim.conform.answers import Answers
from sim.conform.app import RecordedApp
from sim.conform.arrivals import Arrivals
from sim.conform.cameras import Cameras
from sim.conform.case import Case, CaseClient, CaseError, CaseListener, CaseStep
from sim.conform.effects import Effects
from sim.conform.holding import Holding
from sim.conform.joining import Joinings
from sim.conform.leavings import Leavings
from sim.conform.machine import HOP, NEVER
from sim.conform.networks import Networks
from sim.conform.observed import Observed, Observer
from sim.conform.pace import Pace
from sim.conform.recorded import RecordedDurations
from sim.conform.silences import last_heard
from sim.conform.tasks import tasks
from sim.draws.distributions import Constant
from sim.network.link import Link
from sim.network.specs import DirectionSpec, LinkSpec, NoLoss, Transport
from sim.platform import Platform, PlatformSettings
from sim.protocol.journal import Journal
from sim.protocol.quirks import Profile
from sim.protocol.quirks import profile as profile_named
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND
from sim.scenario.people import Person
from sim.simulation import Simulation
from sim.world.kernel import PEOPLE
from sim.world.participant import Participant

PROFILE: Final = "opentok.js-2.35.2"
AFTERWARDS: Final = 3_500 * MILLISECOND
"""How long to look on after the last recorded thing: refused attempts may end that much later."""
LONGEST: Final = 50 * SECOND
"""How long to look on at most while a session's state is not what was left: a window, an attempt
and a throttle. How long the recorder did is in no case."""
COME_BY_THEMSELVES: Final = ("connected", "disconnected")
"""States that a session may come to later, by a timer."""

_WAY: Final = DirectionSpec(NoLoss(), Constant(HOP))
_TCP: Final = Transport(10 * MILLISECOND, 10 * MILLISECOND, retries=1_000_000)
_LINK: Final = LinkSpec(_WAY, _WAY, None, _TCP)
_TIMERS: Final = Timers(
    acquire_media=10 * MILLISECOND,
    prepare_subscription=10 * MILLISECOND,
)
"""Likewise, what took the recorder's machine its time: cameras, peer connections."""
_STATUS_NAME: Final = re.compile(r"e([0-9]{3})\Z")


def reenact(case: Case, file: str = "case", profile: Profile | None = None) -> Observed:
    """Drive a case, under the shipped client's profile if no other is given.

    Raises :class:`~sim.conform.case.CaseError` when something in it cannot be driven.
    """
    problems = undrivable.problems(case)
    if problems:
        raise CaseError(file, problems)
    return _Stage(case, profile or profile_named(PROFILE)).run()


class _Times(NamedTuple):
    """What one client's side of the recorder's machine took."""

    answers: Answers
    joinings: Joinings
    cameras: Cameras


class _Stage:
    def __init__(self, case: Case, profile: Profile) -> None:
        self._case = case
        self._observer = Observer(self._after_task)
        networks = Networks(case)
        self._effects = Effects(case, networks)
        self._times = {name: self._timed(name, networks) for name in case.clients}
        self._apps = {name: self._app(name) for name in case.clients}
        self._simulation = Simulation(
            profile=profile,
            timers=_TIMERS,
            laws=(),
            keep=False,
            sinks=[self._observer],
            client_class=self._client,
            platform_class=lambda journal, _: Platform(journal, _settings(case)),
        )
        self._world = self._simulation.world

    def run(self) -> Observed:
        for name, client in self._case.clients.items():
            self._simulation.join(name, _person(client))
            self._equip(name)
        for condition in unsaid.networks(self._case):
            self._network(self._who(condition.client), condition.network)
        self._schedule()
        self._simulation.advance(self._case.last + AFTERWARDS)
        while self._looks_on():
            self._simulation.advance(SECOND)
        return self._observer.finish(self._world.participants)

    def _equip(self, name: str) -> None:
        world, driver, times = self._world, self._who(name).driver, self._times[name]
        kernel, leaves = world.kernel, Leavings(self._case, name)
        pace = Pace(self._case.expect.get(name, ()), times.answers, leaves)
        driver.end = Holding(kernel, driver, pace, times.joinings)
        driver.far_end = Arrivals(
            kernel, driver, world.platform, self._effects, times.answers, leaves
        )
        driver.media.link = Link(f"{name}/media", _LINK, world.draws)
        driver.api_link = Link(f"{name}/api", _LINK, world.draws)

    def _looks_on(self) -> bool:
        """Whether the recorder looked on for longer: until a state came that nobody was told of."""
        now, last = self._world.kernel.now, self._case.last
        return now < last + LONGEST and any(
            left.get("session_state") in COME_BY_THEMSELVES
            and left["session_state"] != self._who(name).session.state
            for name, left in self._case.left.items()
        )

    def _timed(self, name: str, networks: Networks) -> _Times:
        answers = Answers(self._case, name, self._observer.called)
        return _Times(
            answers,
            Joinings(self._case, name, networks, answers),
            Cameras(self._case, name, networks, answers),
        )

    def _app(self, name: str) -> RecordedApp:
        def who() -> Participant:
            return self._who(name)

        return RecordedApp(who, _listening(self._case.clients[name], who))

    def _client(self, name: str, journal: Journal, **options: Any) -> Client:
        takes = RecordedDurations(self._case, name, options["timers"], self._times[name].cameras)
        return Client(name, journal, takes=takes, made=self._apps[name].made, **options)

    def _after_task(self, name: str, action: Callable[[], None]) -> None:
        self._apps[name].client.page.microtask(action)

    def _who(self, name: str) -> Participant:
        return self._world.participants[name]

    # -- the script --------------------------------------------------------------------------

    def _schedule(self) -> None:
        own = set(habits.own_steps(self._case))
        answers = {name: times.answers for name, times in self._times.items()}
        for number, steps in tasks(self._case, own, answers):
            closes = _call(steps[0]) == "closeBrowser"
            at = unsaid.closes_at(self._case, steps[0]) if closes else steps[0].at
            self._at(at, number, partial(self._do, steps))

    def _at(self, time: int, number: int, action: Callable[[], None]) -> None:
        self._world.kernel.at(time, PEOPLE + number, lambda _: action())

    def _do(self, steps: Sequence[CaseStep]) -> None:
        step = steps[0]
        who = self._who(step.client or "") if step.client else None
        if step.platform is not None:
            incidents.platform(self._world, self._case, step)
        elif who is not None and step.network is not None:
            self._network(who, step.network)
        elif who is not None and _call(step) in calls.ON_PAGE:
            calls.ON_PAGE[_call(step)](self._apps[who.name])
        elif who is not None:
            self._task(who, steps)

    def _task(self, who: Participant, steps: Sequence[CaseStep]) -> None:
        """Let an app make its calls, in one task of its page."""
        for step in steps:
            answer = labels.answer_to(step)
            if answer is not None:
                done = unsaid.was_done(self._case, step)
                request = labels.request_of(_call(step))
                self._world.platform.core.answer_next(who.name, answer, request, done=done)

        def act() -> None:
            for step in steps:
                self._make(who, step)

        connects = any(_call(step) == "connect" for step in steps)
        (who.open if connects else who.driver.act)(act)

    def _make(self, who: Participant, step: CaseStep) -> None:
        """Make the call of a step."""
        label = step.do or ""
        self._observer.expect_call(who.name, label)
        try:
            calls.CALLS[_call(step)](self._apps[who.name], step)
        except tuple(calls.THROWN) as thrown:
            now = self._world.kernel.now
            self._observer.threw(who.name, label, calls.THROWN[type(thrown)], now)
        self._observer.expect_call(who.name, None)

    def _network(self, who: Participant, network: str) -> None:
        if network == unsaid.UNREACHABLE:
            incidents.unreachable(self._world, who)
            return
        for word in incidents.words(network):
            incidents.NETWORK[word](self._world, who)
            if word == incidents.SILENCE:
                self._fall_silent(who)

    def _fall_silent(self, who: Participant) -> None:
        """From now on a client hears nothing; how long it has not is what the recording says."""
        socket, core = who.membership.socket, who.driver.core
        if socket is None or socket.attempt is None or not socket.is_open or socket.outage:
            return
        told = self._case.expect.get(who.name, ())
        heard = last_heard(socket, told, self._world.kernel.now, core.timers)
        who.driver.act(partial(core.hears, socket.attempt, heard))


def _call(step: CaseStep) -> str:
    return labels.name_of(step.do or "")


# -- clients and platform ----------------------------------------------------------------------


def _listening(client: CaseClient, who: Callable[[], Participant]) -> Callable[[EventTarget], None]:
    """Registers what a client's app does in its listeners, on each object as it is made."""
    prevents = [
        CaseListener(event, "preventDefault()", kind) for kind, event in client.prevent_default
    ]
    counted: listeners.Variables = {}
    deeds = [(each, listeners.deed(each.does, counted)) for each in (*client.listeners, *prevents)]

    def listen(target: EventTarget) -> None:
        if isinstance(target, Session):
            counted.clear()  # a fresh page
        for each, deed in deeds:
            if each.object == target.kind.lower():
                target.on(each.event, _listener(deed, who))

    return listen


def _listener(deed: listeners.Deed, who: Callable[[], Participant]) -> Listener:
    return lambda event: deed(who(), event)


def _person(client: CaseClient) -> Person:
    return Person(
        role=client.role,
        network=_LINK,
        connect=False,
        subscribe="everyone" if client.auto_subscribe else "nobody",
        connection_events_suppressed=client.connection_events_suppressed,
    )


def _settings(case: Case) -> PlatformSettings:
    """The recorder's server: it acts of itself only when the script says so."""
    return evolve(
        choices.settings(case.platform),
        grace=NEVER,
        detection=NEVER,
        remember_gone=NEVER,
        media_idle=None,
        info_status=_statuses(case),
        carries_out_mutes=unsaid.carries_out_mutes(case),
        mute_all_reaches_streams=unsaid.mutes_streams(case),
    )


def _statuses(case: Case) -> dict[str, int]:
    """The clients whose name says how the session-info request is answered: ``e403``."""
    matches = {name: _STATUS_NAME.match(name) for name in case.clients}
    return {name: int(match[1]) for name, match in matches.items() if match}
