"""What a person reads about each kind of record.

The table :data:`PHRASES` has one entry for each record that the table of records does not mark as
untold. A template's ``{fields}`` are the record's data, made readable by
:mod:`sim.telling.words`; a function may also say that there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import frozen

from sim.protocol import names, records
from sim.protocol.records import Entry, Trait, calls
from sim.protocol.records.deviations import DEVIATION_RECORDS
from sim.telling.attendance import AWAY, HERE, LOST
from sim.telling.cast import Cast
from sim.telling.words import NOBODY, duration, fields, given
from sim.trace import Record
from sim.wording import whose

Words = str | Callable[[Record, Cast], str | None]
"""A template, or a function that gives the words, or None when there is nothing to tell."""


@frozen
class Phrase:
    """What a person reads about a record: ``label`` and ``kind`` are the record's unless given."""

    words: Words
    label: str = ""
    strong: bool = False
    kind: str = ""

    def of(self, record: Record, cast: Cast) -> str | None:
        """The words for one record."""
        if isinstance(self.words, str):
            return self.words.format_map(fields(record, cast)).strip()
        return self.words(record, cast)


def _of_others(template: str) -> Words:
    """Words for what a client learns about the others; its own coming and going is told already."""

    def words(record: Record, cast: Cast) -> str | None:
        if record.data.get("connection") == record.data.get("own"):
            return None
        return template.format_map(fields(record, cast))

    return words


def _by_somebody(template: str) -> Words:
    """Words for a call that a script or a policy makes; what apps do by themselves is no news."""

    def words(record: Record, cast: Cast) -> str | None:
        if record.data.get("by") == "app":
            return None
        return template.format_map(fields(record, cast))

    return words


def _failure(record: Record, cast: Cast) -> str | None:
    """Words for a call that failed; one that succeeded shows in its events."""
    if record.data.get("ok", True):
        return None
    said = fields(record, cast)
    code = f" ({said['code']})" if record.data.get("code") is not None else ""
    which = f" for its {said['parameter']}" if record.data.get("parameter") else ""
    call = cast.ended(record)
    about = _ABOUT.get(call.name, "") if call is not None else ""
    whom = f"{about.format_map(fields(call, cast))} " if call is not None and about else ""
    return f"{whom}fails: {said['error']}{code}{which}"


_ABOUT: Final = {
    "subscribe": "to {stream}",
    "forceDisconnect": "of {connection}",
    "forceUnpublish": "of {stream}",
    "forceMuteStream": "of {stream}",
}
"""Calls that are about somebody else, of whom there may be many: what they are about."""


def _connect(record: Record, cast: Cast) -> str | None:
    """Who comes back by habit has said so before."""
    if record.data.get("by") == "app":
        return None
    ignored = ": ignored, as it is connecting or connected" if record.data.get("ignored") else ""
    return f"to the session{ignored}"


def _unsubscribe(record: Record, cast: Cast) -> str | None:
    if record.data.get("by") == "app":
        return None
    label = given(record.data.get("subscriber"))
    subject = cast.subject(record.client, label)
    if subject:
        return f"from {whose(subject)} stream"
    return f"from {label or NOBODY['subscriber']}"


_DIRECTIONS: Final = {
    "up": "nothing out",
    "down": "nothing in",
    "both": "nothing in or out",
}


def _network_down(record: Record, cast: Cast) -> str:
    what = _DIRECTIONS.get(str(record.data.get("direction")), _DIRECTIONS["both"])
    if record.data.get("mode") == "refused":
        what = "connections are refused"
    last = record.data.get("for")
    return f"{what} for {duration(last)}" if last else what


def _network_change(record: Record, cast: Cast) -> str:
    to = given(record.data.get("to"))
    return f"now on {names.network_of(to) or to}" if to else "a new address"


_WAYS: Final = {"up": "on the way out", "down": "on the way in"}


def _loss(record: Record, cast: Cast) -> str:
    """Which way the packet went stands in the draw's address, ``bob/up/loss/3``."""
    _, _, rest = str(record.data.get("address")).partition("/")
    return _WAYS.get(rest.partition("/")[0], "")


