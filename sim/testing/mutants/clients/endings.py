"""Memberships that say why something has ended, and say it wrongly."""

from __future__ import annotations

from typing import Any, ClassVar

from sim.client.events import Event
from sim.client.membership import Membership
from sim.protocol import reasons


class Misexplains(Membership):
    """Gives the reason ``wrong`` of the events in ``misexplained``."""

    wrong: ClassVar[str]
    misexplained: ClassVar[tuple[str, ...]] = ("sessionDisconnected",)

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, with a reason of one's own."""
        if name in self.misexplained:
            fields["reason"] = self.wrong
        return super().dispatch(name, after, besides, **fields)


class BlamesTheNetwork(Misexplains):
    """Every end of a session is blamed on the network."""

    wrong = reasons.NETWORK_DISCONNECTED


class BlamesAModerator(Misexplains):
    """Every end of a session is blamed on a moderator."""

    wrong = reasons.FORCE_DISCONNECTED


class TakesItForItsOwnWish(Misexplains):
    """Every end of a session is said to be the client's own wish."""

    wrong = reasons.CLIENT_DISCONNECTED


class TakesLeaversForLost(Misexplains):
    """Whoever leaves is said to have been lost."""

    wrong = reasons.NETWORK_DISCONNECTED
    misexplained = ("connectionDestroyed", "streamDestroyed")
