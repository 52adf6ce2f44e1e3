"""Whether enough runs have been seen for a metric's interval to be narrow."""

from __future__ import annotations

from sim.research.metrics.figures import Figures
from sim.research.statistics.stopping import Decision, HalfWidth, decide, decide_at


def decided(rule: HalfWidth, figures: Figures, looked: dict[int, bool] | None = None) -> Decision:
    """Decide from the figures of the runs so far.

    A mean by Kaplan and Meier is another one with each run, and is not looked at after every one
    (:func:`~sim.research.statistics.stopping.looks`). In ``looked`` stands after which it has been,
    and whether its interval was narrow; who asks again with more runs keeps it.
    """
    if not figures.lasting:
        return decide(rule, figures.above, figures.below)
    known = {} if looked is None else looked

    def narrow(count: int) -> bool:
        if count not in known:
            so_far = figures.first(count)
            known[count] = so_far.lasting and rule.met(so_far.interval(rule.level))
        return known[count]

    return decide_at(rule, len(figures), narrow)
