"""Events and those who dispatch them.

Dispatch is synchronous: listeners run inline, in the order of their registration, and may call
the API again (spec section 0, rule 1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sim.client.page import Page
from sim.protocol.carried import carried
from sim.protocol.events import CANCELABLE
from sim.protocol.records import calls

SPELLINGS: Final = {"from_": "from", "kind": "type"}
"""Fields whose Python name is not the vendor's."""

Listener = Callable[["Event"], object]
Entry = tuple[Listener | int, bool]
"""An app's listener, or the number of a call that ends with the event; and whether it is once."""


class Event:
    """What a listener gets. Fields such as ``reason`` or ``stream`` are attributes."""

    __slots__ = (
        "_besides",
        "_dispatching",
        "_fields",
        "_listeners",
        "_prevented",
        "_prevention",
        "_record",
        "cancelable",
        "target",
        "type",
    )

    def __init__(self, type: str, cancelable: bool, **fields: Any) -> None:
        self.type = type
        self.cancelable = cancelable
        self.target: EventTarget | None = None
        self._listeners: Listeners | None = None
        self._fields = fields
        self._prevented = False
        self._prevention: int | None = None
        self._dispatching = False
        self._record: int | None = None
        self._besides: int | None = None

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
            # The data of a signal are the app's to change; what was told stays as it was.
            told = value if type(value) is str else carried(getattr(value, "id", value))
            data[SPELLINGS.get(name, name)] = told
        stream = self._fields.get("stream")
        if stream is not None:
            data["connection"] = stream.connection.id
        if self._besides is not None:
            data["besides"] = [self._besides]
        data["cancelable"] = self.cancelable
        return data

    def prevent_default(self) -> None:
        """Keep the default action from happening; without effect once it has happened."""
        if not (self.cancelable and self._dispatching) or self._prevented:
            return
        self._prevented = True
        if self._listeners is not None:
            self._prevention = self._listeners.note_prevented(self.type, self._record)

    def is_default_prevented(self) -> bool:
        """Whether a listener has prevented the default action."""
        return self._prevented

    @property
    def prevention(self) -> int | None:
        """The number of the record that says so."""
        return self._prevention


class Listeners:
    """Who listens to one object, and the way in which it dispatches its events.

    ``kind`` is the object's class in the catalogue of events, ``label`` what records call it.
    """

    __slots__ = ("_by_name", "_page", "kind", "label", "target")

    def __init__(self, page: Page, kind: str, label: str) -> None:
        self._page = page
        self.kind = kind
        self.label = label
        self.target: EventTarget | None = None
        """The object as apps know it."""
        self._by_name: dict[str, tuple[Entry, ...]] = {}

    def add(self, name: str, listener: Listener | int, once: bool) -> None:
        """Call ``listener`` on events called ``name``, after those registered before."""
        self._by_name[name] = (*self._by_name.get(name, ()), (listener, once))

    def remove(self, name: str | None, listener: Listener | None) -> None:
        """Remove one listener, all of one event, or all."""
        if name is None:
            self._by_name.clear()
        elif listener is None:
            self._by_name.pop(name, None)
        else:
            kept = [entry for entry in self._by_name.get(name, ()) if entry[0] != listener]
            self._by_name[name] = tuple(kept)

    def dispatch(
        self,
        own: str | None,
        name: str,
        after: Callable[[Event], object] | None,
        fields: dict[str, Any],
        besides: int | None = None,
    ) -> Event:
        """Dispatch an event: write it down, run the listeners, then ``after`` (the default action).

        ``own`` is the connection that the object belongs or last belonged to. ``after`` runs
        whether or not the default was prevented; it looks at the event. ``besides`` is a record
        that explains it together with its cause. Returns the event.
        """
        event = Event(name, CANCELABLE.get((self.kind, name), False), **fields)
        event._besides = besides
        self.redispatch(own, event, name, after)
        return event

    def redispatch(
        self,
        own: str | None,
        event: Event,
        name: str,
        after: Callable[[Event], object] | None = None,
    ) -> None:
        """Dispatch an event object under ``name``, which may differ from its type (signals)."""
        page = self._page
        if event.target is None:
            event.target, event._listeners = self.target, self
        data = event.described() if page.describes else event._fields
        if after is None and not self._by_name.get(name):  # most events concern no listener
            event._record = page.note_event(self.label, name, data, own)
            return
        page.descend(name)
        event._record = page.note_event(self.label, name, data, own)
        try:
            self._tell(event, name, after)
        finally:
            page.ascend()

    def _tell(self, event: Event, name: str, after: Callable[[Event], object] | None) -> None:
        with self._page.loop.because(event._record):
            event._dispatching = True
            self._call(event, name)
            if after is not None:
                after(event)
            event._dispatching = False

    def _call(self, event: Event, name: str) -> None:
        for entry in self._by_name.get(name, ()):
            listener, once = entry
            if once:
                self._forget(name, entry)
            try:
                if isinstance(listener, int):
                    self._page.calls.heard(listener)
                else:
                    listener(event)
            except AssertionError:  # a test inside a listener failed: that is for the test
                raise
            except Exception as problem:  # noqa: BLE001 - as in the browser: logged, not spread
                self._page.note_thrown(self.label, name, problem)
                return

    def _forget(self, name: str, entry: Entry) -> None:
        """Take out one that hears only once, if it is still there."""
        entries = list(self._by_name.get(name, ()))
        if entry in entries:
            entries.remove(entry)
            self._by_name[name] = tuple(entries)

    def note_prevented(self, event: str, record: int | None) -> int | None:
        """Write down that a listener has prevented the default action of an event."""
        entry = calls.PREVENT_DEFAULT[self.kind.lower()]
        return self._page.journal(*entry.by(self.label), {"event": event}, record)

    def snapshot(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """Who listens; the app's functions themselves."""
        return tuple([each for each in self._by_name.items() if each[1]])

    def restore(self, snapshot: tuple[tuple[str, tuple[Entry, ...]], ...]) -> None:
        """Let those listen, and nobody else."""
        self._by_name = dict(snapshot)


class EventTarget:
    """Something that listeners can be registered on: a Session, Publisher or Subscriber."""

    kind = ""
    """The class's name in the catalogue of events."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        listeners.target = self

    @property
    def label(self) -> str:
        """What records call this object."""
        return self._listeners.label

    def on(self, name: str, listener: Listener) -> None:
        """Call ``listener`` on every event called ``name``, after those registered before."""
        self._listeners.add(name, listener, False)

    def once(self, name: str, listener: Listener) -> None:
        """Call ``listener`` on the next event called ``name`` only."""
        self._listeners.add(name, listener, True)

    def off(self, name: str | None = None, listener: Listener | None = None) -> None:
        """Remove one listener, all of one event, or all.

        As in the shipped client this removes the SDK's own listeners too: completion handlers of
        ``connect`` and ``disconnect`` (section 8, 6).
        """
        self._listeners.remove(name, listener)
