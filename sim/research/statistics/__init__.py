"""Estimates with intervals, for runs that are independent of each other.

=============  ==================================================================================
intervals.py   ``Interval``; means, ratios, shares (Wilson) and quantiles
paired.py      differences of pairs, what the pairing saved, sign-flip test, several tests (Holm)
batches.py     one long run: its warm-up (MSER-5) and batch means
bootstrap.py   an interval for any statistic (BCa), from resamples with an address
survival.py    durations of which some are not over (Kaplan-Meier)
stopping.py    how many replications are enough (Hoad, Robinson and Davies)
=============  ==================================================================================

Everything takes numpy arrays. Nothing has a random state: resamples and sign flips are drawn from
streams of :mod:`sim.draws`, so that the same data give the same numbers everywhere.

Nothing is imported here. Quantiles of distributions are :mod:`scipy.special`'s, which takes a
third of the time to import that :mod:`scipy.stats` takes: ``run --replications`` needs them, too.
"""
