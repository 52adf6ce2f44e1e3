"""How the bounds of strategies are given, and the one sentence that a wrong one gets.

Everything is checked when a strategy is made, so that a mistake shows in the test that made it and
not in one of its examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from hypothesis.strategies import SearchStrategy, just, sampled_from

from sim.protocol.units import LONGEST, format_duration, parse_duration
from sim.scenario.quantities import NAME, PROBABILITY
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


def whole(name: str, given: Any, least: int, most: int) -> int:
    """Return one whole number, which lies between ``least`` and ``most``."""
    if isinstance(given, tuple | list):
        raise ValueError(f"{name}: {quoted(given)} is not a whole number")
    return counts_between(name, given, least, most)[0]


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
    known = list(allowed)

    def checked(word: Any) -> str:
        return one_word(name, word, known, what)

    if isinstance(given, SearchStrategy):
        return given.map(checked)
    return sampled_from([checked(word) for word in some(name, given)])


def one_word(name: str, given: Any, allowed: Iterable[str], what: str) -> str:
    """Return a word, which must be allowed."""
    known = list(allowed)
    if given not in known:
        raise ValueError(f"{name}: {not_one_of(given, known, what)}")
    return str(given)


def some(name: str, given: Any) -> list[Any]:
    """Return what is to be chosen from: what is given, or the one that is."""
    several = isinstance(given, Iterable) and not isinstance(given, str | Mapping)
    chosen = list(given) if several else [given]
    if not chosen:
        raise ValueError(f"{name}: there is nothing to choose from")
    return chosen


def people_named(name: str, given: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of people, each once: those that are given, or the one that is."""
    if not isinstance(given, Iterable):
        raise ValueError(f"{name}: {quoted(given)} is neither a name nor several")
    try:
        found = [NAME.parse(each) for each in ([given] if isinstance(given, str) else given)]
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None
    return tuple(dict.fromkeys(found))


def one_of_kind(name: str, given: Any, kind: type[T]) -> SearchStrategy[T]:
    """Return a strategy for what is given as one, or as a strategy for some."""
    if isinstance(given, SearchStrategy):
        return given.map(lambda drawn: of_kind(name, drawn, kind))
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
