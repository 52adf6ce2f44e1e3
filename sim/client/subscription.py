"""A Subscriber: one stream of somebody else, and its element in the page.

Source: spec/opentok-js-2.35.2.md, sections 1.3, 2.7, 3.4 and 4.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from sim.client.attachment import Attachment
from sim.client.calls import Call
from sim.client.delivery import LOST
from sim.client.document import SUBSCRIBER
from sim.client.events import Listeners
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

GIVE_UP: Final = "give-up"
"""A timer of the session's, about a Subscriber whose media have failed: it outlives that."""
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
        page = self.page
        self._call = call.number
        page.document.insert(self.label, SUBSCRIBER)
        self.machine.to("Init")
        self._timeout = self._later(page.timers.subscribe_timeout, "timed-out")
        page.made(self.face)
        preparation = page.takes.preparation(self.label, page.loop.now)
        if preparation:
            self._later(preparation, "ask")
        else:
            self._ask()

    def _ask(self, _: object = None) -> None:
        self.machine.to("Connecting")
        content = {"id": self.label, "stream": self.stream.id}
        self.session.request("create", "subscriber", content, Reply(self.label, "created"))

    def _later(self, delay: int, kind: str, about: object = None) -> int:
        return self.page.loop.later(delay, self.label, kind, about)

    def _takes(self, what: str) -> int | None:
        return self.page.takes.media(self.label, what, self.page.loop.now)

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
            self.machine.to("Failed")

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
        path = self.page.path(self.stream)
        self._cut = None if path.carries else path.cut or self._cut or self.page.loop.cause
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
            self.machine.to("BindingRemoteStream")
        self._later(self.page.timers.turn, "tell", first)

    def _tell(self, first: bool) -> None:
        """Tell the app what has become of the media, if that is news (L23159)."""
        page = self.page
        if first:
            self._connected_at = page.loop.now
            self._later(page.takes.binding(self.label, page.loop.now), "bound")
        mapped = "connected" if self._ice.state == "connected" else "disconnected"
        if mapped != self._told:
            self._told = mapped
            self.dispatch(mapped)

    def _bound(self, _: object) -> None:
        """The element shows the media: the subscription is complete (L23037)."""
        self.page.loop.cancel(self._timeout)
        self._timeout = self._connected_at = None
        self.machine.to("Subscribing")
        self._finish(None)

    def _failed(self) -> None:
        """Gone for good 2 s later, unless the socket is down: then a restart will come."""
        if not self.session.is_reconnecting:
            delay, about = self.page.timers.subscriber_failed, (self.label, self.own)
            self.page.loop.later(delay, self.session.key, GIVE_UP, about)

    def give_up(self) -> None:
        """The 2 s are over: gone, unless media are back or it does not follow its stream any more.

        Peer to peer the shipped client says so, and does not do it.
        """
        if self._ice.state != "failed":
            return
        if self.session.peer_to_peer and self.page.deviate(quirks.LEFT_BEHIND):
            self.dispatch("destroyed")
        elif self.state != "NotSubscribing":
            self.destroy(reasons.PEER_DISCONNECTED)

    def _timed_out(self, _: object) -> None:
        """30 s without media: failed, but neither destroyed nor out of the page (section 8, 14)."""
        if self.state in IN_FLIGHT:
            self._stop_timers()
            self._ice.close()
            with self.page.loop.because(self._delay()):
                self._finish(errors.TIMEOUT)
                self.machine.to("Failed")

    def _delay(self) -> int | None:
        """What has kept the media away for so long: an outage, or what has cut their path."""
        loop, limit = self.page.loop, self.page.timers.subscribe_timeout
        return self.session.outage_since(loop.now - limit) or self._cut or loop.cause

    def disconnect(self) -> None:
        """Stop the media; no event. A subscription still under way ends here (section 2.2)."""
        connected_at = self._bound_since()
        self._stop_timers()
        self._ice.close()
        if self.state in IN_FLIGHT:
            self._finish("stream destroyed")
        self.machine.to("NotSubscribing")
        if connected_at is not None:
            fails = connected_at + self.page.timers.bind_fails
            self._later(max(fails - self.page.loop.now, 0), "bind-fails")

    def _bound_since(self) -> int | None:
        """When media flowed, or would have, that have begun to be bound: a little before that."""
        connected_at, self._connected_at = self._connected_at, None
        soon = self._ice.connects_at if self.state == "Connecting" else None
        begun = self.page.loop.now + self.page.timers.bind_ahead
        return connected_at if soon is None or soon > begun else soon

    def _bind_fails(self, _: object) -> None:
        """Nothing is there to be bound any more, of a Subscriber that was kept (L23072)."""
        if self.page.deviate(quirks.HALF_BOUND):
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
        self.machine.to("Destroyed")
        self.session.forget(self.label)
        self.page.document.remove(self.label)
        self.tell_destroyed(reason=reason)

    def _finish(self, condition: str | None) -> None:
        call, self._call = self._call, None
        if call is not None:
            problem = None if condition is None else error("subscribe", condition)
            self.page.calls.finish(call, problem)

    def _stop_timers(self) -> None:
        """Those of the Subscriber; its peer connection has none when this is called."""
        self.page.loop.cancel_all(self.label)

    def _ice_moved(self, before: str, after: str) -> None:
        data, entry = {"from": before}, states.ICE_STATES[f"ice {after}"]
        self.page.journal(*entry.by(self.label), data, self.page.loop.cause, WIRE)

    def _media(self, state: str) -> None:
        self._ice.move(state)

    DUE: ClassVar[Table] = {
        "timed-out": _timed_out,
        "ask": _ask,
        "tell": _tell,
        "bound": _bound,
        "bind-fails": _bind_fails,
        ICE: _media,
    }
    ANSWERS: ClassVar[Table] = {"created": _answered}

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> SubscriberSnapshot:
        """Everything about it, as data."""
        stream = saved(self.stream, self.session.streams)
        state = self.machine.state, _STATE.of(self)
        return self.label, stream, state, self._ice.snapshot(), self._listeners.snapshot()

    def restore(self, snapshot: SubscriberSnapshot) -> None:
        """Be as it was."""
        _, stream, (state, values), ice, listeners = snapshot
        self.stream = restored(stream, self.session.streams) or self.stream
        self.machine.state = state
        _STATE.put(self, values)
        self._ice.restore(ice)
        self._listeners.restore(listeners)


def given_up(
    page: Page, session: Attachment, alive: Sequence[Subscription], label: str, own: str | None
) -> None:
    """2 s after the media of a Subscriber have failed. If it has been destroyed meanwhile, the
    shipped client says so again peer to peer: no listener is left to hear it.
    """
    subscriber = next((each for each in alive if each.label == label), None)
    if subscriber is not None:
        subscriber.give_up()
    elif session.peer_to_peer and page.deviate(quirks.LEFT_BEHIND):
        Listeners(page, Subscription.KIND, label).dispatch(own, "destroyed", None, {})


SubscriberSnapshot = tuple[str, Saved, tuple[str, tuple[Any, ...]], Any, Any]
_STATE: Final = Fields("own", "_call", "_told", "_timeout", "_connected_at", "_cut")


def _condition(status: Status) -> str:
    """Why a subscription is refused; a 409 needs its reason to mean a limit (section 5.2)."""
    if status is LOST:
        return "socket lost"
    if status.status == 409:
        return str(status.content.get("reason"))
    return f"status {status.status}"
