"""How the sessions of many replications ended, and how long they lasted, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from math import inf
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim import Result
from sim.cli.runs import Run
from sim.protocol.units import SECOND
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading

if TYPE_CHECKING:
    from sim.research.statistics.intervals import Interval
    from sim.research.statistics.survival import Survival

_UNTOLD: Final = "untold"
"""How a session ends of which its app is not told, as in the metric ``ended-untold``."""
_HEADS: Final = ("share", "95 % interval", "sessions that ended, by what their app was told")
_MISSING: Final = (
    "how sessions ended, and how long they lasted, needs scipy: pip install 'session-sim[research]'"
)


class Lasted(NamedTuple):
    """One session: for how many seconds, whether that was all of it, and how it ended."""

    seconds: float
    ended: bool
    reason: str


Sessions = tuple[Lasted, ...]
"""Those of one replication."""


def watched(run: Run, **arguments: Any) -> tuple[Result, Sessions]:
    """Run it, with these arguments of :func:`sim.run`, and watch its sessions."""
    from sim.research.observing import Watcher

    watcher = Watcher(run.scenario)
    result = run.result(sinks=[watcher], **arguments)
    return result, tuple(
        Lasted(
            ((result.ended if each.ended_us is None else each.ended_us) - each.joined_us) / SECOND,
            not each.censored,
            each.end_told or _UNTOLD,
        )
        for each in watcher.observed(result).sessions
    )


def section(runs: Sequence[Sessions], width: int) -> Iterator[str]:
    """How sessions ended and how long they lasted, in lines; none if there were none."""
    every = [each for sessions in runs for each in sessions]
    if not every:
        return
    yield ""
    if not _can_tell():
        yield from map(faint, wrap(_MISSING, width))
        return
    shares = _shares(runs)
    if shares:
        rows = [
            (f"{share.estimate:.1%}", f"{share.low:.1%} to {share.high:.1%}", reason)
            for reason, share in shares.items()
        ]
        yield from columns([tuple(map(heading, _HEADS)), *rows], width)
    going = sum(not each.ended for each in every)
    curve = _curve(runs)
    mean = curve.restricted_mean(curve.longest)
    lasting = (
        f"{len(every)} sessions, of which {going} went on at the end. {_half(curve.median())};"
        f" up to {curve.longest:.0f} s they last {_seconds(mean)} on average."
    )
    yield from wrap(lasting, width)


def summary(runs: Sequence[Sessions]) -> dict[str, Any] | None:
    """The same for JSON; None where scipy is not there."""
    if not _can_tell():
        return None
    every = [each for sessions in runs for each in sessions]
    curve = _curve(runs)
    return {
        "sessions": len(every),
        "going_on": sum(not each.ended for each in every),
        "ends": {reason: share.to_data() for reason, share in _shares(runs).items()},
        "median_s": curve.median().to_data(),
        "mean_s": curve.restricted_mean(curve.longest).to_data(),
        "mean_up_to_s": curve.longest if every else None,
    }


def _can_tell() -> bool:
    return find_spec("scipy") is not None


def _shares(runs: Sequence[Sessions]) -> dict[str, Interval]:
    """By reason, its share of the sessions that ended; the most frequent first."""
    from sim.research.statistics.intervals import share

    ended = [Counter(each.reason for each in sessions if each.ended) for sessions in runs]
    sizes = [each.total() for each in ended]
    together = sum(ended, Counter[str]())
    return {
        reason: share([each[reason] for each in ended], sizes)
        for reason, _ in sorted(together.items(), key=lambda item: (-item[1], item[0]))
    }


def _curve(runs: Sequence[Sessions]) -> Survival:
    from sim.research.statistics.survival import Survival

    found = [(each, number) for number, sessions in enumerate(runs) for each in sessions]
    return Survival(
        [each.seconds for each, _ in found],
        [each.ended for each, _ in found],
        [number for _, number in found],
    )


def _half(median: Interval) -> str:
    if median.estimate == inf and median.low == 0.0:
        return "How long half of them last cannot be told"
    return f"Half last longer than {_seconds(median)}"


def _seconds(interval: Interval) -> str:
    """An estimate with its interval, in seconds."""
    if interval.estimate == inf:
        return f"{interval.low:.0f} s, at the least"
    high = "no end in sight" if interval.high == inf else f"{interval.high:.0f} s"
    return f"{interval.estimate:.0f} s ({interval.low:.0f} s to {high})"
