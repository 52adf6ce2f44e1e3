"""What a law is, what breaks it, and what is said of it at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from attrs import field, frozen

from sim.laws.watch import Watch
from sim.protocol.units import format_clock
from sim.trace import Record

ALWAYS: Final = "always"
EVENTUALLY: Final = "eventually within"
NEVER: Final = "never"
SOMETIMES: Final = "sometimes"
"""A coverage goal: there is nothing to break, but a run should reach it."""
KINDS: Final = (ALWAYS, EVENTUALLY, NEVER, SOMETIMES)

HELD: Final = "held"
BROKEN: Final = "broken"
NOT_EXERCISED: Final = "not exercised"

Handler = Callable[[Record], object]
Handlers = Mapping[tuple[str, str], Handler]
"""(kind, name) of records → who wants them; the name ``*`` stands for every name of a kind."""


class Checker(Protocol):
    """Watches one run for one law. Made anew for every run, with bounded state."""

    def __init__(self, watch: Watch) -> None: ...

    def handlers(self) -> Handlers:
        """The records that the law is about."""
        ...


@frozen
class Law:
    """A named property of every run.

    ``exercised`` says what must happen at least once for the law to have been put to the test.
    ``kind`` is one of :data:`KINDS`.
    """

    name: str
    kind: str
    statement: str
    source: str
    exercised: str
    checker: Callable[[Watch], Checker] = field(repr=False)


@frozen
class Breach:
    """One place where a law broke.

    ``record`` is what broke it, or what was not answered in time; ``time`` (microseconds) is when
    that was certain; ``context`` the ten records around that time.
    """

    law: str
    time: int
    record: Record
    sentence: str
    context: tuple[Record, ...] = field(repr=False)


@frozen
class Verdict:
    """What one run says about one law.

    ``exercised`` counts how often the law was put to the test, ``broken`` how often it broke;
    ``breaches`` are the first ten.
    """

    law: Law
    exercised: int
    broken: int
    breaches: tuple[Breach, ...]

    @property
    def outcome(self) -> str:
        """``held``, ``broken`` or ``not exercised``."""
        if self.broken:
            return BROKEN
        return HELD if self.exercised else NOT_EXERCISED

    @property
    def broke(self) -> str | None:
        """Where it broke first, such as ``at 0:41.200, #57``; None if it did not."""
        if not self.breaches:
            return None
        first = self.breaches[0]
        return f"at {format_clock(first.time)}, #{first.record.seq}"
