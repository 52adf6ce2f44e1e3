"""A Subscriber: one stream of somebody else, and its element in the page.

Source: spec/opentok-js-2.35.2.md, sections 1.3, 2.7, 3.4 and 4.4.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from sim.client.attachment import Attachment
from sim.client.calls import Call
from sim.client.delivery import LOST
from sim.client.document import SUBSCRIBER
from sim.client.faces import Subscriber
from sim.client.fields import Fields
from sim.client.media import DUE as ICE
from sim.client.media import Ice
from sim.client.page import Page, Reply, Table
from sim.client.page_object import PageObject
from sim.client.paths import Path
from sim.client.peers import Saved, Stream, restored, saved
from sim.protocol import errors, quirks, reasons
from sim.protocol.errors import error
from sim.protocol.frames import Status
from sim.protocol.journal import WIRE
from sim.protocol.records import states

IN_FLIGHT: Final = ("Init", "Connecting", "BindingRemoteStream")


class Subscription(PageObject):
    """What is behind one Subscriber of one session."""

    KIND = "Subscriber"
    STATES = states.SUBSCRIBER_STATES

    def __init__(self, page: Page, session: Attachment, stream: Stream, label: str) -> None:
        super().__init__(page, label, session.own)
        self.face = Subscriber(self, self._listeners)
        """The object as apps know it."""
        self.session = session
        self.stream = stream
        self._call: int | None = None
        self._timeout: int | None = None
        """The timer of a subscription that is under way."""
        self._connected_at: int | None = None
        """When its media flowed for the first time, while they are being bound."""
        self._cut: int | None = None
        """The record of what has cut the path of its media, while that is cut."""
        self.kept: int | None = None
        """The record of the preventDefault that has kept it over the end of its stream."""
        self._told = "disconnected"
        """What the app knows of the media; the first ``connected`` is a change, too."""
        self._ice = Ice(
            page.loop,
            page.timers,
            label,
            session.peer_to_peer,
            self._takes,
            self._ice_moved,
            self._ice_changed,
        )

    def start(self, call: Call) -> None:
        """Be in the page, and ask the platform for the stream.

        ``call`` ends when media are bound to its element, or cannot be.
        """
        page = self._page
        self._call = call.number
        page.document.insert(self.label, SUBSCRIBER)
        self._machine.to("Init")
        self._timeout = self._later(page.timers.subscribe_timeout, "timed-out")
        page.made(self.face)
        preparation = page.takes.preparation(self.label, page.loop.now)
        if preparation:
            self._later(preparation, "ask")
        else:
            self._ask()

    def _ask(self, _: object = None) -> None:
        self._machine.to("Connecting")
        content = {"id": self.label, "stream": self.stream.id}
        self.session.request("create", "subscriber", content, Reply(self.label, "created"))

    def _later(self, delay: int, kind: str, about: object = None) -> int:
        return self._page.loop.later(delay, self.label, kind, about)

    def _takes(self, what: str) -> int | None:
        return self._page.takes.media(self.label, what, self._page.loop.now)

    def _answered(self, _: object, status: Status) -> None:
        if self.state != "Connecting":
            return
        if status.ok:
            self._ice.start(self._path())
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
            self._ice.path_changed(self._path())

    def _path(self) -> Path:
        """The media path between the two people as it is now."""
        path = self._page.path(self.stream)
        self._cut = None if path.carries else path.cut or self._cut or self._page.loop.cause
        return path

    def restart_media(self) -> None:
        """After a reconnection: an ICE restart, except peer to peer (section 3.4)."""
        if not self.session.peer_to_peer and self._ice.state in ("disconnected", "failed"):
            self._ice.start(self._path())

    def _ice_changed(self, state: str) -> None:
        if state == "failed":
            self._failed()
            return
        first = state == "connected" and self.state == "Connecting"
        if first:
            self._machine.to("BindingRemoteStream")
        self._later(self._page.timers.turn, "tell", first)

    def _tell(self, first: bool) -> None:
        """Tell the app what has become of the media, if that is news (L23159)."""
        page = self._page
        if first:
            self._connected_at = page.loop.now
            self._later(page.takes.binding(self.label, page.loop.now), "bound")
        mapped = "connected" if self._ice.state == "connected" else "disconnected"
        if mapped != self._told:
            self._told = mapped
            self.dispatch(mapped)

    def _bound(self, _: object) -> None:
        """The element shows the media: the subscription is complete (L23037)."""
        self._page.loop.cancel(self._timeout)
        self._timeout = self._connected_at = None
        self._machine.to("Subscribing")
        self._finish(None)

    def _failed(self) -> None:
        """Gone for good 2 s later, unless the socket is down: then a restart will come."""
        if not self.session.is_reconnecting:
            self._later(self._page.timers.subscriber_failed, "give-up")

    def _give_up(self, _: object) -> None:
        if self._ice.state != "failed":
            return
        if self.session.peer_to_peer and self._page.deviate(quirks.LEFT_BEHIND):
            self.dispatch("destroyed")
        else:
            self.destroy(reasons.PEER_DISCONNECTED)

    def _timed_out(self, _: object) -> None:
        """30 s without media: failed, but neither destroyed nor out of the page (section 8, 14)."""
        if self.state in IN_FLIGHT:
            self._stop_timers()
            self._ice.close()
            with self._page.loop.because(self._delay()):
                self._finish(errors.TIMEOUT)
                self._machine.to("Failed")

    def _delay(self) -> int | None:
        """What has kept the media away for so long: an outage, or what has cut their path."""
        loop, limit = self._page.loop, self._page.timers.subscribe_timeout
        return self.session.outage_since(loop.now - limit) or self._cut or loop.cause

    def disconnect(self) -> None:
        """Stop the media; no event. A subscription still under way ends here (section 2.2)."""
        self._stop_timers()
        self._ice.close()
        if self.state in IN_FLIGHT:
            self._finish("stream destroyed")
        self._machine.to("NotSubscribing")
        connected_at, self._connected_at = self._connected_at, None
        if connected_at is not None:
            fails = connected_at + self._page.timers.bind_fails
            self._later(max(fails - self._page.loop.now, 0), "bind-fails")

    def _bind_fails(self, _: object) -> None:
        """Nothing is there to be bound any more, of a Subscriber that was kept (L23072)."""
        if self._page.deviate(quirks.HALF_BOUND, self.kept):
            self.destroy(reasons.UNKNOWN)

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
        self.session.forget(self.label)
        self._page.document.remove(self.label)
        self.dispatch("destroyed", reason=reason)
        self._listeners.remove(None, None)

    def _finish(self, condition: str | None) -> None:
        call, self._call = self._call, None
        if call is not None:
            problem = None if condition is None else error("subscribe", condition)
            self._page.calls.finish(call, problem)

    def _stop_timers(self) -> None:
        """Those of the Subscriber; its peer connection has none when this is called."""
        self._page.loop.cancel_all(self.label)

    def _ice_moved(self, before: str, after: str) -> None:
        data, entry = {"from": before}, states.ICE_STATES[f"ice {after}"]
        self._page.journal(*entry.by(self.label), data, self._page.loop.cause, WIRE)

    def _media(self, state: str) -> None:
        self._ice.move(state)

    DUE: ClassVar[Table] = {
        "timed-out": _timed_out,
        "ask": _ask,
        "tell": _tell,
        "bound": _bound,
        "bind-fails": _bind_fails,
        "give-up": _give_up,
        ICE: _media,
    }
    ANSWERS: ClassVar[Table] = {"created": _answered}

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> SubscriberSnapshot:
        """Everything about it, as data."""
        stream = saved(self.stream, self.session.streams)
        state = self._machine.state, _STATE.of(self)
        return self.label, stream, state, self._ice.snapshot(), self._listeners.snapshot()

    def restore(self, snapshot: SubscriberSnapshot) -> None:
        """Be as it was."""
        _, stream, (state, values), ice, listeners = snapshot
        self.stream = restored(stream, self.session.streams) or self.stream
        self._machine.state = state
        _STATE.put(self, values)
        self._ice.restore(ice)
        self._listeners.restore(listeners)


SubscriberSnapshot = tuple[str, Saved, tuple[str, tuple[Any, ...]], Any, Any]
_STATE: Final = Fields("own", "_call", "_told", "_timeout", "_connected_at", "_cut", "kept")


def _condition(status: Status) -> str:
    """Why a subscription is refused; a 409 needs its reason to mean a limit (section 5.2)."""
    if status is LOST:
        return "socket lost"
    if status.status == 409:
        return str(status.content.get("reason"))
    return f"status {status.status}"
