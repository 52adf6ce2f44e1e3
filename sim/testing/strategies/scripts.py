"""Scripts: faults first, then what people do, much of it just when a fault bites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.platform import PlatformSettings
from sim.protocol.timers import Timers
from sim.scenario import Step
from sim.testing.strategies.beats import Beat, beats
from sim.testing.strategies.bounds import (
    Counts,
    Duration,
    counts_between,
    flag,
    how_many,
    microseconds,
    of_kind,
    one_word,
    people_named,
)
from sim.testing.strategies.calls import (
    MODERATING,
    MODERATING_ALL,
    PLAIN,
    about,
    plain,
    signalling,
)
from sim.testing.strategies.edges import Edge, edges
from sim.testing.strategies.faults import (
    MORE_FAULTS,
    down_for_good,
    fault,
    repair,
    turning_points,
)
from sim.testing.strategies.series import one_of_these, series

MOST_STEPS: Final = 100
MOST_FAULTS: Final = 100
USUAL_FAULTS: Final = (0, 3)


@frozen
class Stage:
    """Who is there to do something, and when it is likely."""

    people: tuple[str, ...]
    moderators: tuple[str, ...]
    beat: Beat

    def step(self, by: tuple[str, ...], **keys: SearchStrategy[Any]) -> SearchStrategy[Step]:
        """Something that one of these people does, or that is done to one."""
        return st.builds(Step, at=self.beat.following, client=one_of_these(by), **keys)

    @property
    def whoever_may(self) -> tuple[str, ...]:
        """The moderators; if there are none, anybody tries."""
        return self.moderators or self.people

    def just_then(self, victim: str, moments: tuple[int, ...]) -> SearchStrategy[Step]:
        """Somebody in trouble is removed: by a moderator, or else by the app's server.

        As many draws as for a removal of somebody else, which is what it is without the trouble.
        """
        at = self.beat.at_once(*moments)
        if not self.moderators:
            return st.builds(
                Step,
                at=at,
                client=one_of_these((victim,)),
                platform=st.just("force-disconnect"),
            )
        return st.builds(
            Step,
            at=at,
            client=one_of_these(self.moderators),
            do=one_of_these(MODERATING[:1]),
            target=one_of_these((victim,)),
        )


Deed = Callable[[Stage], SearchStrategy[Step]]

ORDINARY: Final[dict[str, Deed]] = {
    "call": lambda stage: stage.step(stage.people, **plain(PLAIN)),
    "signal": lambda stage: stage.step(stage.people, **signalling(stage.people)),
    "subscribe": lambda stage: stage.step(
        stage.people, **about(("subscribe", "unsubscribe"), stage.people)
    ),
    "server's signal": lambda stage: stage.step(
        stage.people, platform=st.just("signal"), type=st.just("chat")
    ),
}
MODERATION: Final[dict[str, Deed]] = {
    "moderate all": lambda stage: stage.step(stage.whoever_may, **plain(MODERATING_ALL)),
    "server's removal": lambda stage: stage.step(
        stage.people, platform=st.just("force-disconnect")
    ),
    "moderate": lambda stage: stage.step(stage.whoever_may, **about(MODERATING, stage.people)),
}
"""Removals last, next to the one of somebody in trouble, which becomes one when that is over."""
JUST_THEN: Final = "remove somebody in trouble"
_REPAIRED: Final = st.sampled_from((False, True))


@cache
def _usual(kind: str, stage: Stage) -> SearchStrategy[Step]:
    return (ORDINARY | MODERATION)[kind](stage)


@cache
def _removal(victim: str, moments: tuple[int, ...], stage: Stage) -> SearchStrategy[Step]:
    return stage.just_then(victim, moments)


def scripts(
    names: Iterable[str],
    duration: Duration,
    *,
    faults: bool | Counts = True,
    steps: Counts = (0, 6),
    moderators: Iterable[str] = (),
    moderation: bool = True,
    timers: Timers = Timers(),
    platform: PlatformSettings = PlatformSettings(),
) -> SearchStrategy[tuple[Step, ...]]:
    """Steps for people of these names within ``duration``, in order of time.

    ``faults`` bounds how many faults there are, True being up to three; ``steps`` how many other
    steps. ``moderators`` are those who moderate, where there are any. Many steps are near something
    that a fault makes happen by ``timers`` and ``platform``.
    """
    people = _somebody(names)
    among = people_named("moderators", moderators)
    for each in among:
        one_word("moderators", each, people, "one of the people")
    return steps_of(
        Plan(
            people,
            among,
            microseconds("duration", duration),
            how_many("faults", faults, USUAL_FAULTS, MOST_FAULTS),
            counts_between("steps", steps, 0, MOST_STEPS),
            flag("moderation", moderation),
            edges(
                of_kind("timers", timers, Timers), of_kind("platform", platform, PlatformSettings)
            ),
        )
    )


def _somebody(names: Iterable[str]) -> tuple[str, ...]:
    people = people_named("names", names)
    if not people:
        raise ValueError("names: there is nobody to do anything")
    return people


def steps(
    names: Iterable[str] = ("alice",),
    duration: Duration = "1min",
    *,
    faults: bool = True,
    moderation: bool = True,
) -> SearchStrategy[Step]:
    """One step for people of these names within ``duration``: a fault, or something they do."""
    when = beats(microseconds("duration", duration), edges())
    return _one(_somebody(names), when, flag("faults", faults), flag("moderation", moderation))


@st.composite
def _one(
    draw: st.DrawFn,
    people: tuple[str, ...],
    when: SearchStrategy[Beat],
    faults: bool,
    moderation: bool,
) -> Step:
    beat = draw(when)
    if faults and draw(st.booleans()):
        return draw(fault(people, beat))
    return draw(_deed(Stage(people, (), beat), moderation, ()))


@frozen
class Plan:
    """What a script is drawn for."""

    people: tuple[str, ...]
    moderators: tuple[str, ...]
    duration: int
    faults: tuple[int, int]
    steps: tuple[int, int]
    moderation: bool
    edges: tuple[Edge, ...]


@st.composite
def steps_of(draw: st.DrawFn, plan: Plan) -> tuple[Step, ...]:
    """A script: the faults, repairs of some, then what people do; in order of time."""
    beat = draw(beats(plan.duration, plan.edges))
    wrong = draw(series(fault(plan.people, beat), plan.faults, MORE_FAULTS))
    broken = down_for_good(wrong)
    # Drawn even if nothing is broken: what follows is to be read in the same places.
    repaired = draw(_REPAIRED) and bool(broken)
    repairs = [draw(repair(broken[0], beat))] if repaired else []
    stage = Stage(plan.people, plan.moderators, beat)
    troubles = tuple(wrong) if plan.moderation else ()
    deed = _deed(stage, plan.moderation, troubles)
    done = draw(series(deed, plan.steps, len(_kinds(plan.moderation, bool(troubles)))))
    return tuple(sorted([*wrong, *repairs, *done], key=lambda step: step.at))


@st.composite
def _deed(draw: st.DrawFn, stage: Stage, moderation: bool, troubles: tuple[Step, ...]) -> Step:
    """Something that somebody does, or that the app's server does."""
    kind = draw(st.sampled_from(_kinds(moderation, bool(troubles))))
    if kind == JUST_THEN:
        trouble = draw(one_of_these(troubles))
        return draw(_removal(trouble.client, turning_points(trouble), stage))
    return draw(_usual(kind, stage))


def _kinds(moderation: bool, in_trouble: bool) -> tuple[str, ...]:
    return (
        *ORDINARY,
        *(MODERATION if moderation else ()),
        *((JUST_THEN,) * 3 if in_trouble else ()),
    )
