"""destroyed-once: what is destroyed stays silent."""

from __future__ import annotations

from typing import ClassVar, Final

from sim.laws.law import NEVER, Handlers, Law, handlers, on
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.trace import Record

_OBJECTS: Final = ("publisher", "subscriber")


class DestroyedOnce:
    """Remembers, by client, the objects of its page that are alive: they are few."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._alive: dict[str, dict[str, None]] = {}

    def _event(self, record: Record) -> None:
        alive = self._alive.get(record.client)
        if alive is None or not record.object.startswith(_OBJECTS):
            return
        if record.object not in alive:
            self._watch.breach(
                record,
                f"{record.object} of {record.client} dispatched {record.name}"
                " after it was destroyed",
            )
        elif record.name == "destroyed":
            self._watch.exercised += 1
            del alive[record.object]

    def _made(self, record: Record) -> None:
        """A Publisher or Subscriber puts its element into the page when it is made."""
        self._alive.setdefault(record.client, {})[record.data["element"]] = None

    def _gone(self, record: Record) -> None:
        self._alive.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "*"): _event,
            ("state", "inserted"): _made,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="destroyed-once",
    kind=NEVER,
    statement="a destroyed object dispatches nothing more",
    source="contract C9; fact sheet 1.2, 1.3 (all listeners are removed), 4.4, 4.5",
    exercised="a `destroyed` of a Publisher or Subscriber",
    checker=DestroyedOnce,
)
