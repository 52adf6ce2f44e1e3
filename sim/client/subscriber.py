"""A Subscriber: one stream of somebody else, and its element in the page.

Source: spec/opentok-js-2.35.2.md, sections 1.3, 2.7, 3.4 and 4.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.client.calls import Call
from sim.client.delivery import LOST
from sim.client.events import EventTarget
from sim.client.loop import Action, Timer
from sim.client.media import Ice
from sim.client.page import SUBSCRIBER
from sim.client.peers import Stream
from sim.protocol import errors, quirks, reasons
from sim.protocol.errors import error
from sim.protocol.frames import Status
from sim.protocol.journal import WIRE
from sim.protocol.states import Machine

if TYPE_CHECKING:
    from sim.client.membership import Membership

IN_FLIGHT = ("Init", "Connecting", "BindingRemoteStream")


class Subscriber(EventTarget):
    """One Subscriber of one Session."""

    kind = "Subscriber"

    def __init__(self, session: Membership, stream: Stream, label: str) -> None:
        super().__init__(session.client, label)
        self.session = session
        self.own = session.own
        self.stream = stream
        self._machine = Machine("subscriber", self._moved)
        self._call: Call | None = None
        self._request: int | None = None
        self._timers: list[Timer] = []
        self._told = "disconnected"
        """What the app knows of the media; the first ``connected`` is a change, too."""
        self._ice = Ice(
            self.client.loop,
            self.client.timers,
            session.peer_to_peer,
            lambda what: self.client.media_takes(self, what),
            self._ice_moved,
            self._ice_changed,
        )
        session.client.page.insert(label, SUBSCRIBER)

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self._machine.state

    @property
    def is_alive(self) -> bool:
        """Whether it has not been destroyed."""
        return self._machine.state != "Destroyed"

    def start(self, call: Call) -> None:
        """Ask the platform for the stream; ``call`` ends when media flows or cannot."""
        self._call = call
        self._machine.to("Init")
        self._later(self.client.timers.subscribe_timeout, self._timed_out)
        preparation = self.client.preparing(self)
        if preparation:
            self._later(preparation, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        self._machine.to("Connecting")
        content = {"id": self.label, "stream": self.stream.id}
        self._request = self.session.request("create", "subscriber", content, self._answered)

    def _later(self, delay: int, action: Action) -> None:
        self._timers.append(self.client.loop.later(delay, action))

    def _answered(self, status: Status) -> None:
        self._request = None
        if self.state != "Connecting":
            return
        if status.ok:
            self._ice.start(self.client.path(self.publishing_client))
        else:
            self._refused(status)

    def _refused(self, status: Status) -> None:
        self._finish(_condition(status))
        if status.status == 404:
            self.destroy(reasons.STREAM_NOT_FOUND)
        else:
            self._stop_timers()
            self._machine.to("Failed")

    @property
    def publishing_client(self) -> str:
        """The person whose stream this is."""
        return self.stream.connection.client

    def path_changed(self) -> None:
        """The media path between the two people may have changed."""
        if self.is_alive:
            self._ice.path_changed(self.client.path(self.publishing_client))

    def restart_media(self) -> None:
        """After a reconnection: an ICE restart, except peer to peer (section 3.4)."""
        if not self.session.peer_to_peer and self._ice.state in ("disconnected", "failed"):
            self._ice.start(self.client.path(self.publishing_client))

    def _ice_changed(self, state: str) -> None:
        if state == "connected" and self._machine.to("BindingRemoteStream"):
            self._stop_timers()
        if state == "failed":
            self._failed()
        else:
            self._later(self.client.timers.turn, self._tell)

    def _tell(self) -> None:
        """Tell the app what has become of the media, if that is news (L23159)."""
        mapped = "connected" if self._ice.state == "connected" else "disconnected"
        if mapped == self._told or not self.is_alive:
            return
        self._told = mapped
        self._machine.to("Subscribing")
        self.dispatch(mapped)
        self._finish(None)

    def _failed(self) -> None:
        """Gone for good 2 s later, unless the socket is down: then a restart will come."""
        if not self.session.is_reconnecting:
            self._later(self.client.timers.subscriber_failed, self._give_up)

    def _give_up(self) -> None:
        if self._ice.state != "failed":
            return
        if self.session.peer_to_peer and self.client.profile.has(quirks.LEFT_BEHIND):
            self.dispatch("destroyed")
        else:
            self.destroy(reasons.PEER_DISCONNECTED)

    def _timed_out(self) -> None:
        """30 s without media: failed, but neither destroyed nor out of the page (section 8, 14)."""
        if self.state in IN_FLIGHT:
            self._ice.close()
            self._finish(errors.TIMEOUT)
            self._machine.to("Failed")

    def disconnect(self) -> None:
        """Stop the media; no event. A subscription still under way ends here (section 2.2)."""
        self._stop_timers()
        self._ice.close()
        if self.state in IN_FLIGHT:
            self._finish("stream destroyed")
        self._machine.to("NotSubscribing")

    def unsubscribe(self) -> None:
        """Leave the stream: ``destroyed(Unsubscribe)`` at once (section 2.7)."""
        if self.state in IN_FLIGHT:
            self._finish("unsubscribed")
        content = {"id": self.label, "stream": self.stream.id}
        self.session.request("delete", "subscriber", content)
        self.destroy(reasons.UNSUBSCRIBE)

    def destroy(self, reason: str) -> None:
        """Leave the page and dispatch ``destroyed``; nothing more comes from this object."""
        if not self.is_alive:
            return
        self.disconnect()
        self._machine.to("Destroyed")
        self.session.forget_subscriber(self)
        self.client.page.remove(self.label)
        self.dispatch("destroyed", reason=reason)
        self.off()

    def _finish(self, condition: str | None) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.finish(None if condition is None else error("subscribe", condition))

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _ice_moved(self, before: str, after: str) -> None:
        data = {"from": before}
        self.client.journal(self.label, "state", f"ice {after}", data, self.client.loop.cause, WIRE)

    def _moved(self, before: str, after: str) -> None:
        cause = self.client.loop.cause
        self.client.journal(self.label, "state", after, {"from": before}, cause, WIRE)


def _condition(status: Status) -> str:
    """Why a subscription is refused; a 409 needs its reason to mean a limit (section 5.2)."""
    if status is LOST:
        return "socket lost"
    if status.status == 409:
        return str(status.content.get("reason"))
    return f"status {status.status}"
