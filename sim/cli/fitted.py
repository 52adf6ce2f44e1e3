"""What ``fit`` says of the models that it has fitted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import fields

from sim.network.specs import GilbertElliottTime
from sim.protocol.units import MILLISECOND, format_duration
from sim.telling.columns import columns, wrap

if TYPE_CHECKING:
    from sim.research.fitting import Fit
    from sim.research.fitting.candidates import Candidate, Choice
    from sim.research.fitting.goodness import Goodness


def report(fit: Fit, width: int) -> Iterator[str]:
    """The models of each part, the best first, with their parameters and how well they fit."""
    parts: tuple[tuple[str, Choice[Any] | None], ...] = (
        (_losses(fit), fit.losses),
        ("delays of packets that arrived:", fit.delays),
        ("times in service between outages:", fit.every),
        ("outages:", fit.last),
    )
    for title, choice in parts:
        if choice is not None:
            yield f"{title} {choice.cases}{' packets' if choice is fit.losses else ''}"
            least = choice.best.aic
            rows = [_row(each, each.aic - least) for each in choice.candidates]
            yield from columns([_HEADS, *rows], width, "  ")
            yield ""
    for note in _notes(fit, [choice for _, choice in parts if choice is not None]):
        yield from wrap(note, width)


_HEADS = ("model", "AIC", "test", "p", "parameters")


def _losses(fit: Fit) -> str:
    flags = next((each.lost for each in fit.recordings if each.lost is not None), None)
    return "losses among" if flags is None else f"losses: {100 * flags.mean():.3g} % of"


def _row(candidate: Candidate[Any], more: float) -> tuple[str, ...]:
    test = candidate.goodness
    shown = ("", "") if test is None else (_test(test), _p(test))
    return candidate.name, _aic(more), *shown, parameters(candidate.model)


def _aic(more: float) -> str:
    """By how much it is more than the least; nothing of a constant, which has none."""
    return f"+{more:.1f}" if more > 0 else ("0" if more == 0 else "")


def _test(test: Goodness) -> str:
    if test.degrees is None:
        return f"D {test.statistic:.3f}"
    return f"chi2 {test.statistic:.1f}/{test.degrees}" if test.degrees > 0 else "too few losses"


def _p(test: Goodness) -> str:
    if test.p is None:
        return ""
    return f"{test.p:.2f}" if test.p >= 0.01 else "<.01"


def parameters(model: Any) -> str:
    """The parameters of a model in a line: durations with their units, to four figures."""
    numbers = {each.name: getattr(model, each.name) for each in fields(type(model)) if each.init}
    shown = {name: number for name, number in numbers.items() if name != "minimum" or number}
    return ", ".join(f"{name} {_number(number)}" for name, number in shown.items())


def _number(number: float) -> str:
    if isinstance(number, int):
        return format_duration(int(float(f"{number:.4g}")))
    return f"{number:.4g}"


def _notes(fit: Fit, choices: list[Choice[Any]]) -> Iterator[str]:
    from sim.research.fitting import goodness
    from sim.research.fitting.spreads import FEWEST

    tests = [each.goodness for choice in choices for each in choice.candidates if each.goodness]
    distances = [test for test in tests if test.degrees is None]
    if any(test.test == goodness.RUNS for test in tests):
        yield f"Note: {goodness.CHI_SQUARE}."
    if distances:
        yield f"Note: {goodness.KOLMOGOROV}; {goodness.MANY}."
    durations = [each for each in (fit.delays, fit.every, fit.last) if each]
    if any(each.cases < FEWEST and each.best.name != "constant" for each in durations):
        yield f"Note: fewer than {FEWEST} durations are taken as exponential."
    if fit.losses is not None and fit.losses.best.name == "none":
        yield (
            f"Note: no packet was lost; with a confidence of 95 % fewer than "
            f"{300 / fit.losses.cases:.2g} % are (rule of three)."
        )
    if fit.moves_in_time:
        yield from _moving(fit)


def _moving(fit: Fit) -> Iterator[str]:
    """Why losses move in time, and not with every packet."""
    loss = fit.link.up.loss
    if not fit.uneven:
        yield (
            f"Note: packets were sent every {format_duration(fit.spacing or 0)}; losses move in "
            "time, as they did then."
        )
        return
    yield (
        "Note: packets were sent at uneven times; losses move in time, between two packets for as "
        "long as they were apart."
    )
    if isinstance(loss, GilbertElliottTime) and MILLISECOND in (loss.good, loss.bad):
        yield "Note: a state lasts 1ms, the shortest that a scenario may say; it may last less."
