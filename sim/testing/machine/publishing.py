"""Rules of the machine: streams and signals."""

from __future__ import annotations

from hypothesis import strategies as st

from sim.testing.machine.rules import rule
from sim.testing.machine.situation import actor_of, one_of, sampled, target_of, there_is
from sim.testing.machine.stage import Stage

TYPES = (None, "chat", "b")
"""The types of signals: none, or one of these."""


class PublishingRules(Stage):
    """Publishing, subscribing, signalling."""

    @there_is("idle")
    @rule(who=one_of("idle"))
    def publish(self, who: str) -> None:
        """Somebody who does not publish does so, allowed or not."""
        self.do(who, do="publish")

    @there_is("publishing")
    @rule(who=one_of("publishing"))
    def unpublish(self, who: str) -> None:
        """Somebody's app calls ``session.unpublish()``."""
        self.do(who, do="unpublish")

    @there_is("publishing")
    @rule(who=one_of("publishing"))
    def destroy_publisher(self, who: str) -> None:
        """Somebody's app calls ``publisher.destroy()``."""
        self.do(who, do="destroy")

    @there_is("unseen")
    @rule(viewer=actor_of("unseen"), whom=target_of("unseen"))
    def subscribe(self, viewer: str, whom: str) -> None:
        """Somebody subscribes to a stream that is not shown in the page."""
        self.do(viewer, do="subscribe", target=whom)

    @there_is("seen")
    @rule(viewer=actor_of("seen"), whom=target_of("seen"))
    def unsubscribe(self, viewer: str, whom: str) -> None:
        """Somebody unsubscribes from a stream that is shown in the page."""
        self.do(viewer, do="unsubscribe", target=whom)

    @there_is("attending")
    @rule(
        who=one_of("speaking"),
        to=st.none() | one_of("people"),
        type=sampled(TYPES),
        retry=sampled((None, False)),
    )
    def signal(self, who: str, to: str | None, type: str | None, retry: bool | None) -> None:
        """Somebody signals to everybody, or to one; ``retry`` is ``retryAfterReconnect``."""
        given = {"to": to, "type": type, "retry_after_reconnect": retry}
        said = {"data": f"{len(self.done)}"}
        self.do(who, do="signal", **said, **{k: v for k, v in given.items() if v is not None})
