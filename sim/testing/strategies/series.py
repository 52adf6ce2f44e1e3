"""Things in a row, of which Hypothesis can leave out each by itself.

It makes a story smaller by taking out or lowering some of what was drawn; the rest is read once
more in the order in which it stands. So what is left must be read in the same places, as the same
things, when something before it has gone:

- A row ends with a mark, also where it is full. Without one, a full row that loses something would
  read what comes behind it as a mark.
- A mark may also say that there is nothing in this place. To lower a mark to that takes out one
  thing, however many draws it was made of.
- To choose takes one draw, also if there is only one to choose from.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

END: Final = "end"
NOTHING: Final = "nothing"
MORE: Final = "more"


def one_of_these(values: Sequence[T]) -> SearchStrategy[T]:
    """One of these, by one draw, even if there is only one: ``sampled_from`` would take none."""
    return st.sampled_from(values if len(values) > 1 else (*values, *values))


@st.composite
def series(
    draw: st.DrawFn, each: SearchStrategy[T], bounds: tuple[int, int], more: int, ends: int = 1
) -> list[T]:
    """So many things at least and at most; in between, of so many rows that go on so many end."""
    least, most = bounds
    found: list[T] = []
    while (mark := draw(_marks(len(found) < least, len(found) < most, more, ends))) != END:
        if mark == MORE:
            found.append(draw(each))
    return found


@cache
def _marks(must: bool, may: bool, more: int, ends: int) -> SearchStrategy[str]:
    """What stands before each thing and behind the last.

    The same numbers mean the same in each table, and that there is nothing is the second: both are
    what Hypothesis tries first.
    """
    if not may:
        return one_of_these((END,))
    end = MORE if must else END
    return st.sampled_from((end, NOTHING, *(MORE,) * more, *(end,) * (ends - 1)))
