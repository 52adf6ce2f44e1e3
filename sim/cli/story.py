"""Trace records in plain words.

The table :data:`PHRASES` maps what a record is to what a person reads; a record without an entry
(or whose entry says "not now") is left to the trace file. A template's ``{fields}`` are the
record's data, made readable by :mod:`sim.cli.words`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import frozen

from sim.cli.words import duration, fields, person
from sim.trace import Record

Words = str | Callable[[Record], str | None]
"""A template, or a function that gives the words, or None when there is nothing to tell."""


@frozen
class Phrase:
    """What a person reads about a record: ``label`` and ``kind`` are the record's unless given."""

    words: Words
    label: str = ""
    strong: bool = False
    kind: str = ""


@frozen
class Line:
    """One line of the story, before it is laid out. ``time`` is in microseconds."""

    time: int
    kind: str
    who: tuple[str, ...]
    label: str
    words: str
    strong: bool = False
    scripted: bool = False
    """Whether somebody wrote it into the scenario: nothing led to it."""


MARKS: Final[dict[str, str]] = {
    "call": ">",
    "callback": "x",
    "fault": "!",
    "decision": "=",
    "state": "=",
    "event": " ",
}
"""One character that tells, without colours, who acts: see :data:`LEGEND`."""

COLOURS: Final[dict[str, str | None]] = {
    "call": "cyan",
    "callback": "red",
    "fault": "red",
    "decision": "magenta",
    "state": "magenta",
    "event": None,
}

LEGEND: Final = "> a call   x it fails   ! something breaks   = a decision"


def _of_others(template: str) -> Words:
    """Words for what a client learns about the others; its own coming and going is told already."""

    def words(record: Record) -> str | None:
        if record.data.get("connection") == record.data.get("own"):
            return None
        return template.format_map(fields(record))

    return words


def _by_somebody(template: str) -> Words:
    """Words for a call that a script or a policy makes; what apps do by themselves is no news."""

    def words(record: Record) -> str | None:
        if record.data.get("by") == "app":
            return None
        return template.format_map(fields(record))

    return words


def _failure(record: Record) -> str | None:
    """Words for a call that failed; one that succeeded shows in its events."""
    if record.data.get("ok", True):
        return None
    code = record.data.get("code")
    return f"fails: {record.data.get('error')}" + (f" ({code})" if code is not None else "")


_DIRECTIONS: Final = {
    "up": "nothing out",
    "down": "nothing in",
    "both": "nothing in or out",
}


def _network_down(record: Record) -> str:
    what = _DIRECTIONS.get(str(record.data.get("direction")), _DIRECTIONS["both"])
    if record.data.get("mode") == "refused":
        what = "connections are refused"
    last = record.data.get("for")
    return f"{what} for {duration(last)}" if last else what


_WAYS: Final = {"up": "on the way out", "down": "on the way in"}


def _loss(record: Record) -> str:
    """Which way the packet went stands in the draw's address, ``bob/up/loss/3``."""
    _, _, rest = str(record.data.get("address")).partition("/")
    return _WAYS.get(rest.partition("/")[0], "")


def _signal(record: Record) -> str:
    about = f" of type {kind}" if (kind := record.data.get("type")) else ""
    addressee = record.data.get("to")
    return f"a signal{about} to {person(str(addressee)) if addressee else 'everyone'}"


def _signalled(record: Record) -> str:
    sender = record.data.get("from")
    return f"a signal from {person(str(sender)) if sender else 'the platform'}"


_CHANNELS: Final = {"audio1": "sound", "video1": "picture"}


def _switch(record: Record) -> str:
    channel = str(record.data.get("channel"))
    return f"{_CHANNELS.get(channel, channel)} {'on' if record.data.get('active') else 'off'}"


def _rotation(record: Record) -> str:
    what = "is asked to move" if record.data.get("migrate") else "is sent away"
    return f"{person(str(record.data.get('connection')))} {what}: its server is taken down"


def _back(record: Record) -> str | None:
    missed = record.data.get("missed")
    return f"is sent {missed} missed message{'' if missed == 1 else 's'}" if missed else None


