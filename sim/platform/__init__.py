"""The messaging platform, sans-I/O: who is in the session, who is told what, in which order.

It has no clock, no sockets and no randomness: a driver hands it what arrives, the time, and wakes
it at :meth:`Platform.next_deadline`; it leaves what is to be sent in :attr:`Platform.outputs`.
What the real platform does where no client can see it is a choice: :class:`PlatformSettings`.
"""

from __future__ import annotations

from sim.platform.outputs import Close, Output, Send
from sim.platform.platform import Platform
from sim.platform.settings import PlatformSettings
from sim.platform.states import LIFECYCLE, Presence, Trigger

__all__ = [
    "LIFECYCLE",
    "Close",
    "Output",
    "Platform",
    "PlatformSettings",
    "Presence",
    "Send",
    "Trigger",
]
