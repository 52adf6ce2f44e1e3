"""``watch``: a scenario's report in a browser, made anew whenever the file is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli import exits, extras, inputs, options, terminal

if TYPE_CHECKING:
    from sim.cli.watching.board import Board
    from sim.cli.watching.changes import Changes
    from sim.report import Report


@click.command(
    epilog="""\b
Examples:
  python -m sim watch scenarios/flaky.yaml --open
  python -m sim watch mine.yaml --profile opentok.js-2.35.2

\b
Exit codes: 2 bad usage, or no such file; 130 ended with Ctrl-C."""
)
@click.argument("scenario", metavar="SCENARIO")
@options.seed
@options.profile
@click.option("--open", "is_opened", is_flag=True, help="Open the page in the browser.")
def command(scenario: str, seed: int | None, profile: str | None, is_opened: bool) -> int:
    """Run the SCENARIO whenever its file is saved, and show its report in a browser.

    Prints an address of this machine, which nobody else can reach, and the verdict of each run.
    While the file has mistakes they are listed, and the last picture stays. Ctrl-C ends it.
    """
    from sim.cli.reports import open_address
    from sim.cli.watching.board import Board
    from sim.cli.watching.changes import Changes
    from sim.cli.watching.server import serving

    if scenario == inputs.STDIN:
        raise click.UsageError("Only a file can be saved, and - is standard input.")
    extras.need("watch", "watchfiles", extra="watch")
    with open(scenario, "rb"):  # noqa: PTH123 - a name that is none is refused as any other
        pass
    board = Board()
    with Changes(scenario) as changes, serving(board) as address:
        terminal.say(f"{address} shows {scenario} whenever it is saved; Ctrl-C ends it")
        if is_opened:
            open_address(address)
        while True:
            _run(scenario, seed, profile, board, changes)
            changes.wait()


class _SupersededError(Exception):
    """The file has been saved again while it ran."""


def _run(file: str, seed: int | None, profile: str | None, board: Board, changes: Changes) -> None:
    """Run the scenario as it is now, and put on the board what comes of it."""
    from sim.cli.mistakes import sentences
    from sim.cli.reports import of_run
    from sim.cli.runs import Run

    def look(now: int) -> None:
        if changes.is_pending:
            raise _SupersededError

    try:
        run = Run(scenario=inputs.scenario(file), file=file, seed=seed, profile=profile)
        shown = of_run(run, look)
        page = shown.html()
    except _SupersededError:
        return
    except Exception as failure:
        wrong = sentences(failure)
        if wrong is None:
            raise
        terminal.remark(*wrong)
        board.mistakes(wrong)
        return
    verdict = _verdict(shown)
    terminal.say(verdict)
    board.picture(page, verdict)


def _verdict(shown: Report) -> str:
    """The verdict in a line, with what broke."""
    broken = [each.name for each in shown.timeline.findings if not each.is_expected]
    said = exits.VERDICT[exits.BROKEN if broken else exits.HELD]
    details = "; ".join(dict.fromkeys(broken))
    return f"{shown.timeline.title}: {said}" + (f": {details}" if details else "")
