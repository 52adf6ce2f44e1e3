"""How long sessions and their ghosts last, from the tables of an experiment (Kaplan-Meier)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.research.statistics.survival import Survival
from sim.research.tables.reading import Stored
from sim.wording import not_one_of

_DURATIONS: Final = {
    "session-duration": (
        "coalesce(s.ended_us, r.ended_us) - s.joined_us",
        "s.censored",
    ),
    "ghost-time": ("s.ghost_us", "s.ghost_censored"),
}
"""By metric: how long it was seen, and whether it went on, as columns of sessions and runs say."""


def survival(
    tables: Stored, metric: str, point: int, warm_up: int = 0, others: Iterable[str] = ()
) -> Survival:
    """The curve of a metric at a point, in seconds, of sessions joined after the warm-up.

    What is of one replication is not independent. Raises ``ValueError`` for a metric whose
    durations are not in the tables of sessions; ``others`` could have been asked for, too.
    """
    if metric not in _DURATIONS:
        known = dict.fromkeys((*_DURATIONS, *others))
        raise ValueError(not_one_of(metric, known, "a metric of durations here"))
    seen, goes_on = _DURATIONS[metric]
    rows = tables.query(
        f"SELECT ({seen}) / 1e6, NOT {goes_on}, replication FROM sessions s "  # noqa: S608 - ours
        f"JOIN runs r USING (point, replication) WHERE point = {point:d} AND ({seen}) IS NOT NULL "
        f"AND s.joined_us >= {warm_up:d} ORDER BY ALL"
    ).rows
    found = list(rows)
    seconds, ended, of = zip(*found, strict=True) if found else ((), (), ())
    return Survival(seconds, ended, of)
