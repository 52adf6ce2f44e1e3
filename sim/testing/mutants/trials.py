"""Looking for planted faults with :class:`~sim.testing.SessionMachine`.

One trial is what somebody's test would do: Hypothesis draws stories, a law breaks, the story is
shrunk and saved as a scenario. Then the saved file is run again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from attrs import define, evolve, frozen
from hypothesis import Phase, Verbosity, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from sim.result import Result
from sim.scenario import Scenario, Step, load
from sim.simulation import LawBroken
from sim.testing import SessionMachine
from sim.testing.context import present, using
from sim.testing.mutants.mutant import Mutant
from sim.testing.setups import Setup
from sim.testing.stories import is_failure
from sim.wording import bare

BUDGET: Final = 100
"""How many stories are tried: as many as Hypothesis tries of itself."""

_HEALING: Final = ("heal", "up")


@frozen(kw_only=True)
class Size:
    """How large a story is: its people, its faults, and its steps, those among them."""

    people: int
    faults: int
    steps: int

    @classmethod
    def of(cls, story: Scenario) -> Size:
        """The size of a story. What nobody in it does of himself is a fault; that a link works
        again is none, and that all are healed in the end is no step either.
        """
        steps = [step for step in story.script if step.network != "heal"]
        faults = [step for step in steps if _is_fault(step)]
        return cls(people=len(story.people), faults=len(faults), steps=len(steps))


def _is_fault(step: Step) -> bool:
    breaks_link = step.network is not None and step.network not in _HEALING
    return breaks_link or step.platform is not None or step.do == "crash"


@frozen(kw_only=True)
class Trial:
    """What came of looking for one planted fault.

    ``examples`` were tried until it was ``found``, or in all; ``by`` is the law that broke in the
    shrunk story, or what else was raised. ``reproduced`` says that the ``saved`` story, run again
    with the fault, breaks the same law.
    """

    mutant: Mutant
    seed: int
    found: bool
    examples: int
    by: str | None = None
    size: Size | None = None
    saved: Path | None = None
    reproduced: bool = False


def search(
    mutant: Mutant,
    *,
    save: Path,
    seed: int = 0,
    examples: int = BUDGET,
    shrink: bool = True,
    machine: type[SessionMachine] = SessionMachine,
) -> Trial:
    """Look for a fault in so many stories, from Hypothesis's ``seed``; shrink what shows it.

    The story goes into the folder ``save``. Without ``shrink`` it stays as it was found.
    """
    seen = _Seen()
    problem = _explore(_watched(machine, seen), mutant, save, seed, examples, shrink)
    trial = Trial(
        mutant=mutant,
        seed=seed,
        found=problem is not None,
        examples=seen.until_failure or examples,
        size=Size.of(seen.story) if seen.story else None,
    )
    if problem is None:
        return trial
    law = problem.law.name if isinstance(problem, LawBroken) else None
    trial = evolve(trial, by=law or bare(f"{type(problem).__name__}: {problem}", 100))
    saved = _latest(save)
    if saved is None:
        return trial
    same = law is not None and play(load(saved), mutant).laws[law].broken > 0
    return evolve(trial, saved=saved, reproduced=same)


def play(story: Scenario, mutant: Mutant) -> Result:
    """Run a story with a planted fault."""
    return Setup(mutant=mutant).run(story)


@define
class _Seen:
    """What is seen of the examples that Hypothesis makes."""

    begun: int = 0
    until_failure: int = 0
    story: Scenario | None = None
    """The one that has failed last: in the end, the shrunk one."""

    def failed(self, machine: SessionMachine) -> None:
        """The present one has failed."""
        self.until_failure = self.until_failure or self.begun
        if machine.simulation.world.participants:
            self.story = machine.simulation.scenario


def _watched(machine: type[SessionMachine], seen: _Seen) -> type[SessionMachine]:
    """That machine, looked at by us."""

    class Watched(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            seen.begun += 1
            super().__init__()

        def teardown(self) -> None:
            outside = sys.exception()
            try:
                super().teardown()
            except BaseException as problem:
                self._look(problem)
                raise
            self._look(outside)

        def _look(self, problem: BaseException | None) -> None:
            if is_failure(problem):
                seen.failed(self)

    Watched.__name__ = Watched.__qualname__ = machine.__name__
    return Watched


def _explore(
    machine: type[SessionMachine],
    mutant: Mutant,
    save: Path,
    seed: int,
    examples: int,
    shrink: bool,
) -> Exception | None:
    """Let Hypothesis look; what it has found, None if that is nothing."""
    case: Any = machine.TestCase
    chosen = settings(
        case.settings,
        max_examples=examples,
        database=None,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    with using(evolve(present(), mutant=mutant, save=save)):
        try:
            run_state_machine_as_test(seeded(seed)(machine), settings=chosen)
        except Exception as problem:  # noqa: BLE001 - a fault may make anything fail
            return problem
    return None


def _latest(folder: Path) -> Path | None:
    """The story that was saved last: the shrunk one."""
    stories = sorted(folder.glob("**/*.yaml"), key=lambda path: path.stat().st_mtime_ns)
    return stories[-1] if stories else None
