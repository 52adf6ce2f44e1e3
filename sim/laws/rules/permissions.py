"""permissions: who may not, cannot."""

from __future__ import annotations

from typing import ClassVar, Final

from sim.laws.law import ALWAYS, Handlers, Law, handlers
from sim.laws.presence import Presence
from sim.laws.watch import Watch
from sim.protocol.errors import DENIED, ERRORS
from sim.protocol.records.calls import SESSION_CALLS
from sim.protocol.roles import Capability
from sim.protocol.units import format_duration
from sim.trace import Record

_NEEDS: Final = {call.name: call.needs for call in SESSION_CALLS if call.needs is not None}
"""Call → the capability that it needs."""
_ARGUMENT: Final = {"forceDisconnect": "connection", "forceUnpublish": "stream"}
"""Call → the argument without which it may fail for another reason first."""


class Permissions:
    """Remembers calls that must fail until they have."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._forbidden: dict[int, Record] = {}

    def _call(self, record: Record) -> None:
        argument = _ARGUMENT.get(record.name)
        valid = argument is None or record.data.get(argument)
        connected = self._presence.of(record.client).connected
        if valid and connected and self._lacks(record.client, _NEEDS[record.name]):
            self._watch.exercised += 1
            self._forbidden[record.seq] = record
            if DENIED in ERRORS[record.name]:
                due = record.time + self._watch.bounds.margin
                self._watch.after(due, self._overdue, record)

    def _answered(self, record: Record) -> None:
        call = self._forbidden.pop(record.data.get("call", 0), None)
        if call is None:
            return
        what = f"{call.client} may not {call.name}, but its call"
        right = ERRORS[call.name].get(DENIED)
        got = record.data.get("error"), record.data.get("code")
        if record.data.get("ok"):
            self._watch.breach(record, f"{what} succeeded")
        elif right is not None and got != (right.name, right.code):
            self._watch.breach(
                record, f"{what} failed with {got[0]} {got[1]}, not {right.name} {right.code}"
            )

    def _overdue(self, call: Record) -> None:
        if self._forbidden.pop(call.seq, None) and self._presence.of(call.client).page:
            within = format_duration(self._watch.bounds.margin)
            self._watch.breach(
                call,
                f"{call.client} may not {call.name}, but its call did not fail within {within}",
            )

    def _accepted(self, record: Record) -> None:
        need, by = _NEEDS.get(record.data["command"]), record.data["by"]
        if need is not None and self._lacks(record.client, need):
            self._watch.breach(
                record, f"{by} may not {record.data['command']}, but the platform accepted it"
            )

    def _published(self, record: Record) -> None:
        if self._lacks(record.client, Capability.PUBLISH):
            self._watch.breach(
                record, f"{record.client} may not publish, but {record.data['stream']} exists"
            )

    def _lacks(self, client: str, need: Capability) -> bool:
        person = self._watch.header.person(client)
        return person is not None and need not in person.capabilities

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            **dict.fromkeys([("call", name) for name in _NEEDS], _call),
            **dict.fromkeys([("callback", name) for name in _NEEDS], _answered),
            ("decision", "accepted"): _accepted,
            ("state", "published"): _published,
        }
    )


LAW = Law(
    name="permissions",
    kind=ALWAYS,
    statement="calls without the capability fail with the right error (`OT_PERMISSION_DENIED` and"
    " 1500 for publish, 1520 for forceDisconnect, 1530 for forceUnpublish, 1540 for the mutes; any"
    " error for subscribe, which the platform refuses) and change nothing",
    source="fact sheet 5.1, 5.2",
    exercised="a call of a connected client that lacks the capability",
    checker=Permissions,
)
