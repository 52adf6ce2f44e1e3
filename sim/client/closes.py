"""Close codes of a socket, and what they make of the session that ends with them.

Source: spec/opentok-js-2.35.2.md, sections 3.2 and 3.3.
"""

from __future__ import annotations

from typing import Final

from sim.protocol import quirks, reasons
from sim.protocol.quirks import Profile

NORMAL: Final = 1000
NO_ACTIVITY: Final = 4010
"""The client's own code for silence and for a socket that does not open in time."""
FATAL: Final = (1003, 1011)
"""Codes after which the shipped client does not reconnect (L17873)."""
CLEAN: Final = (1000, 1001)


def ends_at_once(code: int, reconnects: bool, profile: Profile) -> bool:
    """Whether a close ends the session with no attempt to reconnect and no word about one."""
    if code in FATAL and profile.has(quirks.FATAL_CLOSE):
        return True
    return not reconnects and profile.has(quirks.UNANNOUNCED)


def is_survived(code: int, reconnects: bool, profile: Profile) -> bool:
    """Whether a socket that could not be opened goes on trying, though connecting has failed."""
    return reconnects and code not in FATAL and profile.has(quirks.LIVES_ON)


def reason(code: int, by_us: bool, reconnects: bool, profile: Profile) -> str:
    """Why a session ends whose socket was closed for good with ``code`` (L27095)."""
    silent = code == NO_ACTIVITY and profile.has(quirks.SILENCE_IS_CLIENT)
    clean = code in CLEAN and profile.has(quirks.CLEAN_CLOSE_IS_CLIENT)
    if by_us or (not reconnects and (silent or clean)):
        return reasons.CLIENT_DISCONNECTED
    return reasons.NETWORK_DISCONNECTED
