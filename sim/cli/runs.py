"""One run as the command line names it: which scenario, and what is different from its file."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from attrs import evolve, frozen

import sim
from sim import Result, Scenario
from sim.cli import terminal
from sim.cli.inputs import STDIN
from sim.protocol.quirks import Profile
from sim.telling.marks import visible
from sim.trace.target import claim

STDOUT: Final = "-"
SCENARIOS: Final = Path("scenarios")
"""Where a token's scenario is looked for when no files are named."""
PATTERN: Final = "*.y*ml"
"""What files of scenarios are called there."""


@frozen(kw_only=True)
class Run:
    """What to run. None stands for what the scenario says."""

    scenario: Scenario
    file: str | None = None
    """The name of the scenario's file as it was given, None when there is none."""
    recorded: str | None = None
    """The name of the trace that is replayed, None when it is none."""
    read: tuple[str, ...] = ()
    """The names of all files that the run is read from, as they were given."""
    seed: int | None = None
    replication: int = 0
    profile: str | Profile | None = None
    laws: tuple[str, ...] = ()
    permute_ties: bool = False
    max_events: int | None = None
    trace: str | None = None
    trace_level: str = "story"
    report: str | None = None
    """The name of the file that its report is written to, None when none is."""
    force: bool = False

    def claim(self) -> None:
        """Refuse a trace or a report that would replace what the run is read from, or another file.

        Raises :class:`~sim.trace.TraceError`, and :class:`click.UsageError` for a report that
        cannot be.
        """
        if self.trace == STDOUT:
            if sys.stdout is None:
                raise click.ClickException(
                    "standard output is closed: the trace has nowhere to go."
                )
        elif self.trace is not None:
            claim(self.trace, self._inputs(), force=self.force)
        if self.report is not None:
            from sim.cli.reports import check_file, claim_file

            check_file(self.report)
            if self.trace is not None and _are_one(self.trace, self.report):
                raise click.UsageError("--trace and --report name the same file.")
            beside = [] if self.trace in {None, STDOUT} else [str(self.trace)]
            claim_file(self.report, [*self._inputs(), *beside], force=self.force)

    def _inputs(self) -> list[str | int]:
        return [0 if name == STDIN else name for name in self.read]

    @property
    def arguments(self) -> dict[str, Any]:
        """What is different from the scenario, as :func:`sim.run` takes it."""
        return {
            "seed": self.seed,
            "replication": self.replication,
            "profile": self.profile,
            "laws": self.laws or None,
            "permute_ties": self.permute_ties,
            **({"max_events": self.max_events} if self.max_events else {}),
        }

    def result(self, **changes: Any) -> Result:
        """Run it, with these arguments of :func:`sim.run` instead of ours."""
        arguments: dict[str, Any] = {
            **self.arguments,
            "trace": self.trace,
            "trace_level": self.trace_level,
            "force": self.force,
        } | changes
        if arguments["trace"] == STDOUT:
            return self._with_trace_on_stdout(arguments)
        return sim.run(self.scenario, **arguments)

    def _with_trace_on_stdout(self, arguments: dict[str, Any]) -> Result:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "trace.jsonl")
            result = sim.run(self.scenario, **(arguments | {"trace": file}))
            with file.open("rb") as written:
                self._copied(written)
        return result

    @staticmethod
    def _copied(written: Any) -> None:
        try:
            shutil.copyfileobj(written, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            terminal.drop(sys.stdout)

    def save_report(self, replication: int | None = None) -> None:
        """Write the report, if there is to be one: of the run, or of another replication."""
        if self.report is not None:
            from sim.cli.reports import save

            run = self if replication is None else evolve(self, replication=replication)
            save(run, self.report)

    def again(self, result: Result) -> str:
        """The line that runs ``result`` again: see :meth:`line`."""
        return self.line(result.token)

    def line(self, token: str) -> str:
        """The line that runs it again, from the same directory; ``token`` is that of the run.

        What came from standard input must come from there again.
        """
        return " ".join(["python -m sim replay", *map(_quoted, self._named(token))])

    def _named(self, token: str) -> Iterator[str]:
        if self.recorded is not None:
            yield _as_file(self.recorded)
            if self.permute_ties:
                yield "--permute-ties"
            return
        yield token
        if self.file is not None and not _is_found(self.file):
            yield from ("--scenario", _as_file(self.file))


def _are_one(name: str, other: str) -> bool:
    """Whether both names are those of one file, which may not be there yet; devices are none."""
    path, again = map(os.path.realpath, (name, other))
    return path == again and (not os.path.exists(path) or os.path.isfile(path))  # noqa: PTH110, PTH113


def _as_file(name: str) -> str:
    """The name such that no program takes it for an option."""
    return f"./{name}" if name.startswith("-") and name != STDIN else name


def _quoted(word: str) -> str:
    """The word for a shell; what cannot be shown, in the quotes of bash that name characters."""
    if visible(word) == word:
        return shlex.quote(word)
    plain = frozenset(range(0x20, 0x7F)) - set(rb"'\\")
    return "$'" + "".join(chr(b) if b in plain else f"\\x{b:02x}" for b in os.fsencode(word)) + "'"


def _is_found(file: str) -> bool:
    """Whether a token's scenario is looked for in the file without being told."""
    path = Path(file)
    return path.parent == SCENARIOS and path.match(PATTERN)
