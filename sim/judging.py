"""A recorded run judged: by the laws, and by what its scenario expects."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from attrs import frozen

from sim.expectations import Checker, Outcome, expected_breaches
from sim.laws import Goals, Story, Verdict, check
from sim.protocol.quirks import PROFILES, QUIRKS
from sim.scenario import Scenario, ScenarioError, from_data, scenario_hash
from sim.trace import Header
from sim.version import VERSION
from sim.wording import listing

BY_LAW: Final = "only the laws named by --law judge"
CUT_OFF: Final = "the trace was cut off, and what they say of may have come later"


@frozen
class Judgement:
    """What became of the laws, the goals and the expectations."""

    scenario: Scenario | None
    """The scenario that the trace holds; None if it cannot be asked."""
    verdicts: dict[str, Verdict]
    goals: dict[str, int]
    """The quirks that the profile has, and how often each was at work."""
    expectations: tuple[Outcome, ...] | None
    """None when they were not judged."""
    unjudged: str
    """Why they were not judged."""
    expected: Collection[str]
    """The laws that are expected to break."""

    @property
    def is_broken(self) -> bool:
        """Whether a law broke that is not expected to."""
        return any(v.broken and name not in self.expected for name, v in self.verdicts.items())

    @property
    def is_missed(self) -> bool:
        """Whether an expectation did not hold."""
        return any(not outcome.held for outcome in self.expectations or ())


def judge(trace: Story, names: Collection[str] = ()) -> Judgement:
    """Judge a trace by the laws of these names, or else by those that its scenario chooses.

    Raises :class:`~sim.trace.TraceError` when it cannot be read.
    """
    story, unjudged = _asked(trace.header)
    if names:
        unjudged = BY_LAW
    chosen = names or _laws(story)
    checker = Checker(story.expect, trace.header.people) if story and not names else None
    goals = Goals(trace.header)
    verdicts = check(trace, chosen, [goals] if checker is None else [goals, checker])
    outcomes = None
    if checker is not None and trace.footer is None:
        unjudged = CUT_OFF
    elif checker is not None and trace.footer is not None:
        where = {name: verdict.broke for name, verdict in verdicts.items()}
        outcomes = tuple(checker.finish(trace.footer.ended, where))
    expected = expected_breaches(story.expect) if story else ()
    why_not = "" if outcomes is not None else unjudged
    return Judgement(story, verdicts, goals.reached, outcomes, why_not, expected)


def _asked(header: Header) -> tuple[Scenario | None, str]:
    """The scenario that a trace holds, or why it cannot be asked."""
    try:
        return consistent_scenario(header), ""
    except ValueError as problem:
        return None, str(problem)


def _laws(story: Scenario | None) -> Collection[str] | None:
    return None if story is None or isinstance(story.laws, str) else story.laws


def consistent_scenario(header: Header) -> Scenario:
    """The scenario that a trace holds, which is the one that its header speaks of.

    Raises ``ValueError`` with one sentence.
    """
    scenario = _scenario(header)
    _check(header, scenario)
    return scenario


def _scenario(header: Header) -> Scenario:
    if not isinstance(header.scenario, dict):
        raise ValueError("the trace holds no scenario, from which it could be run again")
    try:
        return from_data(header.scenario)
    except ScenarioError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more)" if others else ""
        raise ValueError(f"the scenario in the header has mistakes: {first}{more}") from None


def _check(header: Header, scenario: Scenario) -> None:
    """Refuse a header from which nothing can be run, or that was changed after it was written."""
    if header.profile not in PROFILES:
        raise ValueError(
            f"the header names the profile {header.profile!r}; known are {', '.join(PROFILES)}"
        )
    if unknown := unknown_quirks(header.quirks):
        raise ValueError(f"the header names {unknown}")
    if header.seed < 0 or header.replication < 0:
        raise ValueError("the header's seed and replication must be from 0 on")
    if header.version != VERSION:
        return
    if header.scenario_hash and header.scenario_hash != scenario_hash(scenario):
        raise ValueError(
            "the file was changed: the hash of its scenario is not the one that its header names"
        )


def unknown_quirks(quirks: Iterable[str]) -> str | None:
    """What is to be said of quirks that there are not."""
    unknown = [repr(name) for name in quirks if name not in QUIRKS]
    what = "the quirk" if len(unknown) == 1 else "the quirks"
    return f"{what} {listing(unknown)}, which this version does not have" if unknown else None
