"""only-moderators-kick: nobody is removed but by those who may."""

from __future__ import annotations

from typing import ClassVar, Final

from sim.laws.law import NEVER, Handlers, Law, handlers
from sim.laws.watch import Watch
from sim.protocol.reasons import FORCE_DISCONNECTED, FORCE_UNPUBLISHED
from sim.protocol.records.calls import SESSION_CALLS
from sim.protocol.records.incidents import REASONS_OF_COMMANDS
from sim.trace import Record

_RIGHTS: Final = {
    call.name: call.needs
    for call in SESSION_CALLS
    if call.name in REASONS_OF_COMMANDS and call.needs is not None
}
"""Command that removes somebody or something → the capability that it needs."""


class OnlyModeratorsKick:
    """Remembers the targets of commands that somebody had the right to give."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._rightly: dict[str, None] = {}

    def _accepted(self, record: Record) -> None:
        right = _RIGHTS.get(record.data["command"])
        if right is None:
            return
        self._watch.exercised += 1
        by, target = record.data["by"], record.data["target"]
        person = self._watch.header.person(record.client)
        if person is not None and right not in person.capabilities:
            self._watch.breach(
                record, f"{by} has not the capability {right}, but had {target} removed"
            )
        else:
            self._rightly[target] = None
            until = record.time + self._watch.bounds.memory
            self._watch.after(until, self._rightly.pop, target, None)

    def _connection_ended(self, record: Record) -> None:
        if record.data.get("reason") == FORCE_DISCONNECTED:
            self._judge(record, record.data["connection"])

    def _stream_ended(self, record: Record) -> None:
        reason, stream = record.data.get("reason"), record.data.get("stream")
        if stream and reason == FORCE_UNPUBLISHED:
            self._judge(record, stream)
        elif stream and reason == FORCE_DISCONNECTED:
            self._judge(record, record.data["connection"])

    def _own_ended(self, record: Record) -> None:
        if record.data.get("reason") == FORCE_DISCONNECTED:
            self._judge(record, record.data["own"])

    def _judge(self, record: Record, target: str) -> None:
        self._watch.exercised += 1
        if target not in self._rightly:
            self._watch.breach(
                record,
                f"{record.client} {record.object}: {record.name} of {target} says"
                f" {record.data['reason']}, but nobody with the right to do so had it removed",
            )

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("decision", "accepted"): _accepted,
            ("state", "left"): _connection_ended,
            ("state", "unpublished"): _stream_ended,
            ("event", "connectionDestroyed"): _connection_ended,
            ("event", "streamDestroyed"): _stream_ended,
            ("event", "sessionDisconnected"): _own_ended,
        }
    )


LAW = Law(
    name="only-moderators-kick",
    kind=NEVER,
    statement="no `forceDisconnected` or `forceUnpublished` without an accepted command of a client"
    " that has the capability, or of the app server",
    source="contract C5; fact sheet 2.4, 2.5, 5.1",
    exercised="an accepted command, or one of these reasons",
    checker=OnlyModeratorsKick,
)
