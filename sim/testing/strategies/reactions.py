"""What apps do in their listeners: calls inside them, and defaults that they prevent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.units import SECOND
from sim.scenario import Reaction
from sim.scenario.reactions import CLEANED_UP, PREVENTABLE
from sim.testing.strategies.calls import (
    BEGINNING,
    ENDING,
    MODERATING,
    Keys,
    about,
    plain,
    signalling,
)
from sim.testing.strategies.quantities import _durations
from sim.wording import not_one_of

CALLS: Final = ("ending", "beginning", "none")
"""What kind of calls listeners make."""

HEARD: Final = (
    "sessionConnected",
    "sessionReconnecting",
    "sessionReconnected",
    "sessionDisconnected",
    "connectionCreated",
    "connectionDestroyed",
    "streamCreated",
    "streamDestroyed",
    "streamPropertyChanged",
    "signal:chat",
    "muteForced",
    "publisher.streamCreated",
    "publisher.streamDestroyed",
    "publisher.destroyed",
    "publisher.muteForced",
)
"""The events that listeners are for."""

_ANSWER: Final = ("answer",)
"""Signals of listeners have a type that no listener is for, or they would be answered for ever."""

_MUTES: Final = ("muteForced", "publisher.muteForced", "streamPropertyChanged")
"""What follows a mute: a listener that mutes in it would be told again."""


def reactions(
    people: Iterable[str] = (), *, calls: str = "ending", moderation: bool = True
) -> SearchStrategy[dict[str, Reaction]]:
    """What one app does in its listeners: the ``on`` of a :class:`~sim.scenario.Person`.

    Calls about somebody are about one of ``people``. ``calls`` says of what kind they are:
    ``ending`` (disconnect, unpublish, mute, remove ...), ``beginning`` (publish, subscribe, unmute
    ...) or ``none``. In a story in which some listeners end and others begin, apps may undo each
    other's doings without end: use one kind in one story.
    """
    if calls not in CALLS:
        raise ValueError(f"calls: {not_one_of(calls, CALLS, 'a kind of calls')}")
    return _reactions(tuple(people), calls, moderation)


@cache
def _reactions(
    people: tuple[str, ...], calls: str, moderation: bool
) -> SearchStrategy[dict[str, Reaction]]:
    return _chosen({event: _reaction(event, people, calls, moderation) for event in HEARD})


@st.composite
def _chosen(
    draw: st.DrawFn, by_event: dict[str, SearchStrategy[Reaction] | None]
) -> dict[str, Reaction]:
    """Up to three listeners; each is one draw of an event and one of what is done in it."""
    some = [event for event, reaction in by_event.items() if reaction is not None]
    chosen = draw(st.lists(st.sampled_from(some), max_size=3, unique=True)) if some else []
    return {event: draw(by_event[event]) for event in chosen}  # type: ignore[arg-type]


def _reaction(
    event: str, people: Sequence[str], calls: str, moderation: bool
) -> SearchStrategy[Reaction] | None:
    """What may be done in a listener for that event; None if nothing."""
    kinds = [st.builds(Reaction, **keys) for keys in _calls(event, people, calls, moderation)]
    if event in PREVENTABLE:
        kinds.insert(0, _prevented(event))
    return st.one_of(kinds) if kinds else None


def _prevented(event: str) -> SearchStrategy[Reaction]:
    later = st.none() | _durations(0, 8 * SECOND) if event in CLEANED_UP else st.none()
    return st.builds(Reaction, prevent_default=st.just(True), clean_up_after=later)


def _calls(event: str, people: Sequence[str], calls: str, moderation: bool) -> list[Keys]:
    if calls == "none":
        return []
    found = [] if event.startswith("signal") else [signalling(people, _ANSWER)]
    mutes = event in _MUTES
    if calls == "beginning":
        found.append(plain(BEGINNING[:1] if mutes else BEGINNING))
        return [*found, about(("subscribe",), people)] if people else found
    found.append(plain([word for word in ENDING if not (mutes and word.startswith("mute"))]))
    if people:
        found.append(about(("unsubscribe",), people))
        if moderation:
            found.append(about(MODERATING[:2] if mutes else MODERATING, people))
    return found
