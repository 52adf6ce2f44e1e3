"""Runs whose reports the tests open: of shipped scenarios, of the wire, and of a broken client."""

from collections.abc import Sequence
from pathlib import Path

from attrs import evolve, frozen

import sim
from sim.report import Timeline, report
from sim.testing.mutants import mutant
from sim.trace import Record, read

SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"
STORIES = ("flaky", "kick-while-reconnecting", "browser-crash-and-rejoin", "prevent-default")
WIRE = "the wire of kick"
BROKEN = "a broken client"
UNMET = "an expectation that does not hold"
FAULT = mutant("tells-of-a-leaver-twice")
EVERY = (*STORIES, WIRE, BROKEN, UNMET)


@frozen
class Reported:
    """A run, and the file of its report."""

    trace: Path
    records: Sequence[Record]
    timeline: Timeline
    file: Path

    def events(self, *names: str) -> list[tuple[int, Record]]:
        """Row and record of what apps were told under these names."""
        rows = enumerate(self.records)
        return [(row, one) for row, one in rows if one.kind == "event" and one.name in names]


def reported(name: str, folder: Path) -> Reported:
    """The run of that name, and its report."""
    trace = folder / f"{name}.trace.jsonl"
    run(name, trace)
    return report_of(trace)


def run(name: str, trace: Path) -> None:
    """Write the trace of the run of that name."""
    if name == WIRE:
        sim.run(SCENARIOS / "kick.yaml", trace=trace, trace_level="wire")
    elif name == BROKEN:
        sim.run(SCENARIOS / "flaky.yaml", trace=trace, client=FAULT.client_class)
    elif name == UNMET:
        story = evolve(sim.load(SCENARIOS / "kick.yaml"), expect=["bob sees sessionReconnecting"])
        sim.run(story, trace=trace)
    else:
        sim.run(SCENARIOS / f"{name}.yaml", trace=trace)


def report_of(trace: Path) -> Reported:
    """The report of a trace, in a file beside it."""
    shown = report(trace)
    file = shown.save(trace.with_suffix(".html"))
    return Reported(trace, tuple(read(trace)), shown.timeline, file)
