"""The machine on which somebody's page is open: what happens to the page as a whole."""

from __future__ import annotations

from collections.abc import Callable

from simpy import Event as Moment

from sim.world.client_driver import ClientDriver
from sim.world.faults import Faults
from sim.world.kernel import PEOPLE, Kernel


class Machine:
    """One person's machine.

    ``loaded`` is called with its cause when there is a fresh page, ``gone`` with its cause when
    there is none any more.
    """

    def __init__(
        self,
        kernel: Kernel,
        faults: Faults,
        driver: ClientDriver,
        loaded: Callable[[int | None], object],
        gone: Callable[[int | None], object],
    ) -> None:
        self._kernel = kernel
        self._faults = faults
        self._driver = driver
        self._loaded = loaded
        self._gone = gone

    def later(self, action: Callable[[int | None], object]) -> None:
        """Do something to the machine once the app's present task is over, for the same cause."""
        cause = self._driver.core.loop.cause

        def act(_: Moment) -> None:
            action(cause)

        self._kernel.at(self._kernel.now, PEOPLE + self._driver.number, act)

    def close_browser(self, by: str, cause: int | None = None) -> None:
        """Close the tab."""
        if self._driver.is_alive:
            self._gone(self.unload(by, cause))

    def unload(self, by: str, cause: int | None = None) -> int | None:
        """Close the page of a person who stays; return the record of it."""
        return self._driver.close_browser(cause, by)

    def crash(self, cause: int | None = None) -> None:
        """The machine stops; with a rejoin policy the person starts it again."""
        if self._driver.is_alive:
            self._gone(self._faults.crash(self._driver, cause))

    def load(self, cause: int | None) -> bool:
        """Open a fresh page if there is none, after the last one was closed or had crashed.

        Return whether there was none.
        """
        if self._driver.is_alive:
            return False
        self._driver.reload()
        self._loaded(cause)
        return True
