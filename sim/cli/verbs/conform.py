"""``conform``: recordings of the real client, re-enacted and compared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from sim.cli import exits, inputs, options, terminal

if TYPE_CHECKING:
    from sim.conform import Case


@click.command(
    epilog="""\b
Examples:
  python -m sim conform tests/data/conformance/*.json
  python -m sim conform --json CASE.json | jq .differences"""
)
@click.argument("files", metavar="CASE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a case, one a line.")
@options.quiet
def command(files: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Re-enact recordings of the real client (CASE.json) and compare what the apps are told.

    For each case it prints `held`, or the first difference: the recording beside the simulator,
    the simulator's records around it, and what led there. docs/conformance.md has the rules.

    Exit code 0: all held. 1: one differs. 2: a file is no case; the others are run all the same.
    `-` reads standard input.
    """
    counts = Counter(_outcome(file, as_json, quiet) for file in files)
    if len(files) > 1 and not as_json:
        kinds = ("held", "differs", "bad")
        terminal.say(", ".join(f"{counts[kind]} {kind}" for kind in kinds if counts[kind]))
    if counts["bad"]:
        return exits.BAD_INPUT
    return exits.BROKEN if counts["differs"] else exits.HELD


def _outcome(file: str, as_json: bool, quiet: bool) -> str:
    """Run one case and print what came of it: ``held``, ``differs`` or ``bad``."""
    from sim.cli import recordings
    from sim.conform import CaseError, compare, reenact

    try:
        case = _case(file)
        observed = reenact(case, file)
    except CaseError as error:
        terminal.remark(*(f"{error.file}: {problem}" for problem in error.problems))
        return "bad"
    differences = compare(case, observed)
    if as_json:
        terminal.say_json(recordings.summary(case, differences))
    else:
        terminal.say(recordings.verdict(case, differences))
        if differences and not quiet:
            for line in recordings.report(case, observed, differences, terminal.width()):
                terminal.say(line)
    return "differs" if differences else "held"


def _case(file: str) -> Case:
    from sim.conform import parse, read
    from sim.conform.reading import LARGEST

    if file == inputs.STDIN:
        return parse(inputs.standard_input().read(LARGEST + 1), "<stdin>")
    return read(file)
