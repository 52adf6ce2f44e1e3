"""What could be read of a mapping that has something wrong in it."""

from __future__ import annotations

from typing import Any


class Draft:
    """What could be read of a mapping that has something wrong in it.

    Attributes are those of the class that it would have become; one that was given but could not
    be read is :data:`~sim.scenario.problems.BAD`, one that is missing is None. ``meant`` are keys
    for which surely a wrong one stands.
    """

    def __init__(
        self, values: dict[str, Any], defaults: dict[str, Any], meant: frozenset[str]
    ) -> None:
        self.given = tuple(values)
        self.meant = meant
        self.__dict__.update(defaults)
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None
