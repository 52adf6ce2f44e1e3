"""Variations of a scenario within bounds: another seed, other times, networks, another script.

:func:`variations` is a Hypothesis strategy. Its simplest example is the scenario itself; the
simpler others are those with few changes, by round amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrs import Attribute, field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.units import MILLISECOND, MINUTE, MOST, SECOND
from sim.scenario import Scenario
from sim.simulation.arguments import check_flag, duration, keywords, whole
from sim.testing.variation.additions import deeds, faults, reactions
from sim.testing.variation.changes import (
    Added,
    Change,
    Dropped,
    InOrder,
    Moved,
    Repeated,
    Shifted,
    changed,
)
from sim.testing.variation.durations import moments, offsets, spans
from sim.testing.variation.rewiring import relinked
from sim.wording import brief, not_one_of

VARY: Final = ("seed", "timing", "networks", "script")
"""What of a scenario can vary."""


def _span(value: Any) -> tuple[int, int]:
    """Two durations in order. Raises ``ValueError``."""
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise ValueError(f"outages are from one duration to another, not {brief(value)}")
    least, most = duration(value[0]), duration(value[1])
    if least > most:
        raise ValueError(f"outages are from the shortest to the longest, not {brief(value)}")
    return least, most


def _count(_: Any, attribute: Attribute[Any], value: Any) -> None:
    whole(attribute.name, value)


def _share(_: Any, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{attribute.name} must be a probability from 0 to 1, not {brief(value)}")


@frozen(kw_only=True)
class Bounds:
    """How far a variation may go. Durations are text such as ``"2s"``, or whole microseconds.

    Raises ``ValueError`` with one sentence for what cannot be a bound.
    """

    seeds: int = field(default=10_000, validator=_count)
    """How many other seeds there are: those that follow the scenario's own."""
    jitter: int = field(default=2 * SECOND, converter=duration)
    """How much earlier or later a step may come."""
    stretch: int = field(default=30 * SECOND, converter=duration)
    """How much shorter or longer a fault of the script may last."""
    swap: bool = field(default=True, validator=check_flag)
    """Whether jitter may bring steps into another order."""
    delay: int = field(default=500 * MILLISECOND, converter=duration)
    """The longest delay of a link, one way; 0 leaves delays alone."""
    loss: float = field(default=0.2, validator=_share)
    """The highest probability that a packet is lost; 0 leaves losses alone."""
    outages: tuple[int, int] = field(default=(SECOND, MINUTE), converter=_span)
    """How long outages last, at least and at most, of links and of faults that are added."""
    changes: int = field(default=4, validator=_count)
    """The most changes of the script, and the most of the networks."""
    faults: bool = field(default=True, validator=check_flag)
    """Whether the script may get more faults."""
    actions: bool = field(default=True, validator=check_flag)
    """Whether people may do more."""
    listeners: bool = field(default=False, validator=check_flag)
    """Whether apps may do something in their listeners."""


def variations(
    scenario: Scenario, vary: str | Iterable[str] = VARY, **bounds: Any
) -> SearchStrategy[Scenario]:
    """A strategy of scenarios that differ from this one in what ``vary`` names.

    ``seed`` changes chance, ``timing`` when steps come and how long faults last, ``networks`` the
    links of people, ``script`` which steps there are. ``bounds`` are those of :class:`Bounds`. What
    the scenario expects stays, though it need not come true any more. Every variation is a valid
    scenario; they shrink towards the scenario itself.

    Raises ``ValueError`` with one sentence for an unknown word or bound.

    >>> story = Scenario(name="x", duration="1min", clients={"bob": {}})
    >>> variations(story, vary=("seed", "time"))
    Traceback (most recent call last):
    ValueError: 'time' is not something that can vary: did you mean 'timing'? Allowed are ...
    """
    if not isinstance(scenario, Scenario):
        raise ValueError(f"variations are of a sim.Scenario, not of {brief(scenario)}")
    words, within = _words(vary), bounds_of(**bounds)
    none: SearchStrategy[list[Change]] = st.just([])
    return st.builds(
        _varied,
        st.just(scenario),
        seed=st.integers(0, within.seeds) if "seed" in words else st.just(0),
        networks=_networks(scenario, within) if "networks" in words else none,
        timing=_timing(scenario, within) if "timing" in words else none,
        script=_script(scenario, within) if "script" in words else none,
    )


def bounds_of(**bounds: Any) -> Bounds:
    """Those bounds, the others as by default. Raises ``ValueError`` with one sentence."""
    names = [attribute.name for attribute in Bounds.__attrs_attrs__]
    return Bounds(**keywords(bounds, names, "a bound of variations"))


def _words(vary: Any) -> tuple[str, ...]:
    if isinstance(vary, str):
        vary = (vary,)
    if not isinstance(vary, Iterable):
        raise ValueError(f"vary is a list of words such as ('seed', 'timing'), not {brief(vary)}")
    words = tuple(vary)
    for word in words:
        if word not in VARY:
            raise ValueError(not_one_of(word, VARY, "something that can vary"))
    return words


def _varied(
    scenario: Scenario,
    *,
    seed: int,
    networks: list[Change],
    timing: list[Change],
    script: list[Change],
) -> Scenario:
    return changed(scenario, [*networks, *timing, *script], (scenario.seed + seed) % (MOST + 1))


def _networks(scenario: Scenario, within: Bounds) -> SearchStrategy[list[Any]]:
    if not (within.delay or within.loss or within.outages[1]):
        return st.just([])
    links = relinked(scenario, within.delay, within.loss, within.outages)
    return st.lists(links, max_size=within.changes)


def _timing(scenario: Scenario, within: Bounds) -> SearchStrategy[list[Any]]:
    if not scenario.script:
        return st.just([])
    shifts = st.builds(Shifted, _places(scenario), offsets(within.jitter), offsets(within.stretch))
    most = min(len(scenario.script), 12)
    drawn = st.lists(shifts, max_size=most, unique_by=lambda shift: shift.place)
    if within.swap:
        return drawn
    return drawn.map(lambda shifted: [*shifted, InOrder(scenario.script)])


def _script(scenario: Scenario, within: Bounds) -> SearchStrategy[list[Any]]:
    kinds: list[SearchStrategy[Change]] = []
    if scenario.script:
        places = _places(scenario)
        kinds.append(st.builds(Dropped, places))
        kinds.append(st.builds(Repeated, places, spans(0, max(within.jitter, MILLISECOND))))
        kinds.append(st.builds(Moved, places, moments(scenario)))
    if within.faults:
        kinds.append(st.builds(Added, faults(scenario, *within.outages)))
    if within.actions:
        kinds.append(st.builds(Added, deeds(scenario)))
    if within.listeners:
        kinds.append(reactions(scenario))
    return st.lists(st.one_of(kinds), max_size=within.changes) if kinds else st.just([])


def _places(scenario: Scenario) -> SearchStrategy[int]:
    return st.integers(0, len(scenario.script) - 1)
