"""How long the recorder's machine took, which is no part of the simulator's subject.

Media connects when it did, cameras and peer connections take as long as they did. Nothing that the
client decides is taken over: which events there are, in which order, with which words, and every
time that one of its timers decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.client.durations import CONNECTING, LOSING, Durations
from sim.conform.cameras import Camera, Cameras
from sim.conform.case import Case, CaseStep, Completion
from sim.conform.labels import name_of
from sim.protocol.timers import Timers
from sim.protocol.units import DAY, MILLISECOND, SECOND

SLOWEST_MEDIA: Final = 12 * SECOND
"""Media are lost or back within this time; in the recordings it is 6.9 s at most."""
AT_ONCE: Final = MILLISECOND
NEVER: Final = 300 * DAY


class RecordedDurations(Durations):
    """The durations of one client of a case."""

    def __init__(self, case: Case, name: str, timers: Timers, cameras: Cameras) -> None:
        super().__init__(timers)
        self._of_cameras = cameras
        self._cameras: dict[str, Camera] = {}
        """Those whose requests have not gone out yet."""
        self._case = case
        self._name = name

    def media(self, subscriber: str, what: str, now: int) -> int | None:
        """Media connects, is lost and recovers when it did.

        A Subscriber that was never connected stays in its checks.
        """
        event = "disconnected" if what == LOSING else "connected"
        times = [
            told.at
            for told in self._case.expect.get(self._name, ())
            if told.object == subscriber and told.event == event
        ]
        if what == CONNECTING:
            return max(times[0] - now, self._timers.turn) if times else None
        recorded = next((at - now for at in times if now < at <= now + SLOWEST_MEDIA), None)
        return super().media(subscriber, what, now) if recorded is None else recorded

    def preparation(self, subscriber: str, now: int) -> int:
        """A request that was never answered because the session ended is made at its end."""
        ended = self._completed((f"subscribe {subscriber}",), now)
        if ended is not None and ended.fields.get("error") == "OT_UNABLE_TO_SUBSCRIBE":
            ends = (s.at for s in self._case.script if self._disconnects(s))
            leaves = next((at for at in ends if now <= at <= ended.at), None)
            if leaves is not None:
                return leaves - now + AT_ONCE
        return super().preparation(subscriber, now)

    def _disconnects(self, step: CaseStep) -> bool:
        return step.client == self._name and name_of(step.do or "") == "disconnect"

    def camera(self, publisher: str, now: int) -> int:
        """A camera is there when :mod:`sim.conform.cameras` says."""
        self._cameras[publisher] = found = self._of_cameras.of(publisher, now)
        return found.bound - now

    def asking(self, publisher: str, now: int) -> int:
        """The request goes out when it did, the one for a later stream likewise."""
        camera = self._cameras.pop(publisher, None)
        if camera is None or now != camera.bound:  # not the first publishing
            asked = self._of_cameras.again(publisher, now)
        else:
            asked = camera.asked
        return max(asked - now, 0)

    def binding(self, subscriber: str, now: int) -> int:
        """A call of ``subscribe`` that ends later than its media is there ends when it did.

        One that has failed was cut short: what has done that may come as late as it does.
        """
        ended = self._completed((f"subscribe {subscriber}",), now)
        if ended is None:
            return self._timers.bind_media
        return ended.at - now if ended.fields.get("ok") else NEVER

    def _completed(self, calls: Sequence[str], since: int) -> Completion | None:
        """The first completion of one of these calls of this client from then on."""
        ended = (c for c in self._case.completions if c.client == self._name and c.at >= since)
        return next((c for c in ended if c.call in calls), None)
