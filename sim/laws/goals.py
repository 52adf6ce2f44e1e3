"""Coverage goals: what some run of a suite should reach, though none has to.

There is one for each quirk: that the client does what the quirk says. The client writes a record
where it does, so a trace tells as much as the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from attrs import frozen

from sim.protocol.quirks import QUIRKS
from sim.trace import Header, Record

SOMETIMES: Final = "sometimes"
"""The kind of a goal, beside those of laws: there is nothing to break."""


@frozen
class Goal:
    """Something that should be seen in some run. ``witness`` is the kind and name of its record."""

    kind: ClassVar[str] = SOMETIMES
    name: str
    statement: str
    source: str
    witness: tuple[str, str]

    @property
    def exercised(self) -> str:
        """What counts as reaching it."""
        return f"a record {' '.join(self.witness)}"


GOALS: Final[dict[str, Goal]] = {
    name: Goal(name, quirk.sees, quirk.source, ("quirk", name)) for name, quirk in QUIRKS.items()
}
"""The goals by their names: those of the quirks, the gravest first."""

_REACHED: Final = {goal.witness: goal.name for goal in GOALS.values()}


class Goals:
    """A sink for story records, which counts how often each goal is reached.

    A run can reach those of the quirks that its profile has.
    """

    def __init__(self, header: Header) -> None:
        self.reached: dict[str, int] = {
            name: 0 for name, goal in GOALS.items() if goal.witness[1] in header.quirks
        }
        """The goals that this run can reach → how often it has."""

    def __call__(self, record: Record) -> None:
        """Take the next story record."""
        name = _REACHED.get((record.kind, record.name))
        if name is not None:
            self.reached[name] = self.reached.get(name, 0) + 1

    def add(self, quirks: Mapping[str, int]) -> None:
        """Take how often each quirk was at work, in place of its records."""
        for name, times in quirks.items():
            if name in GOALS:
                self.reached[name] = self.reached.get(name, 0) + times
