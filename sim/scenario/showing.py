"""How the things of a scenario show themselves in code: the call that makes an equal one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.shapes import Shape
from sim.scenario.tables import keys_of


def shown(thing: Any) -> str:
    """Return the call of the class that makes ``thing``, without what is as by default.

    Durations, distributions, networks and sentences stand there as a file would say them. Give it
    to a class as its ``__repr__``.
    """
    given = (
        f"{key.attribute}={_shown(getattr(thing, key.attribute), key.shape)}"
        for key in keys_of(type(thing)).values()
        if getattr(thing, key.attribute) != key.default
    )
    return f"{type(thing).__name__}({', '.join(given)})"


def _shown(value: Any, shape: Shape) -> str:
    if _is_ours(value):
        return repr(value)
    if isinstance(value, Mapping) and value and all(map(_is_ours, value.values())):
        return "{" + ", ".join(f"{name!r}: {each!r}" for name, each in value.items()) + "}"
    if isinstance(value, tuple) and value and all(map(_is_ours, value)):
        return "[" + ", ".join(map(repr, value)) + "]"
    return repr(shape.write(value))


def _is_ours(value: Any) -> bool:
    return getattr(type(value), "__repr__", None) is shown
