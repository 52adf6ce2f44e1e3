"""What can happen by script: what a person does, what a network does, what the platform does.

Three tables of words, and one of the further keys that they take. A new action is a new entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from sim.scenario.drafts import Draft
from sim.scenario.links import MODE, WAY
from sim.scenario.problems import Complaint
from sim.scenario.quantities import DURATION, FLAG, NAME, TEXT, whole_number
from sim.scenario.shapes import Json, Shape, choice
from sim.scenario.tables import Key, given, key
from sim.wording import listing, phrase


@frozen
class Action:
    """What a word means, which of the further keys it needs and which it may have."""

    about: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


_SIGNAL: Final = ("type", "data", "to", "retry-after-reconnect")

DO: Final = {
    "connect": Action("Connect to the session."),
    "disconnect": Action("Call session.disconnect()."),
    "publish": Action("Publish what `publish` of the person says, else the camera."),
    "unpublish": Action("Unpublish the person's own stream."),
    "destroy": Action("Destroy the person's own Publisher."),
    "subscribe": Action("Subscribe to the stream of `target`.", ("target",)),
    "unsubscribe": Action("Unsubscribe from the stream of `target`.", ("target",)),
    "signal": Action("Send a signal to everybody, or to the person `to`.", (), _SIGNAL),
    "force-disconnect": Action("Remove `target` from the session.", ("target",)),
    "force-unpublish": Action("End the stream of `target`.", ("target",)),
    "force-mute-stream": Action("Mute the stream of `target`.", ("target",)),
    "force-mute-all": Action("Mute everybody, and whoever publishes later."),
    "disable-force-mute": Action("Let people publish with sound again."),
    "mute-audio": Action("Stop sending one's own sound."),
    "unmute-audio": Action("Send one's own sound again."),
    "mute-video": Action("Stop sending one's own picture."),
    "unmute-video": Action("Send one's own picture again."),
    "close-browser": Action("Close the page; the browser says goodbye."),
    "crash": Action("Lose power: no goodbye."),
}
"""What a person's app does, or a person to the machine."""

NETWORK: Final = {
    "down": Action("The link fails, until `for` has passed or it comes up by script.",
                   (), ("for", "direction", "mode")),
    "up": Action("The link works again."),
    "heal": Action("Whatever is wrong with the link ends, media included; chance leaves it alone."),
    "reset": Action("Open sockets are reset; new ones can be opened at once."),
    "change": Action("Another address, maybe another network `to`: open sockets go dead, silently.",
                     (), ("to",)),
}  # fmt: skip
"""What happens to a person's link."""

PLATFORM: Final = {
    "close-socket": Action("Close the person's socket with `code`.", ("code",)),
    "rotate": Action("Take the person's node out of service; with `migrate` the client may move.",
                     (), ("migrate",)),
    "expire-grace": Action("Give up the person's lost connection now."),
    "force-disconnect": Action("The app's own server removes the person."),
    "signal": Action("The app's own server signals the person.", (), ("type", "data")),
}  # fmt: skip
"""What the platform does to a person, or the app's server through it."""

ACTIONS: Final = {"do": DO, "network": NETWORK, "platform": PLATFORM}

CLOSE_CODE: Final = whole_number(1000, 4999, "a close code")

FURTHER: Final[dict[str, tuple[Shape, str]]] = {
    "target": (NAME, "Who it is done to: a person."),
    "to": (NAME, "A signal: to whom. A change of network: which one."),
    "type": (TEXT, "The signal's type."),
    "data": (TEXT, "The signal's data."),
    "retry-after-reconnect": (FLAG, "Whether a signal waits for the connection to come back."),
    "for": (DURATION, "How long the link stays down; without it, until it comes up by script."),
    "direction": (WAY, "Which way is down: both, if not said."),
    "mode": (MODE, "What becomes of packets: blackhole, if not said."),
    "code": (CLOSE_CODE, "The code of the WebSocket's close frame, such as 1001 or 4001."),
    "migrate": (FLAG, "Whether the client is asked to move rather than sent away."),
}
"""The further keys: the shape of their value and what it means."""


def further(name: str) -> dict[str, Key]:
    """Return the metadata of the attribute of a further key."""
    shape, about = FURTHER[name]
    return key(shape, about, name, ALIKE.get(name, ()))


ALIKE: Final = {"for": ("duration", "lasting", "during", "lasts", "length")}
"""What people write for a further key."""

ATTRIBUTES: Final = {"lasting": "for"}
"""Attributes whose key is a word of Python's own."""
_IN_CODE: Final = {key: attribute for attribute, key in ATTRIBUTES.items()}


def words(kind: str, article: str) -> Shape:
    """Return the shape of the words of one table."""
    return choice(article, {word: action.about for word, action in ACTIONS[kind].items()})


def complaints(draft: Any, kinds: tuple[str, ...], needed: bool) -> Iterator[Complaint]:
    """Complain unless one action is chosen at most, with the further keys that belong to it.

    ``kinds`` are the tables that may be chosen from; ``needed`` says that one must be. What was
    made in code is told by the names of its attributes where a key is a word of Python's own.
    """
    spelled = {} if isinstance(draft, Draft) else _IN_CODE
    names = [ATTRIBUTES.get(name, name.replace("_", "-")) for name in given(draft)]
    chosen = [kind for kind in kinds if kind in names]
    further = [name for name in names if name in FURTHER]
    meant = draft.meant if isinstance(draft, Draft) else frozenset()
    if len(chosen) > 1:
        yield Complaint((chosen[-1],), f"{listing(chosen)} exclude each other: keep one")
    elif chosen:
        word = getattr(draft, chosen[0])
        if isinstance(word, str):
            action = ACTIONS[chosen[0]][word]
            yield from _of_action(f"{chosen[0]}: {word}", action, further, meant, spelled)
    elif needed and meant.isdisjoint(kinds):
        yield Complaint((), f"one of the keys {listing(kinds, 'or')} is missing")
    elif meant.isdisjoint(kinds):
        for name in further:
            shown = spelled.get(name, name)
            yield Complaint((shown,), f"'{shown}' belongs to an action, and there is none here")


def _of_action(
    doing: str,
    action: Action,
    further: list[str],
    meant: frozenset[str],
    spelled: Mapping[str, str],
) -> Iterator[Complaint]:
    allowed = (*action.needs, *action.takes)
    keys = [spelled.get(name, name) for name in allowed]
    for name in further:
        if name not in allowed:
            shown = spelled.get(name, name)
            rest = f"it takes {listing(keys)}" if keys else "it takes no further keys"
            yield Complaint((shown,), f"'{shown}' does not belong to '{doing}': {rest}")
    for name in action.needs:
        if name not in further and name not in meant:
            about = phrase(FURTHER[name][1])
            yield Complaint((), f"'{doing}' needs the key '{name}': {about}")


def refined(schema: Json, kinds: tuple[str, ...]) -> Json:
    """Add to a JSON Schema which further keys belong to which action."""
    further = [name for name in FURTHER if name in schema["properties"]]
    rules = [
        {
            "if": {"properties": {kind: {"const": word}}, "required": [kind]},
            "then": {
                "required": list(action.needs),
                "properties": {
                    name: False for name in further if name not in action.needs + action.takes
                },
            },
        }
        for kind in kinds
        for word, action in ACTIONS[kind].items()
    ]
    return schema | {"allOf": rules}
