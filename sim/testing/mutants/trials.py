"""Looking for planted faults with :class:`~sim.testing.SessionMachine`.

One trial is what somebody's test would do: Hypothesis draws stories, a law breaks, the story is
shrunk and saved as a scenario. Then the saved file is run again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from attrs import define, evolve, frozen
from hypothesis import Verbosity, settings
from hypothesis import seed as seeded
from hypothesis.errors import HypothesisException
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from sim.result import Result
from sim.running import run
from sim.scenario import Scenario, Step, load
from sim.simulation import LawBroken
from sim.testing import SessionMachine
from sim.testing.context import present, using
from sim.testing.mutants.mutant import Mutant
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
    machine: type[RuleBasedStateMachine] = SessionMachine,
) -> Trial:
    """Look for a fault in so many stories, from Hypothesis's ``seed``; shrink what shows it.

    The story goes into the folder ``save``.
    """
    count = _Count()
    problem = _explore(_counting(machine, count), mutant, save, seed, examples)
    trial = Trial(
        mutant=mutant,
        seed=seed,
        found=problem is not None,
        examples=count.until_failure or count.begun,
    )
    if problem is None:
        return trial
    law = problem.law.name if isinstance(problem, LawBroken) else None
    trial = evolve(trial, by=law or bare(f"{type(problem).__name__}: {problem}", 100))
    saved = _latest(save)
    if saved is None:
        return trial
    story = load(saved)
    again = play(story, mutant)
    same = law is not None and again.laws[law].broken > 0
    return evolve(trial, size=Size.of(story), saved=saved, reproduced=same)


def play(story: Scenario, mutant: Mutant) -> Result:
    """Run a story with a planted fault."""
    classes: dict[str, Any] = {"client": mutant.client_class, "platform": mutant.platform_class}
    apps = {} if mutant.app is None else dict.fromkeys(story.clients, mutant.app)
    return run(story, apps=apps, **{part: made for part, made in classes.items() if made})


@define
class _Count:
    """Counts examples."""

    begun: int = 0
    until_failure: int = 0

    def failed(self) -> None:
        """The present one has failed."""
        self.until_failure = self.until_failure or self.begun


def _counting(machine: type[RuleBasedStateMachine], count: _Count) -> type[RuleBasedStateMachine]:
    """That machine, which counts what Hypothesis tries until something fails."""

    def is_failure(problem: BaseException | None) -> bool:
        return isinstance(problem, Exception) and not isinstance(problem, HypothesisException)

    class Counting(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            count.begun += 1
            super().__init__()

        def teardown(self) -> None:
            if is_failure(sys.exception()):
                count.failed()
            try:
                super().teardown()
            except Exception as problem:
                if is_failure(problem):
                    count.failed()
                raise

    Counting.__name__ = Counting.__qualname__ = machine.__name__
    return Counting


def _explore(
    machine: type[RuleBasedStateMachine], mutant: Mutant, save: Path, seed: int, examples: int
) -> Exception | None:
    """Let Hypothesis look; what it has found, None if that is nothing."""
    choices = settings(
        machine.TestCase.settings,
        max_examples=examples,
        database=None,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    with using(evolve(present(), mutant=mutant, save=save)):
        try:
            run_state_machine_as_test(seeded(seed)(machine), settings=choices)
        except Exception as problem:  # noqa: BLE001 - a fault may make anything fail
            return problem
    return None


def _latest(folder: Path) -> Path | None:
    """The story that was saved last: the shrunk one."""
    stories = sorted(folder.glob("**/*.yaml"), key=lambda path: path.stat().st_mtime_ns)
    return stories[-1] if stories else None
