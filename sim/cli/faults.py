"""Planted faults that were tried: as rows of a table, in lines and in data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from sim.cli import verdicts
from sim.laws import BROKEN, HELD
from sim.telling.columns import columns
from sim.telling.marks import heading, style

if TYPE_CHECKING:
    from sim.testing.mutants import Mutant
    from sim.testing.mutants.suites import Check
    from sim.testing.mutants.trials import Trial


@frozen(kw_only=True)
class Row:
    """What came of one fault: whether it was ``caught``, what the table and what JSON say of it.

    ``cells`` come before its name in the table, and ``by`` after it.
    """

    mutant: Mutant
    caught: bool
    cells: tuple[str, ...]
    by: str
    data: dict[str, Any] = field(repr=False)


_FOUND: Final = ("stories", "people", "faults", "steps", "again", "fault, and what names it")
_CAUGHT: Final = ("caught", "fault, and the test that fails")
_NOTHING: Final = "-"


def of_trial(trial: Trial) -> Row:
    """The row of a fault that was looked for with SessionMachine."""
    size = trial.size
    sizes = (size.people, size.faults, size.steps) if size else (_NOTHING,) * 3
    again = ("yes" if trial.reproduced else "no") if trial.found else _NOTHING
    return Row(
        mutant=trial.mutant,
        caught=trial.found,
        cells=(str(trial.examples), *map(str, sizes), again),
        by=trial.by or "nothing",
        data={
            "by": trial.by,
            "examples": trial.examples,
            "people": size.people if size else None,
            "faults": size.faults if size else None,
            "steps": size.steps if size else None,
            "reproduced": trial.reproduced,
        },
    )


def of_check(check: Check) -> Row:
    """The row of a fault that was tried on a suite."""
    by = "it took far too long" if check.overtime else ", ".join(check.tests)
    return Row(
        mutant=check.mutant,
        caught=check.caught,
        cells=("yes" if check.caught else "no",),
        by=by or ("a test" if check.caught else "nothing"),
        data={"by": list(check.tests), "overtime": check.overtime},
    )


def summary(suite: str | None, rows: Sequence[Row], count: int, code: int) -> dict[str, Any]:
    """Everything as JSON can say it. ``count`` were to be tried."""
    return {
        "suite": suite,
        "mutants": [
            {
                "name": row.mutant.name,
                "sentence": row.mutant.sentence,
                "breaks": row.mutant.breaks,
                "law": row.mutant.law,
                "caught": row.caught,
                **row.data,
            }
            for row in rows
        ],
        "caught": sum(row.caught for row in rows),
        "survived": [row.mutant.name for row in rows if not row.caught],
        "untried": count - len(rows),
        "exit_code": code,
    }


def report(suite: str | None, rows: Sequence[Row], count: int, width: int) -> Iterator[str]:
    """The table, those that survive with what they do, and the verdict."""
    heads = _FOUND if suite is None else _CAUGHT
    table = [tuple(map(heading, heads))]
    table += [(*row.cells, f"{_marked(row)}: {row.by}") for row in rows]
    yield from columns(table, width)
    survivors = [row.mutant for row in rows if not row.caught]
    if survivors:
        yield ""
        yield "What survives:"
        said = [(each.name, f"{each.sentence} (law {each.law})") for each in survivors]
        yield from columns(said, width, "  ")
    yield ""
    yield _verdict(len(rows), len(survivors), count)


def _marked(row: Row) -> str:
    return row.mutant.name if row.caught else style(row.mutant.name, fg="red", bold=True)


def _verdict(tried: int, survived: int, count: int) -> str:
    of = f"{tried - survived} of {tried} planted fault{'' if tried == 1 else 's'} caught"
    said = verdicts.styled(BROKEN, of) if survived else verdicts.styled(HELD, of)
    return said if tried == count else f"{said}; {count - tried} not tried"
