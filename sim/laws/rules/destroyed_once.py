"""destroyed-once: what is destroyed stays silent."""

from __future__ import annotations

from sim.laws.law import NEVER, Handlers, Law
from sim.laws.watch import Watch
from sim.trace import Record


class DestroyedOnce:
    """Remembers, by client, the objects of its page that are destroyed."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._destroyed: dict[str, dict[str, None]] = {}

    def handlers(self) -> Handlers:
        return {
            ("event", "*"): self._event,
            ("state", "inserted"): self._made,
            ("call", "closeBrowser"): self._gone,
            ("fault", "crash"): self._gone,
        }

    def _event(self, record: Record) -> None:
        if record.object == "session":
            return
        destroyed = self._destroyed.setdefault(record.client, {})
        if record.object in destroyed:
            self._watch.breach(
                record,
                f"{record.object} of {record.client} dispatched {record.name}"
                " after it was destroyed",
            )
        elif record.name == "destroyed":
            self._watch.exercised += 1
            destroyed[record.object] = None

    def _made(self, record: Record) -> None:
        """A new object may have the name of an old one."""
        self._destroyed.get(record.client, {}).pop(record.data["element"], None)

    def _gone(self, record: Record) -> None:
        self._destroyed.pop(record.client, None)


LAW = Law(
    name="destroyed-once",
    kind=NEVER,
    statement="a destroyed object dispatches nothing more",
    source="contract C9; fact sheet 1.2, 1.3 (all listeners are removed), 4.4, 4.5",
    exercised="a `destroyed` of a Publisher or Subscriber",
    checker=DestroyedOnce,
)
