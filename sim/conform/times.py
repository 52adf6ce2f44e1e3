"""Which times of a recording are compared, and how near they must come.

Compared is what a timer of the client decides; for the rest the recorder's machine was busy.

- The beginning of an outage is counted from what was done to the network. After a reset or a close
  it is told at once. Silence counts from the last frame that came in, some time in the 2 s between
  two pings, of which the recording says nothing: so both times must be in that range.
- The end of an outage, ``sessionDisconnected``, is counted from its beginning: the window of 30 s
  and attempts of 15 s each. Where sockets were refused the browser's own pauses between attempts
  decide when the window is over: the re-enactment has them as they were, as far as they can be.
- A Subscriber whose media has failed is destroyed 12 s after its ``disconnected``.
- ``connect`` that fails is counted from its call: three attempts, 3 s apart or 15 s long. So are
  the time-outs of ``publish`` (15 s) and ``subscribe`` (30 s).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.conform.case import Case, CaseStep, Completion, Told
from sim.conform.labels import name_of
from sim.conform.networks import RESTORED, TROUBLES, closes, hits_a_socket
from sim.protocol.timers import Timers
from sim.protocol.units import SECOND, format_clock

TIMER: Final = SECOND
"""How near a time must come that a timer decides."""

Late = tuple[str, str] | None
"""What was expected and what came; None when they are near enough."""
Pair = tuple[Told, Told]
"""One event, as recorded and as simulated."""


def late(case: Case, name: str, pair: Pair, told: tuple[Sequence[Told], Sequence[Told]]) -> Late:
    """What is wrong with the time of an event, within what its client was told before and after."""
    want, have = pair
    fault = _fault(case, name, want)
    if fault is None or want.event not in TROUBLES:
        return None
    if want.event == "sessionDisconnected" and not _is_of_network(case, name, want):
        return None
    if any(t.event == "sessionReconnected" and fault.at <= t.at <= want.at for t in told[0]):
        return None  # that outage is over: something else has ended the session
    begun = _begun(told[0], want), _begun(told[1], have)
    if want.event == "sessionReconnecting" or None in begun:
        return _noticed(case, name, pair, fault)
    return _apart(want.event, (want.at, have.at), begun, TIMER)


def _noticed(case: Case, name: str, pair: Pair, fault: CaseStep) -> Late:
    """What is wrong with the time until a client has noticed what was done to its network."""
    want, have = pair[0].at - fault.at, pair[1].at - fault.at
    if not _is_silent(fault):
        return _apart(pair[0].event, (want, have), (0, 0), TIMER)
    timers = Timers()
    on = case.platform.get("reconnection_enabled", True) is not False
    silence = timers.silence if on else timers.silence_without_reconnection
    earliest, latest = silence - timers.ping - TIMER, silence + TIMER
    if not earliest <= want <= latest:  # it was not the silence that was noticed
        return _apart(pair[0].event, (want, have), (0, 0), TIMER)
    if earliest <= have <= latest:
        return None
    return _told_apart(pair[0].event, want, have)


_OF_NETWORKS: Final = ("networkDisconnected", "clientDisconnected")
"""Reasons with which a network may end a session; the second by quirks."""


def late_media(pair: Pair, before_want: Sequence[Told], before_have: Sequence[Told]) -> Late:
    """What is wrong with the time at which failed media destroyed its Subscriber."""
    want, have = pair
    if want.event != "destroyed" or want.fields.get("reason") is not None or not before_want:
        return None
    since = before_want[-1].at, before_have[-1].at
    return _apart(f"{want.object} destroyed", (want.at, have.at), since, TIMER)


def late_completion(case: Case, want: Completion, have: Completion) -> Late:
    """What is wrong with the time at which a call failed."""
    error = str(want.fields.get("error"))
    if error not in _BY_TIMERS.get(name_of(want.call), ()):
        return None
    called = _called(case, want)
    return None if called is None else _apart(want.call, (want.at, have.at), (called,) * 2, TIMER)


_BY_TIMERS: Final = {
    "connect": (
        "OT_SOCKET_CLOSE_FALLBACK_CODE",
        "OT_SOCKET_CLOSE_TIMEOUT",
        "OT_CONNECTION_LIMIT_EXCEEDED",
        "OT_CONNECT_FAILED",
        "OT_UNEXPECTED_ERROR_CODE",
    ),
    "publish": ("OT_TIMEOUT",),
    "subscribe": ("OT_TIMEOUT",),
}
"""Errors that a call ends in when its timers or its attempts are over."""


def _apart(
    what: str, at: tuple[int, int], since: tuple[int | None, int | None], within: int
) -> Late:
    expected, got = at[0] - (since[0] or 0), at[1] - (since[1] or 0)
    return None if abs(expected - got) <= within else _told_apart(what, expected, got)


def _told_apart(what: str, expected: int, got: int) -> tuple[str, str]:
    return f"{what} after {format_clock(expected)}", f"after {format_clock(got)}"


def _begun(told: Sequence[Told], end: Told) -> int | None:
    """When the reconnection began that this event ends."""
    times = [t.at for t in told if t.event == "sessionReconnecting" and t.at <= end.at]
    return times[-1] if times else None


def _fault(case: Case, name: str, want: Told) -> CaseStep | None:
    """What was done last to the client's network, or to its socket, before that."""
    done = [step for step in case.script if step.at <= want.at and _breaks(case, step, name)]
    return done[-1] if done else None


def _breaks(case: Case, step: CaseStep, name: str) -> bool:
    if step.network is not None:
        kills = "kill" in step.network
        broken = step.client == name and step.network != RESTORED
        return broken and (not kills or hits_a_socket(case, step))
    return closes(step) and step.client in (None, name)


def _is_silent(fault: CaseStep) -> bool:
    return fault.network is not None and "kill" not in fault.network


def _is_of_network(case: Case, name: str, want: Told) -> bool:
    """Whether a session's end is its network's doing, not the client's own."""
    calls = (s for s in case.script if s.client == name and name_of(s.do or "") == "disconnect")
    leaves = any(want.at - 2 * SECOND <= step.at <= want.at for step in calls)
    return want.fields.get("reason") in _OF_NETWORKS and not leaves


def _called(case: Case, completion: Completion) -> int | None:
    """When the call was made that ended so."""
    made = [
        step.at
        for step in case.script
        if step.client == completion.client
        and step.do == completion.call
        and step.at <= completion.at
    ]
    return made[-1] if made else None
