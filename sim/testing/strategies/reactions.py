"""What apps do in their listeners: calls inside them, and defaults that they prevent."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final, Self

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.units import SECOND
from sim.scenario import Reaction
from sim.scenario.reactions import CLEANED_UP, PREVENTABLE
from sim.testing.strategies.bounds import flag, one_word, people_named
from sim.testing.strategies.calls import (
    BEGINNING,
    ENDING,
    MODERATING,
    Keys,
    about,
    plain,
    signalling,
)
from sim.testing.strategies.quantities import between
from sim.testing.strategies.series import one_of_these, series

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
    return _reactions(
        people_named("people", people), kind_of_calls(calls), flag("moderation", moderation)
    )


def kind_of_calls(given: str) -> str:
    """Return one of :data:`CALLS`, or raise ``ValueError``."""
    return one_word("calls", given, CALLS, "a kind of calls")


def answers(people: Iterable[str] = (), *, calls: str = "ending") -> SearchStrategy[Reaction]:
    """What may be done in the listener of any event."""
    kind = _Kind(about_mutes=True, is_signal=True)
    return _reaction(kind, people_named("people", people), kind_of_calls(calls), True)


@cache
def _reactions(
    people: tuple[str, ...], calls: str, moderation: bool
) -> SearchStrategy[dict[str, Reaction]]:
    """Up to three listeners, each for an event of its own."""
    possible = tuple(event for event in HEARD if calls != "none" or event in PREVENTABLE)
    listener = _listener(possible, people, calls, moderation)
    return series(listener, (0, 3), more=7, ends=3).map(dict)


@st.composite
def _listener(
    draw: st.DrawFn, events: tuple[str, ...], people: tuple[str, ...], calls: str, moderation: bool
) -> tuple[str, Reaction]:
    """One of these events, and what is done at it."""
    event = draw(one_of_these(events))
    return event, draw(_reaction(_Kind.of(event), people, calls, moderation))


@frozen
class _Kind:
    """What matters of an event to what may be done in a listener for it."""

    preventable: bool = False
    cleaned_up: bool = False
    is_signal: bool = False
    about_mutes: bool = False

    @classmethod
    def of(cls, event: str) -> Self:
        return cls(
            preventable=event in PREVENTABLE,
            cleaned_up=event in CLEANED_UP,
            is_signal=event.startswith("signal"),
            about_mutes=event in _MUTES,
        )


@cache
def _reaction(
    kind: _Kind, people: tuple[str, ...], calls: str, moderation: bool
) -> SearchStrategy[Reaction]:
    """What may be done in a listener for such an event."""
    kinds = [_prevented(kind.cleaned_up)] if kind.preventable else []
    kinds += [st.builds(Reaction, **keys) for keys in _calls(kind, people, calls, moderation)]
    return st.one_of(kinds) if kinds else st.builds(Reaction)


@cache
def _prevented(cleaned_up: bool) -> SearchStrategy[Reaction]:
    later = st.none() | between(0, 8 * SECOND) if cleaned_up else st.none()
    return st.builds(Reaction, prevent_default=st.just(True), clean_up_after=later)


def _calls(kind: _Kind, people: tuple[str, ...], calls: str, moderation: bool) -> list[Keys]:
    if calls == "none":
        return []
    found = [] if kind.is_signal else [signalling(people, _ANSWER)]
    if calls == "beginning":
        found.append(plain(BEGINNING[:1] if kind.about_mutes else BEGINNING))
        return [*found, about(("subscribe",), people)] if people else found
    found.append(plain([w for w in ENDING if not (kind.about_mutes and w.startswith("mute"))]))
    if people:
        found.append(about(("unsubscribe",), people))
        if moderation:
            found.append(about(MODERATING[:2] if kind.about_mutes else MODERATING, people))
    return found
