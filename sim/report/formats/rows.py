"""Which lanes and tracks have a row of their own in a picture with little room.

What has none is counted in one row with others of its kind: nothing is left out in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import frozen

from sim.report.model.timeline import (
    CONNECTION,
    LINK,
    MEDIA,
    PUBLISHER,
    SESSION,
    SUBSCRIBER,
    Lane,
    Timeline,
    Track,
)
from sim.telling.marks import visible

LIVE: Final[Mapping[str, frozenset[str]]] = {
    SESSION: frozenset({"connected", "reconnecting", "migrating"}),
    PUBLISHER: frozenset({"publishing"}),
    SUBSCRIBER: frozenset({"showing", "frozen"}),
    CONNECTION: frozenset({"joined", "lost"}),
    LINK: frozenset({"up"}),
    MEDIA: frozenset({"cut"}),
}
"""Kind of track → the states in which one is counted."""

_MOST_TRACKS: Final = 3
"""More of one kind in a lane share a row."""
_ORDER: Final = (LINK, MEDIA, PUBLISHER, SUBSCRIBER, CONNECTION)


@frozen
class Row:
    """One row below a lane's own: a track, or several of one kind that are counted."""

    label: str
    kind: str
    tracks: tuple[Track, ...]

    @property
    def is_counted(self) -> bool:
        """Whether it shows a number, and not states."""
        return len(self.tracks) > 1


def shown(timeline: Timeline, most: int) -> list[int]:
    """The lanes with rows of their own, in their order; the platform is always one.

    Of more than ``most`` those that a breach concerns are preferred, then those with a fault.
    """
    count = len(timeline.lanes)
    blamed = (timeline.lane_of[each.row] for each in timeline.findings if each.row is not None)
    troubled = (shade.lane for shade in timeline.shades)
    platform = (at for at, lane in enumerate(timeline.lanes) if lane.is_platform)
    ranked = dict.fromkeys((*platform, *blamed, *troubled, *range(count)))
    return sorted(list(ranked)[:most])


def session(lane: Lane) -> Track | None:
    """The track of a person's session."""
    return next((each for each in lane.tracks if each.kind == SESSION), None)


def rows(lane: Lane) -> list[Row]:
    """The rows of a lane below that of its session; a link that was always up has none."""
    listed: list[Row] = []
    for kind in _ORDER:
        tracks = tuple(each for each in lane.tracks if each.kind == kind and _is_news(each))
        if len(tracks) > _MOST_TRACKS:
            listed.append(Row(f"{len(tracks)} {kind}s", kind, tracks))
        else:
            listed += [Row(_called(each), kind, (each,)) for each in tracks]
    return listed


def _is_news(track: Track) -> bool:
    return any(track.kind != LINK or band.state != "up" for band in track.bands)


def _called(track: Track) -> str:
    """A Subscriber is called by whom it shows: ``sees bob``."""
    inner = track.label.partition("(")[2] if track.kind == SUBSCRIBER else ""
    return visible(f"sees {inner.replace(')', '', 1)}" if inner else track.label)


def counts(tracks: Iterable[Track]) -> Iterator[tuple[int, int]]:
    """When the number of those that are live changes, and to what; from time 0 on.

    What goes on at the end of the story is still counted there.
    """
    changes: Counter[int] = Counter({0: 0})
    for track in tracks:
        live = LIVE[track.kind]
        for band in track.bands:
            if band.state in live:
                changes[band.began] += 1
                changes[band.ended] -= band.until is not None
    number = 0
    for time in sorted(changes):
        if changes[time] or time == 0:
            number += changes[time]
            yield time, number
