"""Roles and what each may do.

The mapping from role to permissions is the platform's (the client only sees the permission strings
of its own connection): spec/opentok-js-2.35.2.md, section 5.1. ``signal`` is never checked by the
client; what the platform says about a subscriber's signals is a platform parameter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Capability(StrEnum):
    """A permission, spelled as on ``session.capabilities``."""

    PUBLISH = "publish"
    SUBSCRIBE = "subscribe"
    FORCE_UNPUBLISH = "forceUnpublish"
    FORCE_DISCONNECT = "forceDisconnect"
    FORCE_MUTE = "forceMute"

    @property
    def wire(self) -> str:
        """The spelling on the wire: lower case."""
        return self.value.lower()


ROLES: Final[dict[str, tuple[Capability, ...]]] = {
    "subscriber": (Capability.SUBSCRIBE,),
    "publisher": (Capability.PUBLISH, Capability.SUBSCRIBE),
    "publisheronly": (Capability.PUBLISH,),
    "moderator": tuple(Capability),
}


_WIRE: Final = {role: tuple(capability.wire for capability in may) for role, may in ROLES.items()}


def permissions(role: str) -> list[str]:
    """The permission strings of a role as the platform sends them, in the table's order.

    >>> permissions("publisher")
    ['publish', 'subscribe']
    """
    return [*_WIRE[role]]
