"""What a run has exercised, in names: reasons of ends, laws, quirks, transitions, rules.

===================================================  ==========================================
``networkDisconnected``                              an app was told that something ended so
``law:one-end``                                      the law was put to the test
``quirk:early-signal-loses-type-and-data``           the quirk was at work
``transition:session connecting -> connected``       a Session, a Publisher or a Subscriber made
                                                     that move
``rule:kick``                                        a state machine has done that
===================================================  ==========================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sim.laws import catalogue
from sim.protocol.events import EVENTS
from sim.protocol.quirks import QUIRKS, Profile
from sim.protocol.quirks import profile as profile_named
from sim.protocol.states import MACHINES
from sim.result import Result
from sim.wording import brief, listing, nearest, not_one_of

if TYPE_CHECKING:
    from sim.simulation import Simulation

LAW: Final = "law:"
QUIRK: Final = "quirk:"
TRANSITION: Final = "transition:"
RULE: Final = "rule:"

KINDS: Final = ("reason", "law", "quirk", "transition", "rule")
"""The kinds of goals, in the order in which goals are told."""


def kind_of(goal: str) -> str:
    """Which of :data:`KINDS` a goal is.

    >>> kind_of("rule:kick"), kind_of("networkDisconnected")
    ('rule', 'reason')
    """
    before, colon, _ = goal.partition(":")
    return before if colon and before in KINDS else "reason"


def reached(run: Result | Simulation, rules: Iterable[str] = ()) -> tuple[str, ...]:
    """The goals that a run has reached, each once, in the order of :func:`known`.

    ``rules`` are the names of what a state machine did. Records need not have been kept.

    >>> import sim
    >>> reached(sim.run("scenarios/kick.yaml"))[0]
    'forceDisconnected'
    """
    result = run if isinstance(run, Result) else run.result
    moves = {_transition(*move) for move in result.moves}
    return (
        *(reason for reason in _reasons() if reason in result.reasons),
        *(LAW + name for name, verdict in result.laws.items() if verdict.exercised),
        *(QUIRK + name for name, times in result.goals.items() if times),
        *(goal for goal in _transitions() if goal in moves),
        *(RULE + name for name in sorted(set(rules))),
    )


def known(
    profile: str | Profile | None = None, rules: Iterable[str] = (), *, laws: Any = "all"
) -> tuple[str, ...]:
    """Every goal there is, in order: those of a profile, if one is given, and of such ``rules``.

    A profile has only some of the quirks; ``laws`` are those that are judged. Raises
    ``ValueError`` for a profile that there is not.
    """
    chosen = profile_named(profile) if isinstance(profile, str) else profile
    quirks = QUIRKS if chosen is None else [name for name in QUIRKS if chosen.has(name)]
    judged = [name for name in catalogue() if laws == "all" or name in laws]
    return (
        *_reasons(),
        *(LAW + name for name in judged),
        *(QUIRK + name for name in quirks),
        *_transitions(),
        *(RULE + name for name in sorted(set(rules))),
    )


def check(
    names: Iterable[str], rules: Iterable[str] = (), profile: str | Profile | None = None
) -> None:
    """Raise ``ValueError`` for the first name that is no goal, with the nearest right spelling.

    Without ``rules`` any rule is taken for one: which there are, only its machine knows.

    >>> check(["networkDisconnected", "law:one-end"])
    >>> check(["networkDisconected"])
    Traceback (most recent call last):
    ValueError: 'networkDisconected' is not a goal: did you mean 'networkDisconnected'?
    """
    rules = tuple(rules)
    goals = known(profile, rules)
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"a goal is text, such as 'networkDisconnected', not {brief(name)}")
        if name in goals or (name.startswith(RULE) and name != RULE and not rules):
            continue
        raise ValueError(_unknown(name, goals))


def _unknown(name: str, goals: tuple[str, ...]) -> str:
    kind = kind_of(name)
    alike = [goal for goal in goals if kind_of(goal) == kind]
    if guess := nearest(name, alike) or _bare(name, goals) or nearest(name, goals):
        return f"{brief(name)} is not a goal: did you mean {guess!r}?"
    if kind == "reason" or not alike:
        forms = [*map(brief, _reasons()), "law:NAME", "quirk:NAME", "rule:NAME", "transition:…"]
        return f"{brief(name)} is not a goal: allowed are {listing(forms)}"
    return not_one_of(name, alike, "a goal")


def _bare(name: str, goals: tuple[str, ...]) -> str | None:
    """The goal of which somebody has written only what comes after the colon."""
    found = [goal for goal in goals if goal.partition(":")[2] == name]
    return found[0] if len(found) == 1 else None


@cache
def _reasons() -> tuple[str, ...]:
    """Why anything may end, in the order of the catalogue of events."""
    return tuple(dict.fromkeys(reason for event in EVENTS for reason in event.reasons))


@cache
def _transitions() -> tuple[str, ...]:
    """Every move that the tables of Session, Publisher and Subscriber list."""
    return tuple(
        _transition(machine, before, after)
        for machine in ("session", "publisher", "subscriber")
        for before, afterwards in MACHINES[machine][0].items()
        for after in afterwards
    )


@cache
def _transition(object: str, before: str, after: str) -> str:
    return f"{TRANSITION}{object} {before} -> {after}"


class Tally:
    """In how many of so many runs each goal was reached.

    >>> tally = Tally()
    >>> tally.add(["rule:kick"])
    >>> tally.add([])
    >>> tally.runs, tally.reached["rule:kick"], tally.missing(["rule:kick", "reset"])
    (2, 1, ('reset',))
    """

    def __init__(self) -> None:
        self.runs = 0
        self.reached: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<Tally of {self.runs} runs: {len(self.reached)} goals>"

    def add(self, goals: Iterable[str]) -> None:
        """Count one run that has reached these goals."""
        self.runs += 1
        for goal in set(goals):
            self.reached[goal] = self.reached.get(goal, 0) + 1

    def merge(self, other: Tally) -> None:
        """Count the runs of another tally, too."""
        self.runs += other.runs
        for goal, times in other.reached.items():
            self.reached[goal] = self.reached.get(goal, 0) + times

    def missing(self, goals: Iterable[str]) -> tuple[str, ...]:
        """Which of these goals no run has reached, in alphabetical order."""
        return tuple(sorted(set(goals).difference(self.reached)))

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON, in a fixed order."""
        return {"runs": self.runs, "reached": dict(sorted(self.reached.items()))}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Tally:
        """The tally of such data."""
        tally = cls()
        tally.runs, tally.reached = int(data["runs"]), dict(data["reached"])
        return tally
