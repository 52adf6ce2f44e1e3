"""What the kit is told from outside, by pytest's options above all, and whom it tells of its runs.

Runs of the kit ask :func:`present` for it, and hand what they have reached to :func:`note`. Without
the plugin the context is the default, and nobody listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from sim.testing.mutants import Mutant

Listener = Callable[[tuple[str, ...]], object]
"""Gets the goals that one run has reached, in a fixed order."""


@frozen(kw_only=True)
class Context:
    """How the kit's runs are to be made.

    ``seed`` and ``profile`` take the place of those of a scenario, where a test does not choose
    them; ``save`` is the folder for failures; ``mutant`` is a planted fault. ``listeners`` are told
    of every run.
    """

    seed: int | None = None
    profile: str | None = None
    save: Path = field(default=Path(".sim"), converter=Path)
    mutant: Mutant | None = None
    listeners: tuple[Listener, ...] = ()


_present = Context()


def present() -> Context:
    """The context of runs that are made now."""
    return _present


@contextmanager
def using(context: Context) -> Iterator[Context]:
    """Let that be the context meanwhile."""
    global _present  # noqa: PLW0603 - the one place where pytest's options reach library calls
    before, _present = _present, context
    try:
        yield context
    finally:
        _present = before


def note(goals: Iterable[str]) -> None:
    """A run has reached these goals (:mod:`sim.testing.goals`)."""
    reached = tuple(goals)
    for listener in _present.listeners:
        listener(reached)