def _signal(record: Record, cast: Cast) -> str:
    to = record.data.get("to", "")
    whom = cast.person(given(to)) if given(to) else "nobody" if "to" in record.data else "everyone"
    return f"a signal{_type(record)} to {whom}"


def _signalled(record: Record, cast: Cast) -> str:
    sender = record.data.get("from")
    return f"a signal{_type(record)} from {cast.person(str(sender)) if sender else 'the platform'}"


def _server_signal(record: Record, cast: Cast) -> str:
    away = cast.attendance.before(record) == AWAY
    but = f", but {record.client} is not in the session" if away else ""
    return f"the app's own server sends a signal{_type(record)}{but}"


def _type(record: Record) -> str:
    if record.data.get("type") is None:
        return ""
    kind = given(record.data["type"])
    return f" of type {kind}" if kind else " of no valid type"


_CHANNELS: Final = {"audio1": "sound", "video1": "picture"}


def _switch(record: Record, cast: Cast) -> str:
    said = fields(record, cast)
    channel = _CHANNELS.get(said["channel"], said["channel"])
    return f"{channel} {'on' if record.data.get('active') else 'off'}{said['which']}"


def _accepted(record: Record, cast: Cast) -> str:
    said = fields(record, cast)
    return f"{said['command']} of {cast.target(str(record.data.get('target')))}"


def _refused(record: Record, cast: Cast) -> str:
    """The request that ends one's own stream is, when the stream is not there, a moderator's."""
    said = fields(record, cast)
    if cast.is_of_withdrawal(record):
        return f"to end what did not come about: status {said['status']}"
    asked = cast.asked(record)
    own = (
        said["command"] == "forceUnpublish" and asked is not None and asked.name != said["command"]
    )
    return f"{'unpublish' if own else said['command']}: status {said['status']}"


def _rotation(record: Record, cast: Cast) -> str:
    what = "is asked to move" if record.data.get("migrate") else "is sent away"
    return f"{fields(record, cast)['connection']} {what}: its server is taken down"


def _closing(record: Record, cast: Cast) -> str:
    how = cast.attendance.before(record)
    lacking = {AWAY: "is not in the session", LOST: "has no socket now"}.get(how)
    but = f", but {record.client} {lacking}" if lacking else ""
    return f"with code {fields(record, cast)['code']}{but}"


def _expiry(record: Record, cast: Cast) -> str:
    how = cast.attendance.before(record)
    if how == AWAY:
        return f"nothing to give up: {record.client} is not in the session"
    return f"the {'' if how == HERE else 'lost '}connection is given up"


def _muted(record: Record, cast: Cast) -> str:
    muted = record.data.get("active", True)
    return "everyone is to be muted" if muted else "nobody needs to be muted any more"


def _back(record: Record, cast: Cast) -> str | None:
    missed = record.data.get("missed")
    return f"is sent {missed} missed message{'' if missed == 1 else 's'}" if missed else None


def _as_the_table_says(entry: Entry) -> Phrase:
    strong = bool(entry.traits.intersection((Trait.CUTS_LINK, Trait.ENDS_PAGE)))
    return Phrase(entry.says, label=f"{entry.role} {entry.name}", strong=strong)


_PLACES: Final = {"timeout": "a timeout", "load": "a fresh page"}


def _threw(record: Record, cast: Cast) -> str:
    said = fields(record, cast)
    event = said["event"]
    is_end = event.startswith(calls.ENDS_OF_CALLS)
    where = _PLACES.get(event) or (event if is_end else f"a listener of {event}")
    return f"in {where}: {said['error']}"


_THREW: Final = Phrase(_threw, label="app throws")

