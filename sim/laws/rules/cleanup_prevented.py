"""cleanup-prevented: with the default prevented, cleaning up is the app's affair."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import ALWAYS, Handlers, Law, handlers, on
from sim.laws.names import listed
from sim.laws.pages import Ending, Pages
from sim.laws.watch import Watch
from sim.protocol.reasons import UNSUBSCRIBE
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record

PROMISE = "clean-up-after"


class CleanupPrevented:
    """Remembers, by client, what prevented ends have kept."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._pages = watch.track(Pages)
        self._kept: dict[str, Ending] = {}
        """The prevented end of its session since which that has not ended again."""
        self._streams: dict[str, dict[str, Ending]] = {}
        """Subscribers that are kept over the end of their stream, until the session ends."""

    def _prevented(self, record: Record) -> None:
        client = record.client
        ending = self._pages.of(client).endings.get(record.cause or 0)
        if ending is None or not ending.subscribers:
            return
        self._watch.exercised += 1
        if ending.record.name == "streamDestroyed":
            kept = dict.fromkeys(ending.subscribers, ending)
            self._streams.setdefault(client, {}).update(kept)
            return
        self._kept[client] = ending
        person = self._watch.header.person(client)
        after = person.promises.get(PROMISE) if person else None
        if after is not None:
            due = ending.record.time + after
            self._watch.after(due, self._look, client, ending, after)

    def _destroyed(self, record: Record) -> None:
        if record.data.get("reason") == UNSUBSCRIBE:
            return
        stream = self._streams.get(record.client, {}).pop(record.object, None)
        kept = self._kept.get(record.client)
        if stream is not None:
            self._breach(record, stream)
        elif kept and record.object in kept.subscribers and not self._stream_ended(record):
            self._breach(record, kept)

    def _breach(self, record: Record, ending: Ending) -> None:
        self._watch.breach(
            record,
            f"{record.object} of {record.client} was destroyed with reason"
            f" {record.data.get('reason')}, though the app had prevented the default of"
            f" {ending.record.name}",
        )

    def _stream_ended(self, record: Record) -> bool:
        """Whether this is the default of a later ``streamDestroyed``, which was not prevented."""
        endings = self._pages.of(record.client).endings.values()
        return any(
            ending.record.name == "streamDestroyed"
            and not ending.prevented
            and record.object in ending.subscribers
            for ending in endings
        )

    def _look(self, client: str, ending: Ending, after: int) -> None:
        page = self._pages.of(client)
        remains = page.remains(ending.subscribers)
        if remains:
            self._watch.breach(
                ending.record,
                f"the app of {client} promised to clean up after {format_duration(after)}, but"
                f" {listed(remains)} remained",
            )

    def _over(self, record: Record) -> None:
        self._kept.pop(record.client, None)
        self._streams.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "preventDefault"): _prevented,
            ("event", "destroyed"): _destroyed,
            ("event", "sessionDisconnected"): _over,
            **on(_over, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="cleanup-prevented",
    kind=ALWAYS,
    statement="prevented: no Subscriber is destroyed by the SDK until the session ends again, or an"
    " app that has come back is told that the stream has ended and does not prevent that; the same"
    " for a Subscriber whose `streamDestroyed` was prevented; what the app promised to clean is"
    " clean when it said",
    source="contract C10; fact sheet 2.9",
    exercised="a `sessionDisconnected` or `streamDestroyed` of a client with Subscribers whose"
    " default its app prevents",
    checker=CleanupPrevented,
)
