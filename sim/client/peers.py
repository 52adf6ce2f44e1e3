"""Connections and streams, as a client knows them."""

from __future__ import annotations

from attrs import define, frozen


@frozen
class Connection:
    """One client's presence in the session."""

    id: str
    client: str
    """The person, for labels: the real client has ``data`` of the token here."""
    permissions: tuple[str, ...] = ()


@define(eq=False)
class Stream:
    """What one Publisher sends into the session."""

    id: str
    connection: Connection
    name: str = ""
    has_audio: bool = True
    has_video: bool = True
