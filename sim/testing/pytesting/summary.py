"""What runs have exercised, in lines below the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Final

import pytest

from sim.testing.goals import RULE, Tally, kind_of, known
from sim.testing.pytesting.gathering import Gathering
from sim.testing.pytesting.reports import counted

_KINDS: Final = ("reason", "law", "transition", "rule", "quirk")
WIDTH: Final = 79
"""Columns of the lines."""
_INDENT: Final = 13
"""Columns that the kinds of goals take."""
_MANY: Final = "transition"
"""The kind of goals of which there are too many to name them unasked."""


def tell(
    terminal: pytest.TerminalReporter,
    gathering: Gathering,
    profile: str | None,
    shortcomings: Sequence[str],
) -> None:
    """Print it; with ``-q`` only what was to be reached and was not."""
    verbosity = terminal.config.get_verbosity()
    if verbosity < 0 and not shortcomings:
        return
    runs = gathering.tally.runs
    have = "has" if runs == 1 else "have"
    terminal.write_sep("=", f"session-sim: what {counted(runs)} {have} exercised")
    if verbosity >= 0:
        for line in lines(gathering, profile, WIDTH, verbosity):
            terminal.write_line(line)
    for sentence in shortcomings:
        terminal.write_line(sentence, red=True)


def lines(
    gathering: Gathering, profile: str | None, width: int, verbosity: int = 0
) -> Iterator[str]:
    """What was reached, and in so many runs; and what never was.

    With ``-v`` the transitions that were made are named, with ``-vv`` each goal has a line. The
    quirks are those of the profile; without one, those that were at work.
    """
    for worker, runs in gathering.lost.items():
        yield from wrap(_loss(worker, runs), width)
    tally = gathering.tally
    if not tally.runs:
        return
    every = _goals(tally, profile)
    for kind in _KINDS:
        goals = {_bare(goal): tally.reached.get(goal, 0) for goal in every if kind_of(goal) == kind}
        if not goals:
            continue
        if verbosity > 1:
            yield f"{kind}s"
            yield from (f"  {_of(times, tally.runs)}  {goal}" for goal, times in goals.items())
        else:
            text = _some(goals, verbosity) if kind == _MANY else _sentence(goals)
            yield from _folded(f"{kind}s", text, width)


def _goals(tally: Tally, profile: str | None) -> list[str]:
    """The goals that there are in order; of rules and other quirks, those that were reached."""
    rules = [goal.removeprefix(RULE) for goal in tally.reached if goal.startswith(RULE)]
    usual = {*known(profile or "documented"), *tally.reached}
    return [goal for goal in known(None, rules) if goal in usual]


def _number(goals: Mapping[str, int]) -> str:
    """How many of so many goals were reached, or how many there are if all were."""
    reached = sum(map(bool, goals.values()))
    return f"{reached} of {len(goals)}" if reached < len(goals) else f"{reached}"


def _sentence(goals: Mapping[str, int]) -> str:
    """How many, which of them and how often, and which were not."""
    never = ", ".join(goal for goal, times in goals.items() if not times)
    return _reached(goals) + (f"; never: {never}" if never else "")


def _some(goals: Mapping[str, int], verbosity: int) -> str:
    """How many of many goals, and if that is asked for, which."""
    return _reached(goals) if verbosity else f"{_number(goals)} (-v names them)"


def _reached(goals: Mapping[str, int]) -> str:
    reached = ", ".join(f"{goal} {times}" for goal, times in goals.items() if times)
    return f"{_number(goals)}: {reached}" if reached else _number(goals)


def _folded(title: str, text: str, width: int) -> list[str]:
    """A text beside its title."""
    return wrap(
        text,
        width,
        initial_indent=title.ljust(_INDENT),
        subsequent_indent=" " * _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _of(times: int, runs: int) -> str:
    digits = len(str(runs))
    return f"{times:{digits}} of {runs}" if times else "never".rjust(2 * digits + 4)


def _bare(goal: str) -> str:
    """A goal without its kind, which stands above it."""
    return goal if kind_of(goal) == "reason" else goal.partition(":")[2]


def _loss(worker: str, runs: int) -> str:
    return (
        f"worker {worker} died: what its runs reached is not counted"
        f" ({counted(runs)} in the tests that it finished)"
    )
