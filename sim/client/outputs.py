"""What a client wants its driver to do, in order."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sim.protocol.frames import PING, Frame, Hello


class Fetch(NamedTuple):
    """Ask the platform's API for the session's particulars; answer with ``Client.informed``."""

    request: int
    cause: int | None


class Dial(NamedTuple):
    """Open a new socket; report ``Client.opened`` or ``Client.closed`` for this attempt."""

    attempt: int
    hello: Hello
    cause: int | None


class Send(NamedTuple):
    """Send a frame on the socket of that attempt."""

    attempt: int
    frame: Frame


@lru_cache(maxsize=1_024)
def heartbeat(attempt: int) -> Send:
    """A PING on that socket: it is sent again and again."""
    return Send(attempt, PING)


class Hangup(NamedTuple):
    """Close the socket of that attempt; nothing about it is reported any more."""

    attempt: int
    code: int
    cause: int | None


class StopMedia(NamedTuple):
    """Nobody receives that stream any more: the peer connections of its Publisher are closed."""

    stream: str
    cause: int | None


Output = Fetch | Dial | Send | Hangup | StopMedia
