"""The shipped metrics: what can be asked of runs, each with its definition and unit.

==============  ====================================================================
metric.py       what a metric is
catalogue.py    all of them by name; sessions.py, networks.py, messages.py, runs.py have them
estimate.py     what many runs say of a metric; it needs scipy
lasting.py      curves of durations, of which some had not ended; it needs scipy
==============  ====================================================================

They are listed in ``docs/metrics.md``.
"""

from sim.research.metrics.catalogue import catalogue
from sim.research.metrics.metric import Duration, Metric, Ratio

__all__ = ["Duration", "Metric", "Ratio", "catalogue"]
