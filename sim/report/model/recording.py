"""A run in memory, with what was judged of it: what a timeline is made of."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import define, evolve, field, frozen

from sim.expectations import Outcome, expected_breaches
from sim.judging import judge
from sim.laws import Verdict
from sim.result import SAVED, Result, token_of
from sim.running import run
from sim.scenario import Scenario, load
from sim.trace import Footer, Header, Record, Trace, TraceError, read

WIRE: Final = "wire"
"""The level at which a scenario is run: messages are recorded, heartbeats are not."""
_AGAIN: Final = "python -m sim replay"
_SAVED: Final = "scenario.yaml"
"""What the scenario is called in the line that runs it again, if it has no file."""


@define
class Kept:
    """A trace that has been read: as :class:`sim.trace.Trace`, in memory."""

    file: str
    header: Header
    footer: Footer | None
    records: Sequence[Record] = field(repr=False)

    def story(self) -> Iterator[Record]:
        """The story's records in order."""
        return (record for record in self.records if record.seq)


@frozen(kw_only=True)
class Recording:
    """All that is known of one run."""

    header: Header
    scenario: Scenario | None
    """None if the trace does not hold it, or one that its header does not speak of."""
    records: Sequence[Record] = field(repr=False)
    """Of every level, in order."""
    level: str
    digest: str
    """"" if it was cut off."""
    ended: int
    verdicts: Mapping[str, Verdict] = field(repr=False)
    expectations: tuple[Outcome, ...] = field(repr=False)
    token: str
    again: str
    warnings: tuple[str, ...] = ()

    @property
    def expected(self) -> frozenset[str]:
        """The laws that are expected to break."""
        return frozenset(expected_breaches(self.scenario.expect) if self.scenario else ())


def of_trace(trace: Trace) -> Recording:
    """A trace, whole or cut off; a stream is read once.

    Raises :class:`~sim.trace.TraceError` where it cannot be read.
    """
    records = list(trace)
    kept = Kept(trace.file, trace.header, trace.footer, records)
    judged = judge(kept)
    unjudged = f"expectations were not judged: {judged.unjudged}"
    last = records[-1].time if records else 0
    return Recording(
        header=trace.header,
        scenario=judged.scenario,
        records=records,
        level=trace.header.level,
        digest=trace.footer.digest if trace.footer else "",
        ended=max(trace.footer.ended, last) if trace.footer else last,
        verdicts=judged.verdicts,
        expectations=judged.expectations or (),
        token=str(token_of(judged.scenario, trace.header)) if judged.scenario else "",
        again=f"{_AGAIN} {_as_file(trace.file)}" if judged.scenario and trace.rereadable else "",
        warnings=(*trace.warnings, *([unjudged] if judged.unjudged else [])),
    )


def of_result(result: Result) -> Recording:
    """A run that kept its records. Raises ``ValueError`` if it did not."""
    if result.count and not result.records:
        raise ValueError("the run kept no records: run it with keep=True, or report its trace")
    return Recording(
        header=result.header,
        scenario=result.as_run(),
        records=result.records,
        level="story",
        digest=result.digest,
        ended=result.ended,
        verdicts=result.laws,
        expectations=result.expectations,
        token=result.token,
        again=result.rerun.replace(SAVED, _SAVED, 1),
    )


def of_scenario(source: str | os.PathLike[str] | Scenario, **options: Any) -> Recording:
    """Run a scenario, with these arguments of :func:`sim.run`, and keep its messages, too.

    Its trace goes through a file, which is gone when this returns. Raises what :func:`sim.run`
    raises.
    """
    scenario = source if isinstance(source, Scenario) else load(source)
    with TemporaryDirectory() as folder:
        file = Path(folder, "trace.jsonl")
        arguments = {"trace_level": WIRE, **options, "trace": file, "keep": False}
        with _said_of(folder):
            result = run(scenario, **arguments)
        trace = read(file)
        records = list(trace)
    whole = of_result(evolve(result, records=records, trace_path=None))
    shown = evolve(whole, level=trace.header.level)
    if isinstance(source, Scenario):
        return shown
    again = f"{_AGAIN} {shlex.quote(result.token)} --scenario {_as_file(os.fspath(source))}"
    return evolve(shown, scenario=scenario, again=again)


@contextmanager
def _said_of(folder: str) -> Iterator[None]:
    """Nobody has asked for a trace: that it cannot be written is a matter of the folder."""
    try:
        yield
    except TraceError as problem:
        where = os.path.dirname(folder)  # noqa: PTH120 - a name, not a file
        why = getattr(problem.__cause__, "strerror", None) or problem.sentence
        told = f"the messages of the run cannot be kept there: {why}"
        raise TraceError(where, None, told) from problem


def _as_file(name: str) -> str:
    """The name of a file for a shell, such that no program takes it for an option."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
