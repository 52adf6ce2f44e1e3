"""What the platform asks its driver to do, or to explain."""

from __future__ import annotations

from typing import NamedTuple

from sim.protocol.frames import Frame


class Send(NamedTuple):
    """Send ``frame`` on the socket that the driver numbered ``socket``."""

    socket: int
    frame: Frame


class Close(NamedTuple):
    """Close a socket with a WebSocket close code; the platform has already forgotten it."""

    socket: int
    code: int
    cause: int | None = None
    """The record that explains why."""


Output = Send | Close


class Silence(NamedTuple):
    """A socket on which nothing was heard for too long; ``client`` is whose it is, if it joined."""

    socket: int
    client: str | None
