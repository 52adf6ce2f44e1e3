"""Whose lane a record is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from sim.protocol.names import MEMBER
from sim.trace import Header, Record

_PLATFORM: Final = "platform"
"""As an object it is the platform's own; as the end of a message, its side of the socket."""
_MESSAGE: Final = "message"


@frozen
class Lanes:
    """The people in the order of the scenario, members of groups by number; the platform last."""

    names: tuple[str, ...]
    roles: tuple[str, ...]
    _index: dict[str, int]

    @classmethod
    def of(cls, header: Header, records: Iterable[Record]) -> Lanes:
        """The lanes of everybody whom the header or a record names."""
        here = dict.fromkeys(record.client for record in records)
        here.pop("", None)
        names = _in_order(header, here)
        people = [header.person(name) for name in names]
        roles = tuple(person.role if person else "" for person in people)
        return cls(names, roles, {name: index for index, name in enumerate(names)})

    @property
    def platform(self) -> int:
        """The platform's lane."""
        return len(self.names)

    def person(self, name: str) -> int:
        """Somebody's lane; that of nobody is the platform's."""
        return self._index.get(name, self.platform)

    def of_record(self, record: Record) -> int:
        """The lane of a record: the platform's for what it decides, knows, sends and gets."""
        if record.kind == _MESSAGE:
            is_platforms = record.data.get("end") == _PLATFORM
        else:
            is_platforms = record.object == _PLATFORM
        return self.platform if is_platforms else self.person(record.client)


def _in_order(header: Header, here: Iterable[str]) -> tuple[str, ...]:
    members: dict[str, list[str]] = {name: [] for name in header.people}
    others: list[str] = []
    for name in here:
        parsed = MEMBER.parse(name)
        if name in members:
            continue
        if parsed and parsed.origin in members:
            members[parsed.origin].append(name)
        else:
            others.append(name)
    ordered: list[str] = []
    for name, group in members.items():
        ordered += sorted(group, key=_number) or [name]
    return (*ordered, *others)


def _number(member: str) -> int:
    parsed = MEMBER.parse(member)
    return parsed.number if parsed else 0


def lane_of(lanes: Lanes, records: Iterable[Record]) -> Sequence[int]:
    """Of each record its lane."""
    return list(map(lanes.of_record, records))