PHRASES: Final[dict[tuple[str, str, str], Phrase]] = {
    # What apps are told: (kind, object, name).
    ("event", "session", "sessionConnected"): Phrase("is in the session", strong=True),
    ("event", "session", "sessionReconnecting"): Phrase(
        "lost touch, tries to come back", strong=True
    ),
    ("event", "session", "sessionReconnected"): Phrase("is back in touch", strong=True),
    ("event", "session", "sessionDisconnected"): Phrase("{gloss}", strong=True),
    ("event", "session", "connectionCreated"): Phrase(_of_others("{connection} is here")),
    ("event", "session", "connectionDestroyed"): Phrase(_of_others("{connection}: {reason}")),
    ("event", "session", "streamCreated"): Phrase("{stream} begins"),
    ("event", "session", "streamDestroyed"): Phrase("{stream}: {reason}"),
    ("event", "session", "signal"): Phrase(_signalled),
    ("event", "session", "muteForced"): Phrase("everyone is to be muted"),
    ("event", "publisher", "streamCreated"): Phrase("own stream begins"),
    ("event", "publisher", "streamDestroyed"): Phrase("own stream: {reason}"),
    ("event", "publisher", "destroyed"): Phrase("", label="publisher destroyed"),
    ("event", "publisher", "muteForced"): Phrase("own stream is muted by a moderator"),
    ("event", "publisher", "mediaStopped"): Phrase("camera or microphone stopped"),
    ("event", "subscriber", "connected"): Phrase("picture of {subject} runs"),
    ("event", "subscriber", "disconnected"): Phrase("picture of {subject} stopped"),
    ("event", "subscriber", "destroyed"): Phrase(
        "of {subject}: {reason}", label="subscriber destroyed"
    ),
    ("event", "subscriber", "videoDisabled"): Phrase("no video of {subject}: {reason}"),
    ("event", "subscriber", "videoEnabled"): Phrase("video of {subject} again: {reason}"),
    # What people and apps do.
    ("call", "session", "disconnect"): Phrase("from the session"),
    ("call", "session", "publish"): Phrase(_by_somebody("a stream")),
    ("call", "session", "unpublish"): Phrase(_by_somebody("own stream")),
    ("call", "session", "subscribe"): Phrase(_by_somebody("to {stream}")),
    ("call", "session", "unsubscribe"): Phrase(_by_somebody("from {subscriber}")),
    ("call", "session", "signal"): Phrase(_signal),
    ("call", "session", "forceDisconnect"): Phrase("of {connection}", strong=True),
    ("call", "session", "forceUnpublish"): Phrase("of {stream}", strong=True),
    ("call", "session", "forceMuteStream"): Phrase("of {stream}", strong=True),
    ("call", "session", "forceMuteAll"): Phrase("of everyone", strong=True),
    ("call", "session", "disableForceMute"): Phrase(""),
    ("call", "session", "preventDefault"): Phrase("of {event}"),
    ("call", "publisher", "preventDefault"): Phrase("of {event}"),
    ("call", "publisher", "switch"): Phrase(_switch),
    ("call", "browser", "closeBrowser"): Phrase("closes the page"),
    # What fails and breaks.
    ("callback", "session", "*"): Phrase(_failure),
    ("callback", "session", "listenerThrew"): Phrase(
        "of {event}: {error}", label="listener throws"
    ),
    ("fault", "network", "down"): Phrase(_network_down, label="network down", strong=True),
    ("decision", "network", "loss"): Phrase(_loss, label="packet loss", kind="fault"),
    ("fault", "network", "up"): Phrase("the network is there again", label="network up"),
    ("fault", "network", "heal"): Phrase("whatever was wrong with it ends", label="network heals"),
    ("fault", "network", "reset"): Phrase("open connections are cut", label="network reset"),
    ("fault", "network", "change"): Phrase("another network", label="network change"),
    ("fault", "browser", "crash"): Phrase("without a goodbye", label="browser crash", strong=True),
    # What is decided.
    ("decision", "platform", "accepted"): Phrase("{command} of {target}", label="platform accepts"),
    ("decision", "platform", "refused"): Phrase(
        "{command}: status {status}", label="platform refuses", strong=True
    ),
    ("decision", "platform", "mediaIdle"): Phrase("nothing sent or watched for too long"),
    ("decision", "platform", "serverRotation"): Phrase(_rotation),
    ("decision", "platform", "close-socket"): Phrase("with code {code}"),
    ("decision", "platform", "expire-grace"): Phrase("the lost connection is given up"),
    ("decision", "platform", "signal"): Phrase("the app's own server sends a signal"),
    ("decision", "app", "rejoin"): Phrase("in {after}"),
    ("decision", "app", "clean-up"): Phrase("subscribers, in {after}"),
    ("decision", "app", "policy"): Phrase("{policy}: {target}"),
    ("state", "platform", "lost"): Phrase("the platform has noticed"),
    ("state", "platform", "back"): Phrase(_back),
}


def phrase(record: Record) -> Phrase | None:
    """The entry for ``record``, or None when only the trace file tells it."""
    role = record.object.partition("(")[0]
    exact = PHRASES.get((record.kind, role, record.name))
    return exact or PHRASES.get((record.kind, role, "*"))


def line(record: Record) -> Line | None:
    """The line of the story for ``record``, or None when it is no news for a person."""
    entry = phrase(record)
    if entry is None:
        return None
    words = (
        entry.words.format_map(fields(record))
        if isinstance(entry.words, str)
        else entry.words(record)
    )
    if words is None:
        return None
    who = (record.client,) if record.client else ()
    label, scripted = entry.label or record.name, record.cause is None
    kind = entry.kind or record.kind
    return Line(record.time, kind, who, label, words, entry.strong, scripted)


def lines(records: Iterable[Record]) -> Iterator[Line]:
    """The story's lines in the order of the records.

    Chance may break the network of somebody who is not there; that is no part of the story.
    """
    here: set[str] = set()
    unnoticed: set[int] = set()
    for record in records:
        if (record.kind, record.name) in _ARRIVING:
            here.add(record.client)
        elif (record.kind, record.name) in _LEAVING:
            here.discard(record.client)
        if _is_unnoticed(record, here, unnoticed):
            unnoticed.add(record.seq)
            continue
        told = line(record)
        if told is not None:
            yield told


_ARRIVING: Final = {("call", "connect")}
_LEAVING: Final = {
    ("event", "sessionDisconnected"),
    ("call", "closeBrowser"),
    ("fault", "crash"),
}


def _is_unnoticed(record: Record, here: set[str], unnoticed: set[int]) -> bool:
    if record.object != "network" or record.cause is None:
        return False
    return record.client not in here if record.name == "down" else record.cause in unnoticed


def sentence(record: Record) -> str:
    """Any record in words, for chains of causes; without a phrase, in the trace's own terms."""
    told = line(record)
    if told is not None:
        return f"{told.label}: {told.words}" if told.words else told.label
    details = ", ".join(f"{key} {record.data[key]}" for key in sorted(record.data))
    return f"{record.object} {record.name}" + (f" ({details})" if details else "")
