"""What the table of records says of one record: its place, its data, its traits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from sim.protocol.journal import STORY
from sim.protocol.roles import Capability


class Trait(StrEnum):
    """What a record means to those who judge a run; the value says it in words."""

    ROOT = "a chain of causes may end here"
    SCRIPTED = "a step of a script may say it"
    CUTS_LINK = "takes the person's link down"
    HEALS_LINK = "ends what kept the person's link down"
    WORSENS_LINK = "may leave the person's link worse for good"
    DISTURBS = "shows trouble with the person's network"
    UNSETTLES = "after it, who is here may be seen differently for a while"
    BEGINS_SESSION = "the app is in the session"
    BEGINS_OUTAGE = "the app has lost touch"
    ENDS_OUTAGE = "the app is back in touch"
    ENDS_SESSION = "the app is out of the session"
    ENDS_PAGE = "the page is gone"
    BEGINS_CONNECTION = "the platform has the connection"
    LOSES_CONNECTION = "the platform keeps the connection, without a socket"
    RESUMES_CONNECTION = "the platform has a socket of the connection again"
    ENDS_CONNECTION = "the platform has the connection no more"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_whole(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_whole, value))


def _are_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_whole, value.values()))


@frozen(eq=False)
class Form:
    """What JSON says for a value: how it is called, and whether a value is of it."""

    says: str
    fits: Callable[[Any], bool]


_TEXT: Final = Form("a text", lambda value: isinstance(value, str))
_WHOLE: Final = Form("a whole number", _is_whole)
_FLAG: Final = Form("true or false", lambda value: isinstance(value, bool))
_NUMBERS: Final = Form("a list of whole numbers", _are_whole)
_COUNTS: Final = Form("an object of whole numbers", _are_counts)
_LIST: Final = Form("a list", lambda value: isinstance(value, list | tuple))
_ANY: Final = Form("anything", lambda _: True)


@frozen(eq=False)
class Type:
    """A type of values. ``about`` says what they are, with the unit."""

    about: str
    form: Form

    def fits(self, value: Any) -> bool:
        """Whether ``value`` is one; true and false are no numbers."""
        return self.form.fits(value)


TEXT: Final = Type("text", _TEXT)
NUMBER: Final = Type("whole number", _WHOLE)
DURATION: Final = Type("microseconds", _WHOLE)
FLAG: Final = Type("true or false", _FLAG)
RECORD: Final = Type("number of a record", _WHOLE)
RECORD_NUMBERS: Final = Type("list of records' numbers", _NUMBERS)
PERSON: Final = Type("person", _TEXT)
CONNECTION: Final = Type("connection", _TEXT)
STREAM: Final = Type("stream", _TEXT)
STREAMS: Final = Type("list of streams", _LIST)
SIGNAL: Final = Type("signal", _TEXT)
LABEL: Final = Type("object of the page", _TEXT)
REASON: Final = Type("reason", _TEXT)
ADDRESS: Final = Type("address of a draw", _TEXT)
WORD: Final = Type("word", _TEXT)
FRAME: Final = Type("frame, as a list", _LIST)
PAGE: Final = Type("object with the numbers of publishers and subscribers", _COUNTS)
ANYTHING: Final = Type("anything that JSON can say", _ANY)


@frozen
class Field:
    """One key of a record's data. One that is ``optional`` may be missing, ``empty`` be null."""

    name: str
    type: Type
    optional: bool = False
    empty: bool = False

    def fits(self, value: Any) -> bool:
        """Whether the key may have this value."""
        return (self.empty and value is None) or self.type.fits(value)

    @property
    def says(self) -> str:
        """What the key may have, such as ``a text or null``."""
        return f"{self.type.form.says} or null" if self.empty else self.type.form.says


def _set(traits: Iterable[Trait]) -> frozenset[Trait]:
    return frozenset(traits)


@frozen(eq=False)
class Entry:
    """One kind of record.

    A writer unpacks its head, ``journal(client, *incidents.CRASH.head, data, cause)``; for an
    object that is not the page's only one of its role, ``*entry.by(label)``.
    """

    role: str
    """Which sort of object it is about: the label without subject and number."""
    kind: str
    name: str
    data: tuple[Field, ...] = ()
    traits: frozenset[Trait] = field(default=(), converter=_set)
    levels: tuple[int, ...] = (STORY,)
    """At which it may be written: heartbeats are finer than other messages."""
    explains: tuple[str, ...] = ()
    """Reasons for the end of a connection or a stream that it is the cause of."""
    needs: Capability | None = None
    """The capability without which such a call fails."""
    says: str = ""
    """What the story says of it, where one sentence does; ``{keys}`` are those of the data."""
    word: str = ""
    """What a step of a script calls it, where that does not follow from its name."""
    told: bool = True
    """Whether the story has words for it; what it leaves out is marked so here."""

    fields: dict[str, Field] = field(init=False, repr=False)
    """The data by its keys."""
    head: tuple[str, str, str] = field(init=False, repr=False)
    """Object, kind and name, in the order in which a journal takes them."""

    @fields.default
    def _fields(self) -> dict[str, Field]:
        return {each.name: each for each in self.data}

    @head.default
    def _head(self) -> tuple[str, str, str]:
        return self.role, self.kind, self.name

    def by(self, label: str) -> tuple[str, str, str]:
        """The same for the object of that label.

        >>> Entry("publisher", "event", "destroyed").by("publisher1")
        ('publisher1', 'event', 'destroyed')
        """
        return label, self.kind, self.name

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, role and name, which no other entry has together."""
        return self.kind, self.role, self.name

    def problem(self, data: dict[str, Any], level: int) -> str | None:
        """What is wrong with a record of this kind, in one sentence; None if nothing is."""
        if level not in self.levels:
            return f"it is written at level {level}, not {self.levels[0]}"
        fields = self.fields
        for name, value in data.items():
            if name not in fields:
                return f"its data has the key {name!r}, which the table does not list"
            if not fields[name].fits(value):
                about = fields[name].type.about
                return f"its {name!r} is {value!r}, which is no {about}"
        missing = [name for name, each in fields.items() if not each.optional and name not in data]
        return f"its data has no {missing[0]!r}" if missing else None
