"""App code from Python: what it gets of each fresh page, and what it may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from simpy import Event as Moment

from sim.client.faces import Publisher
from sim.client.session import Session
from sim.protocol.units import LONGEST, MILLISECOND
from sim.wording import brief
from sim.world.client_driver import ClientDriver
from sim.world.kernel import PEOPLE, Kernel


class Timeout:
    """A timeout that an app has set; :meth:`cancel` does what ``clearTimeout`` does."""

    __slots__ = ("_action",)

    def __init__(self, action: Callable[[], object]) -> None:
        self._action: Callable[[], object] | None = action

    @property
    def is_pending(self) -> bool:
        """Whether it is still to come."""
        return self._action is not None

    def cancel(self) -> None:
        """Never run the action; without effect once it has run."""
        self._action = None

    def _due(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()


class Owner(Protocol):
    """Whose page it is, and what the person can do with it."""

    def new_publisher(self) -> Publisher: ...

    def later(self, action: Callable[[int | None], object]) -> object: ...

    def close_browser(self, by: str, cause: int | None) -> object: ...

    def reload(self, by: str, cause: int | None) -> object: ...


class App:
    """One page, as app code sees it.

    An *app* is any callable, a function or a class, that gets the ``App`` of each fresh page before
    the page connects, and registers its listeners. Times are milliseconds, as in a browser.
    """

    def __init__(self, kernel: Kernel, driver: ClientDriver, owner: Owner) -> None:
        self.session: Session = driver.core.session
        """The page's Session."""
        self._kernel = kernel
        self._driver = driver
        self._owner = owner

    def __repr__(self) -> str:
        return f"<app of {self.name}, {self.session.state}>"

    @property
    def name(self) -> str:
        """Whose page it is."""
        return self._driver.name

    @property
    def now(self) -> float:
        """Virtual time since the story began, in milliseconds; exact to the microsecond."""
        return self._kernel.now / MILLISECOND

    @property
    def is_open(self) -> bool:
        """Whether the page is still there: not closed, not crashed, not loaded anew."""
        core = self._driver.core
        return core.alive and core.session is self.session

    def init_publisher(self) -> Publisher:
        """Make a Publisher, as ``OT.initPublisher`` does: it asks for camera and microphone."""
        return self._owner.new_publisher()

    def timeout(self, ms: float, action: Callable[[], object]) -> Timeout:
        """Run ``action`` as a task of its own in ``ms`` milliseconds, if the page is there then.

        Of two timeouts that are due at one instant the one set first runs first, after deliveries,
        the SDK's own timers and the script. What follows from it names as its cause what this call
        was made in. An error in ``action`` is written to the trace as one in a listener is.

        Raises ``ValueError`` for a time that is negative or longer than 366 days.
        """
        delay = _microseconds(ms)
        timeout = Timeout(action)
        cause = self._driver.core.loop.cause

        def due(_: Moment) -> None:
            if self.is_open and timeout.is_pending:
                self._driver.act(lambda: self._run(timeout), cause)

        rank = PEOPLE + self._driver.number
        self._kernel.at(self._kernel.now + delay, rank, due)
        return timeout

    def reload(self) -> None:
        """Load the page anew, as ``location.reload`` does: once the present task is over.

        The page is closed, and its connection ends as with a closed browser. The fresh one gets a
        fresh app, and connects where the person's pages connect of themselves. Without effect on a
        page that is not there any more.
        """
        self._leave(self._owner.reload)

    def close_browser(self) -> None:
        """Close the page, once the present task is over; a person who comes back will do so."""
        self._leave(self._owner.close_browser)

    def _leave(self, how: Callable[[str, int | None], object]) -> None:
        def unless_gone(cause: int | None) -> None:
            if self.is_open:
                how("app", cause)

        self._owner.later(unless_gone)

    def _run(self, timeout: Timeout) -> None:
        try:
            timeout._due()
        except AssertionError:  # a test inside an app failed: that is for the test
            raise
        except Exception as problem:  # noqa: BLE001 - as in the browser: logged, not spread
            self._driver.core.page.note_thrown("session", "timeout", problem)


AppMaker = Callable[[App], object]
"""An app: called with each fresh page."""


def _microseconds(ms: float) -> int:
    value: object = ms
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= ms <= LONGEST / MILLISECOND:
        raise ValueError(f"a timeout is from 0 ms to 366 days, not {brief(ms)}")
    return round(ms * MILLISECOND)