PHRASES: Final[dict[tuple[str, str, str], Phrase]] = {
    # What the table of records says itself: the faults that one sentence tells.
    **{entry.key: _as_the_table_says(entry) for entry in records.RECORDS if entry.says},
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
    ("event", "session", "streamPropertyChanged"): Phrase(
        "{stream}: {changedProperty} is {newValue}", label="property changed"
    ),
    ("event", "session", "signal"): Phrase(_signalled),
    ("event", "session", "muteForced"): Phrase(_muted),
    ("event", "publisher", "streamCreated"): Phrase("own stream begins{which}"),
    ("event", "publisher", "streamDestroyed"): Phrase("own stream: {reason}{which}"),
    ("event", "publisher", "destroyed"): Phrase("{which}", label="publisher destroyed"),
    ("event", "publisher", "muteForced"): Phrase("own stream is muted by a moderator{which}"),
    ("event", "subscriber", "connected"): Phrase("picture of {subject} runs"),
    ("event", "subscriber", "disconnected"): Phrase("picture of {subject} stopped"),
    ("event", "subscriber", "destroyed"): Phrase(
        "of {subject}: {reason}", label="subscriber destroyed"
    ),
    ("event", "subscriber", "videoDisabled"): Phrase("no video of {subject}: {reason}"),
    ("event", "subscriber", "videoEnabled"): Phrase("video of {subject} again: {reason}"),
    # What people and apps do.
    ("call", "session", "connect"): Phrase(_connect),
    ("call", "session", "disconnect"): Phrase("from the session"),
    ("call", "session", "publish"): Phrase(_by_somebody("a stream")),
    ("call", "session", "unpublish"): Phrase(_by_somebody("own stream")),
    ("call", "session", "subscribe"): Phrase(_by_somebody("to {stream}")),
    ("call", "session", "unsubscribe"): Phrase(_unsubscribe),
    ("call", "session", "signal"): Phrase(_signal),
    ("call", "session", "forceDisconnect"): Phrase("of {connection}", strong=True),
    ("call", "session", "forceUnpublish"): Phrase("of {stream}", strong=True),
    ("call", "session", "forceMuteStream"): Phrase("of {stream}", strong=True),
    ("call", "session", "forceMuteAll"): Phrase("of everyone", strong=True),
    ("call", "session", "disableForceMute"): Phrase("of everyone"),
    ("call", "session", "preventDefault"): Phrase("of {event}"),
    ("call", "publisher", "preventDefault"): Phrase("of {event}{which}"),
    ("call", "publisher", "switch"): Phrase(_switch),
    ("call", "publisher", "destroy"): Phrase("own Publisher{which}"),
    ("call", "browser", "closeBrowser"): Phrase("closes the page"),
    # What fails and breaks.
    **{entry.key: Phrase(_failure) for entry in calls.COMPLETIONS.values()},
    **{entry.key: _THREW for entry in calls.LISTENER_THREW.values()},
    ("fault", "network", "down"): Phrase(_network_down, label="network down", strong=True),
    ("decision", "network", "loss"): Phrase(_loss, label="packet loss", kind="fault"),
    ("fault", "network", "change"): Phrase(_network_change, label="network change"),
    # What is decided.
    ("decision", "publisher", "withdrawal"): Phrase(
        "publishing failed, so the platform is to end {stream}", label="client cleans up"
    ),
    ("decision", "platform", "accepted"): Phrase(_accepted, label="platform accepts"),
    ("decision", "platform", "refused"): Phrase(_refused, label="platform refuses", strong=True),
    ("decision", "platform", "mediaIdle"): Phrase("nothing sent or watched for too long"),
    ("decision", "platform", "serverRotation"): Phrase(_rotation),
    ("decision", "platform", "close-socket"): Phrase(_closing),
    ("decision", "platform", "expire-grace"): Phrase(_expiry),
    ("decision", "platform", "signal"): Phrase(_server_signal),
    ("decision", "app", "rejoin"): Phrase("in {after}"),
    ("decision", "app", "clean-up"): Phrase("subscribers, in {after}"),
    ("decision", "app", "policy"): Phrase("{policy}: {target}"),
    ("state", "platform", "lost"): Phrase("the platform has noticed"),
    ("state", "platform", "back"): Phrase(_back),
    # Where the client differs from its documentation.
    **{entry.key: Phrase(entry.name, label="quirk") for entry in DEVIATION_RECORDS},
}


def phrase(record: Record) -> Phrase | None:
    """The entry for ``record``, or None when only the trace file tells it."""
    entry = records.find(record.kind, record.object, record.name)
    return PHRASES.get(entry.key) if entry else None
