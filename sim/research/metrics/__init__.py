"""The shipped metrics: what can be asked of runs, each with its definition and unit."""

from sim.research.metrics.metric import Duration, Metric, Ratio

__all__ = ["Duration", "Metric", "Ratio"]
