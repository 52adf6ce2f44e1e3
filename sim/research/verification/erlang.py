"""Erlang's formulas, and the theory of those who are refused and try again."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

_MOST_WAITING: Final = 200
"""Where the chain is cut off: with a load that is well below the places nobody sees that."""


def erlang_b(servers: int, load: float) -> float:
    """How likely one who comes finds all places taken, if those who are refused go away.

    Source: Erlang, "Solution of some problems in the theory of probabilities of significance in
    automatic telephone exchanges", 1917; by the usual recursion.
    """
    blocked = 1.0
    for place in range(1, servers + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """How likely one who comes to an M/M/c queue must wait. Source: as of :func:`erlang_b`."""
    blocked = erlang_b(servers, load)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


@frozen(slots=False)
class Retrials:
    """M/M/c where those who find all places taken come back after exponential pauses.

    ``load`` is the rate of arrivals times the mean stay, and below ``servers``; ``pause`` is the
    mean pause in mean stays. The shorter it is, the nearer is this to a queue. Source: Falin and
    Templeton, "Retrial Queues", 1997, chapter 2: balance equations, solved numerically.
    """

    servers: int
    load: float
    pause: float

    @property
    def refused(self) -> float:
        """How likely one who comes is refused at first."""
        return float(self._chances[self.servers].sum())

    @property
    def waiting(self) -> float:
        """How many are waiting to come back, on average."""
        return float(self._chances.sum(axis=0) @ np.arange(_MOST_WAITING + 1))

    @cached_property
    def _chances(self) -> npt.NDArray[np.float64]:
        """By places taken and people waiting, how likely that is."""
        states = np.arange((self.servers + 1) * (_MOST_WAITING + 1))
        taken, waiting = np.divmod(states, _MOST_WAITING + 1)
        comes, returns, leaves = _MOST_WAITING + 1, _MOST_WAITING, -_MOST_WAITING - 1
        full = taken == self.servers
        rates = np.zeros((len(states), len(states)))
        for may, step, rate in (
            (~full, comes, np.full(len(states), self.load)),
            (full & (waiting < _MOST_WAITING), 1, np.full(len(states), self.load)),
            (~full & (waiting > 0), returns, waiting / self.pause),
            (taken > 0, leaves, taken.astype(float)),
        ):
            rates[states[may], states[may] + step] = rate[may]
        balance = rates.T - np.diag(rates.sum(axis=1))
        balance[-1] = 1.0
        due = np.zeros(len(states))
        due[-1] = 1.0
        chances = np.linalg.solve(balance, due).reshape(self.servers + 1, -1)
        return np.asarray(chances, dtype=np.float64)
