"""``quirks``: where the shipped client does something else than its documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim.cli import exits, terminal
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading

if TYPE_CHECKING:
    from sim.protocol.quirks import Quirk


@click.command(
    epilog="""\b
Examples:
  python -m sim quirks
  python -m sim quirks kept-publisher-stays-attached
  python -m sim quirks --json | jq '.[] | select(.laws == []).name'"""
)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array, or NAME's object.")
def command(name: str | None, as_json: bool) -> int:
    """List the quirks of the shipped client by how they harm an app, the gravest first.

    With the NAME of one: what an app sees, what was promised, what an app can do about it, which
    laws may break with it, and the scenario that shows it.
    """
    from sim.protocol.quirks import QUIRKS, quirk

    if name is None:
        chosen = list(QUIRKS.values())
    else:
        try:
            chosen = [quirk(name)]
        except ValueError as problem:
            raise click.BadParameter(str(problem), param_hint="NAME") from None
    if as_json:
        rows = [_data(each) for each in chosen]
        terminal.say_json(rows if name is None else rows[0], indent=2)
    else:
        width = terminal.width()
        terminal.say(*(_listed(width) if name is None else _entry(chosen[0], width)))
    return exits.HELD


def _harm(quirk: Quirk) -> str:
    from sim.protocol.quirks import HARMS

    return next(harm.title for harm in HARMS if quirk in harm.quirks)


def _scenario(quirk: Quirk) -> str:
    return f"scenarios/quirks/{quirk.name}.yaml"


def _data(quirk: Quirk) -> dict[str, Any]:
    return {
        "name": quirk.name,
        "harm": _harm(quirk),
        "sees": quirk.sees,
        "promised": quirk.contract,
        "advice": quirk.advice,
        "laws": list(quirk.laws),
        "scenario": _scenario(quirk),
        "source": quirk.source,
    }


def _listed(width: int) -> Iterator[str]:
    from sim.protocol.quirks import HARMS

    for harm in HARMS:
        yield from map(heading, wrap(f"{harm.title}: {harm.means}", width))
        for quirk in harm.quirks:
            yield f"  {quirk.name}"
        yield ""
    yield from map(faint, wrap("each: python -m sim quirks NAME, and what to do", width))


def _entry(quirk: Quirk, width: int) -> Iterator[str]:
    yield heading(quirk.name)
    laws = ", ".join(quirk.laws) or "none that has been seen to"
    rows = [
        ("Harm", _harm(quirk)),
        ("An app sees", quirk.sees),
        ("Promised", quirk.contract),
        ("What to do", quirk.advice),
        ("May break", laws),
        ("Shown by", _scenario(quirk)),
        ("Source", quirk.source),
    ]
    yield from columns(rows, width, "  ")
