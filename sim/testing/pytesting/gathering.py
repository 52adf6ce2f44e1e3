"""What runs have exercised: in this process, or gathered from the workers of pytest-xdist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.testing.goals import Tally


class Gathering:
    """Counts runs and what they have reached.

    A worker hands up its count when it is done. One that died has handed up nothing, but its tests
    have said how many runs they made: so much is known to be missing.
    """

    def __init__(self) -> None:
        self._tally: Tally | None = None
        self.replayed = 0
        """Runs that were made as a token says."""
        self.lost: dict[str, int] = {}
        """Workers that died, and how many runs of theirs are not counted, as far as known."""
        self._reported: Counter[str] = Counter()
        self._taken = 0

    @property
    def tally(self) -> Tally:
        """In how many runs each goal was reached."""
        if self._tally is None:
            from sim.testing.goals import Tally  # noqa: PLC0415 - not before there is a run

            self._tally = Tally()
        return self._tally

    @property
    def is_empty(self) -> bool:
        """Whether no run was made, as far as known."""
        return self._tally is None and not any(self.lost.values())

    def note(self, goals: tuple[str, ...]) -> None:
        """A run has reached these."""
        self.tally.add(goals)

    def taken(self) -> int:
        """How many runs were made since this was asked last."""
        runs = 0 if self._tally is None else self._tally.runs
        taken, self._taken = runs - self._taken, runs
        return taken

    def reported(self, worker: str, runs: int) -> None:
        """A test of that worker says that it has made so many runs."""
        self._reported[worker] += runs

    def to_data(self) -> dict[str, Any]:
        """Plain data for whoever merges it."""
        tally = None if self._tally is None else self._tally.to_data()
        return {"tally": tally, "replayed": self.replayed}

    def merge(self, worker: str, data: Mapping[str, Any] | None) -> None:
        """A worker has handed that up; one that died, nothing."""
        if data is None:
            self.lost[worker] = self._reported[worker]
            return
        self.replayed += data["replayed"]
        if data["tally"] is not None:
            from sim.testing.goals import Tally  # noqa: PLC0415 - not before there is a run

            self.tally.merge(Tally.from_data(data["tally"]))
