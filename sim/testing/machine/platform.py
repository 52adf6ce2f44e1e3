"""Rules of the machine: what the platform does to people."""

from __future__ import annotations

from sim.testing.machine.rules import rule
from sim.testing.machine.situation import one_of, sampled, there_is
from sim.testing.machine.stage import Stage

CODES = (1000, 1001, 1003, 1006, 1011, 4001)
"""Codes with which sockets are closed: those that clients treat differently, and one of apps'."""


class PlatformRules(Stage):
    """Sockets that are closed, nodes that are taken out of service, patience that ends."""

    @there_is("joined")
    @rule(who=one_of("joined"), code=sampled(CODES))
    def close_socket(self, who: str, code: int) -> None:
        """The platform closes somebody's socket with a code."""
        self.do(who, platform="close-socket", code=code)

    @there_is("lost")
    @rule(who=one_of("lost"))
    def expire_grace(self, who: str) -> None:
        """The platform gives up somebody whom it waits for."""
        self.do(who, platform="expire-grace")

    @there_is("present")
    @rule(who=one_of("present"), migrate=sampled((False, True)))
    def rotate(self, who: str, migrate: bool) -> None:
        """Somebody's node is taken out of service; with ``migrate`` the client may move."""
        self.do(who, platform="rotate", migrate=migrate)
