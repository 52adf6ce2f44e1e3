"""What a channel that counts packets will do to some, found by letting it happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Counting(Protocol):
    """What is asked of a loss process, see :class:`~sim.network.losses.LossProcess`."""

    def lost(self, number: int, now: int) -> bool:
        """Tell whether a packet is lost."""
        ...

    def snapshot(self) -> tuple[Any, ...]:
        """Where it is in its draws."""
        ...

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Be where it was."""
        ...


def performed(
    process: Counting, number: int, times: Sequence[int], rto: int, count: int
) -> tuple[int, list[int]]:
    """What becomes of the first ``count`` items, as ``LossProcess.foretell`` tells it.

    It happens, and is taken back: draws have addresses, and what was read of them stays so.
    """
    before, known, lost = process.snapshot(), count, list[int]()
    for place in range(count):
        if process.lost(number, times[place]):
            number, again = number + 1, times[place] + rto
            stalls = place + 1 < len(times) and times[place + 1] <= again
            if stalls or process.lost(number, again):
                known = place
                break
            lost.append(place)
        number += 1
    process.restore(before)
    return known, lost
