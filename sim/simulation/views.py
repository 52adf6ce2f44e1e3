"""What can be looked at in a simulation: clients, the platform, what was written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.client.faces import Publisher, Subscriber
from sim.client.session import Session
from sim.expectations import was_told
from sim.laws import Breach
from sim.platform import Platform
from sim.platform.states import Presence
from sim.result import Told
from sim.simulation.performance import Performance
from sim.simulation.story import Story
from sim.trace import Bounds, Record, Recorder
from sim.world import World
from sim.world.participant import Participant


class ClientView:
    """One person's client as it is whenever it is looked at. To look is to change nothing."""

    def __init__(self, participant: Participant, told: Callable[[], tuple[Told, ...]]) -> None:
        self._participant = participant
        self._told = told

    def __repr__(self) -> str:
        what = self.state if self.is_open else "no page"
        left = {"publisher": len(self.publishers), "subscriber": len(self.subscribers)}
        counts = [f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in left.items() if n]
        return f"<{', '.join([f'{self.name}: {what}', *counts])}>"

    @property
    def name(self) -> str:
        """The person's name."""
        return self._participant.name

    @property
    def is_open(self) -> bool:
        """Whether there is a page: it is not closed and has not crashed."""
        return self._participant.driver.is_alive

    @property
    def session(self) -> Session:
        """The Session of the present page, or of the last."""
        return self._participant.session

    @property
    def state(self) -> str:
        """The state of the Session: ``disconnected``, ``connecting``, ``connected`` …"""
        return self.session.state

    @property
    def connection(self) -> str | None:
        """The id of its latest connection."""
        return self._participant.membership.own

    @property
    def publishers(self) -> tuple[Publisher, ...]:
        """The live Publishers of the page, in the order of their making."""
        core = self._participant.driver.core
        return tuple(each for each in core.publishers if each.is_alive) if core.alive else ()

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """The live Subscribers of the page, in the order of their making."""
        return tuple(
            each.face
            for each in self._participant.membership.subscribers
            if each.is_alive and self.is_open
        )

    @property
    def page(self) -> tuple[str, ...]:
        """The labels of whose elements are in the page, in the order of their insertion."""
        return tuple(self._participant.driver.core.page.document.elements)

    @property
    def told(self) -> tuple[Told, ...]:
        """What its app was told: time in microseconds, object, event, reason."""
        return self._told()

    def sees(self, event: str, reason: str | None = None) -> bool:
        """Whether its app was told ``event``: see :meth:`sim.ClientResult.sees`."""
        return was_told(self.told, event, reason)


class PlatformView:
    """The platform as it is whenever it is looked at."""

    def __init__(self, core: Platform) -> None:
        self._core = core

    def __repr__(self) -> str:
        return f"<platform: {', '.join(self.connections) or 'nobody'}>"

    @property
    def connections(self) -> Mapping[str, Presence]:
        """Who is there, in the order of joining: connection → joined, or lost and waited for."""
        return self._core.present()

    @property
    def streams(self) -> Mapping[str, str]:
        """What is published, in order: stream → connection."""
        return self._core.streams()


class Views:
    """What can be looked at in a simulation: the base of :class:`~sim.Simulation`."""

    _story: Story
    _run: Performance

    @property
    def now(self) -> int:
        """The time since the story began, in microseconds."""
        return self.world.kernel.now

    @property
    def next_event_time(self) -> int | None:
        """When something happens next, in microseconds, if nobody does anything."""
        return self.world.next_time

    @property
    def records(self) -> Sequence[Record]:
        """The story's records so far; without ``keep`` there are none."""
        return tuple(self._run.records)

    @property
    def broken(self) -> list[Breach]:
        """The breaches of laws so far, in order of time; ten of each law."""
        return self._run.breaches

    @property
    def bounds(self) -> Bounds:
        """The durations from which the laws make their deadlines, in microseconds."""
        return self._run.header.bounds

    @property
    def world(self) -> World[Recorder]:
        """The world behind it, for what no scenario can say: links of one's own, deeds in between.

        What is done to it is in no :attr:`scenario`, no :meth:`fork` and no :attr:`result` made of
        one.
        """
        return self._run.world

    @property
    def platform(self) -> PlatformView:
        """The platform: who is there, and what is published."""
        return PlatformView(self.world.platform.core)

    def client(self, name: str) -> ClientView:
        """One person's client. Raises ``ValueError`` for who is not there."""
        self._story.check_single(name)
        return ClientView(self.world.participants[name], lambda: self._run.told(name))
