"""Tracker: which clients take part, as far as both they and the platform can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import define

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait
from sim.trace import Header, Record


@define(eq=False)
class Client:
    """One person's client. ``since`` is the record since which it has been attending."""

    name: str
    connection: str = ""
    """Its latest connection, ended or not."""
    page: bool = True
    """Whether its page is open: False from a crash or ``closeBrowser`` until the next connect."""
    connected: bool = False
    """Whether its Session is connected, from ``sessionConnected`` until it begins to end."""
    started: Record | None = None
    """The ``sessionConnected`` of the latest connection, until that has ended."""
    reconnecting: Record | None = None
    """The ``sessionReconnecting`` that nothing has answered yet."""
    joined: bool = False
    lost: bool = False
    since: Record | None = None


class Presence:
    """Follows every client.

    A client *attends* while its Session is connected and not reconnecting, and the platform has it
    as joined and not as lost. Whatever happens in the session must reach a client that attends
    throughout.
    """

    def __init__(self, header: Header) -> None:
        self._clients: dict[str, Client] = {}
        self.attending: dict[str, Client] = {}
        """Those who attend now, in the order in which they began to."""
        self.members: dict[str, Client] = {}
        """Those who belong to the session, attending or in an outage."""

    def of(self, name: str) -> Client:
        """The client of that person."""
        client = self._clients.get(name)
        if client is None:
            client = self._clients[name] = Client(name)
        return client

    def _connect(self, record: Record) -> None:
        connection = record.data.get("connection")
        if connection and not record.data.get("ignored"):
            client = self.of(record.client)
            client.connection, client.page = connection, True
            client.connected = client.joined = client.lost = False
            client.started = client.reconnecting = None
            self._update(client, record)

    def _connected(self, record: Record) -> None:
        client = self._own(record)
        if client is not None:
            client.connected, client.started = True, record
            self._update(client, record)

    def _reconnecting(self, record: Record) -> None:
        client = self._own(record)
        if client is not None:
            client.reconnecting = record
            self._update(client, record)

    def _reconnected(self, record: Record) -> None:
        client = self._own(record)
        if client is not None:
            client.reconnecting = None
            self._update(client, record)

    def _ended(self, record: Record) -> None:
        client = self._own(record)
        if client is not None:
            client.connected = False
            client.started = client.reconnecting = None
            self._update(client, record)

    def _ending(self, record: Record) -> None:
        if record.object == "session":
            client = self.of(record.client)
            client.connected = False
            self._update(client, record)

    def _gone(self, record: Record) -> None:
        client = self.of(record.client)
        client.page = client.connected = False
        client.started = client.reconnecting = None
        self._update(client, record)

    def _joined(self, record: Record) -> None:
        self._platform(record, joined=True, lost=False)

    def _left(self, record: Record) -> None:
        self._platform(record, joined=False, lost=False)

    def _lost(self, record: Record) -> None:
        self._platform(record, joined=True, lost=True)

    def _back(self, record: Record) -> None:
        self._platform(record, joined=True, lost=False)

    def _platform(self, record: Record, *, joined: bool, lost: bool) -> None:
        client = self.of(record.client)
        if record.data.get("connection") == client.connection:
            client.joined, client.lost = joined, lost
            self._update(client, record)

    def _own(self, record: Record) -> Client | None:
        """The client, if the event is of its latest connection."""
        client = self.of(record.client)
        if not client.connection:
            client.connection = record.data.get("own") or ""
        return client if record.data.get("own") == client.connection else None

    def _update(self, client: Client, record: Record) -> None:
        member = client.connected and client.joined
        attends = member and not client.lost and client.reconnecting is None
        if member:
            self.members[client.name] = client
        else:
            self.members.pop(client.name, None)
        if not attends:
            client.since = None
            self.attending.pop(client.name, None)
        elif client.since is None:
            client.since = record
            self.attending[client.name] = client

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "connect"): _connect,
            ("event", "sessionConnected"): _connected,
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _reconnected,
            ("event", "sessionDisconnected"): _ended,
            ("call", "disconnect"): _ending,
            ("state", "disconnecting"): _ending,
            ("state", "disconnected"): _ending,
            **on(_gone, Trait.ENDS_PAGE),
            ("state", "joined"): _joined,
            ("state", "left"): _left,
            ("state", "lost"): _lost,
            ("state", "back"): _back,
        }
    )


def throughout(client: Client, start: Record) -> bool:
    """Whether a client has been attending without a break since before ``start``."""
    return client.since is not None and client.since.seq < start.seq


def witnesses(presence: Presence, leaver: str) -> dict[str, Client]:
    """Those who attend now, but for the client whose own connection is ``leaver``."""
    found: Mapping[str, Client] = presence.attending
    return {name: client for name, client in found.items() if client.connection != leaver}
