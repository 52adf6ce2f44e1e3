"""Metrics on their way to other processes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable

from sim.research.metrics import Metric
from sim.research.metrics.catalogue import catalogue
from sim.research.running import pool


def sent(metrics: Iterable[Metric]) -> tuple[Metric | str, ...]:
    """The metrics as they are sent to other processes: shipped ones by name."""
    shipped = catalogue()
    return tuple(
        metric.name if shipped.get(metric.name) is metric else metric for metric in metrics
    )


def can_be_sent(metrics: Iterable[Metric], cluster: bool = False) -> bool:
    """Whether those who run shards can be given the metrics.

    A function goes by where it is found. A process that was forked has it; one that was spawned
    may not: the program may be a notebook, and what it imports may not be found again.
    """
    if all(isinstance(each, str) for each in sent(metrics)):
        return True
    try:
        pickle.dumps(sent(metrics))
    except (pickle.PicklingError, AttributeError, TypeError):
        return False  # made in a function, a lambda, or with something open in it
    return cluster or pool.forks()
