"""All metrics by their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sim.research.metrics import messages, networks, runs, sessions
from sim.research.metrics.metric import Metric

_ALL = (*sessions.METRICS, *networks.METRICS, *messages.METRICS, *runs.METRICS)
_CATALOGUE = MappingProxyType({metric.name: metric for metric in _ALL})


def catalogue() -> Mapping[str, Metric]:
    """The shipped metrics by name, in the order of the documentation.

    >>> catalogue()["outages-survived"].unit
    '1'
    """
    return _CATALOGUE
