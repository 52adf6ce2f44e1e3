"""Axes to draw on, and how plots look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.imported import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""Okabe and Ito's, which everybody can tell apart."""
FAINT: Final = "#8a8a8a"
WIDTH: Final = 6.4
"""Of a plot, in inches."""


def axes(given: Axes | None = None, height: float = 3.6) -> Axes:
    """The axes that were given, or those of a new figure."""
    return panels(1, height)[0] if given is None else clean(given)


def panels(rows: int, height: float, columns: int = 1) -> list[Axes]:
    """Axes one below the other in a new figure; ``height`` is of each, in inches."""
    size = (WIDTH * max(columns / 1.6, 1), rows * height)
    _, drawn = pyplot().subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    return [clean(each) for each in drawn.flat]


def clean(each: Axes) -> Axes:
    """Axes with a faint grid and no box."""
    each.spines[["top", "right"]].set_visible(False)
    each.grid(visible=True, alpha=0.25, linewidth=0.6)
    each.set_axisbelow(True)
    return each


def pyplot() -> Any:
    """Matplotlib. Raises ``ModuleNotFoundError`` with the remedy."""
    return needed("matplotlib.pyplot", "plot()", "plots")


def labelled(name: str, unit: str) -> str:
    """The label of an axis.

    >>> labelled("ghost-time", "s"), labelled("outages-survived", "1")
    ('ghost time [s]', 'outages survived [1]')
    """
    return f"{name.replace('-', ' ')} [{unit}]"
