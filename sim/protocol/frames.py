"""The frames that a client and the platform exchange over the messaging socket.

Named after the real wire protocol (spec/opentok-js-2.35.2.md, section 7): every MESSAGE has a
transaction number and is answered by a STATUS with the same number; PING is answered by PONG.
``cause`` is the trace record that made the frame be sent; it travels with the frame so that
whatever the frame makes happen can name it.

Client to platform, ``(method, resource)``:

===================== =====================================================================
create connection     ``{id, client, role, suppressed}``: join; ``suppressed`` is
                      ``connectionEventsSuppressed``
delete connection     ``{id}``: forceDisconnect
create stream         ``{id, name, hasAudio, hasVideo}``: publish
delete stream         ``{id}``: unpublish and forceUnpublish
create subscriber     ``{id, stream}``
delete subscriber     ``{id, stream}``
create signal         ``{id, type?, data?, to?}``
update channel        ``{stream, channel, active}``: a publisher toggles audio1 or video1
update stream         ``{id, reason: "mute", active}``: forceMuteStream
update session        ``{reason: "mute", active, exclusion}``: forceMuteAll, disableForceMute
===================== =====================================================================

Platform to client (ids are opaque; ``client`` is the person behind a connection):

===================== =====================================================================
created connection    ``{id, client, permissions}``
deleted connection    ``{id, reason}``; one's own: the session ends with that reason
created stream        ``{id, connection, client, name, hasAudio, hasVideo}``
deleted stream        ``{id, connection, reason}``
create signal         ``{id, from, client, type?, data?}``; the platform's own is from None
                      and has no ``client``
updated channel       ``{stream, channel, active}``
update stream         ``{id, reason: "mute", active}``: one's own stream was muted
update session        ``{reason: "mute", active}``
notify session        ``{reason: "serverRotation"}``: migrate
STATUS of a join      ``{connections: [...], streams: [...], mute: bool}`` in joining order
===================== =====================================================================
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Ping(NamedTuple):
    """A heartbeat of the client."""


class Pong(NamedTuple):
    """The platform's answer to a heartbeat."""


class Message(NamedTuple):
    """A request or a notification; answered by a :class:`Status` with the same ``txn``."""

    txn: int
    method: str
    resource: str
    content: dict[str, Any]
    cause: int | None


class Status(NamedTuple):
    """The acknowledgement of a :class:`Message`; ``status`` is like HTTP's, 200 for success."""

    txn: int
    status: int
    content: dict[str, Any]
    cause: int | None

    @property
    def ok(self) -> bool:
        """Whether the request has succeeded: any 2xx (section 7.2)."""
        return 200 <= self.status < 300


class Disconnect(NamedTuple):
    """The client's goodbye; ``reconnect`` says that it only changes sockets."""

    reconnect: bool
    cause: int | None


Frame = Ping | Pong | Message | Status | Disconnect

PING: Final = Ping()
PONG: Final = Pong()


class Hello(NamedTuple):
    """What the address of a new socket says: whose it is, and whether it resumes an older one.

    ``socket`` names the client's logical socket (the real client's ``socketId``); it stays the
    same over all attempts of one connection. ``client`` is whose it is.
    """

    socket: str
    reconnect: bool
    client: str
