"""The grammar of names: how names of things in a session are made and taken apart.

===================== ========================================================================
``bob#2``             bob's second connection
``bob#2.1``           the first stream of that connection
``bob#2/s3``          its third signal; ``bob/s1`` was made before it had any connection
``server/s3``         the third signal of the app server
``bob#2/5``           a socket of that connection, bob's fifth attempt to open one
``guests-3``          the third member of the group ``guests``
``bob@cafe``          bob's link on the network ``cafe``, if he has changed to it
``publisher``         a page's first Publisher; ``publisher1`` is its second
``subscriber(bob)``   a page's first Subscriber of bob; ``subscriber(bob)#1`` is its second
===================== ========================================================================

They are for people. Nothing in the client or the platform takes one apart: an id may be any text
that is nobody else's. What was not made here is taken apart into None, never into an exception.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from attrs import frozen

SERVER: Final = "server"
"""Whose signals those of the app server are."""

_NUMBER: Final = r"[1-9][0-9]{0,17}"


class Numbered(NamedTuple):
    """What a name with a number says: of whom or what it is one, and which."""

    origin: str
    number: int


@frozen
class Kind:
    """One kind of names: an origin, a mark and a number that counts from 1."""

    mark: str

    def make(self, origin: str, number: int) -> str:
        """The name of that number of ``origin``.

        >>> STREAM.make("bob#2", 1), MEMBER.make("guests", 3)
        ('bob#2.1', 'guests-3')
        """
        return f"{origin}{self.mark}{number}"

    def parse(self, name: Any) -> Numbered | None:
        """What a name of this kind says; None for anything else.

        >>> SIGNAL.parse("bob#2/s3")
        Numbered(origin='bob#2', number=3)
        >>> CONNECTION.parse("bob#2/s3"), CONNECTION.parse("camera"), MEMBER.parse("a-01")
        (None, None, None)
        """
        return _parsed(self.mark, name) if isinstance(name, str) else None


@lru_cache(maxsize=1 << 14)
def _parsed(mark: str, name: str) -> Numbered | None:
    """The same few names are asked about again and again."""
    origin, found, number = name.rpartition(mark)
    return Numbered(origin, int(number)) if found and re.fullmatch(_NUMBER, number) else None


CONNECTION: Final = Kind("#")
"""Of a person; the number is the generation."""
STREAM: Final = Kind(".")
"""Of a connection."""
SIGNAL: Final = Kind("/s")
"""Of a connection, of a person without one, or of the app server."""
SOCKET: Final = Kind("/")
"""Of a connection; the number is the person's attempt."""
MEMBER: Final = Kind("-")
"""Of a group."""

_BELONGING: Final = (STREAM, SIGNAL, SOCKET)


def link(person: str, network: str) -> str:
    """Somebody's link on a network that is not the person's own.

    >>> link("bob", "cafe")
    'bob@cafe'
    """
    return f"{person}@{network}"


def network_of(name: Any) -> str | None:
    """The network that a link is on; None if the name does not say.

    >>> network_of("bob@cafe"), network_of("bob")
    ('cafe', None)
    """
    return name.partition("@")[2] or None if isinstance(name, str) else None


def connection_of(name: Any) -> str | None:
    """The connection that a stream, a signal or a socket belongs to; None if the name is neither.

    >>> connection_of("bob#2.1"), connection_of("bob#2/s3"), connection_of("bob#2")
    ('bob#2', 'bob#2', None)
    """
    parsed = next(filter(None, (kind.parse(name) for kind in _BELONGING)), None)
    return parsed.origin if parsed else None


def person_of(name: Any) -> str | None:
    """Whose connection, stream, signal or socket that is; None if the name does not say.

    >>> person_of("guests-3#1"), person_of("bob#2.1"), person_of("server/s3"), person_of("bob")
    ('guests-3', 'bob', None, None)
    """
    parsed = CONNECTION.parse(connection_of(name) or name)
    return parsed.origin if parsed else None


class Label(NamedTuple):
    """What the name of an object in a page says.

    ``subject`` is whom a Subscriber shows. ``number`` is 0 for the page's first of that role and
    subject.
    """

    role: str
    subject: str = ""
    number: int = 0

    def __str__(self) -> str:
        """The name itself.

        >>> str(Label("publisher")), str(Label("publisher", number=1))
        ('publisher', 'publisher1')
        >>> str(Label("subscriber", "bob", 1))
        'subscriber(bob)#1'
        """
        if not self.subject:
            return f"{self.role}{self.number or ''}"
        return f"{self.role}({self.subject})" + (f"#{self.number}" if self.number else "")


_LABEL: Final = re.compile(
    rf"(?P<role>[A-Za-z]+)"
    rf"(?:\((?P<subject>.+)\)(?:#(?P<later>{_NUMBER}))?|(?P<second>{_NUMBER})?)",
    re.DOTALL,
)


def label(name: Any) -> Label | None:
    """What an object's name says; None if it is none.

    >>> label("subscriber(bob)#1"), label("publisher1").role, label("alice#1")
    (Label(role='subscriber', subject='bob', number=1), 'publisher', None)
    """
    match = _LABEL.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        return None
    return Label(match["role"], match["subject"] or "", int(match["later"] or match["second"] or 0))
