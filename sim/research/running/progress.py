"""How far a sweep is."""

from __future__ import annotations

from attrs import frozen


@frozen
class Progress:
    """So many runs of so many, after ``seconds``; ``before`` of them had been done by then."""

    runs: int
    total: int
    """How many there are to be; with a stopping rule, at most."""
    seconds: float
    breaches: int
    """How often laws have been broken so far, expected or not."""
    before: int = 0
    at_most: bool = False

    @property
    def rate(self) -> float:
        """Runs a second; 0 while that is not known."""
        return (self.runs - self.before) / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest takes at this rate; None while that is not known."""
        return (self.total - self.runs) / self.rate if self.rate else None

    def __str__(self) -> str:
        of = f"of at most {self.total}" if self.at_most else f"of {self.total}"
        parts = [f"{self.runs} {of} runs"]
        if self.rate:
            parts.append(f"{self.rate:.3g}/s")
        if self.left is not None and self.runs < self.total:
            parts.append(f"{_time(self.left)} left")
        parts.append(_breaks(self.breaches))
        return ", ".join(parts)


def _breaks(count: int) -> str:
    return "1 law break" if count == 1 else f"{count or 'no'} law breaks"


def _time(seconds: float) -> str:
    """A time for people who wait: ``45 s``, ``12 min``, ``3.5 h``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
