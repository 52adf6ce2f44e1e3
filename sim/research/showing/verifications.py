"""What came of a comparison with theory, in notebooks."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.research.showing.tables import row, table

if TYPE_CHECKING:
    from sim.research.verification.finding import Finding, Verification

_HEADS: Final = ("", "theory", "measured", "± (95 %)", "unit", "z")


def html(found: Verification) -> str:
    """A row a finding; what is off is strong."""
    off = set(map(id, found.off))
    rows = [row("td", _cells(each), strong=id(each) in off) for each in found.findings]
    count = len(found.findings)
    verdict = f"{len(off)} of {count} are off" if off else f"{count} of {count} agree with theory"
    note = f"strong: off at a family-wise level of {found.level:.0%}, by Holm"
    return f"<div><b>{verdict}</b>{table(_HEADS, rows)}<small>{note}</small></div>"


def _cells(finding: Finding) -> tuple[Any, ...]:
    measured, z = finding.measured, finding.z
    return (
        finding.name,
        f"{finding.theory:.5g}",
        f"{measured.value:.5g}",
        f"{measured.half_width:.2g}",
        finding.unit,
        f"{z:.2f}" if isfinite(z) else "–",
    )
