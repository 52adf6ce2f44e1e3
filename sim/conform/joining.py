"""How far connecting had come when something came in between.

``connect`` takes the recorder's machine some time, in three stages: it asks for the session info
(``asking``), opens a socket (``opening``), and asks to join (``joining``). How long joining itself
took :mod:`sim.conform.effects` says. Where the app disconnected or the network was cut meanwhile,
how that ended says at which stage it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sim.conform.answers import Answers
from sim.conform.case import Case, CaseStep, Told
from sim.conform.labels import name_of
from sim.conform.machine import AFTER, NEVER, usual
from sim.conform.networks import RESTORED, Networks
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND

ASKING: Final = "asking"
"""There was no socket yet: the call of ``connect`` is never answered."""
OPENING: Final = "opening"
"""The socket was not open yet: neither call is ever answered."""
JOINING: Final = "joining"
"""The request to join was under way: ``connect`` fails."""

INFORMED: Final = 75
OPENED: Final = 90
"""After how much of the time until one has joined the session info and the socket are there, in
percent; in recordings with frames 60 to 85, and 70 to 95."""
USUAL: Final = 100 * MILLISECOND
"""How long joining takes where the recording shows nobody join."""
SPACING: Final = Timers().connect_spacing
"""A second attempt comes no sooner."""
SLOWEST: Final = SECOND
"""Joining that took longer had to be tried again."""
BUSY: Final = 100 * MILLISECOND
"""How much later than its event a listener's call may be written down."""


class Joining(NamedTuple):
    """When one ``connect`` had its session info, and its socket."""

    informed: int
    opened: int


class Joinings:
    """The connects of one client."""

    def __init__(self, case: Case, name: str, networks: Networks, answers: Answers) -> None:
        self._name = name
        self._steps = [step for step in case.script if step.client == name]
        self._case = case
        self._networks = networks
        self._answers = answers
        self._usual = usual(case, "connect", ("session", "sessionConnected"), SLOWEST, USUAL)
        self._present = Joining(0, 0)

    def informed(self, now: int) -> int:
        """When the session info may come that is there now, at its fastest."""
        self._present = self._joining(now)
        return self._present.informed

    def opened(self) -> int:
        """When the first socket of the same connect may be open, at its fastest."""
        return self._present.opened

    def _joining(self, now: int) -> Joining:
        called = max((s.at for s in self._calls("connect") if s.at <= now + BUSY), default=now)
        leaves = next((s for s in self._calls("disconnect") if s.at >= called), None)
        connected = self._connected(called)
        if leaves is not None and (connected is None or connected > leaves.at):
            return self._cut_short(called, leaves)
        joined = called + self._usual if connected is None else self._joined(called, connected)
        cut = self._networks.broken(self._name, called, joined)
        if cut is None:
            return _paced(called, joined)
        usual = _paced(called, min(joined, called + self._usual))
        if self._was_joining(called, cut, connected):
            return _paced(called, cut)
        is_in_time = connected is not None and connected < called + SPACING
        if connected is None or (is_in_time and connected > self._restored(cut)):
            return usual
        return Joining(max(usual.informed, cut + AFTER), max(usual.opened, cut + AFTER))

    def _was_joining(self, called: int, cut: int, connected: int | None) -> bool:
        """Whether the socket was open when the network was cut.

        Then the cut is told before it is over; or, if it is over before it is noticed, the client
        joins at once, and not with a second attempt.
        """
        restored = self._restored(cut)
        trouble = self._told("sessionReconnecting", cut)
        if trouble is not None and trouble.fields.get("session_state") == "connecting":
            return trouble.at < restored
        return connected is not None and restored < connected < called + SPACING

    def _restored(self, cut: int) -> int:
        steps = (s.at for s in self._steps if s.network == RESTORED and s.at > cut)
        return min(steps, default=NEVER)

    def _cut_short(self, called: int, leaves: CaseStep) -> Joining:
        """The app disconnected meanwhile: at a stage that shows in how the calls ended."""
        stage = self._stage(leaves)
        if stage == ASKING:
            return Joining(leaves.at + AFTER, leaves.at + AFTER)
        if stage == OPENING:
            return Joining(called, leaves.at + AFTER)
        return _paced(called, min(leaves.at, called + self._usual))

    def _stage(self, leaves: CaseStep) -> str:
        again = next((step.at for step in self._calls("connect") if step.at > leaves.at), NEVER)
        failed = any(
            end.client == self._name
            and name_of(end.call) == "connect"
            and not end.fields.get("ok")
            and leaves.at <= end.at < again
            for end in self._case.completions
        )
        if failed:
            return JOINING
        return OPENING if self._answers.end_of(leaves) is None else ASKING

    def _connected(self, called: int) -> int | None:
        """When a client that had called ``connect`` was in the session."""
        told = self._told("sessionConnected", called)
        ended = (
            end.at
            for end in self._case.completions
            if end.client == self._name and name_of(end.call) == "connect" and end.fields.get("ok")
        )
        times = [*([] if told is None else [told.at]), *(at for at in ended if at >= called)]
        return min(times, default=None)

    def _joined(self, called: int, connected: int) -> int:
        """When the client had joined: somebody else may have been told before it."""
        about = f"connection {self._name}"
        others = (
            told.at
            for name, each in self._case.expect.items()
            if name != self._name
            for told in each
            if told.event == "connectionCreated" and told.fields.get("about") == about
        )
        return min((at for at in others if called <= at <= connected), default=connected)

    def _calls(self, name: str) -> Iterator[CaseStep]:
        return (step for step in self._steps if name_of(step.do or "") == name)

    def _told(self, event: str, since: int) -> Told | None:
        told = self._case.expect.get(self._name, ())
        return next((t for t in told if t.event == event and t.at >= since), None)


def _paced(called: int, joined: int) -> Joining:
    def after(percent: int) -> int:
        return called + (joined - called) * percent // 100

    return Joining(after(INFORMED), after(OPENED))
