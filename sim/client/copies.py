"""How what is in a page is copied: as nested tuples, and back into a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sim.client.fields import Fields
from sim.client.membership import Membership
from sim.client.page import Page
from sim.client.peers import Stream
from sim.client.publication import Publication
from sim.client.socket import ReconnectingSocket
from sim.client.subscription import Subscription

Saved = tuple[Any, ...]

_MEMBERSHIP: Final = Fields(
    "own",
    "connection",
    "mute_on_entry",
    "peer_to_peer",
    "failing",
    "unconnected",
    "telling",
    "outage",
    "back_at",
    "streams_made",
    "signals_made",
    "besides",
)
_SOCKET: Final = Fields(
    "silence_at",
    "ping_at",
    "outage",
    "closing",
    "announced",
    "window_ends",
    "attempt",
    "opening",
    "ping_waits",
    "blamed",
    "was_open",
    "let_go",
    "removed",
)


def snapshot(page: Page, memberships: Sequence[Membership]) -> tuple[Saved, Saved, Saved]:
    """The page, the memberships in it, and the Publishers."""
    return (
        page.snapshot(),
        tuple([_membership(membership) for membership in memberships]),
        tuple([publisher.snapshot() for publisher in page.publishers]),
    )


def _membership(mine: Membership) -> Saved:
    """Everything about it; its Publishers, which belong to the page, by their labels."""
    return (
        (mine.key, mine.has_key, mine.has_id, mine.machine.state),
        _MEMBERSHIP.of(mine),
        tuple(mine.connections.values()),
        tuple([stream.snapshot() for stream in mine.streams.values()]),
        tuple([publisher.label for publisher in mine.publishers]),
        tuple([subscriber.snapshot() for subscriber in mine.subscribers]),
        None if mine.socket is None else _socket(mine.socket),
        tuple([_socket(socket) for socket in mine.sockets.loose]),
        mine.joining.snapshot(),
        tuple([(id, tuple(messages)) for id, messages in mine.waiting.items()]),
        mine.events.snapshot(),
    )


def _socket(socket: ReconnectingSocket) -> Saved:
    return (
        (socket.name, socket.reconnects, socket.machine.state),
        _SOCKET.of(socket),
        socket.redialling.snapshot(),
        socket.requests.snapshot(),
        socket.seen.snapshot(),
    )


def restore(page: Page, memberships: Sequence[Membership], saved: Sequence[Saved]) -> None:
    """Let the page and as many memberships be as they were.

    Objects that are there under the same label are used again, others are made.
    """
    known = {publisher.label: publisher for publisher in page.publishers}
    page.restore(saved[0])
    for mine, each in zip(memberships, saved[1], strict=True):
        _restore(mine, each)
    sessions = {mine.key: mine for mine in memberships}
    made: dict[str, Publication] = {}
    for each in saved[2]:
        label, key, *_ = each
        publisher = made[label] = known.get(label) or Publication(page, label)
        publisher.restore(sessions.get(key), each)
        page.own(label, publisher)
    page.publishers = list(made.values())
    for mine, each in zip(memberships, saved[1], strict=True):
        mine.publishers = [made[label] for label in each[4]]


def _restore(mine: Membership, saved: Saved) -> None:
    made, values, connections, streams, _, subscribers, socket, loose, *rest = saved
    joining, waiting, events = rest
    mine.page.own(mine.key, mine)
    mine.machine.state = made[3]
    _MEMBERSHIP.put(mine, values)
    mine.connections = {connection.id: connection for connection in connections}
    mine.streams = {each[0]: _stream(mine.streams.get(each[0]), each) for each in streams}
    known = {subscriber.label: subscriber for subscriber in mine.subscribers}
    mine.subscribers = [_subscriber(mine, known.get(each[0]), each) for each in subscribers]
    mine.sockets.hold(
        None if socket is None else _restored_socket(mine, socket),
        tuple([_restored_socket(mine, each) for each in loose]),
    )
    mine.joining.restore(joining)
    mine.waiting = {id: list(messages) for id, messages in waiting}
    mine.events.restore(events)


def _restored_socket(mine: Membership, saved: Saved) -> ReconnectingSocket:
    (name, reconnects, state), values, redialling, requests, seen = saved
    socket = ReconnectingSocket(mine.page, name, reconnects, mine.sockets)
    socket.machine.state = state
    _SOCKET.put(socket, values)
    socket.redialling.restore(redialling)
    socket.requests.restore(requests)
    socket.seen.restore(seen)
    return socket


def _stream(known: Stream | None, saved: Any) -> Stream:
    return Stream(*saved) if known is None else known.restore(saved)


def _subscriber(mine: Membership, known: Subscription | None, saved: Saved) -> Subscription:
    label, stream, *_ = saved
    if known is None:
        held = mine.streams[stream] if isinstance(stream, str) else Stream(*stream)
        known = Subscription(mine.page, mine, held, label)
    known.restore(saved)
    mine.page.own(label, known)
    return known
