"""Erlang C: people who are refused for want of a place and come back until there is one.

The platform has no waiting room: who comes to a full session is refused. Whoever has a ``rejoin``
comes back, which with exponential pauses makes a retrial queue; the more often they try, the more
it is like the queue of Erlang's formula C.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.draws.distributions import Exponential
from sim.protocol.units import SECOND
from sim.research.verification.erlang import Retrials, erlang_c
from sim.research.verification.estimates import ratio
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models
from sim.research.verification.population import crowd, person_seconds
from sim.scenario import Platform, Rejoin

_RUNS: Final = 20
_PLACES, _RATE, _STAY, _PAUSE = 3, 7.5, 0.2, 0.02
_WARM_UP: Final = 4.0


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    theory = Retrials(_PLACES, _RATE * _STAY, _PAUSE / _STAY)
    end = _WARM_UP + 26.0 * effort
    stay, pause = Exponential(round(_STAY * SECOND)), Exponential(round(_PAUSE * SECOND))
    platform, rejoin = Platform(connection_limit=_PLACES), Rejoin(after=pause)
    refused, came, waited, taken = [], [], [], []
    for run in range(_RUNS):
        seen = crowd(models, _RATE, stay, end, run, platform, rejoin)
        refused.append(sum(time > _WARM_UP for time in seen.refused_at_first))
        came.append(sum(time > _WARM_UP for time in seen.came))
        waited.append(person_seconds(seen.came, seen.joined, _WARM_UP, end))
        taken.append(person_seconds(seen.joined, seen.left, _WARM_UP, end))
    queue = erlang_c(_PLACES, _RATE * _STAY)
    said = f"{_RATE:g} a second for {_PLACES} places of {_STAY:g} s, again after {_PAUSE:g} s"
    what = f"refused at first, nearly Erlang C, which is {queue:.4f} ({said})"
    yield Finding("M/M/c: refused at first", what, theory.refused, ratio(refused, came))
    what = f"people who are waiting for a place ({said})"
    time = [end - _WARM_UP] * _RUNS
    yield Finding("M/M/c: waiting", what, theory.waiting, ratio(waited, time, sum(came)))
    what = f"places taken: everybody gets one in the end ({said})"
    yield Finding("M/M/c: taken", what, theory.load, ratio(taken, time, sum(came)))


WAITING: Final = Subject(
    "waiting",
    "M/M/c where who finds no place tries again, after pauses that are short beside a stay: who is"
    " refused at first, and how many wait. With pauses of nothing this is Erlang's formula C.",
    "Erlang, 1917; Falin and Templeton, Retrial Queues, 1997",
    _findings,
)
