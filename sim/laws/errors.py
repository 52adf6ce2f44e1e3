"""What is raised for a law that has broken."""

from __future__ import annotations

from sim.laws.law import Breach, Law
from sim.protocol.units import format_clock
from sim.trace import Record


class LawBroken(AssertionError):  # noqa: N818 - it reads as a sentence where it is raised
    """A law has broken.

    ``record`` is what broke it, ``law`` the law, ``breach`` how and when; ``replay`` is a scenario
    file that breaks it again, with the line that runs it on top.
    """

    __module__ = "sim"

    def __init__(self, law: Law, breach: Breach, replay: str, more: int = 0) -> None:
        self.law = law
        self.breach = breach
        self.replay = replay
        self.more = more
        """So many further breaches there are."""
        self.record: Record = breach.record
        super().__init__(self.summary + (f"\n\n{replay}" if replay else ""))

    @property
    def summary(self) -> str:
        """Which law broke, when and how, in one line; in another what it says."""
        where = f"at {format_clock(self.breach.time)}, record {self.record.seq}"
        others = f" (and {self.more} more)" if self.more else ""
        said = f"the law {self.law.name} broke {where}: {self.breach.sentence}{others}"
        return f"{said}\n{self.law.statement}"
