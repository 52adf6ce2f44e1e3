"""``mutants``: planted faults, tried on the laws or on somebody's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from sim.cli import exits, extras, faults, options, progress, terminal
from sim.cli.faults import Row
from sim.cli.stopping import code_of

if TYPE_CHECKING:
    from sim.testing.mutants import Mutant

Try = Callable[["Mutant"], Row]


@click.command(
    epilog="""\b
Examples:
  python -m sim mutants --only loses-signals never-pings
  python -m sim mutants --suite "pytest tests/sessions"
  python -m sim mutants --suite "make test" --json | jq .survived

\b
The JSON object:
  suite       the command, or null
  mutants     list of {name, sentence, breaks, law, caught, by, ...}: with a
              suite {overtime}, else {examples, people, faults, steps,
              reproduced}
  caught      how many were found
  survived    the names of those that were not
  untried     how many were not tried, as it was interrupted
  exit_code   as below

\b
Exit codes: 0 all were found; 1 some survive; 2 there is no such fault, or the
suite cannot be run or fails without one; 130 interrupted, with the table so
far."""
)
@click.option(
    "--suite",
    metavar="COMMAND",
    help="Try them on this suite of tests: a command that runs pytest, such as 'pytest tests'.",
)
@click.option("--only", multiple=True, metavar="NAME...", help="Try these only.")
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--seed",
    type=options.Whole(0),
    metavar="N",
    help="Seed of Hypothesis, without --suite: 0 if not said.",
)
@options.as_json
def command(
    suite: str | None,
    only: tuple[str, ...],
    more: tuple[str, ...],
    seed: int | None,
    as_json: bool,
) -> int:
    """Plant faults, deliberately broken clients, platforms and apps, and see whether they are
    found.

    Without --suite each is looked for with SessionMachine: the table says after how many stories it
    was found, how small the story is that shows it, whether that shows it again when it is run from
    its file, and which law named it. With --suite your own tests are run, first without a fault,
    then with each: the table says which they catch, and by which test. Tests that bring a client, a
    platform or an app of their own keep it.

    The command is run with the same Python, and gets --sim-mutant by way of PYTEST_ADDOPTS, so that
    it may as well be 'make test' or 'tox' (with pass_env = PYTEST_ADDOPTS).
    """
    extras.need("mutants", "hypothesis")
    chosen = _chosen([*only, *more])
    if suite is not None and seed is not None:
        raise click.UsageError("--seed is for SessionMachine: a --suite has seeds of its own.")
    with _trying(suite, seed or 0) as attempt:
        rows, stopped = _tried(chosen, attempt)
    code = stopped or (exits.HELD if all(row.caught for row in rows) else exits.BROKEN)
    if as_json:
        terminal.say_json(faults.summary(suite, rows, len(chosen), code), indent=2)
    else:
        terminal.say(*faults.report(suite, rows, len(chosen), terminal.width()))
    return code


def _chosen(only: Sequence[str]) -> list[Mutant]:
    from sim.testing.mutants import MUTANTS, mutant

    names = [name for each in only for name in each.split(",") if name]
    if only and not names:
        raise click.BadParameter("it names no fault.", param_hint="'--only'")
    try:
        return [mutant(name) for name in dict.fromkeys(names or MUTANTS)]
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="'--only'") from None


@contextmanager
def _trying(suite: str | None, seed: int) -> Iterator[Try]:
    """What tries one fault: on a suite, or with SessionMachine."""
    if suite is None:
        from sim.testing.mutants.trials import search

        with TemporaryDirectory(prefix="sim-mutants-") as folder:
            yield lambda mutant: faults.of_trial(
                search(mutant, save=Path(folder) / mutant.name, seed=seed)
            )
        return
    from sim.testing.mutants.suites import Suite, SuiteError

    try:
        with Suite(suite).trying() as check:
            yield lambda mutant: faults.of_check(check(mutant))
    except SuiteError as problem:
        raise click.BadParameter(str(problem), param_hint="'--suite'") from None


def _tried(chosen: Sequence[Mutant], attempt: Try) -> tuple[list[Row], int]:
    """A row for each; if that is interrupted, the rows so far, and the exit code for it."""
    rows: list[Row] = []
    try:
        with progress.counted(len(chosen), "planted faults") as tell:
            for number, mutant in enumerate(chosen):
                if tell is not None:
                    tell(number, mutant.name)
                rows.append(attempt(mutant))
    except KeyboardInterrupt as stopped:
        return rows, code_of(stopped)
    return rows, 0
