"""The words that sentences may use: events that apps are told of, and what happens to people.

``publisher.streamDestroyed`` is the Publisher's event, ``streamDestroyed`` the Session's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from sim.protocol.events import EVENTS, EventSpec
from sim.protocol.names import SERVER
from sim.protocol.records import Entry, Trait, having
from sim.protocol.records.calls import CONNECT, SWITCH
from sim.protocol.records.incidents import ACCEPTED
from sim.wording import listing, not_one_of, quoted

_PREFIXES: Final = {"Session": "", "Publisher": "publisher.", "Subscriber": "subscriber."}

HEARD: Final[dict[str, EventSpec]] = {
    _PREFIXES[event.object] + event.name: event
    for event in EVENTS
    if event.in_scope and event.object in _PREFIXES
}
"""The events of the simulated objects. Signals with a type stand here as ``signal:<type>``."""

TYPED_SIGNAL: Final = "signal:<type>"
TYPED_SIGNAL_PATTERN: Final = r"signal:[A-Za-z0-9._~-]{1,128}"


def heard(name: str) -> EventSpec | None:
    """Return what is known of an event, or None if there is none of that name.

    >>> heard("signal:chat").fields
    ('type', 'data', 'from')
    """
    if re.fullmatch(TYPED_SIGNAL_PATTERN, name):
        return HEARD[TYPED_SIGNAL]
    return HEARD.get(name) if name != TYPED_SIGNAL else None


def no_event(written: str) -> str:
    """Return the sentence about an event that there is not; maybe another object has it."""
    name = written.rpartition(".")[2]
    others = [repr(each) for each in HEARD if each.rpartition(".")[2] == name]
    if others:
        return f"{quoted(written)} is not an event: did you mean {listing(others, 'or')}?"
    return not_one_of(written, HEARD, "an event")


ABOUT: Final = ("connection", "stream", "from", "to", "subscriber")
"""The data of a record that say whom it is about, the first of them that there is."""


def is_of_somebody(event: EventSpec) -> bool:
    """Whether an event is about somebody's connection, stream, signal, Publisher or Subscriber.

    >>> is_of_somebody(HEARD["streamDestroyed"]), is_of_somebody(HEARD["sessionReconnected"])
    (True, False)
    """
    return event.object != "Session" or not set(ABOUT).isdisjoint(event.fields)


@frozen
class Deed:
    """How a record of something done by or to somebody is known.

    ``told`` is what its data say besides. ``victim`` is what of its data says to whom it happens,
    where the record is nobody's; ``of`` says whether it is about somebody else.
    """

    kind: str
    object: str
    name: str
    told: Mapping[str, Any] = field(factory=dict)
    victim: str = ""
    of: bool = False


OWN: Final = ("session", "browser", "publisher")
"""Whose calls are named without whose they are."""


def _word(entry: Entry) -> str:
    """What a step of a script calls it: ``forceDisconnect`` is ``force-disconnect`` there."""
    word = entry.word or _spelt(entry.name)
    return word if entry.role in OWN else f"{entry.role} {word}"


def _spelt(name: str) -> str:
    return re.sub("([A-Z])", lambda found: f"-{found[1].lower()}", name)


def _deed(entry: Entry) -> Deed:
    """What an app does may be about others; ``connect`` and what comes from outside are not."""
    others = entry.role == "session" and entry is not CONNECT
    return Deed(*entry.key, of=others and not set(ABOUT).isdisjoint(entry.fields))


def _servers() -> dict[str, Deed]:
    """What the app's own server asks for, as a moderator does."""
    return {
        f"{ACCEPTED.role} {_spelt(command)}": Deed(
            *ACCEPTED.key, {"command": command, "by": SERVER}, victim="target"
        )
        for command in ("forceDisconnect",)
    }


def _switches() -> dict[str, Deed]:
    """A switch has four words, two for each channel."""
    return {
        f"{word}-{channel}": Deed(
            *SWITCH.key, {"channel": f"{channel}1", "active": word == "unmute"}
        )
        for channel in ("audio", "video")
        for word in ("mute", "unmute")
    }


DEEDS: Final[dict[str, Deed]] = {
    **{_word(each): _deed(each) for each in having(Trait.SCRIPTED) if each is not SWITCH},
    **_servers(),
    **_switches(),
}
"""What somebody does or what is done to somebody, in the words of the script.

By whom does not matter: an outage that chance brings is a ``network down`` as one of the script is.
"""
