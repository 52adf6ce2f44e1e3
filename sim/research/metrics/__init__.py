"""The shipped metrics: what can be asked of runs, each with its definition and unit.

==============  ====================================================================
metric.py       what a metric is
catalogue.py    all of them by name; sessions.py, networks.py, messages.py, runs.py have them
asking.py       what a run says of one, which may be anybody's
figures.py      what many runs say of a metric, as numbers; it needs scipy
estimate.py     what that comes to, with an interval; it needs scipy
lasting.py      curves of durations, of which some had not ended; it needs scipy
==============  ====================================================================

They are listed in ``docs/metrics.md``.
"""

from sim.research.metrics.catalogue import catalogue
from sim.research.metrics.metric import Duration, Durations, Kind, Metric, Ratio, of_durations

__all__ = ["Duration", "Durations", "Kind", "Metric", "Ratio", "catalogue", "of_durations"]
