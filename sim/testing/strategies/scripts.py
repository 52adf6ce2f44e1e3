"""Scripts: faults first, then what people do, much of it just when a fault bites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from attrs import define
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.timers import Timers
from sim.scenario import Platform, Step
from sim.testing.strategies.bounds import Counts, Duration, how_many, microseconds
from sim.testing.strategies.calls import (
    MODERATING,
    MODERATING_ALL,
    PLAIN,
    about,
    plain,
    signalling,
)
from sim.testing.strategies.edges import Edge, edges
from sim.testing.strategies.faults import Troubles, fault, repair

MOST_STEPS: Final = 100


@define
class _Deeds:
    """What may be done in a script: by whom, to whom, when."""

    troubles: Troubles
    people: tuple[str, ...]
    moderators: tuple[str, ...]

    def by_anybody(self, **keys: SearchStrategy[Any]) -> SearchStrategy[Step]:
        times, people = self.troubles.times(), st.sampled_from(self.people)
        return st.builds(Step, at=times, client=people, **keys)

    def by_a_moderator(self, **keys: SearchStrategy[Any]) -> SearchStrategy[Step]:
        return st.builds(Step, at=self.troubles.times(), client=self._moderator, **keys)

    @property
    def _moderator(self) -> SearchStrategy[str]:
        return st.sampled_from(self.moderators or self.people)

    def at_a_fault(self, victim: str) -> SearchStrategy[Step]:
        """Somebody in trouble is removed, just then."""
        return st.builds(
            Step,
            at=self.troubles.times(self.troubles.moments[victim]),
            client=self._moderator,
            do=st.just("force-disconnect"),
            target=st.just(victim),
        )

    def by_the_server(self, victims: Sequence[str]) -> SearchStrategy[Step]:
        times, people = self.troubles.times(), st.sampled_from(victims)
        return st.builds(Step, at=times, client=people, platform=st.just("force-disconnect"))


_ORDINARY: Final[dict[str, Callable[[_Deeds], SearchStrategy[Step]]]] = {
    "plain": lambda deeds: deeds.by_anybody(**plain(PLAIN)),
    "signal": lambda deeds: deeds.by_anybody(**signalling(deeds.people)),
    "subscribe": lambda deeds: deeds.by_anybody(
        **about(("subscribe", "unsubscribe"), deeds.people)
    ),
    "server's signal": lambda deeds: deeds.by_anybody(
        platform=st.just("signal"), type=st.just("chat"), data=st.sampled_from((None, "hello"))
    ),
}
_MODERATION: Final[dict[str, Callable[[_Deeds], SearchStrategy[Step]]]] = {
    "moderate": lambda deeds: deeds.by_a_moderator(**about(MODERATING, deeds.people)),
    "moderate all": lambda deeds: deeds.by_a_moderator(**plain(MODERATING_ALL)),
    "server": lambda deeds: deeds.by_the_server(deeds.people),
}
_AT_A_FAULT: Final = "remove somebody in trouble"


@st.composite
def _deed(draw: st.DrawFn, deeds: _Deeds, moderation: bool) -> Step | None:
    """One more deed, or None for no more."""
    kinds = _ORDINARY | (_MODERATION if moderation else {})
    troubled = sorted(deeds.troubles.moments) if moderation else []
    special = [_AT_A_FAULT, _AT_A_FAULT] if troubled else []
    kind = draw(st.sampled_from([None, *kinds, *special]))
    if kind is None:
        return None
    if kind == _AT_A_FAULT:
        return draw(deeds.at_a_fault(draw(st.sampled_from(troubled))))
    return draw(kinds[kind](deeds))


def scripts(
    names: Iterable[str],
    duration: Duration,
    *,
    faults: bool | Counts = True,
    steps: Counts = (0, 6),
    moderators: Iterable[str] = (),
    moderation: bool = True,
    timers: Timers = Timers(),
    platform: Platform = Platform(),
) -> SearchStrategy[tuple[Step, ...]]:
    """Steps for people of these names within ``duration``, in order of time.

    ``faults`` bounds how many faults there are, True being up to three; ``steps`` how many other
    steps. ``moderators`` are those who moderate, where there are any. Half of the steps are near
    something that a fault makes happen by ``timers`` and ``platform``.
    """
    people = tuple(names)
    if not people:
        raise ValueError("names: there is nobody to do anything")
    return _scripts(
        people,
        microseconds("duration", duration),
        how_many("faults", faults, (0, 3), MOST_STEPS),
        how_many("steps", steps, (0, 6), MOST_STEPS),
        tuple(moderators),
        moderation,
        edges(timers, platform),
    )


@st.composite
def _scripts(
    draw: st.DrawFn,
    people: tuple[str, ...],
    duration: int,
    faults: tuple[int, int],
    steps: tuple[int, int],
    moderators: tuple[str, ...],
    moderation: bool,
    known: tuple[Edge, ...],
) -> tuple[Step, ...]:
    troubles = Troubles(people, duration, known)
    while len(troubles.steps) < faults[1]:
        step = draw(fault(troubles))
        if step is None and len(troubles.steps) >= faults[0]:
            break
        if step is not None:
            troubles.add(step)
    if troubles.down_for_good and draw(st.booleans()):
        troubles.steps.append(draw(repair(troubles)))
    deeds, done = _Deeds(troubles, people, moderators), 0
    script = list(troubles.steps)
    while done < steps[1]:
        step = draw(_deed(deeds, moderation))
        if step is None and done >= steps[0]:
            break
        if step is not None:
            script.append(step)
            done += 1
    return tuple(sorted(script, key=lambda step: step.at))
