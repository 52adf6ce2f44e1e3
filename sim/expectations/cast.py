"""Who is who: people and groups by name, and whose a connection or a stream is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

from sim.expectations.clauses import Item, Subject
from sim.expectations.vocabulary import ABOUT
from sim.protocol.names import MEMBER, label
from sim.protocol.records import Trait, named
from sim.trace.header import Person
from sim.trace.records import Record

_JOINS: Final = named(Trait.BEGINS_CONNECTION)


class Cast:
    """The people of a run, and their connections and streams as records introduce them.

    ``people`` are those of the trace's header; more may come while the run goes on. A name that is
    nobody's stands for the members of that group: ``guests`` for ``guests-1``, ``guests-2``, ...
    """

    def __init__(self, people: Mapping[str, Person]) -> None:
        self.people = people
        self._owners: dict[str, str] = {}

    def see(self, record: Record) -> None:
        """Take in what the platform says of itself: who has joined, which stream is published."""
        if (record.kind, record.name) in _JOINS:
            self._owners[str(record.data.get("connection"))] = record.client
        elif record.name == "published":
            self._owners[str(record.data.get("stream"))] = record.client

    # -- names ----------------------------------------------------------------------------------

    def means(self, name: str, person: str) -> bool:
        """Whether a name of a sentence stands for this person."""
        return name == person or (name not in self.people and _group(person) == name)

    def called(self, name: str) -> list[str]:
        """Return the people that a name stands for."""
        return [person for person in self.people if self.means(name, person)]

    def includes(self, subject: Subject, person: str) -> bool:
        """Whether a clause about ``subject`` is about this person."""
        if any(self.means(name, person) for name in subject.but):
            return False
        return not subject.name or self.means(subject.name, person)

    def of(self, subject: Subject) -> list[str]:
        """Return the people whom a clause is about."""
        return [person for person in self.people if self.includes(subject, person)]

    # -- whose ----------------------------------------------------------------------------------

    def owner(self, record: Record) -> str:
        """Return whose connection, stream, signal or Subscriber a record is about; "" if nobody's.

        Somebody is known from when the platform let him in. A Subscriber's events are of whom it
        shows, a Publisher's of who is told.
        """
        data = record.data
        key = next((key for key in ABOUT if data.get(key)), None)
        if key is not None:
            return shown_by(data[key]) if key == "subscriber" else self.person(data[key])
        if is_publisher(record.object):
            return record.client
        return shown_by(record.object)

    def person(self, thing: object) -> str:
        """Return whose connection or stream this is; "" if nobody has introduced it."""
        return self._owners.get(str(thing), "")

    # -- events ---------------------------------------------------------------------------------

    def matches(self, item: Item, record: Record) -> bool:
        """Whether an event's record is the item."""
        return record.name == item.name and all(self.likeness(item, record))

    def likeness(self, item: Item, record: Record) -> tuple[bool, bool, bool]:
        """Whether object, argument and owner of an event of that name are those of the item."""
        return (
            self._is_of(item.object, record.object),
            item.argument is None or argument(record) == item.argument,
            item.of is None or self.means(item.of, self.owner(record)),
        )

    def _is_of(self, expected: str, object: str) -> bool:
        if expected == label_of(object) or (expected == "subscriber" and shown_by(object)):
            return True
        wanted = shown_by(expected)
        return bool(wanted) and self.means(wanted, shown_by(object))

    def shown(self, record: Record) -> str:
        """Return an event as a sentence would name it."""
        told = argument(record)
        reason = None if told is None else str(told)
        object = label_of(record.object)
        of = self.owner(record) if object == "session" else ""
        return str(Item(object, record.name, reason, of or None))

    def spellings(self, record: Record) -> tuple[str, ...]:
        """Return all the ways in which a sentence may name an event, the plainest first.

        The name alone, ``streamDestroyed``, is the last; it does not say whose the event is.
        """
        label, told, owner = label_of(record.object), argument(record), self.owner(record)
        objects = ("subscriber", label) if shown_by(record.object) else (label,)
        arguments = (None,) if told is None else (None, str(told))
        whose = (None, owner) if owner else (None,)
        items = product(objects, arguments, whose)
        return (*(str(Item(o, record.name, a, of)) for o, a, of in items), record.name)


def argument(record: Record) -> object:
    """Return the reason that an event gives, or the data of a signal."""
    return record.data.get("reason", record.data.get("data"))


def label_of(object: str) -> str:
    """Return an object's name without its number: the second ``subscriber(alice)`` of a page is
    ``subscriber(alice)#1``, the second ``publisher`` is ``publisher1``.
    """
    parsed = label(object)
    return object if parsed is None else str(parsed._replace(number=0))


def shown_by(object: object) -> str:
    """Return whom a Subscriber shows, from its name; "" for other objects."""
    parsed = label(object)
    return parsed.subject if parsed else ""


def is_publisher(object: str) -> bool:
    """Whether an object is a Publisher, from its name."""
    parsed = label(object)
    return parsed is not None and parsed.role == "publisher"


def _group(person: str) -> str | None:
    member = MEMBER.parse(person)
    return member.origin if member else None
