"""Stories for tests of reports, and how to look at their bands."""

from hypothesis import settings

import sim
from sim.report.model.building import timeline
from sim.testing import strategies as ss

FEW = settings(max_examples=30)
"""Each example is a run or two."""


STORIES = ss.scenarios(people=(1, 3), duration=("10s", "1min"), steps=(0, 5))


def traced(scenario, folder, level="wire", **options):
    """The trace of a run, as a file."""
    file = folder / "trace.jsonl"
    sim.run(scenario, trace=file, trace_level=level, **options)
    return file


def cut_off(file, lines):
    """That trace with its first lines only: a run that was killed."""
    every = file.read_bytes().splitlines(keepends=True)
    shorter = file.with_name("cut.jsonl")
    shorter.write_bytes(b"".join(every[: max(1, lines)]))
    return shorter


def lane(shown, name):
    """Somebody's lane."""
    return next(each for each in shown.lanes if each.name == name and not each.is_platform)


def track(of, kind, label=None):
    """A track of a lane, the first of its kind unless a label is given."""
    return next(each for each in of.tracks if each.kind == kind and label in (None, each.label))


def state_at(of, row):
    """The state of a track when that row has been told; None if it was not there."""
    bands = (b for b in of.bands if b.row <= row and (b.until is None or row < b.until))
    return next((band.state for band in bands), None)


def lasting(bands, same=lambda state: state):
    """Bands as (began, ended, state), without moments; neighbours of one state are joined."""
    joined = []
    for band in bands:
        state = same(band.state)
        if band.began == band.ended:
            continue
        if joined and joined[-1][1:] == (band.began, state):
            joined[-1] = (joined[-1][0], band.ended, state)
        else:
            joined.append((band.began, band.ended, state))
    return joined


def of_story(text, **options):
    """The timeline of a scenario's YAML."""
    return timeline(sim.loads(text), **options)
