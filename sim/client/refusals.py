"""Calls that fail at once, and what explains it."""

from __future__ import annotations

from typing import Final

from sim.client.calls import Call
from sim.client.membership import Membership
from sim.protocol import errors
from sim.protocol.errors import error

UNREACHED: Final = (errors.NOT_CONNECTED, errors.SOCKET_GONE)


def refuse(session: Membership, call: Call, condition: str, parameter: str | None = None) -> None:
    """Fail a call at once: because of itself, or of what has ended the session or cut it off.

    ``parameter`` is the argument that is wrong.
    """
    cause = call.record
    if condition in UNREACHED:
        cause = session.cut_off_by or cause
    with session.page.loop.because(cause):
        call.finish(error(call.name, condition, parameter))
