"""Events and those who dispatch them.

Dispatch is synchronous: listeners run inline, in the order of their registration, and may call
the API again (spec section 0, rule 1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sim.protocol.events import CANCELABLE

if TYPE_CHECKING:
    from sim.client.client import Client

SPELLINGS: Final = {"from_": "from", "kind": "type"}
"""Fields whose Python name is not the vendor's."""

Listener = Callable[["Event"], object]


class Event:
    """What a listener gets. Fields such as ``reason`` or ``stream`` are attributes."""

    __slots__ = ("_dispatching", "_fields", "_prevented", "_record", "cancelable", "target", "type")

    def __init__(self, type: str, cancelable: bool, **fields: Any) -> None:
        self.type = type
        self.cancelable = cancelable
        self.target: EventTarget | None = None
        self._fields = fields
        self._prevented = False
        self._dispatching = False
        self._record: int | None = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self._fields[name]
        except KeyError:
            raise AttributeError(f"{self.type} has no field {name!r}") from None

    def __repr__(self) -> str:
        return f"<{self.type} {self._fields}>"

    @property
    def record(self) -> int | None:
        """The number of the record of this event."""
        return self._record

    def described(self) -> dict[str, Any]:
        """The fields as plain data for the trace: objects by their ids."""
        data: dict[str, Any] = {}
        for name, value in self._fields.items():
            if value is None and name != "from_":
                continue
            data[SPELLINGS.get(name, name)] = getattr(value, "id", value)
        stream = self._fields.get("stream")
        if stream is not None:
            data["connection"] = stream.connection.id
        return data

    def prevent_default(self) -> None:
        """Keep the default action from happening; without effect once it has happened."""
        if not (self.cancelable and self._dispatching) or self._prevented:
            return
        self._prevented = True
        if self.target is not None:
            self.target.client.journal(
                self.target.label,
                "call",
                "preventDefault",
                {"event": self.type},
                self._record,
            )

    def is_default_prevented(self) -> bool:
        """Whether a listener has prevented the default action."""
        return self._prevented


class EventTarget:
    """Something that listeners can be registered on: a Session, Publisher or Subscriber."""

    kind = ""
    """The class's name in the catalogue of events."""

    def __init__(self, client: Client, label: str) -> None:
        self.client = client
        self.label = label
        self.own: str | None = None
        """The id of the connection that this object belongs or last belonged to."""
        self._listeners: dict[str, list[tuple[Listener, bool]]] = {}

    def on(self, name: str, listener: Listener) -> None:
        """Call ``listener`` on every event called ``name``, after those registered before."""
        self._listeners.setdefault(name, []).append((listener, False))

    def once(self, name: str, listener: Listener) -> None:
        """Call ``listener`` on the next event called ``name`` only."""
        self._listeners.setdefault(name, []).append((listener, True))

    def off(self, name: str | None = None, listener: Listener | None = None) -> None:
        """Remove one listener, all of one event, or all.

        As in the shipped client this removes the SDK's own listeners too: completion handlers of
        ``connect`` and ``disconnect`` (section 8, 6).
        """
        if name is None:
            self._listeners.clear()
        elif listener is None:
            self._listeners.pop(name, None)
        else:
            kept = [entry for entry in self._listeners.get(name, []) if entry[0] != listener]
            self._listeners[name] = kept

    def dispatch(
        self, name: str, after: Callable[[Event], object] | None = None, **fields: Any
    ) -> Event:
        """Dispatch an event: write it down, run the listeners, then ``after`` (the default action).

        ``after`` runs whether or not the default was prevented; it looks at the event. Returns
        the event.
        """
        event = Event(name, CANCELABLE.get((self.kind, name), False), **fields)
        self.redispatch(event, name, after)
        return event

    def redispatch(
        self, event: Event, name: str, after: Callable[[Event], object] | None = None
    ) -> None:
        """Dispatch an event object under ``name``, which may differ from its type (signals)."""
        loop = self.client.loop
        outer = loop.cause
        if event.target is None:
            event.target = self
        event._record = loop.cause = self.client.note_event(self.label, name, event, self.own)
        event._dispatching = True
        self._call_listeners(event, name)
        if after is not None:
            after(event)
        event._dispatching = False
        loop.cause = outer

    def _call_listeners(self, event: Event, name: str) -> None:
        registered = self._listeners.get(name)
        if not registered:
            return
        for entry in tuple(registered):
            if entry[1]:
                registered.remove(entry)
            try:
                entry[0](event)
            except AssertionError:  # a test inside a listener failed: that is for the test
                raise
            except Exception as problem:  # noqa: BLE001 - as in the browser: logged, not spread
                self.client.note_thrown(self.label, name, problem)
                return
