"""What Publishers and Subscribers have in common: a label, a state, and who listens to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.client.events import Event, Listeners
from sim.client.page import Page, Table
from sim.protocol.journal import WIRE
from sim.protocol.records import Entry
from sim.protocol.states import Machine


class PageObject:
    """Something in a page that goes through the states of a table, until it is destroyed."""

    KIND: ClassVar[str]
    """Its class in the catalogue of events."""
    STATES: ClassVar[Mapping[str, Entry]]
    """The records of its states."""
    DUE: ClassVar[Table]
    ANSWERS: ClassVar[Table]

    def __init__(self, page: Page, label: str, own: str | None = None) -> None:
        self.label = label
        self.own = own
        """The id of the connection that it belongs or last belonged to."""
        self.page = page
        self._listeners = Listeners(page, self.KIND, label)
        self.machine = Machine(self.KIND.lower(), self._moved)
        page.own(label, self)

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self.machine.state

    @property
    def is_alive(self) -> bool:
        """Whether it has not been destroyed."""
        return self.machine.state != "Destroyed"

    def dispatch(self, name: str, after: Any = None, **fields: Any) -> Event:
        """Dispatch an event; see :meth:`sim.client.events.Listeners.dispatch`."""
        return self._listeners.dispatch(self.own, name, after, fields)

    def tell_destroyed(self, **fields: Any) -> None:
        """Dispatch ``destroyed``, after which nothing more comes from this object."""
        self.dispatch("destroyed", **fields)
        self._listeners.remove(None, None)

    def _gone(self) -> None:
        """It has been destroyed: nobody waits for anything any more."""
        self.page.disown(self.label)

    def _moved(self, before: str, after: str) -> None:
        if after == "Destroyed":
            self._gone()
        entry, cause = self.STATES[after], self.page.loop.cause
        self.page.journal(*entry.by(self.label), {"from": before}, cause, WIRE)
