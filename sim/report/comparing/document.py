"""How two runs compare, as plain data for the page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from sim.report.comparing.comparison import Comparison
from sim.report.comparing.telling import told

NONE: Final = -1


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison, with rows of pairs as differences to the pair before.

    ``said`` is it in sentences. ``partings`` lists people, and the rows of what first happened to
    each in this run only and in the other only, -1 for nothing. ``left`` and ``right`` are rows
    that tell of the same thing, in the order of the left.
    """
    return {
        "said": told(comparison, "this run", "the other"),
        "partings": [[each.person, _row(each.left), _row(each.right)] for each in comparison.alone],
        "left": _differences(pair.left for pair in comparison.pairs),
        "right": _differences(pair.right for pair in comparison.pairs),
    }


def _row(row: int | None) -> int:
    return NONE if row is None else row


def _differences(rows: Iterable[int]) -> list[int]:
    return [row - before for before, row in pairwise((0, *rows))]
