"""Which records go to whom: found out once for the same classes, and not by every run."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sim.laws.law import Handler, Watching

_CACHED: Final = 4096
"""So many ways are kept: the types of signals are names, too, and any number of them may come."""

Route = tuple[tuple[int, Handler], ...]
"""The places of those who want a record, and what each does with it."""


class Routes(dict[tuple[str, str], Route]):
    """By kind and name of records, the ways to the instances of some classes.

    These are known by their place among the classes. First come those who want records of that kind
    and name, then those who want any name of it.
    """

    def __init__(self, classes: tuple[type[Watching], ...]) -> None:
        super().__init__()
        self._classes = classes

    def __missing__(self, key: tuple[str, str]) -> Route:
        route = (*self._wanting(key), *self._wanting((key[0], "*")))
        if len(self) < _CACHED:
            self[key] = route
        return route

    def _wanting(self, key: tuple[str, str]) -> Route:
        return tuple(
            (number, each.HANDLERS[key])
            for number, each in enumerate(self._classes)
            if key in each.HANDLERS
        )


@lru_cache(maxsize=64)
def routes(classes: tuple[type[Watching], ...]) -> Routes:
    """The ways to instances of these classes."""
    return Routes(classes)
