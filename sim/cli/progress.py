"""How far a run has come, on a terminal, for whoever waits."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import click

from sim.cli import terminal
from sim.protocol.units import format_clock

PATIENCE: Final = 1.0
"""Seconds of waiting before there is anything to see."""
Shown = Callable[[int, str], object]
"""Is told how far something has come, and what to say of it."""

_WIDTH: Final = 12
"""Columns of the bar itself."""
_REST: Final = "00:00:00  "
"""How long the rest takes."""
_waited: Final = time.monotonic  # noqa: TID251 - the time of who waits, not that of the story


def hidden() -> bool:
    """Whether nobody would see it: standard error is closed, or goes to a file or a pipe."""
    return sys.stderr is None or not sys.stderr.isatty()


@contextmanager
def shown(duration: int) -> Iterator[Callable[[int], object] | None]:
    """Give what is to be told the virtual time, up to ``duration``; None if nobody would see it."""
    with counted(duration, "simulated", steady=True) as tell:
        yield None if tell is None else lambda now: tell(now, format_clock(now))


@contextmanager
def counted(most: int, label: str, *, steady: bool = False) -> Iterator[Shown | None]:
    """Give what is to be told how far something is, up to ``most``, and what to say of it.

    None if nobody would see it. If it is ``steady``, the time that the rest takes is shown.
    """
    with ExitStack() as open_bar:
        yield None if hidden() else _teller(most, label, steady, open_bar)


def _teller(most: int, label: str, steady: bool, open_bar: ExitStack) -> Shown:
    begun = _waited()
    bars: list[Any] = []

    def tell(now: int, about: str) -> None:
        if not bars and _waited() - begun >= PATIENCE:
            bars.append(open_bar.enter_context(_bar(most, label, steady)))
        for bar in bars:
            bar.update(now - bar.pos, about)

    return tell


def _bar(most: int, label: str, steady: bool) -> Any:
    """A bar in one line: what is said beside it is cut, as it would go on in a line of its own."""
    before = f"{label}  [{' ' * _WIDTH}]  100%  {_REST if steady else ''}"
    room = max(terminal.width() - len(before) - 1, 0)
    return click.progressbar(
        length=most,
        label=label,
        width=_WIDTH,
        show_eta=steady,
        item_show_func=lambda about: about and shortened(about, room),
        file=sys.stderr,
    )


def shortened(text: str, most: int) -> str:
    """The beginning of a text that is too long.

    >>> shortened("17 variations, 0 findings", 14)
    '17 variations…'
    """
    return text if len(text) <= most else f"{text[: max(most - 1, 0)]}…"[:most]
