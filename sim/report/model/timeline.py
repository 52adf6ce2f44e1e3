"""What a report shows: the data of its picture, whatever the format.

All times are whole microseconds of virtual time. A *row* is the place of a record in
:attr:`Timeline.records`, from 0 on: finer records have no number (``seq`` 0), and a row each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import field, frozen

from sim.trace import Record

PLATFORM: Final = "platform"
"""The name of the last lane, which is nobody's. A person cannot be told from it by name alone:
ask :attr:`Lane.is_platform`."""

SESSION: Final = "session"
PUBLISHER: Final = "publisher"
SUBSCRIBER: Final = "subscriber"
CONNECTION: Final = "connection"
LINK: Final = "link"
MEDIA: Final = "media"
"""The kinds of tracks. Of a person: one ``session``, one ``link``, ``media`` where it was cut, one
for each Publisher and Subscriber. Of the platform: one ``connection`` for each that it has had."""

STATES: Final[Mapping[str, tuple[str, ...]]] = {
    SESSION: ("connecting", "connected", "reconnecting", "migrating", "disconnecting", "ended"),
    PUBLISHER: ("starting", "publishing", "ended"),
    SUBSCRIBER: ("starting", "showing", "frozen", "ended"),
    CONNECTION: ("joined", "lost"),
    LINK: ("up", "no way in", "no way out", "out", "refused", "lossy"),
    MEDIA: ("cut",),
}
"""The states of each kind of track, in the order of a legend. What is in no band was not there."""


@frozen
class Band:
    """Something was in one state from ``began`` to ``ended`` (equal for a moment)."""

    began: int
    ended: int
    state: str
    """One of :data:`STATES` of its track's kind."""
    row: int
    """Of the record that began it."""
    until: int | None = None
    """Of the record that ended it; None where the story ended before."""


@frozen
class Track:
    """One row of bands in a lane."""

    kind: str
    label: str
    """``session``, ``publisher``, ``subscriber(bob)``, ``alice#1``, ``link``."""
    bands: tuple[Band, ...]


@frozen
class Lane:
    """One person, or the platform."""

    name: str
    role: str
    tracks: tuple[Track, ...]
    is_platform: bool = False


@frozen
class Arrow:
    """Something that went from one lane to another.

    In a trace of the wire it is a frame of a socket. In a story it is that a record of one lane
    is the cause of one in another.
    """

    source: int
    """The lane it comes from,"""
    target: int
    """and the one it goes to."""
    sent: int
    got: int | None
    """When it arrived; None if it was lost."""
    row: int
    """Of the record of its arrival, or of its loss."""
    label: str
    is_frame: bool = False


@frozen
class Shade:
    """A fault, from its beginning to its end, in one lane."""

    lane: int
    began: int
    ended: int
    label: str
    """``network down``, ``crash``, ``outage``: a few words."""
    row: int


@frozen
class Finding:
    """A law that broke, or an expectation that did not hold."""

    kind: str
    """``law`` or ``expectation``."""
    name: str
    """Of the law, or the text of the expectation."""
    sentence: str
    time: int
    row: int | None
    """Of the record at which it broke; None where no record is to blame."""
    is_expected: bool = False
    """A breach that the scenario expects is shown, and is no failure."""


@frozen
class Stretch:
    """A time in which nothing happened that anybody was told of: folded in the picture."""

    began: int
    ended: int


@frozen(kw_only=True)
class Timeline:
    """One run as a picture. Lanes are in the order of the scenario, the platform last."""

    title: str
    about: str
    seed: int
    replication: int
    profile: str
    version: str
    digest: str
    """"" if the trace was cut off."""
    token: str
    """The replay token."""
    again: str
    """The line of a shell that shows the same run again."""
    scenario: str = field(repr=False)
    """The scenario as YAML."""
    level: str
    """``story``, ``wire`` or ``all``."""
    ended: int
    lanes: tuple[Lane, ...] = field(repr=False)
    records: Sequence[Record] = field(repr=False)
    """All records of the trace, finer ones included, in its order."""
    told: Sequence[str] = field(repr=False)
    """Of each row what the story says of it; for what it leaves out a few plain words."""
    lane_of: Sequence[int] = field(repr=False)
    """Of each row its lane."""
    arrows: tuple[Arrow, ...] = field(repr=False)
    shades: tuple[Shade, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    laws: Mapping[str, str] = field(repr=False)
    """Law → ``held``, ``broken`` or ``not exercised``."""
    expectations: Mapping[str, bool] = field(repr=False)
    """The text of each expectation, and whether it held."""
    stretches: tuple[Stretch, ...] = field(repr=False)
    warnings: tuple[str, ...] = ()
    """What is wrong with the trace, in sentences: that it was cut off."""

    @property
    def facts(self) -> dict[str, str | int]:
        """Which run it is, for other programs; the seed as text, as it may exceed their numbers."""
        return {
            "seed": str(self.seed),
            "replication": self.replication,
            "profile": self.profile,
            "version": self.version,
            "digest": self.digest,
            "replay": self.token,
        }
