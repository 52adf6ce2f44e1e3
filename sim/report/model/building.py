"""A run as a picture: all parts of a timeline put together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from sim.report.model.arrows import arrows
from sim.report.model.connections import Connections
from sim.report.model.findings import findings
from sim.report.model.lanes import Lanes, lane_of
from sim.report.model.links import LinkBands
from sim.report.model.page import Page
from sim.report.model.recording import Recording, of_result, of_scenario, of_trace
from sim.report.model.shades import Shades
from sim.report.model.stretches import stretches
from sim.report.model.timeline import PLATFORM, Lane, Shade, Timeline
from sim.report.model.told import told
from sim.result import Result
from sim.scenario import Scenario, dump
from sim.trace import Trace, read
from sim.trace.reader import LONGEST_LINE, begins_trace

Source = Trace | Result | Scenario | str | os.PathLike[str] | IO[bytes]
"""What can be shown: a trace, a result, a scenario; a file with a trace or a scenario, or a stream
with a trace."""


def timeline(source: Source, **options: Any) -> Timeline:
    """The picture of a run.

    ``source`` is a :class:`~sim.trace.Trace`, a :class:`~sim.Result` that kept its records, a
    :class:`~sim.Scenario`, or a file that holds a trace or a scenario. A scenario is run, with
    ``options`` as :func:`sim.run` takes them; ``again`` is the line that shows the run again, if
    the caller knows a better one.

    Raises ``ValueError`` for a result without records and for options where nothing is run, and
    what :func:`sim.run` and :func:`sim.read_trace` raise.
    """
    again = options.pop("again", "")
    recording = _recording(source, options)
    return drawn(recording, again or recording.again)


def _recording(source: Source, options: Mapping[str, Any]) -> Recording:
    if isinstance(source, str | os.PathLike):
        if not _is_trace(source):
            return of_scenario(source, **options)
    elif isinstance(source, Scenario):
        return of_scenario(source, **options)
    if options:
        raise ValueError(f"{', '.join(options)}: only a scenario is run, and this has been run")
    if isinstance(source, Result):
        return of_result(source)
    return of_trace(source if isinstance(source, Trace) else read(source))


def _is_trace(name: str | os.PathLike[str]) -> bool:
    """Whether its first line is that of one. A file that cannot be read is left to who reads it."""
    try:
        with Path(name).open("rb") as file:
            return begins_trace(file.readline(LONGEST_LINE))
    except (OSError, ValueError):
        return False


@frozen
class _Person:
    """What is gathered of one person."""

    page: Page
    link: LinkBands
    shades: Shades


def drawn(recording: Recording, again: str) -> Timeline:
    """The picture of a recording."""
    records, header, ended = recording.records, recording.header, recording.ended
    lanes = Lanes.of(header, records)
    places = lane_of(lanes, records)
    tracks, shades = _followed(recording, lanes)
    rows = {record.seq: row for row, record in enumerate(records) if record.seq}
    story = recording.scenario
    found = tuple(findings(recording, rows))
    return Timeline(
        title=header.name or (story.name if story else ""),
        about=story.about if story else "",
        seed=header.seed,
        replication=header.replication,
        profile=header.profile,
        version=header.version,
        digest=recording.digest,
        token=recording.token,
        again=again,
        scenario=dump(story) if story else "",
        level=recording.level,
        ended=ended,
        lanes=tracks,
        records=records,
        told=list(told(records)),
        lane_of=places,
        arrows=tuple(arrows(records, lanes, places)),
        shades=shades,
        findings=found,
        laws={name: verdict.outcome for name, verdict in recording.verdicts.items()},
        expectations={outcome.text: outcome.held for outcome in recording.expectations},
        stretches=tuple(stretches(records, ended, [each.time for each in found])),
        warnings=recording.warnings,
    )


def _followed(recording: Recording, lanes: Lanes) -> tuple[tuple[Lane, ...], tuple[Shade, ...]]:
    """The lanes with their bands, and the faults in them."""
    people = [_Person(Page(), LinkBands(), Shades(lane)) for lane in range(lanes.platform)]
    platform = Connections()
    for row, record in enumerate(recording.records):
        is_message = record.kind == "message"
        if is_message and record.object == "socket":
            continue
        if record.object == "platform":
            platform.see(record, row)
            continue
        lane = lanes.person(record.client)
        if lane == lanes.platform:
            continue
        person = people[lane]
        person.link.see(record, row)
        if not is_message:
            person.page.see(record, row)
            person.shades.see(record, row)
    ended = recording.ended
    own = [
        Lane(name, role, (*person.page.tracks(ended), *person.link.tracks(ended)))
        for name, role, person in zip(lanes.names, lanes.roles, people, strict=True)
    ]
    every = [shade for person in people for shade in person.shades.shades(ended)]
    last = Lane(PLATFORM, "", tuple(platform.tracks(ended)), is_platform=True)
    return (*own, last), tuple(sorted(every, key=lambda shade: (shade.began, shade.row)))
