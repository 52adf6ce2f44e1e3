"""Who is who in a story: whose connection, which of several, whom a Subscriber shows.

Persons are taken from the records that introduce their connections and streams; what none has
introduced (a single record, a trace that is cut) is read from its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.protocol import names
from sim.protocol.records import Trait, named
from sim.protocol.records.incidents import WITHDRAWAL
from sim.telling.attendance import Attendance
from sim.trace import Record
from sim.wording import whose

_JOINS = frozenset(named(Trait.BEGINS_CONNECTION))
_CALL = "call"
_WITHDRAWS = WITHDRAWAL.kind, WITHDRAWAL.name


class Cast:
    """What the records so far say of connections, streams, Subscribers and calls."""

    def __init__(self) -> None:
        self.attendance = Attendance()
        self._persons: dict[str, tuple[str, int]] = {}
        """Connection → its person, and which of that person's it is."""
        self._joined: dict[str, dict[str, None]] = {}
        """Person → the connections that have been in the session."""
        self._several: set[str] = set()
        """Persons with more connections than one."""
        self._owners: dict[str, str] = {}
        """Stream → the connection that published it."""
        self._shown: dict[tuple[str, str], str] = {}
        """Client and label of a Subscriber → its stream."""
        self._asked: dict[int, Record] = {}
        """Number of a record → the latest call that led to it; of a call, itself."""
        self._withdrawals: set[int] = set()
        """The records with which clients take back what they have asked for."""

    @classmethod
    def of_story(cls, records: Iterable[Record]) -> Cast:
        """Who is who at the end of a story that is told from its start.

        What introduces somebody or something, and what is asked about, must be among the records.
        """
        cast = cls()
        cast.attendance.complete = True
        for record in records:
            cast.see(record)
        return cast

    @classmethod
    def of_chain(cls, story: Iterable[Record], chain: Iterable[Record]) -> Cast:
        """Who is who in a chain of causes: what the story it is from says of those in it."""
        shown = {cause.seq for cause in chain}
        return cls.of_story(
            each
            for each in story
            if each.seq in shown or each.kind == _CALL or each.object == "platform"
        )

    @classmethod
    def of_excerpt(cls, records: Iterable[Record]) -> Cast:
        """Who is who in records that may be any of a story.

        Who is mentioned with a later connection than the first has several.
        """
        cast = cls()
        for record in records:
            cast.see(record)
            for value in record.data.values():
                parsed = names.CONNECTION.parse(names.connection_of(value) or value)
                if parsed and parsed.number > 1:
                    cast._several.add(parsed.origin)
        return cast

    def see(self, record: Record) -> None:
        """Take in the next record."""
        data = record.data
        self.attendance.see(record)
        if (record.kind, record.name) in _JOINS:
            self._introduce(record.client, str(data.get("connection")))
        elif record.object == "platform" and "stream" in data:
            self._owners[str(data["stream"])] = str(data.get("connection"))
        elif record.kind == _CALL and data.get("subscriber") and data.get("stream"):
            self._shown[record.client, str(data["subscriber"])] = str(data["stream"])
        if (record.kind, record.name) == _WITHDRAWS:
            self._withdrawals.add(record.seq)
        if record.kind == _CALL:
            self._asked[record.seq] = record
        elif (asked := self.asked(record)) is not None:
            self._asked[record.seq] = asked

    def _introduce(self, person: str, connection: str) -> None:
        theirs = self._joined.setdefault(person, {})
        parsed = names.CONNECTION.parse(connection)
        number = parsed.number if parsed and parsed.origin == person else len(theirs) + 1
        self._persons[connection] = person, number
        theirs[connection] = None
        if len(theirs) > 1:
            self._several.add(person)

    def asked(self, record: Record) -> Record | None:
        """The latest call that led to a record, if any did."""
        return self._asked.get(record.cause or 0)

    def is_of_withdrawal(self, record: Record) -> bool:
        """Whether a record follows from a client that takes back what it has asked for."""
        return record.cause in self._withdrawals

    def ended(self, record: Record) -> Record | None:
        """The call that a completion ends, if it has been seen."""
        call = record.data.get("call")
        return self._asked.get(call) if isinstance(call, int) else None

    def person(self, connection: str) -> str:
        """Whose connection that is; with its number as soon as there has been another.

        >>> Cast().person("bob#1"), Cast().person("bob#2")
        ('bob', 'bob#2')
        """
        known = self._persons.get(connection) or names.CONNECTION.parse(connection)
        if known is None:
            return connection
        person, number = known
        later = number > 1 and connection not in self._persons
        return f"{person}#{number}" if later or person in self._several else person

    def picture(self, stream: str) -> str:
        """Whose stream that is.

        >>> Cast().picture("bob#1.1")
        "bob's stream"
        """
        connection = self._owners.get(stream) or names.connection_of(stream)
        return f"{whose(self.person(connection))} stream" if connection else stream

    def target(self, about: str) -> str:
        """Whom or what a command is about: a connection, a stream, or else the whole session.

        >>> [Cast().target(about) for about in ("bob#1", "bob#1.1", "session")]
        ['bob', "bob's stream", 'everyone']
        """
        if about in self._owners or names.STREAM.parse(about):
            return self.picture(about)
        known = about in self._persons or names.CONNECTION.parse(about)
        return self.person(about) if known else "everyone"

    def subject(self, client: str, label: str) -> str:
        """Whom a Subscriber shows; "" for what is none.

        >>> Cast().subject("alice", "subscriber(bob)#1"), Cast().subject("alice", "publisher")
        ('bob', '')
        """
        stream = self._shown.get((client, label), "")
        connection = self._owners.get(stream) or names.connection_of(stream)
        if connection:
            return self.person(connection)
        parsed = names.label(label)
        return parsed.subject if parsed else ""
