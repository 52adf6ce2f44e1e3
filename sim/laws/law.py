"""What a law is, what breaks it, and what is said of it at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, Protocol

from attrs import field, frozen

from sim.laws.watch import Watch
from sim.protocol.promises import Promise
from sim.protocol.records import RECORDS, Trait, named
from sim.protocol.units import format_clock
from sim.trace import Record

ALWAYS: Final = "always"
EVENTUALLY: Final = "eventually within"
NEVER: Final = "never"
KINDS: Final = (ALWAYS, EVENTUALLY, NEVER)

HELD: Final = "held"
BROKEN: Final = "broken"
NOT_EXERCISED: Final = "not exercised"

Handler = Callable[[Any, Record], object]
"""A method: it gets the checker or tracker, and the record."""
Handlers = Mapping[tuple[str, str], Handler]
"""(kind, name) of records → who wants them; the name ``*`` stands for every name of a kind."""

_KNOWN: Final = frozenset((each.kind, each.name) for each in RECORDS)


def handlers(table: Handlers) -> Handlers:
    """That table. Raises ``KeyError`` for what the table of records does not list."""
    for kind, name in table:
        if name != "*" and (kind, name) not in _KNOWN:
            raise KeyError(f"there is no record {kind} {name}")
    return table


def on(handler: Handler, *traits: Trait) -> Handlers:
    """That handler for every record that has one of these traits."""
    return dict.fromkeys(named(*traits), handler)


class Watching(Protocol):
    """A checker or a tracker: its class says which records it wants, and what it does then."""

    HANDLERS: ClassVar[Handlers]


class Checker(Watching, Protocol):
    """Watches one run for one law. Made anew for every run, with bounded state."""

    def __init__(self, watch: Watch) -> None: ...


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
    relies_on: tuple[Promise, ...] = ()
    """What must be kept for the law to hold. Where a scenario's settings take that away, the law
    is not exercised."""

    def unkept(self, unkept: Iterable[str]) -> tuple[str, ...]:
        """Which of the promises that are not kept it relies on."""
        return tuple([name for name in unkept if name in self.relies_on])


@frozen
class Breach:
    """One place where a law broke.

    ``record`` is what broke it, or what was not answered in time; ``time`` (microseconds) is when
    that was certain; ``context`` the ten records around ``record``, or itself alone if it came
    a thousand records before. ``sentence`` ends with a quirk of its client that was at work;
    ``quirk`` is its name if it has to do with ``record``, else "".
    """

    law: str
    time: int
    record: Record
    sentence: str
    context: tuple[Record, ...] = field(repr=False)
    quirk: str = ""

    @property
    def where(self) -> str:
        """When it was, and the number that ``explain`` takes: ``at 0:41.200, #57``."""
        return f"at {format_clock(self.time)}, #{self.record.seq}"


@frozen
class Verdict:
    """What one run says about one law.

    ``exercised`` counts how often the law was put to the test, ``broken`` how often it broke;
    ``breaches`` are the first ten. ``unkept`` are promises that the law relies on and that the
    scenario's settings take away: then it was not put to the test at all.
    """

    law: Law
    exercised: int
    broken: int
    breaches: tuple[Breach, ...]
    unkept: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """``held``, ``broken`` or ``not exercised``."""
        if self.broken:
            return BROKEN
        return HELD if self.exercised else NOT_EXERCISED

    @property
    def why(self) -> str:
        """Why it was not exercised, in words; "" where nothing but the run itself is the reason."""
        promises = " and ".join(_PROMISES[Promise(name)] for name in self.unkept)
        return f"the settings do not let {promises}" if promises else ""

    @property
    def broke(self) -> str | None:
        """Where it broke first, such as ``at 0:41.200, #57``; None if it did not."""
        if not self.breaches:
            return None
        return self.breaches[0].where

    def __str__(self) -> str:
        """``law reconnect-first broke at 0:41.200, #57: …``: what the first breach was."""
        if not self.breaches:
            why = f": {self.why}" if self.why else ""
            return f"law {self.law.name} {'held' if self.exercised else 'was not exercised'}{why}"
        first, more = self.breaches[0], self.broken - 1
        others = f" (and {more} more)" if more else ""
        return f"law {self.law.name} broke {first.where}: {first.sentence}{others}"

    def __repr__(self) -> str:
        return f"<{self}>"


_PROMISES: Final = {
    Promise.REPLAY: "who comes back hear what they have missed",
    Promise.MEMORY: "the platform remember who was removed until they can have come back",
    Promise.ENDS: "the end of every stream be told",
    Promise.PRESENCE: "the news of newcomers be as fast as other messages",
    Promise.PATIENCE: "a client wait for the answer to its heartbeat",
}
