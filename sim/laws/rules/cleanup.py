"""cleanup: the default behaviour of ``sessionDisconnected`` and of ``streamDestroyed``."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import ALWAYS, Handlers, Law, handlers, on
from sim.laws.names import listed
from sim.laws.pages import Ending, Pages
from sim.laws.watch import Watch
from sim.protocol.reasons import UNSUBSCRIBE
from sim.protocol.records import Trait
from sim.trace import Record


class Cleanup:
    """Looks at each end while it happens, and once more when its instant is over; and, from when a
    session has ended until that is told, at whom that end destroys.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._pages = watch.track(Pages)
        self._cleaned: dict[str, dict[str, Ending]] = {}
        """By client: Subscribers that are destroyed in this very instant → by what."""
        self._untold: dict[str, list[Record]] = {}
        """By client whose session has ended, and is not told yet: each ``destroyed`` since."""

    def _ending(self, record: Record) -> None:
        if record.object == "session":
            self._untold[record.client] = []

    def _session_ended(self, record: Record) -> None:
        for early in self._untold.pop(record.client, ()):
            if early.data.get("reason") == record.data.get("reason"):
                self._watch.breach(
                    early,
                    f"{early.object} of {early.client} was destroyed before sessionDisconnected,"
                    " whose default that is",
                )
        self._ended(record)

    def _ended(self, record: Record) -> None:
        client = record.client
        ending = self._pages.of(client).endings.get(record.seq)
        if ending is not None and ending.subscribers:
            self._watch.after(record.time, self._look, client, ending)

    def _destroyed(self, record: Record) -> None:
        """The first end that concerns the Subscriber, and is not prevented, destroys it."""
        client, name = record.client, record.object
        if client in self._untold and name.startswith("subscriber"):
            self._untold[client].append(record)
        cleaned = self._cleaned.setdefault(client, {})
        for ending in self._pages.of(client).endings.values():
            now = ending.record.time == record.time
            if now and not ending.prevented and name in ending.subscribers:
                self._judge(record, ending, again=name in cleaned)
                cleaned[name] = ending
                return

    def _judge(self, record: Record, ending: Ending, *, again: bool) -> None:
        what, reason = f"{record.object} of {record.client}", record.data.get("reason")
        if again:
            self._watch.breach(record, f"{what} dispatched destroyed twice")
        elif reason not in (ending.reason, UNSUBSCRIBE):
            ended = "session" if ending.record.name == "sessionDisconnected" else "stream"
            self._watch.breach(
                record,
                f"{what} was destroyed with reason {reason}, but the {ended} had ended with"
                f" {ending.reason}",
            )

    def _look(self, client: str, ending: Ending) -> None:
        page = self._pages.of(client)
        self._cleaned.pop(client, None)
        if ending.prevented or ending.record.seq not in page.endings:
            return
        self._watch.exercised += 1
        remains = page.remains(ending.subscribers)
        if remains:
            what = ending.record.data.get("stream") or "the session"
            self._watch.breach(
                ending.record,
                f"{what} ended for {client} and the default was not prevented, but"
                f" {listed(remains)} remained",
            )

    def _over(self, record: Record) -> None:
        self._untold.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "disconnected"): _ending,
            ("call", "connect"): _over,
            ("event", "sessionDisconnected"): _session_ended,
            ("event", "streamDestroyed"): _ended,
            ("event", "destroyed"): _destroyed,
            **on(_over, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="cleanup",
    kind=ALWAYS,
    statement="after an unprevented `sessionDisconnected` no Subscriber of that session, and after"
    " an unprevented `streamDestroyed` no Subscriber of that stream, is alive or in the page; each"
    " dispatched `destroyed` exactly once, with that reason (or `Unsubscribe`, if the app's own"
    " listener came first), and for the end of its session not before that was told",
    source="contract C9, C13; fact sheet 0 (rule 4), 2.8",
    exercised="an unprevented `sessionDisconnected` or `streamDestroyed` with Subscribers",
    checker=Cleanup,
)
