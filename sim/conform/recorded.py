"""How long the recorder's machine took, which is no part of the simulator's subject.

Media connects when it did, cameras and peer connections take as long as they did, and so does
closing a socket. Nothing that the client decides is taken over: which events there are, in which
order, with which words, and every time that one of its timers decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.client.durations import CONNECTING, LOSING, Durations
from sim.conform.cameras import Camera, Cameras
from sim.conform.case import Case, Completion
from sim.conform.labels import name_of
from sim.conform.machine import AFTER, NEVER
from sim.protocol.reasons import UNKNOWN
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND

SLOWEST_MEDIA: Final = 12 * SECOND
"""Media are lost or back within this time; in the recordings it is 6.9 s at most."""
SLOWEST_LOSS: Final = 10 * SECOND
"""A Subscriber that is told of its end later than that after its path broke has lost its media
before; in the recordings it was told of it within 6.4 s, or had."""
SLOWEST_CLOSE: Final = 300 * MILLISECOND
"""A socket that the app closes is closed within this time; in the recordings 0.23 s at most."""
EARLY: Final = 10 * MILLISECOND
"""How much sooner than that it may be by the recorder's clocks."""
SLOWEST_HOP: Final = 100 * MILLISECOND
"""A request is made and answered within this time, if nothing is wrong."""
HANDSHAKE: Final = 10 * MILLISECOND
"""From an attempt to its end, if nothing is wrong; in recordings with frames 11 ms."""
SHORT: Final = 100 * MILLISECOND
"""A pause before which nothing else happens."""
LOST: Final = "sessionReconnecting"
OF_SOCKETS: Final = ("sessionConnected", "sessionReconnected", "sessionDisconnected")
"""What is told of a socket that has opened, or of one that never will."""
SLOWEST_BINDING: Final = 4 * SECOND
"""``subscribe`` ends well within this time of ``connected``; in the recordings 2.7 s at most."""
FAILING: Final = 500 * MILLISECOND
"""What ended ``subscribe`` is there within this time of its end; in the recordings 0.17 s."""


