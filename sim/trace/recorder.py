"""The journal of a run: numbers the story's records, counts them and hands them on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from sim.protocol.events import ENDS
from sim.protocol.journal import STORY
from sim.protocol.records import role_of
from sim.trace.digest import Digest
from sim.trace.header import Footer
from sim.trace.records import Record, encode

Sink = Callable[[Record], object]
"""Gets every story record, in order: laws, expectations, ``list.append``, a printer."""
LineSink = Callable[[str], object]
"""Gets the canonical line of every record of the recorder's level: ``Writer.write``."""

Move = tuple[str, str, str]
"""What sort of object has moved, from which state and to which."""

LATEST: Final = 1_000
"""So many of the latest deeds are remembered: memory must not grow with time."""
DEEDS: Final = ("call", "fault")
"""The kinds of records of which all else is a consequence."""
_SIGNAL: Final = "signal"
"""How the names of events begin that tell of one: it may be what an app answers."""


class Recorder:
    """Implements :class:`sim.protocol.journal.Journal`.

    ``clock`` gives the virtual time in microseconds; records finer than ``level`` are not even
    built, and those of the story only if somebody gets them: a sink, a line, or the digest, which
    is not made with ``digests`` false. The latest deeds are remembered in any case. The data of a
    record must not be changed after it has been handed in.
    """

    def __init__(
        self,
        clock: Callable[[], int],
        level: int = STORY,
        sinks: Sequence[Sink] = (),
        lines: Sequence[LineSink] = (),
        *,
        digests: bool = True,
    ) -> None:
        self._clock = clock
        self._level = level
        self._lines = tuple(lines)
        self._digest = Digest() if digests else None
        self._count = 0
        self._latest: deque[tuple[Any, ...]] = deque(maxlen=LATEST)
        self._takers: tuple[Callable[[Any], object], ...] = (*self._writing(), *sinks)
        self._held: list[Callable[[], object]] = []
        self.moves: dict[Move, int] = {}
        """How often each move of a state machine was made, of whatever level its record is."""
        self.told = 0
        """How many events apps were told."""
        self.reasons: dict[str, int] = {}
        """Why something ended, as apps were told, and how often."""
        self.quirks: dict[str, int] = {}
        """How often each quirk was at work."""

    def __call__(
        self,
        client: str,
        object: str,
        kind: str,
        name: str,
        data: dict[str, Any],
        cause: int | None,
        level: int = STORY,
    ) -> int | None:
        """Write one record; return its number, or ``cause`` for one below the story level."""
        if kind == "state" and "from" in data:
            move = (role_of(object), data["from"], name)
            self.moves[move] = self.moves.get(move, 0) + 1
        if level:
            if self._lines and level <= self._level:
                record = Record(self._clock(), 0, client, object, kind, name, data, cause)
                self._write_line(encode(record, level))
            return cause
        self._count = seq = self._count + 1
        if kind == "event":
            self._count_told(name, data)
        elif kind == "quirk":
            self.quirks[name] = self.quirks.get(name, 0) + 1
        takers = self._takers
        if takers:
            values = (self._clock(), seq, client, object, kind, name, data, cause)
            record = tuple.__new__(Record, values)  # what Record does, without its signature
            for take in takers:
                take(record)
        if kind in DEEDS or (kind == "event" and name.startswith(_SIGNAL)):
            self._latest.append((self._clock(), seq, client, object, kind, name, data, cause))
        return seq

    def _count_told(self, name: str, data: dict[str, Any]) -> None:
        self.told += 1
        if name in ENDS and (reason := data.get("reason")) is not None:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def _write_line(self, line: str) -> None:
        for write in self._lines:
            write(line)

    def _writing(self) -> tuple[Sink, ...]:
        """What takes a record before the sinks do: its line is made once, if it is needed."""
        if self._lines:
            return (self._write,)
        return () if self._digest is None else (self._digest.take,)

    def _write(self, record: Record) -> None:
        line = encode(record)
        if self._digest is not None:
            self._digest.add(line)
        self._write_line(line)

    @contextmanager
    def heard_by(self, sink: Sink) -> Iterator[None]:
        """Let one more sink have the story records that come meanwhile, after the others."""
        before = self._takers
        self._takers = (*before, sink)
        try:
            yield
        finally:
            self._takers = before

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hand on what is written inside only at :meth:`release`; if it raises, it never was."""
        before = self._so_far()
        takers, lines = self._takers, self._lines
        self._takers = tuple([partial(self._hold, take) for take in takers])
        self._lines = tuple([partial(self._hold, write) for write in lines])
        try:
            yield
        except BaseException:
            vars(self).update(before)
            self._held.clear()
            raise
        finally:
            self._takers, self._lines = takers, lines

    def _so_far(self) -> dict[str, Any]:
        """What is counted of what is written, which nobody takes yet."""
        return {
            "_count": self._count,
            "_latest": self._latest.copy(),
            "moves": dict(self.moves),
            "told": self.told,
            "reasons": dict(self.reasons),
            "quirks": dict(self.quirks),
        }

    def _hold(self, take: Callable[[Any], object], written: Any) -> None:
        self._held.append(partial(take, written))

    def release(self) -> None:
        """Hand on what has been held."""
        held, self._held = self._held, []
        for hand_on in held:
            hand_on()

    @property
    def is_heard(self) -> bool:
        """Whether anybody gets the records."""
        return bool(self._takers)

    @property
    def now(self) -> int:
        """The time of what is written now, in microseconds."""
        return self._clock()

    @property
    def records(self) -> int:
        """How many story records there are."""
        return self._count

    @property
    def latest(self) -> list[Record]:
        """The latest deeds of apps and networks, and signals told: a thousand at most."""
        return [Record._make(written) for written in self._latest]

    @property
    def digest(self) -> str:
        """The digest of the story so far, 32 hexadecimal digits; "" where none is made."""
        return "" if self._digest is None else self._digest.hex

    @property
    def digest_to_come(self) -> Digest | None:
        """The same, made when it is asked for; None where none is made."""
        return None if self._digest is None else self._digest.copy()

    def footer(self, ended: int) -> Footer:
        """The footer of a run that ended at ``ended`` microseconds."""
        return Footer(self._count, self.digest, ended)
