"""What a duration and a probability may be: attrs validators with one-sentence errors.

Every message names the class and the attribute, says what is wrong and what is allowed.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.protocol.units import LONGEST, format_duration
from sim.wording import brief

if TYPE_CHECKING:
    from collections.abc import Iterable

    from attrs import Attribute

    Field = Attribute[Any]


def _name(owner: object, attribute: Field) -> str:
    return f"{type(owner).__name__}: {attribute.name}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def duration(owner: object, attribute: Field, value: object) -> None:
    """Accept whole microseconds from 0 to 366 days; raise ``ValueError`` otherwise."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(
            f"{_name(owner, attribute)} must be a whole number of microseconds, not {brief(value)}"
        )
    if not 0 <= value <= LONGEST:
        raise ValueError(
            f"{_name(owner, attribute)} must be from 0s to {format_duration(LONGEST)}, "
            f"not {brief(value)} microseconds"
        )


def positive_duration(owner: object, attribute: Field, value: object) -> None:
    """Accept whole microseconds from 1 to 366 days; raise ``ValueError`` otherwise."""
    duration(owner, attribute, value)
    if value == 0:
        raise ValueError(f"{_name(owner, attribute)} must be more than 0s")


def probability(owner: object, attribute: Field, value: object) -> None:
    """Accept a number from 0 to 1; raise ``ValueError`` otherwise, for NaN too."""
    if not _is_number(value) or not 0.0 <= value <= 1.0:  # type: ignore[operator]
        raise ValueError(
            f"{_name(owner, attribute)} is a probability and must be from 0 to 1, "
            f"not {brief(value)}"
        )


class one_of:  # noqa: N801 - reads as the words it is
    """Accept one of a few values."""

    __slots__ = ("_choices",)

    def __init__(self, choices: Iterable[object]) -> None:
        self._choices = tuple(choices)

    def __call__(self, owner: object, attribute: Field, value: object) -> None:
        """Raise ``ValueError`` for any other value."""
        if value not in self._choices:
            choices = ", ".join(str(each) for each in self._choices)
            raise ValueError(
                f"{_name(owner, attribute)} must be one of {choices}, not {brief(value)}"
            )


class between:  # noqa: N801 - reads as the word it is
    """Accept a number from ``low`` to ``high``; ``why`` ends the sentence of the error."""

    __slots__ = ("_high", "_low", "_why")

    def __init__(self, low: float, high: float, why: str) -> None:
        self._low, self._high, self._why = low, high, why

    def __call__(self, owner: object, attribute: Field, value: object) -> None:
        """Raise ``ValueError`` for anything else, NaN too."""
        if not _is_number(value) or not self._low <= value <= self._high:  # type: ignore[operator]
            raise ValueError(
                f"{_name(owner, attribute)} must be from {self._low:g} to {self._high:g}, "
                f"not {brief(value)}: {self._why}"
            )
