"""One line of the table: what theory says, and what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

if TYPE_CHECKING:
    from sim.research.verification.estimates import Estimate
    from sim.research.verification.models import Models

LEVEL: Final = 0.01
"""How likely it is that anything at all is called off in a simulator that is right."""


@frozen
class Finding:
    """A value of theory beside the value measured. ``unit`` is empty for shares and counts.

    ``subject`` is the name of the closed form that it belongs to.
    """

    name: str
    what: str
    theory: float
    measured: Estimate
    unit: str = ""
    subject: str = ""

    @property
    def z(self) -> float:
        """How many standard errors lie between the two."""
        return self.measured.z(self.theory)

    @property
    def p(self) -> float:
        """How likely something so far off is by chance."""
        return self.measured.p(self.theory)


@frozen
class Subject:
    """A closed form: its name, the sentence that states it, its source, and what measures it."""

    name: str
    statement: str
    source: str
    findings: Callable[[Models, int], Iterator[Finding]]
    """From the models and how many times the quick number of samples."""


@frozen
class Verification:
    """What came of a comparison with theory.

    ``off`` are the findings that Holm's procedure rejects at the family-wise :data:`LEVEL`.
    """

    findings: tuple[Finding, ...] = field(repr=lambda findings: f"<{len(findings)} of them>")
    off: tuple[Finding, ...]
    adjusted: tuple[float, ...] = field(repr=False)
    """The p-values of the findings, adjusted for their number."""
    level: float = LEVEL

    @property
    def held(self) -> bool:
        """Whether theory and simulator agree."""
        return not self.off

    def _repr_html_(self) -> str:
        from sim.research.showing.verifications import html  # noqa: PLC0415 - when it is used

        return html(self)


def judged(findings: Sequence[Finding], level: float = LEVEL) -> Verification:
    """Judge findings as one family.

    Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6, 1979. Whatever depends on what, the probability that anything right is called
    off is at most ``level``.
    """
    adjusted = holm([finding.p for finding in findings])
    off = (each for each, p in zip(findings, adjusted, strict=True) if not p > level)
    return Verification(tuple(findings), tuple(off), tuple(adjusted), level)


def holm(chances: Sequence[float]) -> list[float]:
    """Adjust p-values for their number: the least level of the family that rejects each.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted, least = [0.0] * len(chances), 0.0
    for rank, index in enumerate(sorted(range(len(chances)), key=lambda each: chances[each])):
        least = max(least, min(1.0, (len(chances) - rank) * chances[index]))
        adjusted[index] = least
    return adjusted
