"""Rules of the machine: what moderators do, and what the app's own server does."""

from __future__ import annotations

from sim.testing.machine.rules import rule
from sim.testing.machine.situation import actor_of, one_of, target_of, there_is
from sim.testing.machine.stage import Stage


class ModerationRules(Stage):
    """Removing people, ending streams, muting; by moderators, and by others who are refused."""

    @there_is("kickable")
    @rule(by=actor_of("kickable"), whom=target_of("kickable"))
    def kick(self, by: str, whom: str) -> None:
        """Somebody's app calls ``session.forceDisconnect()``."""
        self.do(by, do="force-disconnect", target=whom)

    @there_is("present")
    @rule(whom=one_of("present"))
    def kick_by_server(self, whom: str) -> None:
        """The app's own server removes somebody."""
        self.do(whom, platform="force-disconnect")

    @there_is("stoppable")
    @rule(by=actor_of("stoppable"), whom=target_of("stoppable"))
    def force_unpublish(self, by: str, whom: str) -> None:
        """Somebody's app ends the stream of somebody else."""
        self.do(by, do="force-unpublish", target=whom)

    @there_is("stoppable")
    @rule(by=actor_of("stoppable"), whom=target_of("stoppable"))
    def mute(self, by: str, whom: str) -> None:
        """Somebody's app mutes the stream of somebody else."""
        self.do(by, do="force-mute-stream", target=whom)

    @there_is("mighty")
    @rule(by=one_of("mighty"))
    def mute_all(self, by: str) -> None:
        """Somebody's app mutes everybody."""
        self.do(by, do="force-mute-all")
