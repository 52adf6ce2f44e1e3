"""Who is in the session at which record of a story, as the platform sees it."""

from __future__ import annotations

from typing import Final

from sim.protocol.records import Trait, named
from sim.trace import Record

HERE: Final = "here"
LOST: Final = "lost"
"""The platform keeps the connection, without a socket."""
AWAY: Final = "away"
UNKNOWN: Final = "unknown"

_AFTER: Final = {
    (kind, name): standing
    for trait, standing in (
        (Trait.BEGINS_CONNECTION, HERE),
        (Trait.RESUMES_CONNECTION, HERE),
        (Trait.LOSES_CONNECTION, LOST),
        (Trait.ENDS_CONNECTION, AWAY),
    )
    for kind, name in named(trait)
}
"""Kind and name of a record → how it stands with its connection from then on."""


class Attendance:
    """How it has stood with everybody's connections.

    ``complete`` says that all records are seen from the start: nobody else is there.
    """

    def __init__(self) -> None:
        self.complete = False
        self._changes: dict[str, list[tuple[int, str, str]]] = {}
        """Person → record's number, connection, and how it stands with that from then on."""

    def see(self, record: Record) -> None:
        """Take in the next record."""
        standing = _AFTER.get((record.kind, record.name))
        if standing is not None:
            change = record.seq, str(record.data.get("connection")), standing
            self._changes.setdefault(record.client, []).append(change)

    def before(self, record: Record) -> str:
        """How it stood with the record's person when it was written; the best of several."""
        changes = self._changes.get(record.client, ())
        now = {connection: how for number, connection, how in changes if number < record.seq}
        if not now and not self.complete:
            return UNKNOWN
        return next((how for how in (HERE, LOST) if how in now.values()), AWAY)
