"""A sequence of lost and arrived packets as its runs."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

FEWEST_RUNS: Final = 10
"""A hidden chain is not looked for behind fewer runs of losses."""


@frozen(eq=False)
class Runs:
    """``lengths`` of the runs, in order; of losses where ``lost``. Neighbours differ."""

    lengths: Counts
    lost: Flags

    @classmethod
    def of(cls, lost: Flags) -> Runs:
        """Take a sequence apart, of one packet and more."""
        edges = np.flatnonzero(np.diff(lost)) + 1
        begins = np.concatenate(([0], edges))
        return cls(np.diff(np.concatenate((begins, [lost.size]))), lost[begins])

    @property
    def packets(self) -> int:
        """How many packets there are."""
        return int(self.lengths.sum())

    @property
    def losses(self) -> int:
        """How many of them are lost."""
        return int(self.lengths[self.lost].sum())

    def inner(self, lost: bool) -> Counts:
        """The lengths of the runs of one kind that neither begin nor end the sequence.

        Those at the edges may have been longer.
        """
        return np.asarray(self.lengths[1:-1][self.lost[1:-1] == lost])
