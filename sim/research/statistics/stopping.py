"""How many replications are enough: a count, or until an interval is narrow and stays so.

The rule is the *replications algorithm* of Hoad, Robinson and Davies ("Automated selection of the
number of replications for a discrete-event simulation", Journal of the Operational Research
Society 61, 2010). An interval may be narrow by luck, so that it is narrow once is not enough: it
must stay so for a look-ahead of ``k_limit`` replications, or ``k_limit`` per cent beyond 100.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import field, frozen
from scipy import special

from sim.research.statistics.intervals import (
    LEVEL,
    Array,
    Interval,
    Numbers,
    checked,
    numbers,
    telling,
)

K_LIMIT: Final = 5
"""The look-ahead that Hoad, Robinson and Davies recommend."""
LEAST: Final = 3
"""No interval of fewer replications is looked at."""


def _positive(rule: HalfWidth, attribute: object, value: float) -> None:
    if not 0.0 < value < np.inf:
        raise ValueError(f"a half-width must be more than 0, not {value:g}")


def _level(rule: HalfWidth, attribute: object, value: float) -> None:
    checked(value)


def _reachable(rule: HalfWidth, attribute: object, value: int) -> None:
    if value < LEAST:
        raise ValueError(f"at least {LEAST} replications must be allowed, not {value}")


def _forward(rule: HalfWidth, attribute: object, value: int) -> None:
    if value < 0:
        raise ValueError(f"a look-ahead must be 0 or more, not {value}")


@frozen(kw_only=True)
class HalfWidth:
    """Replicate until half of a metric's interval is at most ``target``, and remains so.

    ``target`` has the metric's unit or, if ``relative``, is a share of the estimate. No more than
    ``at_most`` replications are run, the look-ahead included.

    Replications that are all alike make an interval of no width, which says nothing: what is rare
    has not come yet. So that does not count as narrow.
    """

    target: float = field(validator=_positive)
    at_most: int = field(validator=_reachable)
    relative: bool = False
    level: float = field(default=LEVEL, validator=_level)
    k_limit: int = field(default=K_LIMIT, validator=_forward)

    def met(self, interval: Interval) -> bool:
        """Whether an interval is narrow."""
        allowed = self.target * (abs(interval.estimate) if self.relative else 1.0)
        # Not half of its width: the lower limit may have been cut off at 0.
        return 0.0 < interval.high - interval.estimate <= allowed

    def look_ahead(self, count: int) -> int:
        """How many replications after ``count`` must agree with it."""
        return self.k_limit * max(count, 100) // 100


@frozen
class Decision:
    """What a rule says of the replications so far.

    ``enough`` is how many were enough: the first from which on the interval was narrow; None if
    that is not yet known. ``run`` is how many had to be run to know it, and results are those of
    these: whoever has run more in the meantime leaves the others out, so that it makes no
    difference how many run at once. ``done`` is whether no more are needed, which ``at_most``
    replications that were not enough are, too.
    """

    done: bool
    enough: int | None
    run: int


def decide(rule: HalfWidth, numerators: Numbers, denominators: Numbers | None = None) -> Decision:
    """Decide from the metric of each replication so far, in their order.

    The decision depends on no replication after those that it says had to be run. Raises
    ``ValueError`` for numerators and denominators of unlike number.
    """
    above = numbers(numerators)
    below = np.ones(len(above)) if denominators is None else numbers(denominators)
    if len(above) != len(below):
        raise ValueError(f"{len(above)} numerators do not go with {len(below)} denominators")
    above, below = above[: rule.at_most], below[: rule.at_most]
    narrow = _narrow(rule, above, below).tolist()
    return _decided(rule, enumerate(narrow, start=1), len(above))


def decide_at(rule: HalfWidth, count: int, narrow: Callable[[int], bool]) -> Decision:
    """Decide from ``count`` replications, by asking after some whether the interval is narrow.

    The decision depends on no replication after those that it says had to be run.
    """
    asked = ((number, narrow(number)) for number in looks(rule, count))
    return _decided(rule, asked, min(count, rule.at_most))


def looks(rule: HalfWidth, count: int) -> Iterator[int]:
    """After which of so many replications to look: each up to 100, then every hundredth part.

    >>> rule = HalfWidth(target=1.0, at_most=1_000)
    >>> list(looks(rule, 1_000))[97:101], list(looks(rule, 1_000))[-3:]
    ([100, 101, 102, 103], [987, 996, 1000])
    """
    number = LEAST
    while number <= min(count, rule.at_most):
        yield number
        further = number + max(number // 100, 1)
        number = further if number == rule.at_most else min(further, rule.at_most)


def _decided(rule: HalfWidth, looked: Iterable[tuple[int, bool]], count: int) -> Decision:
    """Go through what was narrow after how many, in order."""
    since: int | None = None
    for number, narrow in looked:
        since = (since or number) if narrow else None
        if since is not None and number - since >= rule.look_ahead(number):
            return Decision(True, since, number)
    return Decision(count >= rule.at_most, None, count)


def half_widths(
    numerators: Array, denominators: Array, level: float = LEVEL
) -> tuple[Array, Array]:
    """The estimate and half of its interval after each replication; ``nan`` where there is none."""
    count = np.cumsum(telling(numerators, denominators), dtype=np.float64)
    # Sums of squares are taken around the first figure, so that little is lost to rounding.
    known = np.flatnonzero(denominators)
    base = float(numerators[known[0]] / denominators[known[0]]) if len(known) else 0.0
    above = numerators - base * denominators
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.cumsum(denominators)
        figure = np.cumsum(above) / total
        squares = (
            np.cumsum(above**2)
            - 2.0 * figure * np.cumsum(above * denominators)
            + figure**2 * np.cumsum(denominators**2)
        )
        error = np.sqrt(np.maximum(squares, 0.0) / (count - 1.0) / count) / np.abs(total / count)
        half: Array = special.stdtrit(count - 1.0, 0.5 + level / 2) * error
    return base + figure, half


def _narrow(rule: HalfWidth, above: Array, below: Array) -> npt.NDArray[np.bool_]:
    estimates, halves = half_widths(above, below, rule.level)
    allowed = rule.target * np.abs(estimates) if rule.relative else rule.target
    enough = np.arange(1, len(above) + 1) >= LEAST
    narrow: npt.NDArray[np.bool_] = (halves > 0.0) & (halves <= allowed) & enough
    return narrow
