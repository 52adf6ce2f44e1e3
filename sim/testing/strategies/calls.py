"""What apps call: the words of the language by what they do to a session.

Listeners that end things and listeners that begin things must not meet in one story: two apps could
undo each other's doings without end, and in no time at all. So the calls inside listeners are of
one kind, and those that lead to an event are not made in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.testing.strategies.series import one_of_these

BEGINNING: Final = ("publish", "unmute-audio", "unmute-video")
ENDING: Final = ("disconnect", "unpublish", "destroy", "close-browser", "mute-audio", "mute-video")
PLAIN: Final = ("connect", *BEGINNING, *ENDING)
"""Calls that take no further keys and need no moderator."""

MODERATING: Final = ("force-disconnect", "force-unpublish", "force-mute-stream")
"""What a moderator does to somebody."""
MODERATING_ALL: Final = ("force-mute-all", "disable-force-mute")

SIGNAL_TYPES: Final = ("chat", "news")

Keys = Mapping[str, SearchStrategy[Any]]
"""The keys of a step or a reaction that say what is done, each with what may stand there."""


def plain(words: Sequence[str]) -> Keys:
    """A call that takes no further keys."""
    return {"do": st.sampled_from(words)}


def about(words: Sequence[str], people: Sequence[str]) -> Keys:
    """A call about one of these people."""
    return {"do": st.sampled_from(words), "target": one_of_these(people)}


def signalling(people: Sequence[str], types: Sequence[str] = SIGNAL_TYPES) -> Keys:
    """A signal to everybody or to one of these people."""
    return {
        "do": st.just("signal"),
        "type": st.sampled_from(types),
        "data": st.sampled_from((None, "hello")),
        "to": st.sampled_from((None, *people)),
        "retry_after_reconnect": st.sampled_from((None, True, False)),
    }
