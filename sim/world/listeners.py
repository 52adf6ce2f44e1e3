"""The app of a person of a scenario: its listeners, and what it does in them.

The app registers its listeners as a real one would, before it connects. Every fresh page (after a
crash or a closed browser) is a fresh app.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.client.events import Event
from sim.client.faces import Publisher, behind
from sim.client.session import Session
from sim.protocol.records import incidents
from sim.scenario.people import Person
from sim.scenario.reactions import Reaction
from sim.world.client_driver import ClientDriver
from sim.world.kernel import PEOPLE
from sim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from sim.protocol.errors import ApiError

Told = Callable[[Event], object]


class Listeners:
    """The app in one person's pages.

    ``act`` does what a reaction says; ``connected`` and ``disconnected`` are told of the beginning
    and the end of a session, ``failed`` of the cause for which connecting failed. ``begin`` gives
    the page to app code from Python, whose listeners come first.
    """

    def __init__(
        self,
        around: Surroundings,
        person: Person,
        driver: ClientDriver,
        act: Callable[[Session, Reaction], object],
        connected: Told,
        disconnected: Told,
        failed: Callable[[int | None], object],
        begin: Callable[[], object] | None = None,
    ) -> None:
        self.publisher: Publisher | None = None
        """The Publisher of the present page that was made last."""
        self.outage: int | None = None
        """The record of the latest ``sessionReconnecting``."""
        self.watchers: list[Told] = []
        """Called inside the listener of every ``sessionReconnecting``: for policies."""
        self._around = around
        self._kernel = around.kernel
        self._person = person
        self._driver = driver
        self._act = act
        self._told_connected = connected
        self._told_disconnected = disconnected
        self._failed = failed
        self._begin = begin
        self._has_had_page = False

    @property
    def _session(self) -> Session:
        return self._driver.core.session

    def prepare(self, cause: int | None = None) -> None:
        """Register the app's listeners on the Session of a fresh page, opened for that cause."""
        self.publisher = None
        self._driver.act(self._register, cause)

    def _register(self) -> None:
        session = self._session
        if self._begin is not None:
            self._give_page(self._begin)
        session.on("sessionConnected", self._connected)
        if self._person.subscribe == "everyone":
            session.on("streamCreated", lambda event: session.subscribe(event.stream))
        for name, reaction in self._person.on.items():
            if not name.startswith(("publisher.", "subscriber.")):
                session.on(name, self._reaction(session, reaction))
        session.on("sessionReconnecting", self._reconnecting)
        session.on("sessionDisconnected", self._told_disconnected)

    def _give_page(self, begin: Callable[[], object]) -> None:
        """Give app code its page. An error in the first one is for whoever has brought the app."""
        is_first, self._has_had_page = not self._has_had_page, True
        try:
            begin()
        except AssertionError:
            raise
        except Exception as problem:
            if is_first:
                raise
            self._driver.core.page.note_thrown("session", "load", problem)

    def _reaction(self, session: Session, reaction: Reaction) -> Told:
        def listener(event: Event) -> None:
            if reaction.prevent_default:
                event.prevent_default()
                if reaction.clean_up_after is not None:
                    self._plan_clean_up(session, event, reaction.clean_up_after)
            if reaction.do is not None:
                self._act(session, reaction)

        return listener

    def _plan_clean_up(self, session: Session, event: Event, after: int) -> None:
        """Unsubscribe later from what ``preventDefault`` has kept."""
        kept = list(session.subscribers)
        if event.type == "streamDestroyed":
            kept = session.get_subscribers_for_stream(event.stream)
        data = {"after": after, "event": event.type}
        record = self._around.decide(self._driver.name, incidents.CLEAN_UP, data, event.record)

        def clean_up() -> None:
            for subscriber in kept:
                if subscriber.is_alive and self._session is session:
                    session.unsubscribe(subscriber)

        rank = PEOPLE + self._driver.number
        self._kernel.at(
            self._kernel.now + after, rank, lambda _: self._driver.act(clean_up, record)
        )

    def _connected(self, event: Event) -> None:
        self._told_connected(event)
        if self._person.publish is not None:
            self.publish("app")

    def _reconnecting(self, event: Event) -> None:
        self.outage = event.record
        for watcher in self.watchers:
            watcher(event)

    def connect(self, by: str) -> None:
        """Connect; if that fails, it is as after a lost session."""
        self._session.connect(self._after_connect, by)

    def _after_connect(self, error: ApiError | None) -> None:
        if error is not None:
            self._failed(self._driver.core.loop.cause)

    def publish(self, by: str) -> None:
        """Publish, with a Publisher that an earlier connection has left if there is one."""
        kept = self.publisher
        if kept is None or not kept.is_alive or self._is_publishing(kept):
            kept = self.new_publisher()
        self._session.publish(kept, None, by)

    def _is_publishing(self, publisher: Publisher) -> bool:
        """Whether a Publisher has a stream in the present connection."""
        mine = self._driver.core.membership
        publication = behind(publisher)
        attached = publication.session is mine and publication.own == mine.own
        return attached and publication.state == "Publishing"  # not what its end has left

    def new_publisher(self) -> Publisher:
        """Make a Publisher with the app's listeners on it."""
        self.publisher = publisher = self._driver.core.init_publisher()
        for name, reaction in self._person.on.items():
            if name.startswith("publisher."):
                listener = self._reaction(self._session, reaction)
                publisher.on(name.removeprefix("publisher."), listener)
        return publisher
