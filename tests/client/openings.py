"""How the stories of the client's tests begin."""

from __future__ import annotations

from typing import Any

from harness import Stage

from sim.client import Client
from sim.client.faces import Publisher, Subscriber


def starting(**options: Any) -> tuple[Stage, Client]:
    """Alice has called connect() and has not got any answer yet."""
    stage = Stage()
    alice = stage.client(**options)
    stage.act(alice, alice.session.connect)
    return stage, alice


def lone(**options: Any) -> tuple[Stage, Client]:
    """Alice has joined, and nobody else is here."""
    stage = Stage()
    return stage, stage.joined(**options)


def meeting(
    *, reconnection: bool = True, peer_to_peer: bool = False, **options: Any
) -> tuple[Stage, Client, Publisher, Subscriber]:
    """Alice publishes and has subscribed to Bob, who is a guest; a second has passed."""
    stage = Stage(reconnection=reconnection, peer_to_peer=peer_to_peer)
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(**options)
    publisher = stage.publishing(alice)
    subscriber = stage.subscribing(alice, "bob#1.1")
    stage.run(1_000_000 - stage.now)
    return stage, alice, publisher, subscriber


def leaving(**options: Any) -> tuple[Stage, Client, Publisher, Subscriber, int]:
    """Alice has called disconnect() in the meeting; returns also when."""
    stage, alice, publisher, subscriber = meeting(**options)
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    return stage, alice, publisher, subscriber, at


def away(how: str = "refused", **options: Any) -> tuple[Stage, Client, Publisher, Subscriber, int]:
    """Alice, in the meeting, loses her socket, and new ones are refused or hang; also when."""
    stage, alice, publisher, subscriber = meeting(**options)
    at = stage.now
    stage.kill(then=how)
    return stage, alice, publisher, subscriber, at


def ends(stage: Stage, at: int) -> list[int]:
    """How long after ``at`` the end of the session was told."""
    return [r.time - at for r in stage.told(since=at) if r.name == "sessionDisconnected"]


def prevent(event: Any) -> None:
    """A listener that keeps the default action from happening."""
    event.prevent_default()


def publishing_attempt(
    alice: Client, stage: Stage, *statuses: Any, run: str = "1s"
) -> tuple[Publisher, int]:
    """Alice tries to publish; her requests are answered so. Returns her Publisher and when."""
    stage.platform.answers["create stream"] = list(statuses)
    at = stage.now
    publisher = stage.act(alice, alice.init_publisher)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run(run)
    return publisher, at