class RecordedDurations(Durations):
    """The durations of one client of a case."""

    def __init__(self, case: Case, name: str, timers: Timers, cameras: Cameras) -> None:
        super().__init__(timers)
        self._case = case
        self._name = name
        self._told = case.expect.get(name, ())
        self._of_cameras = cameras
        self._cameras: dict[str, Camera] = {}
        """Those whose requests have not gone out yet."""

    # -- publishing ------------------------------------------------------------------------------

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

    # -- subscribing -----------------------------------------------------------------------------

    def preparation(self, subscriber: str, now: int) -> int:
        """A request that was never answered because the session ended is made at its end.

        One that was made in time would have been answered: where the session ends at once and
        the call does not end so, there was none.
        """
        ended = self._ended(subscriber, now)
        error = None if ended is None else ended.fields.get("error")
        leaves = next((at for at in self._called("disconnect") if at >= now), NEVER)
        if ended is not None and error == "OT_UNABLE_TO_SUBSCRIBE" and leaves <= ended.at:
            return leaves - now + AFTER
        over = next(
            (at for at in self._heard("session", "sessionDisconnected") if at >= now), NEVER
        )
        if error == "OT_STREAM_DESTROYED" and min(leaves, over) <= now + SLOWEST_HOP:
            return NEVER
        return super().preparation(subscriber, now)

    def media(self, subscriber: str, what: str, now: int) -> int | None:
        """Media connects, is lost and recovers when it did.

        A Subscriber that was never connected stays in its checks. One that was destroyed before
        it had lost its media would have lost them later.
        """
        event = "disconnected" if what == LOSING else "connected"
        times = self._heard(subscriber, event)
        if what == CONNECTING:
            first = next(times, None)
            first = self._would_connect(subscriber) if first is None else first
            return None if first is None else max(first - now, self._timers.turn)
        recorded = next((at - now for at in times if now < at <= now + SLOWEST_MEDIA), None)
        if recorded is None and what == LOSING:
            ends = self._heard(subscriber, "destroyed")
            end = next((at for at in ends if now < at <= now + SLOWEST_LOSS), None)
            recorded = None if end is None else end - now + SECOND
        return super().media(subscriber, what, now) if recorded is None else recorded

    def _would_connect(self, subscriber: str) -> int | None:
        """When media would have connected that had begun to be bound when something ended them."""
        failed = (
            t.at
            for t in self._told
            if (t.object, t.event, t.fields.get("reason")) == (subscriber, "destroyed", UNKNOWN)
        )
        at = next(failed, None)
        return None if at is None else at - self._timers.bind_fails

    def binding(self, subscriber: str, now: int) -> int:
        """``subscribe`` ends when it did; one that failed was not done when something ended it.

        It must be ended by something about then: later it would have been done.
        """
        ended = self._ended(subscriber, now)
        if ended is not None and not ended.fields.get("ok"):
            return ended.at - now + FAILING
        if ended is None or ended.at > now + SLOWEST_BINDING:
            return super().binding(subscriber, now)
        return ended.at - now

    def _ended(self, subscriber: str, since: int) -> Completion | None:
        """How the call ended, from then on, that made a Subscriber."""
        call = f"subscribe {subscriber}"
        ended = (c for c in self._case.completions if c.client == self._name and c.at >= since)
        return next((c for c in ended if c.call == call), None)

    # -- dialling --------------------------------------------------------------------------------

    def redialling(self, pause: int, lives_on: bool, now: int) -> int:
        """A browser draws its pauses: such that the next that is told of a socket comes when it
        did. None is longer than a browser's after one more refusal, as it may have drawn shorter
        ones before; one may be shorter, where it began earlier.
        """
        if pause < SHORT:
            return pause
        longest = self._timers.refused_throttle_max * 5 // 3
        least, most = pause // 3, min(pause * 5 // 3 * 2, longest)
        wanted = self._next_of_sockets(lives_on, now) - HANDSHAKE - now
        if wanted > most:  # one or two pauses more
            wanted = max(wanted - most, least) if wanted <= most + pause else pause
        return min(max(wanted, AFTER), most)

    def _next_of_sockets(self, lives_on: bool, now: int) -> int:
        """When the client was next told of a socket that has opened, or of one that never will.

        Of one that lives on it is told that it is lost.
        """
        if lives_on:
            return next((at for at in self._heard("session", LOST) if at > now), NEVER)
        told = (t.at for t in self._told if t.object == "session" and t.event in OF_SOCKETS)
        failed = (
            c.at
            for c in self._case.completions
            if c.client == self._name and name_of(c.call) == "connect" and not c.fields.get("ok")
        )
        return min((at for at in (*told, *failed) if at > now), default=NEVER)

    # -- leaving ---------------------------------------------------------------------------------

    def closing(self, is_open: bool, now: int) -> int:
        """A socket is closed when its end was told; not before the app connected meanwhile.

        The end of a removed connection is told before that: what is told later is the end of the
        session that follows.
        """
        least = super().closing(is_open, now)
        soonest, latest = now + least - EARLY, now + SLOWEST_CLOSE
        ends = self._heard("session", "sessionDisconnected")
        end = next((at for at in ends if soonest <= at <= latest), None)
        connects = next((at for at in self._called("connect") if now <= at <= latest), None)
        if end is not None and (
            connects is None or end <= connects or self._ends_one(connects, end)
        ):
            return max(least, end - 2 * self._timers.turn - now)
        return least if connects is None else max(least, connects + AFTER - now)

    def _ends_one(self, connects: int, end: int) -> bool:
        """Whether a session that had come of connecting ended then, though nobody wanted that."""
        connected = any(connects <= at < end for at in self._heard("session", "sessionConnected"))
        return connected and not any(connects < at <= end for at in self._called("disconnect"))

    # -- what was recorded -----------------------------------------------------------------------

    def _heard(self, object: str, event: str) -> Iterator[int]:
        return (told.at for told in self._told if (told.object, told.event) == (object, event))

    def _called(self, name: str) -> Iterator[int]:
        steps = (step for step in self._case.script if step.client == self._name)
        return (step.at for step in steps if name_of(step.do or "") == name)
