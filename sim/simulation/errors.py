"""What a simulation that is driven by hand may raise. See ``sim.scenario`` for bad commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.protocol.units import format_clock

if TYPE_CHECKING:
    from sim.laws import Breach, Law
    from sim.trace import Record


class NotReached(AssertionError):  # noqa: N818 - it reads as a sentence where it is raised
    """What was waited for did not come in time."""


class LawBroken(AssertionError):  # noqa: N818
    """A law has broken.

    ``record`` is what broke it, ``law`` the law, ``breach`` how and when; ``replay`` is a scenario
    file that breaks it again, with the line that runs it on top.
    """

    def __init__(self, law: Law, breach: Breach, replay: str, more: int = 0) -> None:
        self.law = law
        self.breach = breach
        self.replay = replay
        self.record: Record = breach.record
        where = f"at {format_clock(breach.time)}, record {breach.record.seq}"
        others = f" (and {more} more)" if more else ""
        super().__init__(
            f"the law {law.name} broke {where}: {breach.sentence}{others}\n"
            f"{law.statement}" + (f"\n\n{replay}" if replay else "")
        )
