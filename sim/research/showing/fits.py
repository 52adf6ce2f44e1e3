"""A fit: what was recorded beside what the model says."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.draws.distributions import Constant, Distribution
from sim.network.specs import Bernoulli, GilbertElliott
from sim.protocol.units import MILLISECOND, SECOND
from sim.research.fitting import hidden, uneven
from sim.research.fitting.candidates import Candidate, Choice
from sim.research.fitting.runs import Flags, Runs
from sim.research.fitting.spreads import frozen
from sim.research.showing.axes import COLOURS, FAINT, panels
from sim.research.showing.tables import row, table
from sim.research.showing.values import figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.research.fitting import Fit

Times = npt.NDArray[np.float64]

BINS = 12
"""Losses in a plot are gathered by time into so many points."""


def plot(fit: Fit) -> list[Axes]:
    """Draw each part that was fitted, beside what was recorded; return the axes."""
    parts = list(_parts(fit))
    places = panels(len(parts), 3.0)
    for place, (draw, *rest) in zip(places, parts, strict=True):
        draw(place, *rest)
        place.legend(fontsize=8, frameon=False)
    return places


def _parts(fit: Fit) -> Iterator[tuple[Any, ...]]:
    recording = next((each for each in fit.recordings if each.lost is not None), None)
    if fit.losses is not None and recording is not None and recording.lost is not None:
        if fit.uneven and recording.steps is not None and recording.lost.any():
            yield _losses_in_time, recording.lost, recording.steps, fit.losses
        else:
            yield _losses, Runs.of(recording.lost), fit.losses
    for choice, name, label in (
        (fit.delays, "delays", "delay"),
        (fit.every, "every", "time in service before an outage"),
        (fit.last, "last", "length of an outage"),
    ):
        times = next((t for r in fit.recordings if (t := getattr(r, name)) is not None), None)
        if choice is not None and times is not None:
            yield _durations, times, choice, label


def html(fit: Fit) -> str:
    """The models of each part, the best first, and the network of the best ones."""
    rows = []
    for title, choice in (
        ("losses", fit.losses),
        ("delays", fit.delays),
        ("times in service", fit.every),
        ("outages", fit.last),
    ):
        for candidate in choice.candidates if choice is not None else ():
            best = candidate is choice.best if choice is not None else False
            rows.append(row("td", (title, *_cells(candidate)), strong=best))
    heads = ("of", "model", "AIC", "test", "p")
    note = "strong: the model of the least AIC, which is in the network"
    network = f"<pre>{escape(fit.block())}</pre>"
    return f"<div>{network}{table(heads, rows)}<small>{note}</small></div>"


def _cells(candidate: Candidate[Any]) -> tuple[str, ...]:
    test = candidate.goodness
    aic = f"{candidate.aic:.1f}" if isfinite(candidate.aic) else ""
    if test is None:
        return candidate.name, aic, "", ""
    statistic = f"D {test.statistic:.3f}"
    if test.degrees is not None:
        statistic = f"chi² {test.statistic:.1f}, {test.degrees} degrees"
    return candidate.name, aic, statistic, "" if test.p is None else figure(test.p)


def _losses(place: Axes, runs: Runs, choice: Choice[Any]) -> None:
    """The share of bursts of n packets and more, on a logarithmic scale: a line, if geometric."""
    lengths = runs.lengths[runs.lost]
    place.set_xlabel("n [packets]")
    place.set_ylabel("share of bursts of n lost and more")
    if not lengths.size:
        place.plot([], [], color="black", label=f"recorded: none of {runs.packets} packets lost")
        return
    at = np.arange(1, max(int(lengths.max()), 2) + 1)
    recorded = np.array([(lengths >= n).mean() for n in at])
    place.step(at, recorded, where="mid", color="black", label=f"recorded: {lengths.size} bursts")
    for colour, candidate in zip((*COLOURS[:3], FAINT), choice.candidates, strict=False):
        chain = candidate.model
        if isinstance(chain, Bernoulli):
            chain = GilbertElliott(chain.p, 1 - chain.p)
        place.plot(at, hidden.survival(chain, True, at), color=colour, label=candidate.name)
    place.set_yscale("log")
    place.set_ylim(0.5 / lengths.size, 1.3)


def _losses_in_time(place: Axes, lost: Flags, steps: Times, choice: Choice[Any]) -> None:
    """The share of packets lost among those sent some time after a lost one."""
    after = np.maximum(steps[lost[:-1]], 1.0) / MILLISECOND
    again = lost[1:][lost[:-1]]
    edges = np.unique(np.quantile(after, np.linspace(0.0, 1.0, min(BINS, after.size) + 1)))
    bins = np.searchsorted(edges[1:-1], after, side="right")
    several = np.maximum(np.bincount(bins), 1)
    at, shares = np.bincount(bins, after) / several, np.bincount(bins, again) / several
    place.plot(at, shares, "o", color="black", label=f"recorded: after {after.size} losses")
    line = np.geomspace(float(at[0]) / 4, float(at[-1]) * 2, 200)
    for colour, candidate in zip((*COLOURS[:3], FAINT), choice.candidates, strict=False):
        chain = candidate.model
        share = (
            np.full(line.size, chain.p)
            if isinstance(chain, Bernoulli)
            else uneven.again(uneven.Chain.of(chain), line * MILLISECOND)
        )
        place.plot(line, share, color=colour, label=candidate.name)
    place.set_xscale("log")
    place.set_ylim(0.0, 1.02)
    place.set_xlabel("time after a packet that was lost [ms]")
    place.set_ylabel("share lost of the next packets")


def _durations(place: Axes, times: Times, choice: Choice[Distribution], label: str) -> None:
    unit, name = (SECOND, "s") if np.median(times) >= SECOND else (MILLISECOND, "ms")
    ordered = np.sort(times)
    shares = np.arange(1, times.size + 1) / times.size
    place.step(ordered / unit, shares, where="post", color="black", label=f"recorded: {times.size}")
    at = np.linspace(ordered[0], float(np.quantile(ordered, 0.995)), 300)
    for colour, candidate in zip(COLOURS, choice.candidates[:3], strict=False):
        if not isinstance(candidate.model, Constant):
            cdf = frozen(candidate.model).cdf(at)
            place.plot(at / unit, cdf, color=colour, label=candidate.name)
    place.set_xlim(0, max(float(at[-1]), float(ordered[0]) * 1.5) / unit)
    place.set_xlabel(f"{label} [{name}]")
    place.set_ylabel("share up to there")
