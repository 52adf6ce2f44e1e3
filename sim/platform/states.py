"""The life of a connection on the platform, as a table.

One row is one thing that can happen to a connection in one state. Why the table is right:

- ``absent`` is left only by joining and nothing leads back to it, and nothing leaves ``gone``: a
  removed connection never returns. Whoever comes back joins as a new connection.
- Every way into ``gone`` writes ``left``, and nothing else does: the departure of a connection is
  told exactly once.
- ``lost`` and ``joined`` alternate: a new socket for a connection that is not known to be lost
  changes its socket and not its state.
- A lost connection cannot say goodbye, having no socket to say it on, and one that has a socket
  cannot expire: it is lost first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from sim.protocol.records import Entry, states


class Presence(StrEnum):
    """Where a connection is in its life."""

    ABSENT = "absent"
    JOINED = "joined"
    LOST = "lost"
    GONE = "gone"


class Trigger(StrEnum):
    """What can happen to a connection."""

    JOIN = "its client asks to join"
    LOSE = "its socket ends or falls silent"
    RETURN = "a new socket resumes it"
    LEAVE = "its client says goodbye"
    EXPEL = "a moderator or the app server disconnects it"
    EXPIRE = "its grace period ends"
    IDLE = "it has neither published nor subscribed"
    ROTATE = "its node is taken out of service"


class Step(NamedTuple):
    """One row: the state that follows, the record written, and whether the client itself is told.

    ``told`` is about the client's own ``deleted connection`` notice: a client that says goodbye
    needs none, and one whose grace has ended cannot hear it (it may hear it when it returns).
    """

    to: Presence
    record: Entry
    told: bool


_GONE: Final = Step(Presence.GONE, states.LEFT, told=False)
_SENT_AWAY: Final = Step(Presence.GONE, states.LEFT, told=True)

LIFECYCLE: Final[dict[tuple[Presence, Trigger], Step]] = {
    (Presence.ABSENT, Trigger.JOIN): Step(Presence.JOINED, states.JOINED, told=True),
    (Presence.JOINED, Trigger.LOSE): Step(Presence.LOST, states.LOST, told=False),
    (Presence.JOINED, Trigger.LEAVE): _GONE,
    (Presence.JOINED, Trigger.EXPEL): _SENT_AWAY,
    (Presence.JOINED, Trigger.IDLE): _SENT_AWAY,
    (Presence.JOINED, Trigger.ROTATE): _SENT_AWAY,
    (Presence.LOST, Trigger.RETURN): Step(Presence.JOINED, states.BACK, told=False),
    (Presence.LOST, Trigger.EXPIRE): _GONE,
    (Presence.LOST, Trigger.EXPEL): _SENT_AWAY,
    (Presence.LOST, Trigger.IDLE): _SENT_AWAY,
    (Presence.LOST, Trigger.ROTATE): _SENT_AWAY,
}


def picture() -> str:
    """The table as text, one row a line, for the docs and for reading in a terminal.

    >>> print(picture().splitlines()[0])
    absent + its client asks to join -> joined (record: joined)
    """
    return "\n".join(
        f"{before} + {trigger} -> {step.to} (record: {step.record.name})"
        for (before, trigger), step in LIFECYCLE.items()
    )
