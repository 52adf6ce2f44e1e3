"""The simulator against theory: closed forms beside what its own models do.

=============  ===================================================================================
channel.py     the Gilbert-Elliott channel; ``gilbert.py`` is its theory
detector.py    Chen, Toueg and Aguilera's NFD-S; ``nfd.py`` is its theory
outages.py     outages as an alternating renewal process, and what clients tell of them
survival.py    the share of outages that a session survives
ghosts.py      how long a dead client is seen
kicks.py       how likely a kick meets a reconnection
population.py  M/G/infinity and Erlang B
waiting.py     Erlang C; ``erlang.py`` is its theory, and that of B
retries.py     attempts that fail independently, and backoff
timing.py      when an outage is noticed and over: the theory of the last four about outages
courses.py     people whose link fails again and again, outage by outage
estimates.py   values from batches, by the jackknife
finding.py     a line of the table, and Holm's procedure over all of them
models.py      what is under test
single.py      one detector or one channel with parameters of one's own
=============  ===================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from attrs import evolve

from sim.research.verification.channel import CHANNEL
from sim.research.verification.detector import DETECTOR
from sim.research.verification.finding import LEVEL, Finding, Subject, Verification, judged
from sim.research.verification.ghosts import GHOSTS
from sim.research.verification.kicks import KICKS
from sim.research.verification.models import OWN, Models
from sim.research.verification.outages import OUTAGES
from sim.research.verification.population import POPULATION
from sim.research.verification.retries import RETRIES
from sim.research.verification.survival import SURVIVAL
from sim.research.verification.waiting import WAITING

SUBJECTS: Final = {
    subject.name: subject
    for subject in (
        CHANNEL,
        DETECTOR,
        OUTAGES,
        SURVIVAL,
        GHOSTS,
        KICKS,
        POPULATION,
        WAITING,
        RETRIES,
    )
}
"""Every closed form, by name."""
THOROUGH: Final = 10
"""How many times the samples of a quick comparison a thorough one has."""

__all__ = [
    "LEVEL",
    "SUBJECTS",
    "THOROUGH",
    "Finding",
    "Models",
    "Subject",
    "Verification",
    "verify",
]


def verify(
    only: str | Iterable[str] | None = None,
    *,
    thorough: bool = False,
    models: Models = OWN,
    progress: Callable[[int, str], object] | None = None,
) -> Verification:
    """Compare the simulator with theory; see :data:`SUBJECTS`.

    ``only`` names subjects, or is the name of one; all by default. ``thorough`` takes ten times the
    samples. ``models`` are what is under test: the simulator's own, unless a test hands in others.
    ``progress`` is told how many subjects are done and the name of the next one. Chance is the same
    each time. Raises ``ValueError`` for an unknown subject, or none.
    """
    names = [only] if isinstance(only, str) else list(SUBJECTS if only is None else only)
    if not names:
        raise ValueError(f"nothing is asked for; there are {', '.join(SUBJECTS)}")
    for name in names:
        if name not in SUBJECTS:
            raise ValueError(f"there is no subject {name}; there are {', '.join(SUBJECTS)}")
    findings: list[Finding] = []
    for number, name in enumerate(names):
        if progress is not None:
            progress(number, name)
        effort = THOROUGH if thorough else 1
        findings += [evolve(each, subject=name) for each in SUBJECTS[name].findings(models, effort)]
    return judged(findings)
