"""The program: its table of verbs, and what becomes of every way in which a verb can end.

Verbs are loaded when they are used, so that ``--help`` costs little more than Python's own start:
the table holds what the list of verbs prints. A verb returns its exit code.
"""

from __future__ import annotations

import errno
import importlib
import shlex
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import click

from sim.cli import exits, terminal
from sim.cli.stopping import code_of, insist, obey
from sim.version import VERSION

GROUPS: Final[dict[str, dict[str, str]]] = {
    "A run": {
        "run": "Run a scenario; tell its story and whether the laws held.",
        "report": "Explain a run at a glance: a page, or another format.",
        "watch": "Show a scenario's report in a browser, anew at each save.",
        "explain": "Tell why something in a trace happened, back to its root.",
        "check": "Judge a recorded trace by the laws and by what its scenario expects.",
        "replay": "Run again what a trace or a replay token names; compare.",
        "diff": "Show where two traces part, and why.",
    },
    "Many runs": {
        "sweep": "Run an experiment: a scenario in many variants, on all cores.",
        "query": "Ask the results of a sweep in SQL: sessions, events, runs, metrics.",
        "compare": "Compare two scenarios, profiles or settings under the same luck.",
        "fit": "Fit a network to recorded losses, delays and outages.",
        "verify": "Compare channels, detection, outages and crowds with theory.",
    },
    "Looking for faults": {
        "fuzz": "Vary a scenario; find what breaks, as small as it can be.",
        "shrink": "Make a failing scenario smaller while the same breaks.",
        "mutants": "Plant faults, and see whether the laws or your own tests find them.",
        "conform": "Re-enact recordings of the real client; compare what apps are told.",
    },
    "Writing and looking up": {
        "validate": "Find every mistake in scenario and experiment files.",
        "schema": "Print the JSON Schema of scenario or experiment files, for editors.",
        "laws": "List the laws with their statements and sources.",
        "quirks": "List the quirks of the shipped client, and what to do about them.",
        "presets": "List the network presets with their numbers and sources.",
        "metrics": "List what can be measured of many runs, with definitions.",
    },
}
"""The verbs by what they are for."""

VERBS: Final = {verb: about for group in GROUPS.values() for verb, about in group.items()}

_EXITS = "\n".join(f"  {code:<5}{meaning}" for code, meaning in exits.MEANING.items())
_EPILOG = f"""\b
Examples:
  python -m sim run scenarios/flaky.yaml
  python -m sim run scenarios/flaky.yaml --replications 200
  python -m sim sweep experiments/grace.yaml -o results/grace

\b
Exit codes:
{_EXITS}"""


class Program(click.Group):
    """A group of verbs that imports a verb's module when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the table's order."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the verb of that name."""
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"sim.cli.verbs.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; of one that there is not, say which was meant."""
        if args[0] not in VERBS:
            from sim.wording import nearest

            guess = nearest(args[0], VERBS)
            if guess:
                ctx.fail(f"No such command {args[0]!r}: did you mean {guess!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs from the table, without loading any."""
        widest = max(map(len, VERBS))
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(verb.ljust(widest), about) for verb, about in verbs.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a failure that is not the user's becomes a request for a report."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as failure:  # noqa: BLE001 - the last line of defence
            return _about_input(failure) or _internal(failure, debug=ctx.params["debug"])

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run a verb and leave with its exit code, or with that of the failure that ended it."""
        terminal.write_anything(sys.stdout, sys.stderr)
        words = sys.argv[1:] if args is None else list(args)
        sys.exit(self._code(words, prog_name, extra | {"color": terminal.colour()}))

    def _code(self, words: list[str], prog_name: str | None, extra: dict[str, Any]) -> int:
        """The one place where whatever ends a command becomes an exit code."""
        try:
            with self.make_context(prog_name, words, **extra) as context:
                return int(self.invoke(context))
        except click.exceptions.Exit as left:
            return left.exit_code
        except (KeyboardInterrupt, click.Abort) as stopped:
            code = code_of(stopped)
            terminal.remark(exits.MEANING[code])
            return code
        except click.ClickException as failure:
            return _refused(failure)
        except BrokenPipeError:
            # What verbs print passes over a reader that has gone; this was a page of help.
            terminal.drop(sys.stdout)
            return exits.HELD
        except OSError as failure:
            return _environment(failure)


def _refused(failure: click.ClickException) -> int:
    """Bad usage: how the verb is used, and what is wrong."""
    if isinstance(failure, click.exceptions.NoArgsIsHelpError):
        terminal.remark(*failure.format_message().split("\n"))
        return exits.BAD_INPUT
    context = failure.ctx if isinstance(failure, click.UsageError) else None
    if context is not None:
        terminal.remark(*context.get_usage().split("\n"))
        terminal.remark(f"Try '{context.command_path} --help' for help.", "")
    terminal.remark(f"Error: {failure.format_message()}")
    return exits.BAD_INPUT


def _about_input(failure: Exception) -> int | None:
    """Say what is wrong with a scenario or a trace; None if it is something else that failed."""
    from sim.cli.mistakes import sentences

    wrong = sentences(failure)
    if wrong is None:
        return None
    terminal.remark(*wrong)
    return exits.BAD_INPUT


def _environment(failure: OSError) -> int:
    """A full disk, a missing file, a directory that may not be written."""
    where = f"{failure.filename}: " if failure.filename else ""
    if failure.errno == errno.ENOSPC and not where:
        terminal.drop(sys.stdout)
    terminal.remark(f"Error: {where}{failure.strerror or failure}")
    return exits.BAD_INPUT


def _internal(failure: Exception, debug: bool) -> int:
    """A fault of ours: ask for a report with all that is needed to see it again."""
    if debug:
        terminal.remark(*"".join(traceback.format_exception(failure)).rstrip().split("\n"))
    terminal.remark(
        f"Error: the simulator itself failed ({type(failure).__name__}: {failure}).",
        "This is not your fault. Please report it, with the scenario file and the output of:",
        f"  python -m sim --debug {shlex.join(sys.argv[1:])}",
    )
    return exits.INTERNAL


@click.command(cls=Program, epilog=_EPILOG, subcommand_metavar="VERB ...")
@click.option(
    "--debug", is_flag=True, envvar="SIM_DEBUG", help="Show tracebacks of our own faults."
)
@click.version_option(VERSION, "--version", "-V", message="session-sim %(version)s")
def program(debug: bool) -> None:
    """Simulate video sessions: who connects, loses the network, is removed, and is told what."""


def main() -> None:
    """Entry point of ``python -m sim`` and of the ``session-sim`` script."""
    obey()
    insist()
    program(prog_name="python -m sim")
