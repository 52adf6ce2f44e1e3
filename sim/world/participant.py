"""One person: an app with its listeners and habits, over one client.

The app registers its listeners as a real one would, before it connects. Every fresh page (after a
crash or a closed browser) is a fresh app.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen
from simpy import Event as Moment

from sim.client.events import Event
from sim.client.membership import Membership
from sim.client.publisher import Publisher
from sim.client.session import Session
from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.protocol import reasons
from sim.protocol.journal import Journal
from sim.scenario.people import Person
from sim.scenario.reactions import Reaction
from sim.world.actions import ACTIONS, Arguments
from sim.world.client_driver import ClientDriver
from sim.world.faults import Faults
from sim.world.kernel import PEOPLE, Kernel

if TYPE_CHECKING:
    from sim.protocol.errors import ApiError

Process = Generator[Moment, Any, None]
Hook = Callable[[Session], object]
"""App code from Python: gets the Session of a fresh page and registers listeners."""

FINAL: Final = (reasons.CLIENT_DISCONNECTED, reasons.FORCE_DISCONNECTED)
"""Ends after which nobody comes back: one's own goodbye, and a moderator's."""


@frozen
class Surroundings:
    """What every participant shares."""

    kernel: Kernel
    journal: Journal
    draws: Draws
    faults: Faults


class Participant:
    """One person of the run."""

    def __init__(
        self,
        around: Surroundings,
        person: Person,
        driver: ClientDriver,
        arrival: int,
        hook: Hook | None = None,
    ) -> None:
        self.person = person
        self.driver = driver
        self.publisher: Publisher | None = None
        """The Publisher of the present page that was made last."""
        self.outage: int | None = None
        """The record of the latest ``sessionReconnecting``."""
        self.watchers: list[Callable[[Participant, Event], object]] = []
        """Called inside the listener of every ``sessionReconnecting``: for policies."""
        self._around = around
        self._kernel = around.kernel
        self._arrival = arrival
        self._hook = hook
        self._rank = PEOPLE + driver.number
        self._comebacks = 0
        self._pauses = self._return_pauses()
        self._stays = None if person.stay is None else self._sampler("stay", person.stay)
        self._returns = person.rejoin is not None
        self._prepare_page()

    @property
    def name(self) -> str:
        """The person's name."""
        return self.driver.name

    @property
    def session(self) -> Session:
        """The Session of the present page."""
        return self.driver.core.session

    @property
    def membership(self) -> Membership:
        """What is behind the Session of the present page."""
        return self.driver.core.membership

    def _return_pauses(self) -> Callable[[int], int]:
        """How long to wait before coming back for the n-th time in a row (0, 1, 2, ...)."""
        rejoin = self.person.rejoin
        if rejoin is not None and rejoin.after is not None:
            drawn = self._sampler("rejoin", rejoin.after)
            return lambda _: drawn.next()
        if rejoin is not None and rejoin.backoff is not None:
            backoff = rejoin.backoff
            return lambda n: min(backoff.max, round(backoff.first * backoff.factor ** min(n, 64)))
        return lambda _: 0

    def _sampler(self, purpose: str, distribution: Any) -> Sampler:
        return Sampler(self._around.draws.stream(self.name, purpose), distribution)

    # -- the app -----------------------------------------------------------------------------

    def _prepare_page(self) -> None:
        """Register the app's listeners on the Session of a fresh page."""
        session = self.session
        if self._hook is not None:
            self._hook(session)
        session.on("sessionConnected", self._connected)
        if self.person.subscribe == "everyone":
            session.on("streamCreated", lambda event: session.subscribe(event.stream))
        for name, reaction in self.person.on.items():
            if not name.startswith(("publisher.", "subscriber.")):
                session.on(name, self._reaction(session, reaction))
        session.on("sessionReconnecting", self._reconnecting)
        session.on("sessionDisconnected", self._disconnected)

    def _reaction(self, session: Session, reaction: Reaction) -> Callable[[Event], None]:
        def listener(event: Event) -> None:
            if reaction.prevent_default:
                event.prevent_default()
                if reaction.clean_up_after is not None:
                    self._plan_clean_up(session, event, reaction.clean_up_after)
            if reaction.do is not None:
                ACTIONS[reaction.do](self, session, reaction, "listener")

        return listener

    def _plan_clean_up(self, session: Session, event: Event, after: int) -> None:
        """Unsubscribe later from what ``preventDefault`` has kept."""
        kept = list(self.membership.subscribers)
        if event.type == "streamDestroyed":
            kept = session.get_subscribers_for_stream(event.stream)
        record = self._decide("clean-up", {"after": after, "event": event.type}, event.record)

        def clean_up() -> None:
            for subscriber in kept:
                if subscriber.is_alive and self.session is session:
                    session.unsubscribe(subscriber)

        self._kernel.at(
            self._kernel.now + after, self._rank, lambda _: self.driver.act(clean_up, record)
        )

    def _connected(self, event: Event) -> None:
        self._comebacks = 0
        if self._stays is not None:
            self._plan_leaving(self._stays.next(), event.record)
        if self.person.publish is not None:
            self.publish("app")

    def publish(self, by: str) -> None:
        """Publish, with a Publisher that an earlier connection has left if there is one."""
        kept = self.publisher
        if kept is None or not kept.is_alive or self._is_publishing(kept):
            kept = self.new_publisher()
        self.session.publish(kept, None, by)

    def _is_publishing(self, publisher: Publisher) -> bool:
        """Whether a Publisher has a stream in the present connection."""
        mine = self.membership
        attached = publisher.session is mine and publisher.own == mine.own
        return attached and publisher.stream is not None

    def new_publisher(self) -> Publisher:
        """Make a Publisher with the app's listeners on it."""
        self.publisher = publisher = self.driver.core.init_publisher()
        for name, reaction in self.person.on.items():
            if name.startswith("publisher."):
                listener = self._reaction(self.session, reaction)
                publisher.on(name.removeprefix("publisher."), listener)
        return publisher

    def _reconnecting(self, event: Event) -> None:
        self.outage = event.record
        for watcher in self.watchers:
            watcher(self, event)

    def _disconnected(self, event: Event) -> None:
        if event.reason not in FINAL:
            self._plan_return(event.record)

    def connect(self, by: str) -> None:
        """Connect; if that fails, come back as after a lost session."""
        self.session.connect(self._after_connect, by)

    def _after_connect(self, error: ApiError | None) -> None:
        if error is not None:
            self._plan_return(self.driver.core.loop.cause)

    # -- habits ------------------------------------------------------------------------------

    def live(self) -> Process:
        """A process: arrive and connect."""
        yield self._kernel.sleep(self._arrival, self._rank)
        if self.person.connect:
            self.driver.act(lambda: self.connect("script"))

    def _plan_leaving(self, stay: int, cause: int | None) -> None:
        """Leave for good when the stay is over, if the connection has lasted until then."""
        connection = self.membership.own
        record = self._decide("stay", {"for": stay}, cause)

        def leave(_: Moment) -> None:
            lasted = self.membership.own == connection and self.session.is_connected()
            if not (lasted and self.driver.core.alive):
                return
            self._returns = False
            if self.person.leave == "close-browser":
                self.driver.close_browser(record, "script")
            else:
                self.driver.act(lambda: self.session.disconnect("script"), record)

        self._kernel.at(self._kernel.now + stay, self._rank, leave)

    def perform(self, action: str, arguments: Arguments) -> None:
        """One step of the script."""
        if action == "connect" and not self.driver.core.alive:
            self.reload()
        self.driver.act(lambda: ACTIONS[action](self, self.session, arguments, "script"))

    def later(self, action: Callable[[], object]) -> None:
        """Do something to the machine once the app's present task is over."""

        def act(_: Moment) -> None:
            action()

        self._kernel.at(self._kernel.now, self._rank, act)

    def close_browser(self, by: str) -> None:
        """Close the tab."""
        if self.driver.core.alive:
            self.driver.close_browser(None, by)
            self._plan_return(None)

    def crash(self) -> None:
        """The machine stops; with a rejoin policy the person starts it again."""
        if self.driver.core.alive:
            self._plan_return(self._around.faults.crash(self.driver))

    def _plan_return(self, cause: int | None) -> None:
        if not self._returns:
            return
        after = self._pauses(self._comebacks)
        self._comebacks += 1
        record = self._decide("rejoin", {"after": after}, cause)
        self._kernel.at(self._kernel.now + after, self._rank, lambda _: self._come_back(record))

    def _come_back(self, cause: int | None) -> None:
        if not self.driver.core.alive:
            self.reload()
        if self.session.state == "disconnected":
            self.driver.act(lambda: self.connect("app"), cause)

    def reload(self) -> None:
        """Open a fresh page, after the last one was closed or had crashed."""
        self.driver.reload()
        self.publisher = None
        self._prepare_page()

    def _decide(self, name: str, data: dict[str, Any], cause: int | None) -> int | None:
        return self._around.journal(self.name, "app", "decision", name, data, cause)
