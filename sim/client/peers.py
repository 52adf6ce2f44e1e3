"""Connections and streams, as a client knows them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, frozen


@frozen
class Connection:
    """One client's presence in the session."""

    id: str
    client: str
    """The person, for labels: the real client has ``data`` of the token here. Empty for nobody's,
    which a signal of the app's server leaves."""
    permissions: tuple[str, ...] = ()


@define(eq=False)
class Stream:
    """What one Publisher sends into the session."""

    id: str
    connection: Connection
    name: str = ""
    has_audio: bool = True
    has_video: bool = True

    def snapshot(self) -> StreamSnapshot:
        """What is known of it, as data."""
        return self.id, self.connection, self.name, self.has_audio, self.has_video

    def restore(self, snapshot: StreamSnapshot) -> Stream:
        """Be as it was; return itself."""
        self.id, self.connection, self.name, self.has_audio, self.has_video = snapshot
        return self


StreamSnapshot = tuple[str, Connection, str, bool, bool]
Saved = StreamSnapshot | str | None
"""A stream that somebody holds; one that the session knows is named only."""


def saved(stream: Stream | None, known: Mapping[str, Stream]) -> Saved:
    """The stream that somebody holds, as data."""
    if stream is None:
        return None
    return stream.id if known.get(stream.id) is stream else stream.snapshot()


def restored(saved: Saved, known: Mapping[str, Stream]) -> Stream | None:
    """The stream that somebody held."""
    if saved is None:
        return None
    return known[saved] if isinstance(saved, str) else Stream(*saved)
