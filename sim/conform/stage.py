"""Builds the clients and the platform of a case, drives its script, and says what was observed.

The recorder's network was a proxy on the same machine: silence there held frames up, and when it
was restored they went on at once. So links here are short, and retransmissions quick. Cutting the
messaging socket left media and the HTTP API alone, hence three links a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from attrs import evolve

from sim.client import Client
from sim.client.events import Event
from sim.client.session import Session
from sim.client.subscriber import Subscriber
from sim.conform import calls, listeners
from sim.conform.case import Case, CaseClient, CaseError, CaseStep
from sim.conform.observed import Observed, Observer
from sim.conform.unsaid import unsaid
from sim.draws.distributions import Constant
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import DirectionSpec, LinkSpec, NoLoss, Transport
from sim.platform import PlatformSettings, from_conformance
from sim.protocol.quirks import profile
from sim.protocol.timers import Timers
from sim.protocol.units import DAY, MILLISECOND
from sim.scenario.people import Person
from sim.trace import Recorder
from sim.world import World
from sim.world.kernel import PEOPLE
from sim.world.participant import Hook, Participant

PROFILE: Final = "opentok.js-2.35.2"
HOP: Final = 4 * MILLISECOND
"""One way to the recorder's server, on a busy machine: a connect takes 60 ms with it."""
AFTERWARDS: Final = 3_500 * MILLISECOND
"""How long to look on after the last recorded thing: refused attempts may end that much later."""
UNTIL_DRIVEN: Final = 300 * DAY
"""Grace and detection: the recorder's server acts only when the script says so."""

_WAY: Final = DirectionSpec(NoLoss(), Constant(HOP))
_LINK: Final = LinkSpec(_WAY, _WAY, None, Transport(100 * MILLISECOND, 100 * MILLISECOND))
_TIMERS: Final = Timers(
    acquire_media=150 * MILLISECOND,
    prepare_subscription=650 * MILLISECOND,
)
"""What took the recorder's machine its time: cameras, peer connections."""
_STATUS_NAME: Final = re.compile(r"e(\d{3})\Z")


def reenact(case: Case, file: str = "case") -> Observed:
    """Drive a case under the shipped client's profile.

    Raises :class:`~sim.conform.case.CaseError` when something in it cannot be driven.
    """
    return _Stage(case, file).run()


class _Stage:
    def __init__(self, case: Case, file: str) -> None:
        self._case = case
        self._file = file
        self._observer = Observer()
        self._world: World[Recorder] = World(
            Draws(0),
            recorder=lambda clock: Recorder(clock, 0, [self._observer]),
            settings=_settings(case),
            profile=profile(PROFILE),
            timers=_TIMERS,
            client_class=_recorded_media(case),
        )

    def run(self) -> Observed:
        problems = self._problems()
        if problems:
            raise CaseError(self._file, problems)
        world = self._world
        for name, client in self._case.clients.items():
            world.add(name, _person(client), _LINK, (), self._hook(client))
            driver = world.participants[name].driver
            driver.media_link = Link(f"{name}/media", _LINK, world.draws)
            driver.api_link = Link(f"{name}/api", _LINK, world.draws)
        for condition in unsaid(self._case):
            self._network(world.participants[condition.client], condition.network)
        world.start()
        for number, step in enumerate(self._case.script):
            if self._is_driven(step):
                self._schedule(number, step)
        world.run(self._case.last + AFTERWARDS)
        return self._observer.finish(world.participants)

    def _hook(self, client: CaseClient) -> Hook | None:
        if not client.listeners:
            return None
        deeds = [(each["event"], listeners.deed(each["does"])) for each in client.listeners]

        def register(session: Session) -> None:
            for event, deed in deeds:
                session.on(event, _listener(session, deed))

        return register

    # -- the script --------------------------------------------------------------------------

    def _is_driven(self, step: CaseStep) -> bool:
        """Whether the step is not what the app did by itself, in one of its listeners."""
        if step.by is not None and step.client is not None:
            return not self._case.clients[step.client].auto_subscribe
        return not self._by_listener(step)

    def _by_listener(self, step: CaseStep) -> bool:
        if step.client is None or step.do is None:
            return False
        client = self._case.clients[step.client]
        for listener in client.listeners:
            if listeners.called_by(listener["does"]) != calls.name_of(step.do):
                continue
            for told in self._case.expect.get(step.client, ()):
                if told.event == listener["event"] and 0 <= step.at - told.at < 50 * MILLISECOND:
                    return True
        return False

    def _schedule(self, number: int, step: CaseStep) -> None:
        kernel = self._world.kernel
        kernel.at(step.at, PEOPLE + number, lambda _: self._do(step))

    def _do(self, step: CaseStep) -> None:
        if step.platform is not None:
            self._platform(step)
            return
        assert step.client is not None
        who = self._world.participants[step.client]
        if step.network is not None:
            self._network(who, step.network)
        elif step.do is not None:
            self._call(who, step)

    def _call(self, who: Participant, step: CaseStep) -> None:
        label = step.do or ""
        answer = (step.args or {}).get("platform_answers") or _answered(label)
        if answer is not None:
            self._world.platform.core.answer_next(who.name, int(answer))
        drive = calls.CALLS[calls.name_of(label)]

        def act() -> None:
            try:
                drive(who, step)
            except tuple(calls.THROWN) as thrown:
                self._observer.threw(who.name, label, calls.THROWN[type(thrown)])

        self._observer.expect_call(who.name, label)
        who.driver.act(act)
        self._observer.expect_call(who.name, None)

    def _network(self, who: Participant, network: str) -> None:
        for word in network.split("+"):
            _NETWORK[word](self._world, who)

    def _platform(self, step: CaseStep) -> None:
        name = step.client or next(iter(self._case.clients))
        for pattern, deed in _PLATFORM.items():
            match = re.match(pattern, step.platform or "")
            if match is not None:
                deed(self._world, self._world.participants[name], match)
                return

    # -- what cannot be driven -----------------------------------------------------------------

    def _problems(self) -> list[str]:
        found = []
        for number, step in enumerate(self._case.script):
            sentence = _undrivable(step)
            if sentence is not None:
                found.append(f"case.script[{number}]: {sentence}")
        for name, client in self._case.clients.items():
            for listener in client.listeners:
                try:
                    listeners.deed(str(listener.get("does")))
                except ValueError as problem:
                    found.append(f"clients.{name}.listeners: {problem}")
        return found


