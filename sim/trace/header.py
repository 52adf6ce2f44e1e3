"""The first and the last line of a trace file, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import asdict, field, fields, frozen

from sim.protocol.names import MEMBER
from sim.protocol.units import SECOND

FORMAT: Final = "session-sim-trace"
FORMAT_VERSION: Final = 1


@frozen
class Person:
    """What the laws must know about a client: its rights, and what its app has promised."""

    role: str = "publisher"
    capabilities: tuple[str, ...] = ("publish", "subscribe")
    """Spelled as on ``session.capabilities``."""
    promises: Mapping[str, int | None] = field(factory=dict)
    """``clean-up-after``: microseconds from a prevented ``sessionDisconnected``, None for never."""
    prevents: tuple[str, ...] = ()
    """The events whose default its app prevents."""
    suppressed: bool = False
    """Whether it asked not to be told of connections (``connectionEventsSuppressed``)."""


@frozen
class Bounds:
    """Durations, in microseconds, from which the laws make their deadlines."""

    silence: int = 5_900_000
    """A client that hears nothing for this long is reconnecting (spec section 3.1, L18555). So a
    message reaches every client that is not within this time: delivery's bound."""
    window: int = 30 * SECOND
    """A failed attempt this long after an outage began is final (L18557)."""
    connect: int = 15 * SECOND
    """How long one socket may take to open (L9058)."""
    joining: int = 581_400_000
    """How long a ``connect`` may take on a network that is well: all its attempts, each of them
    2 min for the session info, a socket that opens late, and a whole outage of that."""
    publish: int = 15_200_000
    """How long a stream may take to be created (L20137), and its Publisher to ask for it."""
    subscribe: int = 30_300_000
    """How long a Subscriber may take to have media (L21818), and to show them."""
    detection: int = 10 * SECOND
    """Until the platform notices that a client is silent; a platform setting."""
    grace: int = 45 * SECOND
    """How long the platform keeps a lost connection; a platform setting."""
    media: int = 5 * SECOND
    """Media silence after which a Subscriber says so; a timer of the client's ICE."""
    margin: int = 2 * SECOND
    """For the journeys of frames and the timers in between."""

    @property
    def delivery(self) -> int:
        """How long a message takes, at most, to a client that is not reconnecting meanwhile."""
        return self.silence + self.margin

    @property
    def outage(self) -> int:
        """From the first lost frame until the client is back or has given up, at most.

        Silence, the window, a last attempt that opens late, and silence on that one.
        """
        return self.silence + self.window + self.connect + self.silence + self.margin

    @property
    def memory(self) -> int:
        """How long after something ended a client may still be told of it."""
        return self.outage + self.delivery


@frozen(kw_only=True)
class Header:
    """What a trace is a trace of. ``scenario`` is plain data; durations are in microseconds."""

    version: str = ""
    scenario: Any = None
    scenario_hash: str = ""
    name: str = ""
    seed: int = 0
    replication: int = 0
    profile: str = "documented"
    quirks: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """What else changed the run, as in a replay token: ties, and code of its own."""
    level: str = "story"
    duration: int = 0
    people: Mapping[str, Person] = field(factory=dict)
    bounds: Bounds = field(factory=Bounds)
    unkept: tuple[str, ...] = ()
    """The promises that the scenario's settings take away (``sim/protocol/promises.py``)."""

    def person(self, client: str) -> Person | None:
        """The person called ``client``; ``guests-3`` is one of ``guests``. None if unknown."""
        member = MEMBER.parse(client)
        return self.people.get(client) or (self.people.get(member.origin) if member else None)

    def to_data(self) -> dict[str, Any]:
        """The header as JSON can say it."""
        data = _listed(asdict(self, recurse=False))
        data["people"] = {name: _listed(asdict(person)) for name, person in self.people.items()}
        data["bounds"] = asdict(self.bounds)
        return {"format": FORMAT, "format_version": FORMAT_VERSION} | data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Header:
        """Read :meth:`to_data`'s form; keys of later versions are ignored.

        Raises ``ValueError`` with one sentence.
        """
        version = data.get("format_version")
        if data.get("format") != FORMAT:
            raise ValueError("it is not a trace: its first line is not a session-sim-trace header")
        if version != FORMAT_VERSION:
            raise ValueError(
                f"it has trace format version {version}; this program reads {FORMAT_VERSION}"
            )
        chosen = _fields(data, _HEADER, "the header")
        chosen["people"] = {
            name: _person(each, f'the header\'s people["{name}"]')
            for name, each in chosen.get("people", {}).items()
        }
        chosen["bounds"] = Bounds(
            **_fields(chosen.get("bounds", {}), _BOUNDS, "the header's bounds")
        )
        return cls(scenario=data.get("scenario"), **chosen)


@frozen
class Footer:
    """The last line of a complete trace: the count and digest of its story, and when it ended."""

    records: int
    digest: str
    ended: int
    header: str = field(default="", eq=False)
    """The digest of the header; empty in traces of before it was kept. It seals the file and says
    nothing about the story."""

    def to_data(self) -> dict[str, Any]:
        """The footer as JSON can say it."""
        data = asdict(self)
        return {"footer": True} | (data if self.header else {k: data[k] for k in _NEEDED})

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Footer:
        """Read :meth:`to_data`'s form. Raises ``ValueError`` with one sentence."""
        fields = _fields(data, _FOOTER, "the footer")
        missing = [name for name in _NEEDED if name not in fields]
        if missing:
            raise ValueError(f"the footer has no {missing[0]}")
        return cls(**fields)


_HEADER: Final[dict[str, type]] = {
    "version": str,
    "scenario_hash": str,
    "name": str,
    "seed": int,
    "replication": int,
    "profile": str,
    "quirks": list,
    "options": list,
    "level": str,
    "duration": int,
    "people": dict,
    "bounds": dict,
    "unkept": list,
}
_PERSON: Final[dict[str, type]] = {
    "role": str,
    "capabilities": list,
    "promises": dict,
    "prevents": list,
    "suppressed": bool,
}
_BOUNDS: Final = dict.fromkeys((each.name for each in fields(Bounds)), int)
_NEEDED: Final = ("records", "digest", "ended")
_FOOTER: Final[dict[str, type]] = {"records": int, "digest": str, "ended": int, "header": str}

_SAID: Final = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def _fields(data: Mapping[str, Any], table: Mapping[str, type], where: str) -> dict[str, Any]:
    """Those of the table's fields that ``data`` has, checked; lists become tuples."""
    found: dict[str, Any] = {}
    for name, kind in table.items():
        if name in data:
            what = f"{where}: {name}"
            _require(data[name], kind, what)
            for each in data[name] if kind is list else ():
                _require(each, str, f"what is in {what}")
            found[name] = tuple(data[name]) if kind is list else data[name]
    return found


def _person(data: Any, where: str) -> Person:
    _require(data, dict, where)
    found = _fields(data, _PERSON, where)
    for name, promise in found.get("promises", {}).items():
        if promise is not None:
            _require(promise, int, f"{where}: promises {name}")
    return Person(**found)


def _listed(data: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if type(value) is tuple else value for name, value in data.items()}


def _require(value: Any, kind: type, what: str) -> None:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{what} must be {_SAID[kind]}")
