"""Which records go to whom: found out once for the same classes, and not by every run."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sim.laws.law import Handler, Watching

_CACHED: Final = 4096
"""So many ways are kept: the types of signals are names, too, and any number of them may come."""

Route = tuple[tuple[int, Handler], ...]
"""The places of those who want a record, and what each does with it."""


class Routes:
    """The ways of records to the instances of some classes, known by their place among these.

    First come those who want records of that kind and name, then those who want any name of it.
    """

    def __init__(self, classes: tuple[type[Watching], ...]) -> None:
        self._classes = classes
        self._known: dict[tuple[str, str], Route] = {}

    def of(self, key: tuple[str, str]) -> Route:
        """Who wants records of that kind and name."""
        route = self._known.get(key)
        if route is None:
            route = (*self._wanting(key), *self._wanting((key[0], "*")))
            if len(self._known) < _CACHED:
                self._known[key] = route
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
