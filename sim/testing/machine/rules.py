"""What a rule is here: one of Hypothesis's that is counted by its name, and how often it is drawn.

Hypothesis picks a rule among the attributes of a class, each with the same chance: a rule that
stands there three times is drawn three times as often. That is how weights are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar

from hypothesis import event, stateful
from hypothesis.strategies import SearchStrategy

from sim.testing.goals import RULE
from sim.wording import brief, not_one_of

Rule = TypeVar("Rule", bound=Callable[..., Any])

_MARK: Final = "session_machine_rule"
_COPY: Final = "{name}__{number}"

DEFAULTS: Final = {
    "advance": 7,
    "advance_to_next": 3,
    "outlast": 4,
    "join": 3,
    "come_back": 6,
    "publish": 3,
    "subscribe": 3,
    "unsubscribe": 3,
    "expire_grace": 4,
    "signal": 3,
    "kick": 3,
    "leave": 2,
    "link_down": 5,
    "link_one_way": 5,
    "link_up": 2,
    "call_into_outage": 6,
    "signal_into_outage": 4,
    "signal_over_outage": 3,
}
"""The weights of rules that have another than 1: without time nothing comes of anything, and it is
outages after which most can go wrong. ``advance`` is drawn more often than that: Hypothesis prefers
what comes first, and it is the first of the alphabet."""
MOST: Final = 100
"""The largest weight."""


def rule(**arguments: SearchStrategy[Any]) -> Callable[[Rule], Rule]:
    """Hypothesis's ``@rule`` that says ``rule:NAME`` when it is done: a goal, and an event.

    A rule of Hypothesis's own works as well in a :class:`SessionMachine`; it is not counted.
    """
    hypothesis_rule: Any = stateful.rule  # its overloads do not take keywords that are not spelled
    decorate: Callable[[Rule], Rule] = hypothesis_rule(**arguments)
    return lambda function: decorate(counted(function))


def counted(function: Rule) -> Rule:
    """The function, counted by its machine whenever it is called."""
    name = function.__name__

    @wraps(function)
    def count(self: Any, /, **drawn: Any) -> Any:
        event(RULE + name)
        self.done.append(name)
        return function(self, **drawn)  # what a bundle gets

    setattr(count, _MARK, name)
    return count  # type: ignore[return-value]


def names(machine: type) -> tuple[str, ...]:
    """The names of the rules of a class that are counted, in alphabetical order."""
    found = (getattr(getattr(machine, name, None), _MARK, None) for name in dir(machine))
    return tuple(sorted({name for name in found if name is not None}))


def weigh(machine: type, weights: Any) -> None:
    """Let each of these rules be there so many times, and others as by default.

    Raises ``ValueError`` with one sentence.
    """
    if not isinstance(weights, Mapping):
        raise ValueError(f"weights are a dict of rules and numbers, not {brief(weights)}")
    known = names(machine)
    for name, weight in {**DEFAULTS, **weights}.items():
        if name not in known:
            raise ValueError(not_one_of(name, known, f"a rule of {machine.__name__}"))
        if not isinstance(weight, int) or isinstance(weight, bool) or not 0 <= weight <= MOST:
            raise ValueError(
                f"the weight of a rule is a whole number from 0 to {MOST}, not {brief(weight)}"
            )
        _repeat(machine, name, weight)


def _repeat(machine: type, name: str, weight: int) -> None:
    function = getattr(machine, name)
    if weight == 0:
        setattr(machine, name, _plain(function))
    number = 2
    while number <= weight or hasattr(machine, _COPY.format(name=name, number=number)):
        # What a base class repeats more often is hidden by None, which is no rule.
        copy = function if number <= weight else None
        setattr(machine, _COPY.format(name=name, number=number), copy)
        number += 1


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same to call, and no rule."""

    def call(self: Any, /, **drawn: Any) -> Any:
        return function(self, **drawn)

    setattr(call, _MARK, getattr(function, _MARK))
    return call
