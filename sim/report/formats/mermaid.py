"""A run as a Mermaid sequence diagram, which issues and chats show as a picture.

It has the participants concerned and no others: of a breach, what led to it; of a run in which
nothing broke, what mattered. Names and data are untrusted: what is syntax to Mermaid, or might
become so, is written as its entity.

Source: Mermaid's documentation, "Sequence diagrams", with "Entity codes to escape characters".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from sim.protocol.records import Trait, named
from sim.protocol.units import SECOND, format_clock
from sim.report.formats.causes import failures, lanes_of, led_to, rows_by_number
from sim.report.model.timeline import Finding, Timeline
from sim.telling.columns import balanced
from sim.telling.marks import visible
from sim.telling.rounds import rounds
from sim.telling.words import duration
from sim.trace import Record, causes
from sim.wording import bare

_MOST_FINDINGS: Final = 3
_MOST_ROWS: Final = 60
"""More make no picture; and what is shown in an issue has less than 50,000 characters."""
_LONGEST: Final = 240
_WIDTH: Final = 44
"""Characters after which a text is broken."""
_NEWS: Final = SECOND
"""A gap that is longer is worth a note."""
_FAULT: Final = "rect rgba(200, 60, 40, 0.15)"

_UNSAFE: Final = re.compile(r"[^A-Za-zÀ-ÖØ-Þà-öø-ÿ0-9 _.:,()'/!?=+*–…-]")
_DIRECTIVE: Final = re.compile(r"style|classDef", re.IGNORECASE)
"""Mermaid looks for these words, and takes a semicolon away in lines that have them."""

_RANKS: Final = (
    frozenset(named(Trait.ENDS_SESSION, Trait.ENDS_PAGE)),
    frozenset(named(Trait.CUTS_LINK, Trait.BEGINS_OUTAGE, Trait.ENDS_OUTAGE)),
    frozenset(named(Trait.BEGINS_SESSION, Trait.HEALS_LINK, Trait.WORSENS_LINK)),
)
"""What matters in a run in which nothing broke, by kind and name, after what the script says."""
_HEALING: Final = frozenset(named(Trait.HEALS_LINK))


def write(timeline: Timeline) -> str:
    """The diagram; of several breaches it shows the first few."""
    findings = failures(timeline) or timeline.findings
    shown = findings[:_MOST_FINDINGS]
    if shown:
        rows = sorted({at for each in shown for at in _leading(timeline, each)})
    else:
        rows = _important(timeline)
    lines = ["sequenceDiagram", f"    title {_title(timeline)}"]
    lanes = lanes_of(timeline, rows) or list(range(len(timeline.lanes)))[:1]
    lines += [f"    participant p{at} as {_name(timeline.lanes[at].name)}" for at in lanes]
    lines += [f"    {line}" for line in _body(timeline, rows, shown, _over(lanes))]
    lines += [f"    {line}" for line in _notes(timeline, findings, rows, _over(lanes))]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text as Mermaid shows it, whatever is in it; in one line.

    >>> escaped("a; end #1")
    'a#59; end #35;1'
    """
    safe = _UNSAFE.sub(lambda each: f"#{ord(each[0])};", visible(text))
    return _DIRECTIVE.sub(lambda each: f"#{ord(each[0][0])};{each[0][1:]}", safe)


def _name(name: str) -> str:
    return escaped(bare(name, _WIDTH)).replace(":", "#58;") or "#45;"


def _title(timeline: Timeline) -> str:
    return escaped(bare(f"{timeline.title}, seed {timeline.seed}, {timeline.profile}", 2 * _WIDTH))


def _words(text: str) -> str:
    """A longer text, broken into lines."""
    return "<br/>".join(map(escaped, balanced(visible(bare(text, _LONGEST)), _WIDTH)))


def _over(lanes: Sequence[int]) -> str:
    """The place of a note over all lanes."""
    return f"p{lanes[0]},p{lanes[-1]}" if len(lanes) > 1 else f"p{lanes[0]}"


# -- which rows ------------------------------------------------------------------------------------


def _leading(timeline: Timeline, finding: Finding) -> tuple[int, ...]:
    return () if finding.row is None else led_to(timeline, finding.row)


