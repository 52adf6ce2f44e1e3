"""no-stale-events: what is over is not spoken of again."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import NEVER, Handlers, Law, handlers
from sim.laws.views import ENDED, FINE, Views
from sim.laws.watch import Watch
from sim.protocol.names import CONNECTION
from sim.protocol.promises import Promise
from sim.trace import Record


class NoStaleEvents:
    """Asks the views whether each event about others fits what the client has been told."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._views = watch.track(Views)

    def _connection(self, record: Record) -> None:
        self._watch.exercised += 1
        if self._views.problem != FINE and not self._suppressed(record.client):
            self._stale(record, record.data["connection"], self._views.problem)

    def _stream(self, record: Record) -> None:
        if record.object == "session":
            self._watch.exercised += 1
            if self._views.problem != FINE:
                self._stale(record, record.data["stream"], self._views.problem)

    def _property(self, record: Record) -> None:
        view, stream = self._views.of(record.client), record.data["stream"]
        connection = record.data["connection"]
        if view is None or connection == view.own:
            return
        if stream not in view.streams and view.past(stream, connection):
            self._stale(record, stream, ENDED)

    def _signal(self, record: Record) -> None:
        view, sender = self._views.of(record.client), record.data.get("from")
        if view is None or sender is None:
            return
        if sender not in view.connections and view.old(sender, CONNECTION):
            self._stale(record, sender, ENDED)

    def _stale(self, record: Record, about: str, problem: str) -> None:
        self._watch.breach(
            record, f"{record.client} got {record.name} about {about} {problem}".rstrip()
        )

    def _suppressed(self, client: str) -> bool:
        person = self._watch.header.person(client)
        return person is not None and person.suppressed

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "connectionCreated"): _connection,
            ("event", "connectionDestroyed"): _connection,
            ("event", "streamCreated"): _stream,
            ("event", "streamDestroyed"): _stream,
            ("event", "streamPropertyChanged"): _property,
            ("event", "signal"): _signal,
        }
    )


LAW = Law(
    name="no-stale-events",
    kind=NEVER,
    statement="no event about a stream or connection of an earlier generation: created only once,"
    " ended only what had begun, no signal or change of what has ended, nothing on behalf of an"
    " earlier connection of one's own",
    source="fact sheet 2.14 (repeated notices are ignored), 0 (rule 3)",
    exercised="an event of a Session about a connection or a stream",
    checker=NoStaleEvents,
    relies_on=(Promise.MEMORY,),
)
