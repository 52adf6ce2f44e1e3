"""A run as a Chrome trace, which opens in Perfetto's viewer (ui.perfetto.dev).

A lane is a process. Its tracks (session, Publisher, Subscribers, link) are asynchronous slices, one
slice around the whole and one in it for each state; its records are short slices of a thread, those
of one instant together; messages are flows between such slices; faults are asynchronous slices, and
breaches are instants of the whole trace. How many people, publishers and subscribers there are is
in counters. Times are in microseconds, the format's own unit.

Source: "Trace Event Format", sections on duration, asynchronous, flow, counter, instant and
metadata events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain, count
from typing import Any, Final

from sim.report.formats.causes import told
from sim.report.formats.rows import counts
from sim.report.model.timeline import (
    PUBLISHER,
    SESSION,
    SUBSCRIBER,
    Timeline,
    Track,
)
from sim.trace import decode, encode

Event = dict[str, Any]

_RECORDS: Final = 1
"""The thread of a lane's records; a process has no other that is synchronous."""
_INSTANT: Final = 1
"""How long a record's slice is, in microseconds: flows do not find one without length."""

COUNTED: Final[Mapping[str, str]] = {
    "people here": SESSION,
    "publishers": PUBLISHER,
    "subscribers": SUBSCRIBER,
}
"""Counter → the kind of track of which it counts those that are live."""
_COUNTERS: Final = "live counts"


def write(timeline: Timeline) -> str:
    """The trace as JSON."""
    numbers = count(1)
    events = chain(
        _names(timeline),
        _tracks(timeline, numbers),
        _faults(timeline, numbers),
        _records(timeline),
        _messages(timeline, numbers),
        _counters(timeline),
        _findings(timeline),
    )
    about = {
        "scenario": timeline.title,
        "about": timeline.about,
        **timeline.facts,
        "again": timeline.again,
        "warnings": list(timeline.warnings),
    }
    listed = ",\n".join(json.dumps(event, allow_nan=False) for event in events)
    return (
        f'{{"displayTimeUnit": "ms",\n"otherData": {json.dumps(about)},\n'
        f'"traceEvents": [\n{listed}\n]}}\n'
    )


def _process(lane: int) -> int:
    """Processes are counted from 1; the one after the lanes is that of the counters."""
    return lane + 1


def _names(timeline: Timeline) -> Iterator[Event]:
    names = [
        *(
            lane.name if lane.is_platform else f"{lane.name} ({lane.role})"
            for lane in timeline.lanes
        ),
        _COUNTERS,
    ]
    for lane, name in enumerate(names):
        at = {"ph": "M", "pid": _process(lane)}
        yield {**at, "name": "process_name", "args": {"name": name}}
        yield {**at, "name": "process_sort_index", "args": {"sort_index": lane}}
        if name is not _COUNTERS:
            thread = {**at, "tid": _RECORDS}
            yield {**thread, "name": "thread_name", "args": {"name": "what happened"}}


def _tracks(timeline: Timeline, numbers: Iterator[int]) -> Iterator[Event]:
    for lane, each in enumerate(timeline.lanes):
        for track in each.tracks:
            if track.bands:
                yield from _track(timeline, lane, track, next(numbers))


def _track(timeline: Timeline, lane: int, track: Track, number: int) -> Iterator[Event]:
    """Nested by their order: what begins last at an instant ends first at another."""
    at = {"cat": track.kind, "id": hex(number), "pid": _process(lane), "tid": _RECORDS}
    whole = {**at, "name": track.label}
    yield {**whole, "ph": "b", "ts": track.bands[0].began}
    for band in track.bands:
        state = {**at, "name": band.state}
        yield {**state, "ph": "b", "ts": band.began, "args": {"why": told(timeline, band.row)}}
        until = {} if band.until is None else {"until": told(timeline, band.until)}
        yield {**state, "ph": "e", "ts": band.ended, "args": until}
    yield {**whole, "ph": "e", "ts": max(band.ended for band in track.bands)}


def _faults(timeline: Timeline, numbers: Iterator[int]) -> Iterator[Event]:
    for shade in timeline.shades:
        at = {"cat": "fault", "id": hex(next(numbers)), "pid": _process(shade.lane)}
        at |= {"tid": _RECORDS, "name": shade.label}
        yield {**at, "ph": "b", "ts": shade.began, "args": {"why": told(timeline, shade.row)}}
        yield {**at, "ph": "e", "ts": shade.ended}


def _records(timeline: Timeline) -> Iterator[Event]:
    """What happened in one lane at one instant is one slice; so is the end of a message."""
    rows: dict[tuple[int, int], list[int]] = {}
    for row, record in enumerate(timeline.records):
        rows.setdefault((timeline.lane_of[row], record.time), []).append(row)
    labels: dict[tuple[int, int], str] = {}
    for arrow in timeline.arrows:
        labels.setdefault((arrow.source, arrow.sent), arrow.label)
        if arrow.got is not None:
            labels.setdefault((arrow.target, arrow.got), arrow.label)
    for lane, time in sorted({*rows, *labels}):
        here = rows.get((lane, time), [])
        name = timeline.told[here[0]] if here else labels[lane, time]
        more = f" (+{len(here) - 1})" if len(here) > 1 else ""
        yield {
            "ph": "X",
            "name": name + more,
            "cat": "record",
            "pid": _process(lane),
            "tid": _RECORDS,
            "ts": time,
            "dur": _INSTANT,
            "args": {"records": [_record(timeline, row) for row in here]},
        }


def _record(timeline: Timeline, row: int) -> Event:
    plain, _ = decode(encode(timeline.records[row]))  # an app may have sent anything as a signal
    said = {"told": told(timeline, row), "object": plain.object, "kind": plain.kind}
    return {**said, "name": plain.name, "data": plain.data, "cause": plain.cause}


def _messages(timeline: Timeline, numbers: Iterator[int]) -> Iterator[Event]:
    """A flow leads from one slice to another; what was lost is an instant of its sender."""
    for arrow in timeline.arrows:
        sent = {"cat": "message", "pid": _process(arrow.source), "tid": _RECORDS, "ts": arrow.sent}
        if arrow.got is None:
            yield {**sent, "ph": "i", "s": "t", "name": f"lost: {arrow.label}"}
            continue
        flow = {**sent, "id": next(numbers), "name": arrow.label}
        yield {**flow, "ph": "s"}
        yield {**flow, "ph": "f", "bp": "e", "pid": _process(arrow.target), "ts": arrow.got}


def _counters(timeline: Timeline) -> Iterator[Event]:
    at = {"ph": "C", "pid": _process(len(timeline.lanes)), "tid": 0}
    tracks = [track for lane in timeline.lanes for track in lane.tracks]
    for name, kind in COUNTED.items():
        for time, number in counts(track for track in tracks if track.kind == kind):
            yield {**at, "name": name, "ts": time, "args": {name: number}}


def _findings(timeline: Timeline) -> Iterator[Event]:
    for finding in timeline.findings:
        lane = len(timeline.lanes) if finding.row is None else timeline.lane_of[finding.row]
        yield {
            "ph": "i",
            "s": "g",
            "cat": finding.kind,
            "name": f"{'expected: ' if finding.is_expected else ''}{finding.name} broke",
            "pid": _process(lane),
            "tid": _RECORDS,
            "ts": finding.time,
            "args": {"sentence": finding.sentence},
        }
