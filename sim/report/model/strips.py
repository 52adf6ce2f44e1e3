"""A track of bands as it grows, record by record."""

from __future__ import annotations

from attrs import define, field

from sim.report.model.timeline import Band, Track


@define
class Strip:
    """Something that is in one state at a time, or not there (None)."""

    kind: str
    label: str
    state: str | None = None
    _bands: list[Band] = field(factory=list, init=False)
    _began: int = field(default=0, init=False)
    _row: int = field(default=0, init=False)

    def be(self, state: str | None, time: int, row: int) -> None:
        """From the record in that row on it is in this state."""
        if state == self.state:
            return
        if self.state is not None:
            self._bands.append(Band(self._began, time, self.state, self._row, row))
        self.state, self._began, self._row = state, time, row

    def track(self, ended: int) -> Track:
        """All of it, in a story that ended then."""
        bands = list(self._bands)
        if self.state is not None:
            bands.append(Band(self._began, max(ended, self._began), self.state, self._row))
        return Track(self.kind, self.label, tuple(bands))
