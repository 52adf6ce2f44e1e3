"""The client's state machines, as tables.

Source: spec/opentok-js-2.35.2.md, section 4, and ``state_machines`` in its JSON companion. A
table maps each state to the states it may go to. The code moves objects only through
:class:`Machine`, the tests enumerate the tables, and the pictures in ``docs/`` are drawn from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Table = dict[str, tuple[str, ...]]

SESSION: Final[Table] = {
    "disconnected": ("connecting",),
    "connecting": ("connected", "disconnected", "disconnecting"),
    "connected": ("disconnecting", "disconnected", "migrating"),
    "migrating": ("connected", "disconnecting", "disconnected"),
    "disconnecting": ("disconnected", "connecting"),
}
"""A Session; the shipped client's setter takes any of its states (L66668)."""
SOCKET: Final[Table] = {
    "connecting": ("open", "closing", "reconnecting"),
    "open": ("reconnecting", "closing"),
    "reconnecting": ("open", "reconnecting", "closing"),
    "closing": ("closed",),
    "closed": (),
}
"""The reconnecting socket (L27861)."""
SUBSCRIBER: Final[Table] = {
    "NotSubscribing": ("NotSubscribing", "Init", "Destroyed"),
    "Init": ("NotSubscribing", "Connecting", "BindingRemoteStream", "Destroyed"),
    "Connecting": ("NotSubscribing", "BindingRemoteStream", "Failed", "Destroyed"),
    "BindingRemoteStream": (
        "NotSubscribing",
        "Subscribing",
        "Failed",
        "Destroyed",
        "BindingRemoteStream",
    ),
    "Subscribing": ("NotSubscribing", "Migrating", "Failed", "Destroyed", "BindingRemoteStream"),
    "Migrating": ("NotSubscribing", "Subscribing", "Failed", "Destroyed", "BindingRemoteStream"),
    "Failed": ("Destroyed",),
    "Destroyed": (),
}
"""A Subscriber (L19323)."""
SUBSCRIBER_CONNECTIVITY: Final[Table] = {
    "disconnected": ("connecting",),
    "connecting": ("connected", "disconnected"),
    "connected": ("disconnected",),
}
PUBLISHER: Final[Table] = {
    "NotPublishing": ("NotPublishing", "GetUserMedia", "Destroyed"),
    "GetUserMedia": ("BindingMedia", "Failed", "NotPublishing", "Destroyed"),
    "BindingMedia": ("MediaBound", "Failed", "NotPublishing", "Destroyed"),
    "MediaBound": ("NotPublishing", "PublishingToSession", "Failed", "Destroyed"),
    "PublishingToSession": ("NotPublishing", "Publishing", "Failed", "Destroyed", "MediaBound"),
    "Publishing": ("NotPublishing", "Migrating", "MediaBound", "Failed", "Destroyed"),
    "Migrating": ("NotPublishing", "MediaBound", "Publishing", "Failed", "Destroyed"),
    "Failed": ("Destroyed",),
    "Destroyed": (),
}
"""A Publisher (L55850)."""

ICE: Final[Table] = {
    "new": ("checking",),
    "checking": ("connected", "failed"),
    "connected": ("disconnected",),
    "disconnected": ("connected", "checking", "failed"),
    "failed": ("checking",),
}
"""A peer connection (W3C WebRTC, RTCIceConnectionState), without its completed and closed."""

MACHINES: Final[dict[str, tuple[Table, str]]] = {
    "session": (SESSION, "disconnected"),
    "reconnectable_socket": (SOCKET, "connecting"),
    "subscriber": (SUBSCRIBER, "NotSubscribing"),
    "subscriber_connectivity": (SUBSCRIBER_CONNECTIVITY, "disconnected"),
    "publisher": (PUBLISHER, "NotPublishing"),
    "ice": (ICE, "new"),
}
"""Every machine by the name that the specification gives it: its table and its initial state."""


class Machine:
    """One object's place in a table; a move that the table does not list is refused.

    ``moved(before, after)`` is called after each move, so that it can be recorded.
    """

    __slots__ = ("_moved", "_table", "state")

    def __init__(self, name: str, moved: Callable[[str, str], None]) -> None:
        self._table, self.state = MACHINES[name]
        self._moved = moved

    def can(self, state: str) -> bool:
        """Whether the table allows a move to ``state`` now."""
        return state in self._table[self.state]

    def to(self, state: str) -> bool:
        """Move to ``state`` and return True, or leave everything as it is and return False."""
        if state not in self._table[self.state]:
            return False
        before, self.state = self.state, state
        self._moved(before, state)
        return True
