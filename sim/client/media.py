"""The media of one Subscriber as far as its lifecycle needs it: the ICE of its peer connection.

No packets: the driver says when the path between two people carries media and when it does not,
and the timers of ICE do the rest. Source: spec/opentok-js-2.35.2.md, section 3.4; recordings 12b
to 12e.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from sim.client.loop import Loop, Timer
from sim.protocol.states import Machine
from sim.protocol.timers import Timers


class Path(NamedTuple):
    """Whether media gets through: over the Subscriber's own link, and over the Publisher's."""

    near: bool = True
    far: bool = True

    @property
    def carries(self) -> bool:
        """Whether media arrives."""
        return self.near and self.far


CONNECTING: Final = "connecting"
LOSING: Final = "losing"
RECOVERING: Final = "recovering"


class Ice:
    """The connection state of one peer connection; ``changed(state)`` is called after each move.

    Peer to peer there is one connection between the two people, and it fails with either link.
    Routed over a media server the Subscriber's own connection fails only with its own link; when
    the Publisher's link is dead its media just stops.

    ``takes`` says how long something takes: :data:`CONNECTING` for the first time, :data:`LOSING`
    a path that does not carry any more, :data:`RECOVERING` one that does again; None means for
    ever.
    """

    __slots__ = (
        "_changed",
        "_closed",
        "_loop",
        "_machine",
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
        peer_to_peer: bool,
        takes: Callable[[str], int | None],
        moved: Callable[[str, str], None],
        changed: Callable[[str], None],
    ) -> None:
        self._loop = loop
        self._timers = timers
        self._peer_to_peer = peer_to_peer
        self._takes = takes
        self._machine = Machine("ice", moved)
        self._changed = changed
        self._path = Path()
        self._closed = False
        self._timer: Timer | None = None

    @property
    def state(self) -> str:
        """The state, as browsers name it."""
        return self._machine.state

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
        carried, self._path = self._path.carries, path
        if carried != path.carries and not self._closed:
            (self._healed if path.carries else self._broken)()

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
            self._timer = self._loop.later(delay, lambda: self._move(state))

    def _move(self, state: str) -> None:
        self._timer = None
        if not self._machine.to(state):
            return
        if state == "disconnected" and (self._peer_to_peer or not self._path.near):
            self._after(self._timers.ice_failed, "failed")
        self._changed(state)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
