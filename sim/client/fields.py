"""The attributes of an object that are its state, read and written all at once."""

from __future__ import annotations

from operator import attrgetter
from typing import Any


class Fields:
    """At least two attributes by name; their values are plain data."""

    __slots__ = ("_names", "_read")

    def __init__(self, *names: str) -> None:
        self._names = names
        self._read = attrgetter(*names)

    def of(self, object: object) -> tuple[Any, ...]:
        """Their values."""
        values: tuple[Any, ...] = self._read(object)
        return values

    def put(self, object: object, values: tuple[Any, ...]) -> None:
        """Give them these values."""
        for name, value in zip(self._names, values, strict=True):
            setattr(object, name, value)
