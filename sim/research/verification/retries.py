"""Attempts that each fail with the same chance: TCP's retransmissions, and connecting.

Where a packet is lost with probability q, all of the first k transmissions are lost with q^k, and
the first k cost (1 - q^k)/(1 - q) attempts on average. When they are made is the timer's doing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import evolve

from sim.draws.distributions import Constant
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec, NoLoss, Transport
from sim.protocol.timers import Timers
from sim.protocol.units import SECOND
from sim.research.verification.courses import SHIPPED
from sim.research.verification.estimates import Estimate, jackknife, mean, share
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models
from sim.scenario import Backoff, Person, Platform, Rejoin, Scenario
from sim.trace import Record

SEED: Final = 6298
_FAILS: Final = 0.3
_MOST: Final = 3
_APART: Final = 1000 * SECOND
_MOMENT: Final = 1e-5
"""Seconds that packets may be under way."""

_BATCHES: Final = 40
_BINS: Final = 10
_TOP: Final = 0.05
"""The share of the longest pauses: how many there are shows best where they end."""

Floats = npt.NDArray[np.float64]


def delivered(models: Models, items: int) -> Floats:
    """How long each of so many items, sent on their own, is on its way over TCP, in seconds."""
    spec = DirectionSpec(Bernoulli(_FAILS))
    stream = models.stream(models.direction(spec, Draws(SEED), "tcp", "up"), Transport())
    took = []
    for number in range(items):
        begun = number * _APART
        arrived = stream.send(number, begun)
        while arrived is None:
            assert stream.deadline is not None, "what is queued has a deadline"
            arrived = stream.retransmit(stream.deadline)
        stream.take_queue()
        took.append((arrived - begun) / SECOND)
    return np.array(took)


def handshakes(models: Models, count: int) -> Floats:
    """How long each of so many handshakes of one exchange takes, in seconds."""
    lossy = DirectionSpec(Bernoulli(_FAILS), Constant(1))
    answers = DirectionSpec(NoLoss(), Constant(1))
    link = Link("syn", LinkSpec(lossy, answers, transport=Transport(round_trips=1)), Draws(SEED))
    took = []
    for number in range(count):
        handshake = models.handshake(link)
        begun = number * _APART
        handshake.start(begun)
        ended = begun
        while handshake.outcome is None:
            assert handshake.deadline is not None, "a handshake that goes on waits for something"
            ended = handshake.deadline
            handshake.advance(ended)
        took.append((ended - begun) / SECOND)
    return np.array(took)


def attempts(took: Floats) -> Floats:
    """How many transmissions that were, by the times at which the timer of the theory sends."""
    sent = np.array(SHIPPED.resent(_APART / SECOND))
    return np.asarray(np.searchsorted(sent, took, side="right"), dtype=float)


def pauses(models: Models, backoff: Backoff, people: int, times: int, run: int = 0) -> Floats:
    """The first pauses of people who are refused again and again, in seconds: a row for each."""
    seen: dict[str, list[float]] = {}

    def take(record: Record) -> None:
        if record.name == "rejoin":
            seen.setdefault(record.client, []).append(record.data["after"] / SECOND)

    story = Scenario(
        name="refused",
        seed=SEED,
        duration=round((longest(backoff, times).sum() + times) * SECOND),
        platform=Platform(connection_limit=0),
        timers=Timers(connect_attempts=1),
        clients={"people": Person(count=people, rejoin=Rejoin(backoff=backoff))},
        laws=(),
    )
    models.run(story, replication=run, sinks=[take], keep=False)
    return np.array([mine[:times] for mine in seen.values()])


def longest(backoff: Backoff, times: int) -> Floats:
    """By theory the longest that each of the first pauses may be, in seconds."""
    base, cap = backoff.first / SECOND, backoff.max / SECOND
    return np.asarray(np.minimum(cap, base * backoff.factor ** np.arange(times)))


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    makers: dict[str, Callable[[Models, int], Floats]] = {"TCP": delivered, "SYN": handshakes}
    for name, make in makers.items():
        took = make(models, 30_000 * effort)
        made = attempts(took)
        all_fail, first = _FAILS**_MOST, np.minimum(made, _MOST)
        what = f"the first {_MOST} transmissions are all lost, each with probability {_FAILS:g}"
        yield Finding(f"{name}: P(all {_MOST} fail)", what, all_fail, share(made > _MOST))
        expected = (1 - all_fail) / (1 - _FAILS)
        what = f"transmissions, {_MOST} at most, each lost with probability {_FAILS:g}"
        yield Finding(f"{name}: attempts", what, expected, mean(first))
        edge = SHIPPED.resent(_APART / SECOND)[_MOST - 1]
        what = f"done by transmission {_MOST}, {edge:g} s after the first"
        in_time = share(took <= edge + _MOMENT)
        yield Finding(f"{name}: within {edge:g} s", what, 1 - all_fail, in_time)
    yield from _backoff(models)
    yield from full_jitter(models, effort)


def _backoff(models: Models) -> Iterator[Finding]:
    times, backoff = 8, Backoff(first="1s", factor=2, max="10s")
    due = float(longest(backoff, times).sum())
    total = pauses(models, backoff, 3, times).sum(axis=1)
    what = f"pauses of somebody refused {times} times: min(10 s, 1 s times 2^n), added up"
    yield Finding("backoff: pauses", what, due, mean(total), "s")


def full_jitter(models: Models, effort: int) -> Iterator[Finding]:
    """The pauses of people who are refused again and again and whose backoff has full jitter."""
    times, backoff = 5, Backoff(first="1s", factor=2, max="5s", jitter="full")
    runs = [pauses(models, backoff, 400, times, run) for run in range(2 * effort)]
    drawn, most = np.concatenate(runs), longest(backoff, times)
    for cap in np.unique(most):
        numbers = np.flatnonzero(most == cap)
        name = f"full jitter, n {'=' if len(numbers) == 1 else '>='} {numbers[0]}"
        mine, what = drawn[:, numbers].ravel(), f"uniform from 0 to {cap:g} s"
        yield Finding(f"{name}: mean", what, cap / 2, mean(mine), "s")
        yield Finding(f"{name}: variance", what, cap**2 / 12, _variance(mine), "s2")
        edge = (1 - _TOP) * cap
        yield Finding(f"{name}: over {edge:g} s", what, _TOP, share(mine > edge))
    what = f"chi-square of {_BINS} equal parts of 0 to min(5 s, 1 s times 2^n)"
    yield Finding("full jitter: uniform", what, _BINS - 1, chi_square(drawn / most))


def _variance(values: Floats) -> Estimate:
    sums = np.column_stack([np.ones_like(values), values, values**2])
    batches = sums.reshape(_BATCHES, -1, 3).sum(axis=1)
    return jackknife(lambda t: t[2] / t[0] - (t[1] / t[0]) ** 2, batches, len(values))


def chi_square(shares: Floats) -> Estimate:
    """The mean chi-square of batches; if all bins are equally likely it is their number less 1."""
    batches = shares.reshape(_BATCHES, -1)
    bins = np.minimum((batches * _BINS).astype(int), _BINS - 1)
    found = np.array([np.bincount(row, minlength=_BINS) for row in bins])
    due = batches.shape[1] / _BINS
    return evolve(mean(((found - due) ** 2 / due).sum(axis=1)), samples=shares.size)


RETRIES: Final = Subject(
    "retries",
    "Attempts that each fail with q: all k fail with q^k, and the first k are"
    " (1 - q^k)/(1 - q) on average; pauses min(cap, base 2^n), or with full jitter uniform from 0"
    " to that.",
    "elementary; when TCP tries again: RFC 6298",
    _findings,
)
