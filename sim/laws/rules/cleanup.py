"""cleanup: the default behaviour of ``sessionDisconnected``."""

from __future__ import annotations

from sim.laws.law import ALWAYS, Handlers, Law
from sim.laws.names import listed
from sim.laws.pages import Ending, Pages
from sim.laws.watch import Watch
from sim.protocol.reasons import UNSUBSCRIBE
from sim.trace import Record


class Cleanup:
    """Looks at each end while it happens, and once more when its instant is over."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._pages = watch.track(Pages)
        self._endings: dict[str, tuple[Ending, dict[str, None]]] = {}
        """By client: an end in this very instant, and whose ``destroyed`` it has brought."""

    def handlers(self) -> Handlers:
        return {
            ("event", "sessionDisconnected"): self._ended,
            ("event", "destroyed"): self._destroyed,
            ("call", "closeBrowser"): self._gone,
            ("fault", "crash"): self._gone,
        }

    def _ended(self, record: Record) -> None:
        ending = self._pages.of(record.client).ending
        if ending is not None and ending.subscribers:
            self._endings[record.client] = ending, {}
            self._watch.after(record.time, lambda: self._look(record.client, ending))

    def _destroyed(self, record: Record) -> None:
        ending, destroyed = self._endings.get(record.client, (None, {}))
        if ending is None or ending.prevented or record.object not in ending.subscribers:
            return
        what = f"{record.object} of {record.client}"
        reason = record.data.get("reason")
        if record.object in destroyed:
            self._watch.breach(record, f"{what} dispatched destroyed twice")
        elif reason not in (ending.reason, UNSUBSCRIBE):
            self._watch.breach(
                record,
                f"{what} was destroyed with reason {reason}, but the session had ended with"
                f" {ending.reason}",
            )
        destroyed[record.object] = None

    def _look(self, client: str, ending: Ending) -> None:
        found, destroyed = self._endings.get(client, (None, {}))
        if found is not ending:
            return
        del self._endings[client]
        if ending.prevented:
            return
        self._watch.exercised += 1
        remains = self._pages.of(client).remains(ending.subscribers)
        quiet = [name for name in ending.subscribers if name not in destroyed]
        if remains:
            self._watch.breach(
                ending.record,
                f"the session of {client} ended and the default was not prevented, but"
                f" {listed(remains)} remained",
            )
        elif quiet:
            self._watch.breach(
                ending.record, f"{listed(quiet)} of {client} never dispatched destroyed"
            )

    def _gone(self, record: Record) -> None:
        self._endings.pop(record.client, None)


LAW = Law(
    name="cleanup",
    kind=ALWAYS,
    statement="after an unprevented `sessionDisconnected` no Subscriber of that session is alive or"
    " in the page; each dispatched `destroyed` exactly once, with that reason (or `Unsubscribe`, if"
    " the app's own listener came first)",
    source="contract C9; fact sheet 0 (rule 4)",
    exercised="an unprevented `sessionDisconnected` of a client with Subscribers",
    checker=Cleanup,
)
