"""Takes values out of a case's JSON, and notes each that is not as it must be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from attrs import frozen

from sim.wording import not_one_of

MOST_LISTED: Final = 30
"""How many mistakes of one file are told; the others are counted."""


@frozen
class Kind:
    """A kind of JSON value: how it is called, its types, and what stands in for a wrong one."""

    name: str
    types: tuple[type, ...]
    instead: Any

    def fits(self, value: Any) -> bool:
        """Whether the value is of this kind; true and false are no numbers."""
        return isinstance(value, self.types) and (bool in self.types) == isinstance(value, bool)


TEXT: Final = Kind("a text", (str,), "")
NUMBER: Final = Kind("a number", (int, float), 0)
FLAG: Final = Kind("true or false", (bool,), False)
LIST: Final = Kind("a list", (list,), [])
OBJECT: Final = Kind("an object", (dict,), {})


class Problems:
    """The mistakes in one file, in the order in which they were found."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Note what is wrong there."""
        self.found.append(f"{where} {what}")

    def listed(self) -> list[str]:
        """One sentence for each mistake, for the first of very many."""
        more = len(self.found) - MOST_LISTED
        return [*self.found[:MOST_LISTED], *([f"and {more} more mistakes"] if more > 0 else [])]

    def need(self, data: dict[str, Any], key: str, kind: Kind, where: str) -> Any:
        """The value of a key that must be there."""
        value = data.get(key)
        if kind.fits(value):
            return value
        self.add(f"{where}.{key}", f"must be {kind.name}")
        return kind.instead

    def may(self, data: dict[str, Any], key: str, kind: Kind, where: str) -> Any:
        """The value of a key that may be absent or null; then None."""
        return None if data.get(key) is None else self.need(data, key, kind, where)

    def items(
        self, data: dict[str, Any], key: str, where: str, kind: Kind, needed: bool = False
    ) -> list[tuple[str, Any]]:
        """The elements of a list, each with its place in the file."""
        rows = (self.need if needed else self.may)(data, key, LIST, where) or []
        named = [(f"{where}.{key}[{number}]", row) for number, row in enumerate(rows)]
        for place, row in named:
            if not kind.fits(row):
                self.add(place, f"must be {kind.name}")
        return [(place, row) for place, row in named if kind.fits(row)]

    def keys(self, data: Iterable[str], allowed: Collection[str], where: str) -> None:
        """Note each key that means nothing there: mistyped, it would be passed over."""
        for key in data:
            if key not in allowed:
                self.add(f"{where}:", not_one_of(key, allowed, "one of its keys"))

    def known(self, name: str | None, clients: Collection[str], where: str) -> None:
        """Note a client that the case does not have; where it has none, that has been noted."""
        if name is not None and clients and name not in clients:
            self.add(where, f"names {name!r}, who is not among the clients")
