"""How two runs compare, as plain data for the page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from sim.report.comparing.comparison import Comparison
from sim.report.comparing.telling import told

NONE: Final = -1


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as columns; rows of pairs are differences to the pair before.

    ``left`` and ``right`` are the rows of pairs, in the order of the left; ``same`` says which of
    them say the same. What is in no pair, and of the story, is in one run only. ``parting`` is the
    row on each side, -1 where that run has ended, or null. ``alone`` lists people, and what first
    happened to each in this run only and in the other only, -1 for nothing.
    """
    parting = comparison.parting
    return {
        "said": told(comparison, "this run", "the other"),
        "differs": [list(each) for each in comparison.differs if each[0] != "scenario"],
        "parting": None
        if parting is None
        else {"time": parting.time, "left": _row(parting.left), "right": _row(parting.right)},
        "alone": [[each.person, _row(each.left), _row(each.right)] for each in comparison.alone],
        "left": _differences([pair.left for pair in comparison.pairs]),
        "right": _differences([pair.right for pair in comparison.pairs]),
        "same": [int(pair.is_same) for pair in comparison.pairs],
        "only_left": _differences(comparison.only_left),
        "only_right": _differences(comparison.only_right),
    }


def _row(row: int | None) -> int:
    return NONE if row is None else row


def _differences(rows: Iterable[int]) -> list[int]:
    return [row - before for before, row in pairwise((0, *rows))]
