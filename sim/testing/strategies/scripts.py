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
from sim.testing.strategies.bounds import Counts, Duration, counts_between, how_many, microseconds
from sim.testing.strategies.calls import (
    MODERATING,
    MODERATING_ALL,
    PLAIN,
    about,
    plain,
    signalling,
)
from sim.testing.strategies.edges import Edge, edges
from sim.testing.strategies.faults import down_for_good, fault, kinds, repair

MOST_STEPS: Final = 100


@frozen
class Stage:
    """Who is there to do something, and when it is likely."""

    people: tuple[str, ...]
    moderators: tuple[str, ...]
    beat: Beat

    def step(self, by: tuple[str, ...], **keys: SearchStrategy[Any]) -> SearchStrategy[Step]:
        """Something that one of these people does, or that is done to one."""
        at = self.beat.following | self.beat.anywhere
        return st.builds(Step, at=at, client=st.sampled_from(by), **keys)

    @property
    def whoever_may(self) -> tuple[str, ...]:
        """The moderators; if there are none, anybody tries."""
        return self.moderators or self.people

    def just_then(self, victim: str) -> SearchStrategy[Step]:
        """Somebody is removed at the beat."""
        return st.builds(
            Step,
            at=self.beat.close,
            client=st.sampled_from(self.whoever_may),
            do=st.just("force-disconnect"),
            target=st.just(victim),
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
    "moderate": lambda stage: stage.step(stage.whoever_may, **about(MODERATING, stage.people)),
    "moderate all": lambda stage: stage.step(stage.whoever_may, **plain(MODERATING_ALL)),
    "server's removal": lambda stage: stage.step(
        stage.people, platform=st.just("force-disconnect")
    ),
}
JUST_THEN: Final = "remove somebody in trouble"


@cache
def _deed(kind: str, stage: Stage) -> SearchStrategy[Step]:
    return (ORDINARY | MODERATION)[kind](stage)


@cache
def _removal(victim: str, stage: Stage) -> SearchStrategy[Step]:
    return stage.just_then(victim)


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
    people = tuple(names)
    if not people:
        raise ValueError("names: there is nobody to do anything")
    return steps_of(
        people,
        microseconds("duration", duration),
        how_many("faults", faults, (0, 3), MOST_STEPS),
        counts_between("steps", steps, 0, MOST_STEPS),
        tuple(moderators),
        moderation,
        edges(timers, platform),
    )


def steps(
    names: Iterable[str] = ("alice",),
    duration: Duration = "1min",
    *,
    faults: bool = True,
    moderation: bool = True,
) -> SearchStrategy[Step]:
    """One step for people of these names within ``duration``: a fault, or something they do."""
    people, length = tuple(names), microseconds("duration", duration)
    if not people:
        raise ValueError("names: there is nobody to do anything")
    return _one(people, beats(length, edges()), faults, moderation)


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
        step = draw(_fault(people, beat, True))
    else:
        step = draw(_next(Stage(people, (), beat), moderation, (), True))
    assert step is not None
    return step


@st.composite
def steps_of(
    draw: st.DrawFn,
    people: tuple[str, ...],
    duration: int,
    faults: tuple[int, int],
    steps: tuple[int, int],
    moderators: tuple[str, ...],
    moderation: bool,
    known: tuple[Edge, ...],
) -> tuple[Step, ...]:
    """The same, of bounds that were checked."""
    beat = draw(beats(duration, known))
    wrong: list[Step] = []
    while len(wrong) < faults[1]:
        step = draw(_fault(people, beat, len(wrong) < faults[0]))
        if step is None:
            break
        wrong.append(step)
    broken = down_for_good(wrong)
    repaired: bool = bool(broken) and draw(st.booleans())
    repairs = [draw(repair(broken[0], beat))] if repaired else []
    stage = Stage(people, moderators, beat)
    victims = tuple(dict.fromkeys(step.client for step in wrong)) if moderation else ()
    done: list[Step] = []
    while len(done) < steps[1]:
        step = draw(_next(stage, moderation, victims, len(done) < steps[0]))
        if step is None:
            break
        done.append(step)
    return tuple(sorted([*wrong, *repairs, *done], key=lambda step: step.at))


@st.composite
def _fault(draw: st.DrawFn, people: tuple[str, ...], beat: Beat, more: bool) -> Step | None:
    """One more fault, or None for no more."""
    kind = draw(kinds(more))
    return None if kind is None else draw(fault(kind, people, beat))


@st.composite
def _next(
    draw: st.DrawFn, stage: Stage, moderation: bool, victims: tuple[str, ...], more: bool
) -> Step | None:
    """One more deed, or None for no more."""
    kind = draw(_kinds(moderation, bool(victims), more))
    if kind is None:
        return None
    if kind == JUST_THEN:
        return draw(_removal(draw(st.sampled_from(victims)), stage))
    return draw(_deed(kind, stage))


@cache
def _kinds(moderation: bool, in_trouble: bool, more: bool) -> SearchStrategy[str | None]:
    return st.sampled_from(
        (
            *(() if more else (None,)),
            *ORDINARY,
            *(MODERATION if moderation else ()),
            *((JUST_THEN, JUST_THEN) if in_trouble else ()),
        )
    )
