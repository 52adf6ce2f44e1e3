"""Reports as the command line asks for them: of what, in which format, and where they go."""

from __future__ import annotations

import io
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import evolve, field, frozen

from sim.cli import exits, inputs, progress, terminal
from sim.cli.inputs import STDIN
from sim.cli.runs import STDOUT, Run
from sim.report import HTML, Report, format_of, report
from sim.report.files import is_report, put
from sim.report.formats import FORMATS
from sim.scenario import Scenario
from sim.trace import Trace, TraceError, read
from sim.trace.reader import LONGEST_LINE, begins_trace
from sim.trace.target import claim

if TYPE_CHECKING:
    from sim.overview import Overview
    from sim.research.results import Results

NAMES: Final = (HTML, *FORMATS)
"""The formats that there are."""


@frozen
class Source:
    """What is reported: a trace, or a scenario that is run."""

    name: str
    what: Trace | Scenario = field(repr=False)

    @property
    def stem(self) -> str:
        """What a report of it is called, without a suffix."""
        if self.name == STDIN:
            return "report"
        return Path(self.name).name.split(".")[0] or "report"

    def code(self, shown: Report) -> int:
        """The exit code that its report gives: as ``run`` or ``check`` give it."""
        if any(not each.is_expected for each in shown.timeline.findings):
            return exits.BROKEN
        if isinstance(self.what, Trace) and (self.what.warnings or not self.what.complete):
            return exits.INCONCLUSIVE
        return exits.HELD

    def report(self, **options: Any) -> Report:
        """Its report. A scenario is run, with these options as :func:`sim.run` takes them.

        Raises :class:`click.UsageError` for options where nothing is run.
        """
        options = {name: value for name, value in options.items() if value is not None}
        if isinstance(self.what, Trace):
            for name in options:
                raise click.UsageError(f"--{name} is for a scenario, and this is a trace.")
            return report(self.what)
        return of_run(Run(scenario=self.what, file=self.name, **options))


@frozen
class Sweep:
    """What is reported: the folder of a sweep's results."""

    name: str
    results: Results = field(repr=False)

    @property
    def stem(self) -> str:
        """What a report of it is called, without a suffix."""
        return Path(self.name).resolve().name or "report"

    def check(self, format: str) -> None:
        """Refuse a format that it cannot have. Raises :class:`click.UsageError`."""
        from sim.overview import check_format

        try:
            check_format(format)
        except ValueError as problem:
            raise click.UsageError(f"{problem}.") from None

    def overview(self, runs: int | None) -> Overview:
        """Its page, with so many of the worst runs. Raises :class:`click.ClickException`."""
        from sim.overview import FEW, overview

        most = FEW if runs is None else runs
        with progress.counted(most, "worst runs", steady=True) as tell:
            try:
                return overview(self.results, most, tell and (lambda done: tell(done, "")))
            except ValueError as problem:
                raise click.ClickException(f"{problem}.") from None

    def code(self) -> int:
        """The exit code that its report gives: as ``sweep`` gives it, or that it is not all."""
        if not self.results.held:
            return exits.BROKEN
        return exits.HELD if self.results.complete else exits.INCONCLUSIVE


def source(name: str) -> Source:
    """The trace or the scenario in the file of that name; ``-`` is standard input.

    Raises what :mod:`sim.cli.inputs` raises for the one that it is.
    """
    if name != STDIN:
        return Source(name, inputs.trace(name) if _is_trace(name) else inputs.scenario(name))
    from sim.laws import catalogue
    from sim.scenario import loads

    written = inputs.standard_input().read()
    if _is_trace(io.BytesIO(written)):
        return Source(name, read(io.BytesIO(written)))
    return Source(name, loads(written, "<stdin>", catalogue().keys()))


def _is_trace(file: str | io.BytesIO) -> bool:
    """Whether its first line is that of a trace."""
    try:
        with open(file, "rb") if isinstance(file, str) else file as begun:  # noqa: PTH123
            return begins_trace(begun.readline(LONGEST_LINE))
    except OSError:
        return False  # It is said of a scenario's file what is wrong with it.


def of_run(run: Run, also: Callable[[int], object] | None = None) -> Report:
    """The report of a run, with its messages: it is run for them, once more if it has been.

    ``also`` is told the virtual time as the run goes on, and may end it by raising something.
    """

    def tell(now: int) -> None:
        for each in (told, also):
            if each is not None:
                each(now)

    with progress.shown(run.scenario.duration) as told:
        shown = report(run.scenario, progress=tell, **run.arguments)
    return Report(evolve(shown.timeline, again=run.line(shown.timeline.token)))


# -- where it goes ---------------------------------------------------------------------------------


def format_for(name: str | None, file: str | None, option: str = "-o") -> str:
    """The format that is named, or that of the file, or else the page.

    Raises :class:`click.BadParameter`.
    """
    if name is not None:
        return name
    if file is None or file == STDOUT:
        return HTML
    try:
        return format_of(Path(file).name)
    except ValueError as problem:
        further = ", or name a --format" if option == "-o" else ""
        raise click.BadParameter(f"{problem}{further}.", param_hint=repr(option)) from None


def claim_file(file: str, inputs: Iterable[str | int], *, force: bool) -> None:
    """Refuse a file that a report would destroy. Raises :class:`~sim.trace.TraceError`."""
    claim(file, inputs, force=force, what="report", is_one=is_report)
    if not Path(file).absolute().parent.is_dir():  # before a long run, and not after it
        raise TraceError(file, None, "the report cannot be written: there is no such folder")


def save(run: Run, file: str) -> None:
    """Write the report of a run, in the format that the file's suffix says."""
    write(file, of_run(run).to(format_of(Path(file).name)))


def write(file: str, written: str | bytes) -> None:
    """Write a report to a file. Raises :class:`~sim.trace.TraceError` where that cannot be."""
    try:
        put(file, written)
    except OSError as problem:
        raise TraceError(file, None, f"the report cannot be written: {problem.strerror}") from None


def check_file(file: str) -> None:
    """Refuse a file that ``run --report`` cannot write. Raises :class:`click.UsageError`."""
    if file == STDOUT:
        raise click.UsageError("--report needs a FILE: `report SCENARIO -o -` prints a report.")
    if format_for(None, file, "--report") == "events":
        raise click.UsageError("The format events is of one app: `report` has --person for it.")


def give(written: str | bytes) -> None:
    """Print a report."""
    if isinstance(written, bytes):
        written = written.decode("utf-8")
    terminal.give(written)


def show(file: str) -> None:
    """Open a file in the browser, or say that there is none."""
    _browse(Path(file).resolve().as_uri(), file)


def open_address(address: str) -> None:
    """Open an address in the browser, or say that there is none."""
    _browse(address, address)


def _browse(address: str, name: str) -> None:
    if not webbrowser.open(address):
        terminal.remark(f"no browser could be opened: open {name} yourself")
