"""Two systems under the same draws: their difference, and whether it is more than chance.

What happens to a system is the sum of what it is and of the luck that it had. When both have the
same luck (common random numbers), most of it cancels in the difference of each pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, nan
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sim.draws.stream import Stream
from sim.research.statistics.intervals import (
    LEVEL,
    Array,
    Interval,
    Numbers,
    around,
    influences,
    numbers,
    standard_error,
    telling,
    unrounded,
)

EXACT: Final = 14
"""Up to so many pairs that differ, every way to flip them is tried: 16,384 ways."""
FLIPS: Final = 9_999
"""With more pairs, so many ways are drawn: p has a standard error of 0.002 at 0.05."""
_BLOCK: Final = 1 << 20
"""Signs that are held in memory at once."""
_ALIKE: Final = 1e-9
"""Statistics that differ by less than this share are the same, but for rounding."""


def _same_length(pairs: Pairs, attribute: object, value: Array) -> None:
    if len(value) != len(pairs.first):
        raise ValueError(f"{len(value)} values do not go with {len(pairs.first)} pairs")


@frozen(eq=False)
class Pairs:
    """A metric of two systems by replication: numerators and, for a ratio, denominators.

    The metric of a system is the sum of its numerators over that of its denominators, which are 1
    for a plain mean. Pair ``i`` had the same draws.
    """

    first: Array = field(converter=numbers)
    second: Array = field(converter=numbers, validator=_same_length)
    first_of: Array = field(converter=numbers, validator=_same_length)
    second_of: Array = field(converter=numbers, validator=_same_length)

    @classmethod
    def of(cls, first: Numbers, second: Numbers) -> Pairs:
        """Pairs of plain values."""
        return cls(first, second, np.ones(np.size(first)), np.ones(np.size(second)))

    def __len__(self) -> int:
        return len(self.first)

    @property
    def defined(self) -> bool:
        """Whether there are figures for both, which a ratio of nothing to nothing is not."""
        return bool(len(self)) and self.first_of.sum() != 0.0 and self.second_of.sum() != 0.0


def difference(pairs: Pairs, level: float = LEVEL) -> Interval:
    """The second system's metric less that of the first, by the t of the pairs' differences.

    >>> difference(Pairs.of([1, 2, 3], [2, 3, 5])).estimate
    1.333...
    """
    if not pairs.defined:
        return Interval(nan, nan, nan, level, len(pairs), "paired t")
    estimate = float(
        pairs.second.sum() / pairs.second_of.sum() - pairs.first.sum() / pairs.first_of.sum()
    )
    first, second = telling(pairs.first, pairs.first_of), telling(pairs.second, pairs.second_of)
    says = first | second
    each = (pairs.first, pairs.second, pairs.first_of, pairs.second_of)
    moved = _moved(Pairs(*(values[says] for values in each)))[2]
    # Of what one run alone has seen, nobody knows how much it varies.
    known = min(first.sum(), second.sum()) > 1
    error = standard_error(moved) if known else nan
    return around(estimate, error, len(moved), level, "paired t")


def saved(pairs: Pairs) -> float:
    """How many times the variance of the difference would be that large without the pairing.

    So many times as many replications with draws of their own would be needed for the same
    half-width. Infinite if all pairs differ by the same, ``nan`` if nothing varies or fewer than
    two pairs are there.
    """
    if not pairs.defined or len(pairs) < 2:
        return nan
    first, second, moved = _moved(pairs)
    apart, together = float(first @ first + second @ second), float(moved @ moved)
    if together <= _ALIKE**2 * apart:
        return inf if apart > 0.0 else nan
    return apart / together


def _moved(pairs: Pairs) -> tuple[Array, Array, Array]:
    """By how much each pair moves the first system's metric, the second's, and the difference."""
    first = influences(pairs.first, pairs.first_of)
    second = influences(pairs.second, pairs.second_of)
    sizes = np.abs(pairs.first / pairs.first_of.mean()) + np.abs(
        pairs.second / pairs.second_of.mean()
    )
    return first, second, unrounded(second - first, sizes)


def sign_flip(pairs: Pairs, draws: Stream) -> float:
    """The two-sided p-value of the difference, by exchanging the systems within pairs.

    If both systems are alike, it is a toss which of a pair's results belongs to which. p is the
    share of all tosses that give a difference as large as the one that was found: of every way to
    toss for up to 14 pairs that differ, and beyond of 9,999 drawn ones and the one that was found
    (Phipson and Smyth, SAGMB 9, 2010). Neither needs a distribution to be assumed.

    The order of the pairs does not matter. Nor does which system is the first.
    """
    if not pairs.defined:
        return nan
    above, below = _canonical(pairs)
    count = len(above)
    if count == 0:
        return 1.0
    middle = (pairs.first + pairs.second).sum(), (pairs.first_of + pairs.second_of).sum()
    found = abs(difference(pairs).estimate) * (1.0 - _ALIKE)
    signs = _every(count) if count <= EXACT else _drawn(count, draws)
    extreme = total = 0
    for block in signs:
        flipped = _differences(block, above, below, middle)
        # A toss that leaves a system without a figure counts against a difference.
        extreme += int(np.count_nonzero(~(flipped < found)))
        total += len(block)
    return extreme / total if count <= EXACT else (extreme + 1) / (total + 1)


def _canonical(pairs: Pairs) -> tuple[Array, Array]:
    """What exchanging moves, of pairs that differ: in one order, and none the wrong way round."""
    above, below = pairs.second - pairs.first, pairs.second_of - pairs.first_of
    differ = (above != 0.0) | (below != 0.0)
    above, below = above[differ], below[differ]
    backwards = (above < 0.0) | ((above == 0.0) & (below < 0.0))
    above, below = np.where(backwards, -above, above), np.where(backwards, -below, below)
    order = np.lexsort((below, above))
    return above[order], below[order]


def _differences(signs: Array, above: Array, below: Array, middle: tuple[float, float]) -> Array:
    """How far apart the systems are, whatever the sign, for each row of signs."""
    up, down = signs @ above, signs @ below
    with np.errstate(divide="ignore", invalid="ignore"):
        second = (middle[0] + up) / (middle[1] + down)
        first = (middle[0] - up) / (middle[1] - down)
        apart: Array = np.abs(second - first)
    return apart


def _every(count: int) -> Iterator[Array]:
    """All ways to choose signs, one a row."""
    yield _signs(np.arange(1 << count)[:, None] >> np.arange(count) & 1)


def _drawn(count: int, draws: Stream) -> Iterator[Array]:
    """Signs from the bits of a stream; row i begins at its word i·⌈count/64⌉."""
    words = -(-count // 64)
    rows = max(1, _BLOCK // count)
    for first in range(0, FLIPS, rows):
        size = min(rows, FLIPS - first)
        drawn = draws.words(first * words, size * words).astype("<u8").reshape(size, words)
        bits = np.unpackbits(drawn.view(np.uint8), axis=1, bitorder="little")
        yield _signs(bits[:, :count])


def _signs(bits: npt.NDArray[Any]) -> Array:
    signs: Array = 1.0 - 2.0 * bits.astype(np.float64)
    return signs


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values of several tests, corrected by Holm: whatever is below a level holds together.

    Those that are ``nan`` stay so and do not count.

    >>> holm([0.01, 0.5, 0.02])
    (0.03, 0.5, 0.04)
    """
    known = sorted((p, at) for at, p in enumerate(p_values) if p == p)  # noqa: PLR0124 - not nan
    corrected, least = [nan] * len(p_values), 0.0
    for rank, (p, at) in enumerate(known):
        least = max(least, min(1.0, p * (len(known) - rank)))
        corrected[at] = least
    return tuple(corrected)
