"""What theory says beside what was measured: as a table, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

from sim.cli import verdicts
from sim.laws import BROKEN, HELD
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading, style

if TYPE_CHECKING:
    from sim.research.verification import Finding, Verification
    from sim.research.verification.estimates import Estimate
    from sim.research.verification.single import Line

_HEADS: Final = ("theory", "measured", "+- 95 %", "z", "samples", "what")
_DIGITS: Final = 5


def table(verification: Verification, width: int) -> Iterator[str]:
    """A line for each finding, by subject; what those are that are off; the verdict."""
    rows = [tuple(map(heading, _HEADS))]
    off = set(map(id, verification.off))
    rows += [_row(each, id(each) in off) for each in verification.findings]
    yield from columns(_to_the_right(rows), width)
    if verification.off:
        yield ""
        yield "Off:"
        said = [(each.name, each.what) for each in verification.off]
        yield from columns(said, width, "  ")
    yield ""
    yield _verdict(verification)
    yield from map(faint, wrap(_ABOUT.format(level=verification.level), width))


_ABOUT: Final = "family-wise level {level:.0%}, by Holm; p-values by Student's t"


def _row(finding: Finding, is_off: bool) -> tuple[str, ...]:
    measured, z = finding.measured, finding.z
    return (
        number(finding.theory),
        number(measured.value),
        f"{measured.half_width:.2g}",
        f"{z:.2f}" if isfinite(z) else number(z),
        f"{measured.samples:,}",
        f"{style(finding.name, fg='red', bold=True) if is_off else finding.name}"
        + (f", {finding.unit}" if finding.unit else ""),
    )


def _to_the_right(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Numbers end in one column; the last cell is text."""
    from sim.telling.marks import unstyled

    widths = [max(len(unstyled(row[i])) for row in rows) for i in range(len(rows[0]) - 1)]
    return [
        (*(" " * (w - len(unstyled(c))) + c for c, w in zip(row, widths, strict=False)), row[-1])
        for row in rows
    ]


def _verdict(verification: Verification) -> str:
    count, off = len(verification.findings), len(verification.off)
    if off:
        return verdicts.styled(BROKEN, f"{off} of {count} are off")
    return verdicts.styled(HELD, f"{count} of {count} agree with theory")


def data(verification: Verification, code: int) -> dict[str, Any]:
    """Everything as JSON can say it."""
    off = set(map(id, verification.off))
    pairs = zip(verification.findings, verification.adjusted, strict=True)
    return {
        "findings": [_data(each, adjusted, id(each) in off) for each, adjusted in pairs],
        "level": verification.level,
        "exit_code": code,
    }


def _data(finding: Finding, adjusted: float, is_off: bool) -> dict[str, Any]:
    measured, z = finding.measured, finding.z
    return {
        "subject": finding.subject,
        "name": finding.name,
        "what": finding.what,
        "unit": finding.unit,
        "theory": finding.theory,
        "measured": measured.value,
        "low": measured.value - measured.half_width,
        "high": measured.value + measured.half_width,
        "error": measured.error,
        "z": z if isfinite(z) else None,
        "p": finding.p,
        "adjusted": adjusted,
        "off": is_off,
        "samples": measured.samples,
    }


def single(title: str, lines: Sequence[Line], width: int) -> Iterator[str]:
    """One detector or channel."""
    yield heading(title)
    rows = [tuple(map(heading, ("theory", "measured", "+- 95 %", "samples", "what")))]
    rows += [_line(line) for line in lines]
    yield from columns(_to_the_right(rows), width)


def _line(line: Line) -> tuple[str, ...]:
    seen, theory = line.measured, number(line.theory)
    if not isfinite(line.theory) and isfinite(line.log10):
        exponent = int(line.log10 // 1)
        theory = f"{10 ** (line.log10 - exponent):.3f}e+{exponent}"
    rest = ("too few", "-", "-") if seen is None else _measured(seen, line.half_width)
    return (theory, *rest, f"{line.name}: {line.what}")


def _measured(seen: Estimate, half_width: float) -> tuple[str, str, str]:
    interval = "-" if isnan(half_width) else f"{half_width:.2g}"
    return number(seen.value), interval, f"{seen.samples:,}"


def number(value: float) -> str:
    """Five digits that count; of shares next to 1 what is missing.

    >>> number(38.81045), number(0.01264), number(float("nan"))
    ('38.810', '0.012640', 'none')
    """
    if isnan(value):
        return "none"
    if not isfinite(value):
        return "never" if value > 0 else "-never"
    if 0.9999 < value < 1:
        return f"1 - {1 - value:.3g}"
    return f"{value:#.{_DIGITS}g}"
