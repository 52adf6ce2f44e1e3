"""What a person does of himself: come, stay for a while, leave, come back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from simpy import Event as Moment

from sim.client.events import Event
from sim.draws.distributions import Uniform, value
from sim.protocol import reasons
from sim.protocol.records import incidents
from sim.scenario.people import Backoff, Person
from sim.world.client_driver import ClientDriver
from sim.world.kernel import PEOPLE, Process
from sim.world.surroundings import Surroundings

FINAL = (reasons.CLIENT_DISCONNECTED, reasons.FORCE_DISCONNECTED)
"""Ends after which nobody comes back: one's own goodbye, and a moderator's."""


class Habits:
    """One person's habits.

    ``connect`` lets the app connect, saying who asked for it; ``open`` lets it do so for a cause,
    in a fresh page if there is none.
    """

    def __init__(
        self,
        around: Surroundings,
        person: Person,
        driver: ClientDriver,
        arrival: int,
        connect: Callable[[str], object],
        open: Callable[[Callable[[], object], int | None], object],
    ) -> None:
        self._around = around
        self._kernel = around.kernel
        self._person = person
        self._driver = driver
        self._arrival = arrival
        self._connect = connect
        self._open = open
        self._rank = PEOPLE + driver.number
        self._comebacks = 0
        self._pauses = self._return_pauses()
        stay = person.stay
        self._stays = None if stay is None else around.sampler(driver.name, "stay", stay)
        self._returns = person.rejoin is not None

    def _return_pauses(self) -> Callable[[int], int]:
        """How long to wait before coming back for the n-th time in a row (0, 1, 2, ...)."""
        rejoin = self._person.rejoin
        if rejoin is not None and rejoin.after is not None:
            drawn = self._around.sampler(self._driver.name, "rejoin", rejoin.after)
            return lambda _: drawn.next()
        if rejoin is not None and rejoin.backoff is not None:
            return self._growing_pauses(rejoin.backoff)
        return lambda _: 0

    def _growing_pauses(self, backoff: Backoff) -> Callable[[int], int]:
        def longest(n: int) -> int:
            return min(backoff.max, round(backoff.first * backoff.factor ** min(n, 64)))

        if backoff.jitter == "none":
            return longest
        drawn = self._around.draws.stream(self._driver.name, "rejoin/jitter")
        number = count()
        return lambda n: value(Uniform(0, longest(n)), drawn.uniform(next(number)))

    def live(self) -> Process:
        """A process: arrive and connect."""
        yield self._kernel.sleep(self._arrival, self._rank)
        if self._person.connect:
            self._driver.act(lambda: self._connect("script"))

    def connected(self, event: Event) -> None:
        """The app has been told that it is connected: plan to leave when the stay is over."""
        self._comebacks = 0
        if self._stays is not None:
            self._plan_leaving(self._stays.next(), event.record)

    def _plan_leaving(self, stay: int, cause: int | None) -> None:
        """Leave for good when the stay is over, if the connection has lasted until then."""
        connection = self._driver.core.membership.own
        record = self._around.decide(self._driver.name, incidents.STAY, {"for": stay}, cause)

        def leave(_: Moment) -> None:
            session, mine = self._driver.core.session, self._driver.core.membership
            lasted = mine.own == connection and mine.is_connected()
            if not (lasted and self._driver.is_alive):
                return
            self._returns = False
            if self._person.leave == "close-browser":
                self._driver.close_browser(record, "script")
            else:
                self._driver.act(lambda: session.disconnect("script"), record)

        self._kernel.at(self._kernel.now + stay, self._rank, leave)

    def disconnected(self, event: Event) -> None:
        """The app has been told that the session is over."""
        if event.reason not in FINAL:
            self.plan_return(event.record)

    def plan_return(self, cause: int | None) -> None:
        """The session, the attempt or the page is gone: come back, if that is a habit."""
        if not self._returns:
            return
        after = self._pauses(self._comebacks)
        self._comebacks += 1
        record = self._around.decide(self._driver.name, incidents.REJOIN, {"after": after}, cause)
        self._kernel.at(self._kernel.now + after, self._rank, lambda _: self._come_back(record))

    def _come_back(self, cause: int | None) -> None:
        if not self._driver.is_alive or self._driver.core.session.state == "disconnected":
            self._open(lambda: self._connect("app"), cause)
