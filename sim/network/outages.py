"""When links fail by chance: an alternating renewal process."""

from __future__ import annotations

from typing import NamedTuple

from sim.draws.distributions import value
from sim.draws.stream import Draws
from sim.network.specs import Outages


class Outage(NamedTuple):
    """One outage: from ``start`` for ``duration`` microseconds.

    ``addresses`` are those of the draws that decided when it starts and how long it lasts.
    """

    start: int
    duration: int
    addresses: tuple[str, str]

    @property
    def end(self) -> int:
        """When the link is back, in microseconds."""
        return self.start + self.duration


class OutageProcess:
    """The outages of one link, by number.

    The link is in service from time 0; outage i starts when the i-th time in service ends. Both
    times are at least a microsecond, so that outages are apart and time goes on. Each sojourn is
    one draw, of ``outage/start`` and ``outage/length``.
    """

    __slots__ = ("_latest", "_lengths", "_number", "_spec", "_times")

    def __init__(self, spec: Outages, draws: Draws, actor: str) -> None:
        self._spec = spec
        self._times = draws.stream(actor, "outage/start")
        self._lengths = draws.stream(actor, "outage/length")
        self._number = -1
        self._latest: Outage | None = None
        """Outage ``_number``, which was asked for last."""

    def outage(self, index: int) -> Outage:
        """Return outage ``index``: 0 is the first.

        Cheap for the same or the next index as before; otherwise all are added up again.
        """
        latest = self._latest
        if latest is None or index < self._number:
            self._number, latest = 0, self._at(0, 0)
        while self._number < index:
            self._number += 1
            latest = self._at(self._number, latest.end)
        self._latest = latest
        return latest

    def _at(self, index: int, since: int) -> Outage:
        # Outages are few: a value at a time costs less than the first block of a Sampler.
        start = since + max(value(self._spec.up, self._times.uniform(index)), 1)
        duration = max(value(self._spec.down, self._lengths.uniform(index)), 1)
        return Outage(start, duration, (self._times.address(index), self._lengths.address(index)))
