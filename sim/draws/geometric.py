"""How many times something does not happen before it does."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sim.draws.elementary import log, log_complement

NEVER: Final = 1 << 62
"""More packets than any run sends."""


class Geometric:
    """The number of misses before the first hit, when each trial hits with ``probability``.

    One draw a value, by the inverse of the distribution function: the value is the largest n
    with (1 - probability)^n >= 1 - u. Probability 0 gives ``NEVER`` and probability 1 gives 0,
    whatever the draw; ``certain`` tells that no draw is needed.
    """

    __slots__ = ("_log_miss", "certain", "probability")

    def __init__(self, probability: float) -> None:
        self.probability = probability
        self.certain = probability in (0.0, 1.0)
        self._log_miss = 0.0 if self.certain else log_complement(probability)

    def misses(self, u: float) -> int:
        """Return the number of misses that a uniform number 0 < u < 1 stands for."""
        if self.certain:
            return 0 if self.probability else NEVER
        return int(min(log(1.0 - u) / self._log_miss, NEVER))


@lru_cache(maxsize=256)
def geometric(probability: float) -> Geometric:
    """Return the distribution for a probability from 0 to 1, made once."""
    return Geometric(probability)
