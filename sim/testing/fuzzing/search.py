"""The search: variations of a scenario are run until nothing new comes of it.

Hypothesis draws the variations, in batches, each from a seed of its own; every other batch varies a
variation that has reached something for the first time. What breaks is made smaller by
:func:`sim.testing.shrinking.shrink`, once for each thing that breaks, and the search goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import define, evolve, field, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from sim.expectations import expected_breaches
from sim.running import run
from sim.scenario import Scenario, scenario_hash
from sim.testing.breaking import Broken, Runner, Still, broken, crashed
from sim.testing.fuzzing.findings import Finding, finding
from sim.testing.goals import reached
from sim.testing.shrinking import shrink
from sim.testing.varying import variations
from sim.world.bounds import StoryWithoutEnd

BATCH: Final = 50
"""Variations that Hypothesis draws from one seed."""
CHANGES: Final = 8
"""The most changes of the script, and of the networks, in one variation."""
BATCHES: Final = 1_000_003
"""Seeds of batches lie so far apart that no two searches share one."""
MOST_STARTS: Final = 25
"""So many variations that have reached something are varied themselves."""
LONGEST_SCRIPT: Final = 24
"""Stories with more steps are not varied again: they would only grow."""
PATIENCE: Final = 500
"""Variations after which nothing new is expected any more."""
MOST_EVENTS: Final = 2_000_000
"""So much may happen in one variation; more is a story without end, which breaks nothing."""

LIMIT: Final = "the limit"
TIME: Final = "the time"
NOTHING_NEW: Final = "nothing new"
EXHAUSTED: Final = "no more variations"


@frozen(kw_only=True)
class Plan:
    """What is searched, and how long.

    ``examples`` is how many variations are run at most, None for any number; ``patience`` how many
    may bring nothing new; ``over`` says whether the time is over. With ``expectations`` those of
    the scenario are judged as well as the laws. ``runner`` runs a scenario as :func:`sim.run` does.
    """

    scenario: Scenario
    seed: int = 0
    examples: int | None = 1000
    patience: int = PATIENCE
    events: int = MOST_EVENTS
    expectations: bool = False
    over: Callable[[], bool] = lambda: False
    runner: Runner = run


class Listener:
    """Is told how a search goes on. Nothing needs to be done about it."""

    def ran(self, search: Search) -> None:
        """A variation was run."""

    def shrinks(self, search: Search, what: Broken, smallest: Scenario) -> None:
        """What broke is made smaller: a try was made."""

    def found(self, finding: Finding) -> None:
        """Something was found, and is as small as it can be; or as it was when time was over."""


class _TimeIsOver(Exception):  # noqa: N818 - it says why shrinking ends
    """Ends the shrinking of a finding; what it has come to counts."""


@define
class Search:
    """A search as far as it has come. :meth:`run` does it all."""

    plan: Plan
    listener: Listener = field(factory=Listener)
    runs: int = 0
    goals: dict[str, int] = field(factory=dict)
    """What was reached → in how many variations."""
    findings: dict[str, Finding] = field(factory=dict)
    """By their identities, in the order in which they were found."""
    endless: int = 0
    """How many variations were stories without end."""
    stopped: str = ""
    """Why it ended."""
    _known: dict[Broken, Finding] = field(factory=dict)
    _starts: list[Scenario] = field(factory=list)
    _tried: set[str] = field(factory=set)
    _failure: Exception | None = None
    _latest: int = 0
    """The number of the run that last brought something new."""

    def run(self) -> Search:
        """Search until the limit, until the time is over, or until nothing new has come for long.

        An interruption comes out of it; what was found until then is there, and its listener has
        been told.
        """
        number = 0
        while not self._is_over():
            before = self.runs
            self._batch(number)
            number += 1
            if self.runs == before and not self.stopped and number > 2 * MOST_STARTS:
                self.stopped = EXHAUSTED
        return self

    def _is_over(self) -> bool:
        plan = self.plan
        if not self.stopped:
            if plan.over():
                self.stopped = TIME
            elif plan.examples is not None and self.runs >= plan.examples:
                self.stopped = LIMIT
            elif self.runs - self._latest >= plan.patience:
                self.stopped = NOTHING_NEW
        return bool(self.stopped)

    def _batch(self, number: int) -> None:
        """Run some variations of the scenario, or of one that has reached something."""
        start = self._story
        if number % 2 and self._starts:
            start = self._starts[number // 2 % len(self._starts)]

        @seeded(self.plan.seed * BATCHES + number)
        @settings(
            max_examples=BATCH,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(variations(start, listeners=True, changes=CHANGES))
        def varied(scenario: Scenario) -> None:
            if self._failure is None and not self._is_over():
                self._try(scenario)

        varied()
        if self._failure is not None:
            raise self._failure

    @property
    def _story(self) -> Scenario:
        """What is varied. What it expects speaks of the story as it is written, not of others."""
        story = self.plan.scenario
        return story if self.plan.expectations else evolve(story, expect=())

    def _try(self, scenario: Scenario) -> None:
        name = scenario_hash(scenario)
        if name in self._tried:
            return
        self._tried.add(name)
        self.runs += 1
        try:
            found = self._judged(scenario)
            self.listener.ran(self)
            for what in found:
                self._notice(what, scenario)
        except Exception as failure:  # noqa: BLE001 - Hypothesis would run the example once more
            self._failure = failure

    def _judged(self, scenario: Scenario) -> tuple[Broken, ...]:
        expected = expected_breaches(self.plan.scenario.expect)
        try:
            result = self.plan.runner(scenario, keep=False, max_events=self.plan.events)
        except StoryWithoutEnd:
            self.endless += 1
            return ()
        except Exception as failure:  # noqa: BLE001 - a fault of ours is a finding, too
            return (crashed(failure),)
        goals = reached(result)
        fresh = [goal for goal in goals if goal not in self.goals]
        for goal in goals:
            self.goals[goal] = self.goals.get(goal, 0) + 1
        if fresh:
            self._latest = self.runs
            self._start_from(scenario)
        return broken(result, expected=expected)

    def _start_from(self, scenario: Scenario) -> None:
        if len(scenario.script) <= LONGEST_SCRIPT and len(self._starts) < MOST_STARTS:
            self._starts.append(scenario)

    def _notice(self, what: Broken, scenario: Scenario) -> None:
        """Make it smaller if this is the first time that it breaks."""
        if what in self._known:
            self._known[what].times += 1
            return
        still = Still(what, self.plan.runner, self.plan.events)
        made = self._made_small(still, scenario)
        self._latest = self.runs
        known = self.findings.setdefault(made.identity, made)
        self._known[what] = known
        if known is made:
            self.listener.found(made)
        else:
            known.times += 1

    def _made_small(self, still: Still, scenario: Scenario) -> Finding:
        smallest = scenario

        def told(_: int, smaller: Scenario) -> None:
            nonlocal smallest
            smallest = smaller
            self.listener.shrinks(self, still.what, smaller)
            if self.plan.over():
                raise _TimeIsOver

        try:
            smallest = shrink(scenario, still, told)
        except _TimeIsOver:
            # What a finding is known by must not depend on how long there was time.
            smallest = shrink(smallest, still, only=("quirks",))
        except KeyboardInterrupt:
            self._keep(finding(smallest, still, done=False))
            raise
        return finding(smallest, still)

    def _keep(self, made: Finding) -> None:
        if made.identity not in self.findings:
            self.findings[made.identity] = made
            self.listener.found(made)