def _recorded_media(case: Case) -> type[Client]:
    """A client whose media connects when it did in the recording: WebRTC is not what is compared.

    A Subscriber that was never connected there stays in its connectivity checks here.
    """
    times = {
        (name, told.object): told.at
        for name, each in case.expect.items()
        for told in reversed(each)
        if told.media and told.event == "connected"
    }

    class RecordedMedia(Client):
        def checking(self, subscriber: Subscriber) -> int | None:
            at = times.get((self.name, subscriber.label))
            return None if at is None else max(at - self.loop.now, self.timers.turn)

    return RecordedMedia


def _listener(session: Session, deed: listeners.Deed) -> Callable[[Event], object]:
    return lambda event: deed(session, event)


def _person(client: CaseClient) -> Person:
    on: dict[str, Any] = {}
    for prevented in client.prevent_default:
        object, _, event = prevented.partition(":")
        on[event if object == "session" else f"{object}.{event}"] = {"prevent-default": True}
    return Person(
        role=client.role,
        connect=False,
        subscribe="everyone" if client.auto_subscribe else "nobody",
        on=on,
        connection_events_suppressed=client.connection_events_suppressed,
    )


def _settings(case: Case) -> PlatformSettings:
    """The recorder's server: it acts of itself only when the script says so."""
    return evolve(
        from_conformance(case.platform),
        grace=UNTIL_DRIVEN,
        detection=UNTIL_DRIVEN,
        remember_gone=UNTIL_DRIVEN,
        info_status=_statuses(case),
        carries_out_mutes=False,
    )


def _statuses(case: Case) -> dict[str, int]:
    """The clients whose name says how the session-info request is answered: ``e403``."""
    matches = {name: _STATUS_NAME.match(name) for name in case.clients}
    return {name: int(match.group(1)) for name, match in matches.items() if match}


def _answered(label: str) -> str | None:
    match = re.search(r"server=(\d{3})", label)
    return match.group(1) if match else None


def _undrivable(step: CaseStep) -> str | None:
    if step.platform is not None:
        if any(re.match(pattern, step.platform) for pattern in _PLATFORM):
            return None
        return f"the platform does {step.platform!r}; understood are {', '.join(_PLATFORM)}"
    if step.client is None:
        return "it names no client"
    if step.network is not None:
        unknown = [word for word in step.network.split("+") if word not in _NETWORK]
        return f"{unknown[0]!r} is none of {', '.join(_NETWORK)}" if unknown else None
    if step.do is None:
        return "it says neither do, network nor platform"
    if calls.name_of(step.do) not in calls.CALLS:
        return f"{step.do!r} is no call; the calls are {', '.join(calls.CALLS)}"
    return None


_World = World[Recorder]

_NETWORK: Final[dict[str, Callable[[_World, Participant], object]]] = {
    "kill": lambda world, who: world.faults.reset(who.driver),
    "refuse": lambda world, who: world.faults.down(who.driver, "both", "refused"),
    "accept": lambda world, who: None,
    "blackhole": lambda world, who: world.faults.down(who.driver),
    "restored": lambda world, who: world.faults.up(who.driver),
}


def _expire(world: _World, who: Participant, _: re.Match[str]) -> None:
    platform, now = world.platform, world.kernel.now
    platform.do(lambda: platform.core.expire_grace(who.name, now, None))


def _close(world: _World, who: Participant, match: re.Match[str]) -> None:
    platform, now, code = world.platform, world.kernel.now, int(match.group(1))
    platform.do(lambda: platform.core.close_socket(who.name, code, now, None))


def _rotate(world: _World, who: Participant, match: re.Match[str]) -> None:
    platform, now = world.platform, world.kernel.now
    platform.do(lambda: platform.core.rotate(who.name, now, None, migrate=False))


_PLATFORM: Final[dict[str, Callable[[_World, Participant, re.Match[str]], object]]] = {
    r"---": lambda world, who, match: None,
    r"grace expired": _expire,
    r"server closes with (\d{4})": _close,
    r"serverRotation": _rotate,
    r"media cut": lambda world, who, match: world.faults.cut_media(who.driver, True),
    r"media restored": lambda world, who, match: world.faults.cut_media(who.driver, False),
}
