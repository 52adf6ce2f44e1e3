"""A Publisher: camera and microphone, an element in the page, and at most one stream.

Source: spec/opentok-js-2.35.2.md, sections 1.2, 2.5, 2.6, 2.9, 3.4 and 4.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.client.calls import Call
from sim.client.events import Event, EventTarget
from sim.client.loop import Timer
from sim.client.page import PUBLISHER
from sim.client.peers import Stream
from sim.protocol import errors, quirks, reasons
from sim.protocol.errors import error
from sim.protocol.frames import Status
from sim.protocol.journal import WIRE
from sim.protocol.states import Machine

if TYPE_CHECKING:
    from sim.client.client import Client
    from sim.client.membership import Membership


class Publisher(EventTarget):
    """One Publisher of one page."""

    kind = "Publisher"

    def __init__(self, client: Client, label: str) -> None:
        super().__init__(client, label)
        self.session: Membership | None = None
        self.stream: Stream | None = None
        self.stream_id: str | None = None
        self.has_audio = True
        self.has_video = True
        self._machine = Machine("publisher", self._moved)
        self._call: Call | None = None
        self._request: int | None = None
        self._timeout: Timer | None = None
        client.page.insert(label, PUBLISHER)
        self._machine.to("GetUserMedia")
        client.loop.later(client.acquiring(self), self._media_acquired)

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self._machine.state

    @property
    def is_alive(self) -> bool:
        """Whether it has not been destroyed."""
        return self._machine.state != "Destroyed"

    def attach(self, session: Membership, call: Call) -> None:
        """Begin to publish into ``session``; ``call`` ends when the stream exists or fails."""
        if not self.is_alive:  # a listener of its muteForced has destroyed it
            session.publishers.remove(self)
            call.finish(error("publish", errors.CANCELLED))
            return
        self.session, self.own, self._call = session, session.own, call
        self.stream_id = session.next_stream()
        timers = self.client.timers
        self._timeout = self.client.loop.later(timers.publish_timeout, self._timed_out)
        if self.state == "MediaBound":
            self._create()

    def _media_acquired(self) -> None:
        self._machine.to("BindingMedia")
        if self._machine.to("MediaBound") and self.session is not None:
            self._create()

    def _create(self) -> None:
        if self.session is None or not self._machine.to("PublishingToSession"):
            return
        id = self.stream_id
        content = {
            "id": id,
            "name": self.label,
            "hasAudio": self.has_audio,
            "hasVideo": self.has_video,
        }
        self._request = self.session.request(
            "create", "stream", content, lambda status: self._answered(id, status)
        )

    def _answered(self, id: str | None, status: Status) -> None:
        if id != self.stream_id:  # about an earlier publishing
            return
        self._request = None
        if not status.ok:
            self._fail(f"status {status.status}")

    def created(self, stream: Stream) -> None:
        """The platform has announced the own stream."""
        if not self._machine.to("Publishing"):
            return
        self.stream = stream
        self._stop_timeout()
        self.dispatch("streamCreated", stream=stream)
        call, self._call = self._call, None
        if call is not None:
            self.client.loop.soon(call.finish)

    def _timed_out(self) -> None:
        self._timeout = None
        if self._request is not None and self.session is not None:
            self.session.cancel(self._request)
        self._fail(errors.TIMEOUT)

    def _fail(self, condition: str) -> None:
        """The stream was not created: back to a bound camera, with ``reset`` (section 3.4)."""
        if self.session is None or self.state == "Publishing":
            return
        call = self._detach()
        if call is not None:
            call.finish(error("publish", condition))
        self._machine.to("MediaBound")
        self.dispatch("streamDestroyed", stream=None, reason=reasons.RESET)

    def _detach(self) -> Call | None:
        """Let go of the session; return the call that was still under way."""
        session, self.session = self.session, None
        if session is not None and self in session.publishers:
            session.publishers.remove(self)
        self._stop_timeout()
        call, self._call = self._call, None
        return call

    def unpublish(self, reason: str = reasons.UNPUBLISHED) -> None:
        """Stop publishing: tell the platform, then the app, all at once (section 2.6)."""
        if self.session is None:
            return
        self.session.request("delete", "stream", {"id": self.stream_id})
        call = self._detach()
        if call is not None:
            call.finish(error("publish", errors.CANCELLED))
        self._stream_ended(reason)

    def deleted(self, reason: str) -> None:
        """The platform has ended the own stream (section 2.5)."""
        if self.session is None:
            return
        self.session.request("delete", "stream", {"id": self.stream_id})
        self._detach()
        self._stream_ended(reason)

    def session_ended(self, reason: str) -> None:
        """The session is over: the default action of its end (section 2.2, step 6)."""
        if self.session is None:  # a listener of the end has unpublished or destroyed it
            return
        call = self._call
        if self.client.profile.has(quirks.KEPT_PUBLISHER):
            self._stop_timeout()
            self._call = None
        else:
            self._detach()
        if call is not None:  # it waits for its camera: what was asked for has failed already
            call.finish(error("publish", errors.CANCELLED))
        self._stream_ended(reason)

    def publish_audio(self, active: bool) -> None:
        """Send one's own sound, or stop sending it."""
        self.has_audio = active
        self._switched("audio1", active)

    def publish_video(self, active: bool) -> None:
        """Send one's own picture, or stop sending it."""
        self.has_video = active
        self._switched("video1", active)

    def _switched(self, channel: str, active: bool) -> None:
        data = {"publisher": self.label, "channel": channel, "active": active}
        loop = self.client.loop
        outer = loop.cause
        loop.cause = self.client.journal(self.label, "call", "switch", data, outer)
        if self.session is not None and self.stream is not None:
            content = {"stream": self.stream_id, "channel": channel, "active": active}
            self.session.request("update", "channel", content)
        loop.cause = outer

    def destroy(self) -> None:
        """Leave the page, end the stream with ``reset`` if there is one; cannot be prevented."""
        if not self.is_alive:
            return
        if self.session is not None:
            self.session.request("delete", "stream", {"id": self.stream_id})
            call = self._detach()
            if call is not None:
                call.finish(error("publish", errors.CANCELLED))
            self._machine.to("Destroyed")
            self.client.page.remove(self.label)
            self.dispatch("streamDestroyed", stream=self.stream, reason=reasons.RESET)
        self._destroyed()

    def unload(self) -> None:
        """The page is closing: ``streamDestroyed(reset)``, and no ``destroyed`` (section 2.3)."""
        if self.session is None:
            return
        self.session.request("delete", "stream", {"id": self.stream_id})
        self._detach()
        self._machine.to("Destroyed")
        self.client.page.forget(self.label)
        self.dispatch("streamDestroyed", stream=self.stream, reason=reasons.RESET)

    def _stream_ended(self, reason: str) -> None:
        stream = self.stream
        if self.session is None:
            self.stream = None
        self.dispatch("streamDestroyed", self._after_stream, stream=stream, reason=reason)

    def _after_stream(self, event: Event) -> None:
        if event.is_default_prevented():
            self._machine.to("MediaBound")
        else:
            self._destroyed()

    def _destroyed(self) -> None:
        self._machine.to("Destroyed")
        if self.session is not None:
            self._detach()
        self.client.page.remove(self.label)
        self.dispatch("destroyed")
        self.off()

    def _stop_timeout(self) -> None:
        if self._timeout is not None:
            self._timeout.cancel()
            self._timeout = None

    def _moved(self, before: str, after: str) -> None:
        if after == "Destroyed" and self in self.client.publishers:
            self.client.publishers.remove(self)
        cause = self.client.loop.cause
        self.client.journal(self.label, "state", after, {"from": before}, cause, WIRE)
