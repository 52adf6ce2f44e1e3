"""Things in a row, of which Hypothesis can leave out each by itself.

It makes a story smaller by taking out or lowering some of what was drawn; the rest is read once
more in the order in which it stands. So what is left must be read in the same places, as the same
things, when something before it has gone:

- A row ends with a mark, also where it is full. Without one, a full row that loses something would
  read what comes behind it as a mark.
- A mark may also say that there is nothing in this place. To lower a mark to that takes out one
  thing, however many draws it was made of: Hypothesis takes out five at once, at most.
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
    """So many things at least and at most; in between, of so many rows that go on so many end.

    Those that must be there come last and without marks, so that there is a mark to lower for each
    that is one too many.
    """
    least, most = bounds
    found: list[T] = []
    while (mark := draw(_marks(len(found) < most - least, more, ends))) != END:
        if mark == MORE:
            found.append(draw(each))
    return found + [draw(each) for _ in range(least)]


@cache
def _marks(may: bool, more: int, ends: int) -> SearchStrategy[str]:
    """What stands before each thing and behind the last.

    The end is the simplest; that there is nothing is next to it, since the numbers 0 and 1 are what
    Hypothesis tries to lower every other to.
    """
    if not may:
        return one_of_these((END,))
    return st.sampled_from((END, NOTHING, *(MORE,) * more, *(END,) * (ends - 1)))
