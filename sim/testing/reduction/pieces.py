"""Doing without parts of a list, and without keys."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from copy import deepcopy
from typing import Any, TypeVar

Data = dict[str, Any]
"""A scenario as plain data."""

Trying = Generator[Data, bool, None]
"""Yields smaller data; is sent whether it still breaks."""

Path = tuple[str | int, ...]

_T = TypeVar("_T")


def fewer(items: Sequence[_T], made_of: Callable[[list[_T]], Data]) -> Trying:
    """Try to do without items: all, then halves, quarters and so on, at last each one.

    That is delta debugging: A. Zeller and R. Hildebrandt, "Simplifying and isolating
    failure-inducing input", 2002.
    """
    left, length = list(items), len(items)
    while length:
        at = 0
        while at < len(left):
            rest = left[:at] + left[at + length :]
            if (yield made_of(rest)):
                left = rest
            else:
                at += length
        length //= 2


def entries(data: Any, path: Path = ()) -> Iterator[Path]:
    """The paths to the entries of all mappings, each before what is in it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key)
            yield from entries(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from entries(value, (*path, index))


def at(data: Any, path: Path) -> Any:
    """What is there; None if nothing is."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def put(data: Data, path: Path, value: Any) -> Data:
    """A copy with that value there."""
    copied = deepcopy(data)
    at(copied, path[:-1])[path[-1]] = value
    return copied


def without(data: Data, path: Path) -> Data:
    """A copy without that entry."""
    copied = deepcopy(data)
    del at(copied, path[:-1])[path[-1]]
    return copied


def replaced(data: Data, **parts: Any) -> Data:
    """A copy with these entries at the top; an empty one is left out."""
    return {key: value for key, value in (data | parts).items() if value or key not in parts}
