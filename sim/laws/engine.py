"""Runs the laws over the records of one run, as they come."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, TypeVar, cast

from sim.laws.at_work import QuirksAtWork
from sim.laws.catalogue import choose
from sim.laws.law import Breach, Checker, Law, Verdict, Watching
from sim.laws.routes import routes
from sim.laws.watch import Watch
from sim.trace import Footer, Header, Record, TraceError

CONTEXT: Final = 10
"""How many records around that of a breach are kept."""
BEFORE: Final = 6
"""How many of them come before it or are the record itself."""
REMEMBERED: Final = 1000
"""How many records are remembered: one that is named later than that comes by itself."""
KEPT: Final = 10
"""How many breaches of one law are kept; the others are counted."""

_NEVER: Final = 1 << 62
_T = TypeVar("_T")


class Laws:
    """A sink for story records; :meth:`finish` says what held.

    ``names`` chooses laws; None means all. Raises ``ValueError`` for a name that no law has.
    A record costs one look-up for laws that do not want it.
    """

    def __init__(self, header: Header, names: Iterable[str] | None = None) -> None:
        self.header = header
        self._laws: list[tuple[Law, Watch]] = []
        self._trackers: dict[Any, Any] = {}
        self._watching: tuple[Watching, ...] = ()
        self._recent: deque[Record] = deque(maxlen=REMEMBERED)
        self._breaches: dict[str, list[_Breaking]] = {}
        self._counts: dict[str, int] = {}
        self._open: list[_Breaking] = []
        self._so_far: list[_Breaking] = []
        self._deadlines: list[tuple[int, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._deadlines_set = 0
        self._due = _NEVER
        self._now = 0
        self._start(choose(names))

    def _start(self, laws: Iterable[Law]) -> None:
        checkers: list[Checker] = []
        unkept = self.header.unkept
        self._quirks = self.tracker(QuirksAtWork)
        for law in laws:
            watch = Watch(law.name, self)
            self._laws.append((law, watch))
            self._breaches[law.name], self._counts[law.name] = [], 0
            if not (unkept and law.unkept(unkept)):
                checkers.append(law.checker(watch))
        # Trackers were made on the way, and see a record before the laws that ask them about it.
        self._watching = (*self._trackers.values(), *checkers)
        self._routes = routes(tuple([type(each) for each in self._watching]))

    def __call__(self, record: Record) -> None:
        """Take the next story record."""
        if record.time > self._due:
            self._expire(record.time)
        self._now = record.time
        self._recent.append(record)
        if self._open:
            self._surround(record)
        watching, route = self._watching, self._routes[record.kind, record.name]
        try:
            for place, handler in route:
                handler(watching[place], record)
        except KeyError as missing:
            what = f"record {record.seq} ({record.kind} {record.name})"
            raise ValueError(f"{what} has no {missing} in its data") from missing

    @property
    def breaches(self) -> list[Breach]:
        """What has been broken so far, in order; of each law the first ten times."""
        return [each.breach() for each in self._so_far]

    def finish(self, ended: int) -> dict[str, Verdict]:
        """The verdicts of a run that ended at ``ended`` microseconds, by the laws' names."""
        self._expire(ended)
        return {law.name: self._verdict(law, watch) for law, watch in self._laws}

    def tracker(self, kind: Callable[[Header], _T]) -> _T:
        """The run's tracker of that class, made when it is first asked for."""
        if kind not in self._trackers:
            self._trackers[kind] = kind(self.header)
        return cast("_T", self._trackers[kind])

    def after(self, time: int, action: Callable[..., Any], *arguments: Any) -> None:
        """Call ``action(*arguments)`` when the run has gone on beyond ``time``."""
        self._deadlines_set += 1
        heapq.heappush(self._deadlines, (time, self._deadlines_set, action, arguments))
        self._due = self._deadlines[0][0]

    def _expire(self, now: int) -> None:
        deadlines = self._deadlines
        while deadlines and deadlines[0][0] < now:
            self._now, _, action, arguments = heapq.heappop(deadlines)
            action(*arguments)
        self._due = deadlines[0][0] if deadlines else _NEVER

    def breach(self, law: str, record: Record, sentence: str) -> None:
        """That law broke: by which record, and how, in one sentence."""
        self._counts[law] += 1
        if len(self._breaches[law]) < KEPT:
            said, quirk = self._quirks.behind(record)
            said = f"{sentence}; {said}" if said else sentence
            context = self._around(record)
            breaking = _Breaking(law, self._now, record, said, context, quirk)
            self._breaches[law].append(breaking)
            self._so_far.append(breaking)
            if len(context) < CONTEXT and self._recent and context[-1] is self._recent[-1]:
                self._open.append(breaking)

    def _around(self, record: Record) -> list[Record]:
        """The records around one that is named, as far as they have come; itself at least."""
        recent = list(self._recent)
        for place in range(len(recent) - 1, -1, -1):
            if recent[place] is record:
                first = max(0, place + 1 - BEFORE)
                return recent[first : first + CONTEXT]
        return [record]

    def _surround(self, record: Record) -> None:
        for breaking in self._open:
            breaking.context.append(record)
        self._open = [each for each in self._open if len(each.context) < CONTEXT]

    def _verdict(self, law: Law, watch: Watch) -> Verdict:
        breaches = tuple([each.breach() for each in self._breaches[law.name]])
        unkept = law.unkept(self.header.unkept) if self.header.unkept else ()
        return Verdict(law, watch.exercised, self._counts[law.name], breaches, unkept)


class _Breaking:
    """A breach whose surroundings are still being gathered."""

    __slots__ = ("context", "law", "quirk", "record", "sentence", "time")

    def __init__(
        self,
        law: str,
        time: int,
        record: Record,
        sentence: str,
        context: list[Record],
        quirk: str,
    ) -> None:
        self.law = law
        self.time = time
        self.record = record
        self.sentence = sentence
        self.context = context
        self.quirk = quirk

    def breach(self) -> Breach:
        context = tuple(self.context)
        return Breach(self.law, self.time, self.record, self.sentence, context, self.quirk)


class Story(Protocol):
    """A recorded run: a :class:`~sim.trace.Trace`, or what of one is kept in memory."""

    header: Header
    file: str
    footer: Footer | None
    """Known when :meth:`story` has come to its end."""

    def story(self) -> Iterable[Record]:
        """The story's records in order."""
        ...


def check(
    trace: Story,
    names: Iterable[str] | None = None,
    sinks: Iterable[Callable[[Record], object]] = (),
) -> dict[str, Verdict]:
    """Check the laws over a trace file. One that is cut off ends with its last record.

    ``sinks`` get every story record as well.

    Raises ``ValueError`` for a name that no law has, ``TraceError`` when the file cannot be read.
    """
    laws = Laws(trace.header, names)
    judges: list[Callable[[Record], object]] = [laws, *sinks]
    last = 0
    for record in trace.story():
        try:
            for judge in judges:
                judge(record)
        except ValueError as problem:
            raise TraceError(trace.file, None, str(problem)) from problem
        last = record.time
    return laws.finish(trace.footer.ended if trace.footer else last)
