"""fed-streams: a stream has a Publisher that lives, and shows nothing without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sim.laws.law import EVENTUALLY, Handlers, Law, handlers, on
from sim.laws.presence import Presence
from sim.laws.publishings import Publishing, Publishings
from sim.laws.room import Room
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record

Picture = tuple[str, str]
"""A Subscriber: of whom, and its label."""


class FedStreams:
    """Follows each end of a Publisher, and who is shown its stream then."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._publishings = watch.track(Publishings)
        self._presence = watch.track(Presence)
        self._room = watch.track(Room)
        bounds = watch.bounds
        self._heard = bounds.detection + bounds.delivery
        self._forgotten = bounds.detection + bounds.grace + bounds.delivery
        self._margin = bounds.margin
        self._fading = bounds.media + bounds.margin
        self._shows: dict[str, dict[str, Publishing]] = {}
        """By client: its Subscribers → whose stream they show."""
        self._asked: dict[int, str] = {}
        """By call of ``subscribe`` that is not answered: its Subscriber."""
        self._lit: dict[str, dict[Picture, Record]] = {}
        """By stream: its Subscribers that are connected → since when."""

    # -- streams without a Publisher ---------------------------------------------------------------

    def _ended(self, record: Record) -> None:
        for publishing in self._publishings.ended:
            if publishing.stream in self._room.streams:
                self._unfed(publishing, record)
            self._fade(publishing, record)

    def _published(self, record: Record) -> None:
        publishing = self._publishings.of(record.data["stream"])
        if publishing is not None and publishing.ended is not None:
            self._unfed(publishing, record)

    def _unfed(self, publishing: Publishing, record: Record) -> None:
        self._watch.exercised += 1
        self._look_again(publishing, record, record.time + self._heard)

    def _look_again(self, publishing: Publishing, since: Record, due: int) -> None:
        self._watch.after(due, self._look, publishing, since, due)

    def _look(self, publishing: Publishing, since: Record, now: int) -> None:
        """A stream without a Publisher must be over, if its client could say so meanwhile."""
        if publishing.stream not in self._room.streams:
            return
        client, died = self._presence.of(publishing.client), publishing.died
        if died is not None:
            start, within = died.time, self._forgotten
        elif client.since is not None:
            start, within = max(since.time, client.since.time), self._heard
        else:  # it is away, and will be back or give up
            start, within = now, self._heard
        if start + within > now:
            self._look_again(publishing, since, start + within)
        else:
            self._watch.breach(
                since,
                f"the platform still had {publishing.stream} of {publishing.client}, which has no"
                f" Publisher any more{_since(publishing)}, {format_duration(within)} after it could"
                " have been told",
            )

    # -- pictures ----------------------------------------------------------------------------------

    def _subscribed(self, record: Record) -> None:
        subscriber = record.data.get("subscriber")
        publishing = self._publishings.of(record.data.get("stream") or "")
        if subscriber and publishing is not None:
            self._shows.setdefault(record.client, {})[subscriber] = publishing
            self._asked[record.seq] = subscriber

    def _answered(self, record: Record) -> None:
        """One that has failed has closed its peer connection."""
        subscriber = self._asked.pop(record.data["call"], None)
        if subscriber is not None and not record.data["ok"]:
            self._darken(record.client, subscriber)

    def _connected(self, record: Record) -> None:
        publishing = self._shows.get(record.client, {}).get(record.object)
        if publishing is None:
            return
        lit = self._lit.setdefault(publishing.stream, {})
        lit[record.client, record.object] = record
        ended = publishing.ended
        if ended is not None and record.time > ended.time + self._margin:
            since = format_duration(record.time - ended.time)
            self._watch.breach(
                record,
                f"{record.object} of {record.client} was connected to {publishing.stream} {since}"
                " after its Publisher had ended",
            )

    def _fade(self, publishing: Publishing, record: Record) -> None:
        lit = dict(self._lit.get(publishing.stream, {}))
        if lit:
            due = record.time + self._fading
            self._watch.after(due, self._faded, publishing, record, lit)

    def _faded(self, publishing: Publishing, ended: Record, lit: Mapping[Picture, Record]) -> None:
        now = self._lit.get(publishing.stream, {})
        for picture, connected in lit.items():
            if now.get(picture) is connected:
                self._watch.breach(
                    ended,
                    f"{picture[1]} of {picture[0]} still showed {publishing.stream}"
                    f" {format_duration(self._fading)} after its Publisher had ended",
                )

    # -- the ends of pictures ----------------------------------------------------------------------

    def _disconnected(self, record: Record) -> None:
        self._darken(record.client, record.object)

    def _darken(self, client: str, subscriber: str) -> None:
        publishing = self._shows.get(client, {}).get(subscriber)
        lit = self._lit.get(publishing.stream) if publishing is not None else None
        if publishing is not None and lit is not None:
            lit.pop((client, subscriber), None)
            if not lit:
                del self._lit[publishing.stream]

    def _destroyed(self, record: Record) -> None:
        self._darken(record.client, record.object)
        self._shows.get(record.client, {}).pop(record.object, None)
        self._ended(record)

    def _stream_destroyed(self, record: Record) -> None:
        """For one whose Session is told so all Subscribers of the stream are over, kept or not."""
        if record.object == "session":
            over, shows = record.data["stream"], self._shows.get(record.client, {})
            for subscriber in [s for s, shown in shows.items() if shown.stream == over]:
                self._darken(record.client, subscriber)
                del shows[subscriber]
        else:
            self._ended(record)

    def _reset(self, record: Record) -> None:
        if record.object == "session":
            self._forget(record.client)

    def _forget(self, client: str) -> None:
        for subscriber in list(self._shows.get(client, ())):
            self._darken(client, subscriber)
        self._shows.pop(client, None)

    def _gone(self, record: Record) -> None:
        self._forget(record.client)
        self._ended(record)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "published"): _published,
            ("callback", "publish"): _ended,
            ("call", "subscribe"): _subscribed,
            ("callback", "subscribe"): _answered,
            ("event", "connected"): _connected,
            ("event", "disconnected"): _disconnected,
            ("event", "destroyed"): _destroyed,
            ("event", "streamDestroyed"): _stream_destroyed,
            ("state", "disconnected"): _reset,
            **on(_gone, Trait.ENDS_PAGE),
            **on(_ended, Trait.ENDS_SESSION),
        }
    )


def _since(publishing: Publishing) -> str:
    """Which record says that the Publisher is over."""
    return "" if publishing.ended is None else f" since #{publishing.ended.seq}"


LAW = Law(
    name="fed-streams",
    kind=EVENTUALLY,
    statement="a stream whose Publisher has ended is over within detection + silence + margin in"
    " which its client is connected throughout, or with its connection within detection + grace +"
    " silence + margin of the end of its page or its session; its Subscribers say `disconnected`"
    " or are over within media + margin, and do not say `connected` any more",
    source="fact sheet 1.4, 2.2, 2.6, 3.4; recordings m2",
    exercised="a Publisher that ends, or has ended, while the platform has its stream",
    checker=FedStreams,
)
