"""How the bounds of strategies are given, and the one sentence that a wrong one gets.

Everything is checked when a strategy is made, so that a mistake shows in the test that made it and
not in one of its examples.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from hypothesis.strategies import SearchStrategy, just, sampled_from

from sim.protocol.units import LONGEST, format_duration, parse_duration
from sim.scenario.quantities import PROBABILITY
from sim.wording import not_one_of, quoted

T = TypeVar("T")

Duration = int | str
"""Text such as ``"5.9s"``, or whole microseconds."""
Durations = Duration | tuple[Duration, Duration]
"""The least and the most, or the only one."""
Counts = int | tuple[int, int]
Shares = float | str | tuple[float | str, float | str]
"""Probabilities: numbers from 0 to 1, or text such as ``"5%"`` and ``"1/40"``."""
Words = str | Iterable[str] | SearchStrategy[str]
"""One of a few words: those that are allowed, or a strategy that draws them."""


def _pair(name: str, given: Any) -> tuple[Any, Any]:
    if isinstance(given, tuple | list):
        if len(given) != 2:
            raise ValueError(f"{name}: {quoted(given)} has not two bounds, the least and the most")
        return given[0], given[1]
    return given, given


def _in_order(name: str, least: Any, most: Any, say: Any) -> None:
    if least > most:
        raise ValueError(f"{name}: the least, {say(least)}, is more than the most, {say(most)}")


def microseconds(name: str, given: Any) -> int:
    """Return a duration in microseconds. Raises ``ValueError`` with one sentence."""
    try:
        value = parse_duration(given) if isinstance(given, str) else given
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LONGEST:
        raise ValueError(
            f"{name}: {quoted(given)} is not a duration: write a text such as '5.9s', or whole "
            "microseconds up to 366 days"
        )
    return value


def durations_between(
    name: str, given: Durations, least: int = 0, most: int = LONGEST
) -> tuple[int, int]:
    """Return two bounds in microseconds, which lie between ``least`` and ``most``."""
    low, high = (microseconds(name, bound) for bound in _pair(name, given))
    _in_order(name, low, high, format_duration)
    _within(name, (low, high), least, most, format_duration)
    return low, high


def counts_between(name: str, given: Counts, least: int, most: int) -> tuple[int, int]:
    """Return two whole numbers, which lie between ``least`` and ``most``."""
    low, high = _pair(name, given)
    for bound in (low, high):
        if not isinstance(bound, int) or isinstance(bound, bool):
            raise ValueError(f"{name}: {quoted(bound)} is not a whole number")
    _in_order(name, low, high, str)
    _within(name, (low, high), least, most, str)
    return low, high


def shares_between(name: str, given: Shares, most: float = 1.0) -> tuple[float, float]:
    """Return two probabilities, which are not more than ``most``."""
    low, high = (_share(name, bound) for bound in _pair(name, given))
    _in_order(name, low, high, str)
    _within(name, (low, high), 0.0, most, str)
    return low, high


def _share(name: str, given: Any) -> float:
    try:
        value = PROBABILITY.parse(given)
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None
    if not isinstance(value, float):
        raise ValueError(f"{name}: {quoted(given)} is not {PROBABILITY.says}")
    return value


def _within(name: str, bounds: tuple[Any, Any], least: Any, most: Any, say: Any) -> None:
    for bound in bounds:
        if not least <= bound <= most:
            raise ValueError(
                f"{name}: {say(bound)} is out of range: allowed are {say(least)} to {say(most)}"
            )


def one_of_words(name: str, given: Words, allowed: Iterable[str], what: str) -> SearchStrategy[str]:
    """Return a strategy for words, each of which must be allowed; the first is the simplest."""
    if isinstance(given, SearchStrategy):
        return given
    known = list(allowed)
    chosen = [given] if isinstance(given, str) else list(given)
    if not chosen:
        raise ValueError(f"{name}: there is nothing to choose from")
    for word in chosen:
        if word not in known:
            raise ValueError(f"{name}: {not_one_of(word, known, what)}")
    return sampled_from(chosen)


def one_of_kind(name: str, given: Any, kind: type[T]) -> SearchStrategy[T]:
    """Return a strategy for what is given as one, or as a strategy for some."""
    if isinstance(given, SearchStrategy):
        return given
    if not isinstance(given, kind):
        raise ValueError(f"{name}: {quoted(given)} is neither a {kind.__name__} nor a strategy")
    return just(given)


def of_kind(name: str, given: Any, kind: type[T]) -> T:
    """Return what must be of that kind."""
    if not isinstance(given, kind):
        raise ValueError(f"{name}: {quoted(given)} is not a {kind.__name__}")
    return given


def flag(name: str, given: Any) -> bool:
    """Return what must be True or False."""
    if not isinstance(given, bool):
        raise ValueError(f"{name}: {quoted(given)} is neither True nor False")
    return given


NOTHING: Final = (0, 0)


def how_many(name: str, given: bool | Counts, usual: tuple[int, int], most: int) -> tuple[int, int]:
    """Return bounds of a number that may also be given as True, the usual, or False, none."""
    if isinstance(given, bool):
        return usual if given else NOTHING
    return counts_between(name, given, 0, most)