def _important(timeline: Timeline) -> list[int]:
    """The rows that matter most in a run in which nothing broke."""
    ranked = (
        (rank, row)
        for row, record in enumerate(timeline.records)
        if (rank := _rank(record)) is not None
    )
    return sorted(row for _, row in sorted(ranked)[:_MOST_ROWS])


def _rank(record: Record) -> int | None:
    if not record.seq:
        return None
    if record.cause is None and record.kind in ("call", "fault") and record.name != "connect":
        return 0
    key = record.kind, record.name
    return next((rank for rank, keys in enumerate(_RANKS, 1) if key in keys), None)


# -- what is written -------------------------------------------------------------------------------


def _body(
    timeline: Timeline, rows: Sequence[int], findings: Iterable[Finding], over: str
) -> Iterator[str]:
    """The rows in order, and each breach when it was found.

    A long pause is one note, and so are rounds that come again and again.
    """
    origin = _origins(timeline, rows)
    found = sorted(findings, key=lambda each: each.time)
    before: int | None = None
    for row, hidden in _unrolled(timeline, rows):
        time = timeline.records[row].time
        while found and found[0].time < time:
            yield from _breach(found.pop(0), over)
        if hidden:
            yield f"Note over {over}: … {hidden} more like these, until {format_clock(time)}"
        elif before is not None and time - before >= _NEWS:
            yield f"Note over {over}: {escaped(duration(time - before))} later"
        yield from _row(timeline, row, origin(row))
        before = time
    for each in found:
        yield from _breach(each, over)


def _unrolled(timeline: Timeline, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each row that is shown, with how many are hidden before it."""
    skipped = {
        each.hidden[1]: each.hidden[1] - each.hidden[0]
        for each in rounds([timeline.records[row] for row in rows])
    }
    gone = {at - back for at, size in skipped.items() for back in range(1, size + 1)}
    for at, row in enumerate(rows):
        if at not in gone:
            yield row, skipped.get(at, 0)


def _origins(timeline: Timeline, rows: Collection[int]) -> Callable[[int], int | None]:
    """A function from a row to the nearest one before that is shown and led to it."""
    shown, numbered = set(rows), rows_by_number(timeline)

    def origin(row: int) -> int | None:
        at = numbered.get(timeline.records[row].cause or 0)
        while at is not None and at not in shown:
            at = numbered.get(timeline.records[at].cause or 0)
        return at

    return origin


def _row(timeline: Timeline, row: int, origin: int | None) -> Iterable[str]:
    record, lane = timeline.records[row], timeline.lane_of[row]
    words = _words(f"{format_clock(record.time)} {timeline.told[row]}{_besides(record)}")
    if record.kind == "fault" and (record.kind, record.name) not in _HEALING:
        return _FAULT, f"Note over p{lane}: {words}", "end"
    source = lane if origin is None else timeline.lane_of[origin]
    if source == lane:
        return (f"Note over p{lane}: {words}",)
    is_direct = origin is not None and timeline.records[origin].seq == record.cause
    return (f"p{source}{'->>' if is_direct else '-->>'}p{lane}: {words}",)


def _besides(record: Record) -> str:
    further = [number for number in causes(record) if number != record.cause]
    return "".join(f" (besides #{number})" for number in further[:3])


def _breach(finding: Finding, over: str) -> Iterable[str]:
    what = "EXPECTED" if finding.is_expected else "BROKEN"
    words = _words(f"{what} {format_clock(finding.time)} {finding.name}: {finding.sentence}")
    return _FAULT, f"Note over {over}: {words}", "end"


def _notes(
    timeline: Timeline, findings: Sequence[Finding], rows: Sequence[int], over: str
) -> Iterator[str]:
    """What is not in the picture is said."""
    more = len(findings) - _MOST_FINDINGS
    left = sum(_rank(record) is not None for record in timeline.records) - len(rows)
    says = [
        *timeline.warnings,
        *([f"and {more} more breaches"] if more > 0 else []),
        *([f"{left} more outages and ends are not shown"] if not findings and left > 0 else []),
        *([f"Again: {timeline.again}"] if timeline.again else []),
    ]
    yield from (f"Note over {over}: {_words(text)}" for text in says)
