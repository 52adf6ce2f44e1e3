"""The media of one Subscriber as far as its lifecycle needs it: the ICE of its peer connection.

No packets: the driver says when the path between two people carries media and when it does not,
and the timers of ICE do the rest. Source: spec/opentok-js-2.35.2.md, section 3.4; recordings 12b
to 12e.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sim.client.durations import CONNECTING, LOSING, RECOVERING
from sim.client.fields import Fields
from sim.client.loop import Loop
from sim.client.paths import Path
from sim.protocol.states import Machine
from sim.protocol.timers import Timers

DUE: Final = "ice"
"""The kind of its timers: their owner hands them to :meth:`Ice.move`."""


class Ice:
    """The connection state of one peer connection; ``changed(state)`` is called after each move.

    Peer to peer there is one connection between the two people, and it fails with either link.
    Routed over a media server the Subscriber's own connection fails only with its own link; when
    the Publisher's link is dead its media just stops.

    ``owner`` is whose its timers are. ``takes`` says how long something takes, as
    :meth:`sim.client.durations.Durations.media`; None means for ever.
    """

    __slots__ = (
        "_changed",
        "_closed",
        "_loop",
        "_machine",
        "_owner",
        "_path",
        "_peer_to_peer",
        "_takes",
        "_timer",
        "_timers",
    )

    def __init__(
        self,
        loop: Loop,
        timers: Timers,
        owner: str,
        peer_to_peer: bool,
        takes: Callable[[str], int | None],
        moved: Callable[[str, str], None],
        changed: Callable[[str], None],
    ) -> None:
        self._loop = loop
        self._timers = timers
        self._owner = owner
        self._peer_to_peer = peer_to_peer
        self._takes = takes
        self._machine = Machine("ice", moved)
        self._changed = changed
        self._path = Path()
        self._closed = False
        self._timer: int | None = None

    @property
    def state(self) -> str:
        """The state, as browsers name it."""
        return self._machine.state

    @property
    def connects_at(self) -> int | None:
        """When its first check succeeds, if it is under way and nothing comes in between."""
        return self._loop.due(self._timer) if self.state == "checking" else None

    def start(self, path: Path) -> None:
        """Check connectivity, for the first time or again after a failure (an ICE restart)."""
        self._path = path
        self._stop()
        if self._closed:
            return
        first = self.state == "new"
        if self._machine.to("checking") and path.carries:
            self._after(self._takes(CONNECTING if first else RECOVERING), "connected")

    def path_changed(self, path: Path) -> None:
        """The links have changed."""
        carried, carries = self._path.carries, path.carries
        self._path = path
        if carried is not carries and not self._closed:
            (self._healed if carries else self._broken)()

    def close(self) -> None:
        """The peer connection is closed: nothing more happens."""
        self._closed = True
        self._stop()

    def _broken(self) -> None:
        self._stop()
        if self.state == "connected":
            self._after(self._takes(LOSING), "disconnected")

    def _healed(self) -> None:
        if self.state == "connected":
            self._stop()
        elif self.state in ("checking", "disconnected"):
            self._after(self._takes(RECOVERING), "connected")

    def _after(self, delay: int | None, state: str) -> None:
        self._stop()
        if delay is not None:
            self._timer = self._loop.later(delay, self._owner, DUE, state)

    def move(self, state: str) -> None:
        """A timer has run out: go to that state."""
        self._timer = None
        if not self._machine.to(state):
            return
        if state == "disconnected" and (self._peer_to_peer or not self._path.near):
            self._after(self._timers.ice_failed, "failed")
        self._changed(state)

    def _stop(self) -> None:
        self._loop.cancel(self._timer)
        self._timer = None

    def snapshot(self) -> tuple[str, tuple[Any, ...]]:
        """Its state and what decides the next one."""
        return self.state, _STATE.of(self)

    def restore(self, snapshot: tuple[str, tuple[Any, ...]]) -> None:
        """Be as it was."""
        self._machine.state, values = snapshot
        _STATE.put(self, values)


_STATE: Final = Fields("_peer_to_peer", "_path", "_closed", "_timer")
