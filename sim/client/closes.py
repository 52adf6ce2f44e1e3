"""Close codes of a socket, and what they make of the session that ends with them.

Source: spec/opentok-js-2.35.2.md, sections 3.2 and 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sim.protocol import quirks, reasons
from sim.protocol.quirks import Profile

NORMAL: Final = 1000
NO_ACTIVITY: Final = 4010
"""The client's own code for silence and for a socket that does not open in time."""
FATAL: Final = (1003, 1011)
"""Codes after which the shipped client does not reconnect (L17873)."""
CLEAN: Final = (1000, 1001)

Deviate = Callable[[str], bool]
"""Does what a quirk says, if it is on: :meth:`sim.client.page.Page.deviate`."""


def ends_at_once(code: int, reconnects: bool, deviate: Deviate) -> bool:
    """Whether a close ends the session with no attempt to reconnect and no word about one."""
    if code in FATAL and deviate(quirks.FATAL_CLOSE):
        return True
    return not reconnects and deviate(quirks.UNANNOUNCED)


def is_survived(code: int, reconnects: bool, profile: Profile) -> bool:
    """Whether a socket that could not be opened goes on trying, though connecting has failed."""
    return reconnects and code not in FATAL and profile.has(quirks.LIVES_ON)


def reason(code: int, by_us: bool, reconnects: bool, deviate: Deviate) -> str:
    """Why a session ends whose socket was closed for good with ``code`` (L27095)."""
    if by_us or (not reconnects and _looks_like_ours(code, deviate)):
        return reasons.CLIENT_DISCONNECTED
    return reasons.NETWORK_DISCONNECTED


def _looks_like_ours(code: int, deviate: Deviate) -> bool:
    if code == NO_ACTIVITY:
        return deviate(quirks.SILENCE_IS_CLIENT)
    return code in CLEAN and deviate(quirks.CLEAN_CLOSE_IS_CLIENT)
