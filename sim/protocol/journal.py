"""How the cores report what happens: one function signature, given to them by their driver."""

from __future__ import annotations

from typing import Any, Final, Protocol

STORY: Final = 0
"""What apps and people are told, commands, faults and decisions."""
WIRE: Final = 1
"""Messages, socket and object states."""
ALL: Final = 2
"""Heartbeats and timers."""

LEVELS: Final = {"story": STORY, "wire": WIRE, "all": ALL}


class Journal(Protocol):
    """Write one record and return its number.

    A record below the story level has no number of its own: the call returns ``cause`` instead,
    so that a chain of causes runs from story to story whatever level is written.
    """

    def __call__(
        self,
        client: str,
        object: str,
        kind: str,
        name: str,
        data: dict[str, Any],
        cause: int | None,
        level: int = STORY,
    ) -> int | None: ...
