"""A Publisher: camera and microphone, an element in the page, and at most one stream.

Source: spec/opentok-js-2.35.2.md, sections 1.2, 2.5, 2.6, 2.9, 3.4 and 4.5.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from sim.client.attachment import Attachment
from sim.client.calls import OWNER as CALLS
from sim.client.calls import Call
from sim.client.document import PUBLISHER
from sim.client.events import Event
from sim.client.faces import Publisher
from sim.client.fields import Fields
from sim.client.page import Page, Reply, Table
from sim.client.page_object import PageObject
from sim.client.peers import Saved, Stream, restored, saved
from sim.protocol import errors, quirks, reasons
from sim.protocol.errors import error
from sim.protocol.frames import Status
from sim.protocol.records import calls, states


class Publication(PageObject):
    """What is behind one Publisher of one page."""

    KIND = "Publisher"
    STATES = states.PUBLISHER_STATES

    def __init__(self, page: Page, label: str) -> None:
        super().__init__(page, label)
        self.face = Publisher(self, self._listeners)
        """The object as apps know it."""
        self.session: Attachment | None = None
        self.stream: Stream | None = None
        self.stream_id: str | None = None
        self.has_audio = True
        self.has_video = True
        self._call: int | None = None
        self._request: int | None = None
        self._timeout: int | None = None

    def begin(self) -> None:
        """Be in the page, and ask for camera and microphone."""
        page = self._page
        page.publishers.append(self)
        page.document.insert(self.label, PUBLISHER)
        self._machine.to("GetUserMedia")
        page.made(self.face)
        page.loop.later(page.takes.camera(self.label, page.loop.now), self.label, "camera")

    def attach(self, session: Attachment, call: Call) -> None:
        """Begin to publish into ``session``; ``call`` ends when the stream exists or fails."""
        if not self.is_alive:  # a listener of its muteForced has destroyed it
            session.forget(self.label)
            call.finish(error("publish", errors.CANCELLED))
            return
        self.session, self.own, self._call = session, session.own, call.number
        self.stream_id, self._request = session.next_stream(), None
        limit = self._page.timers.publish_timeout
        self._timeout = self._page.loop.later(limit, self.label, "timed-out")
        if self.state == "MediaBound":
            self._create()

    def _camera(self, _: object) -> None:
        self._machine.to("BindingMedia")
        if self._machine.to("MediaBound") and self.session is not None:
            with self._page.loop.because(self._call_record()):
                self._create()

    def _call_record(self) -> int | None:
        """The call that asks for the stream, while it is under way."""
        call = None if self._call is None else self._page.calls.get(self._call)
        return self._page.loop.cause if call is None else call.record

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
            "create", "stream", content, Reply(self.label, "created", id)
        )

    def _answered(self, id: str, status: Status) -> None:
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
            self._page.loop.soon(CALLS, "finish", call)

    def _timed_out(self, _: object) -> None:
        self._timeout = None
        if self._request is not None and self.session is not None:
            self.session.cancel(self._request)
        with self._page.loop.because(self._delay()):
            self._fail(errors.TIMEOUT)

    def _delay(self) -> int | None:
        """What has kept the stream away for so long: an outage, if there was one."""
        loop, limit = self._page.loop, self._page.timers.publish_timeout
        outage = None if self.session is None else self.session.outage_since(loop.now - limit)
        return outage or loop.cause

    def _fail(self, condition: str) -> None:
        """The stream was not created: back to a bound camera, with ``reset`` (section 3.4)."""
        if self.session is None or self.state == "Publishing":
            return
        self._end_call(self._detach(), condition)
        self._machine.to("MediaBound")
        self.dispatch("streamDestroyed", stream=None, reason=reasons.RESET)

    def _end_call(self, call: int | None, condition: str) -> None:
        if call is not None:
            self._page.calls.finish(call, error("publish", condition))

    def _detach(self) -> int | None:
        """Let go of the session; return the call that was still under way."""
        session, self.session = self.session, None
        if session is not None:
            session.forget(self.label)
        self._stop_timeout()
        call, self._call = self._call, None
        return call

    def unpublish(self, reason: str = reasons.UNPUBLISHED) -> None:
        """Stop publishing: tell the platform, then the app, all at once (section 2.6)."""
        if self.session is None:
            return
        self.session.request("delete", "stream", {"id": self.stream_id})
        self._end_call(self._detach(), errors.CANCELLED)
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
        call, ended = self._call, self.session
        if self._page.profile.has(quirks.KEPT_PUBLISHER):
            self._stop_timeout()
            self._call = None
        else:
            self._detach()
        self._end_call(call, errors.CANCELLED)  # of one that waits for its camera
        self._stream_ended(reason)
        if self.is_alive and self.session is ended:
            self._page.deviate(quirks.KEPT_PUBLISHER)

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
        loop = self._page.loop
        record = self._page.journal(*calls.SWITCH.by(self.label), data, loop.cause)
        if self.session is not None and self.stream is not None:
            content = {"stream": self.stream_id, "channel": channel, "active": active}
            with loop.because(record):
                self.session.request("update", "channel", content)

    def destroy(self) -> None:
        """Leave the page, end the stream with ``reset`` if there is one; cannot be prevented."""
        if not self.is_alive:
            return
        if self.session is not None:
            self.session.request("delete", "stream", {"id": self.stream_id})
            self._end_call(self._detach(), errors.CANCELLED)
            self._machine.to("Destroyed")
            self._page.document.remove(self.label)
            self.dispatch("streamDestroyed", stream=self.stream, reason=reasons.RESET)
        self._destroyed()

    def unload(self) -> None:
        """The page is closing: ``streamDestroyed(reset)``, and no ``destroyed`` (section 2.3)."""
        if self.session is None:
            return
        self.session.request("delete", "stream", {"id": self.stream_id})
        self._detach()
        self._machine.to("Destroyed")
        self._page.document.forget(self.label)
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
        self._page.document.remove(self.label)
        self.dispatch("destroyed")
        self._listeners.remove(None, None)

    def _stop_timeout(self) -> None:
        self._page.loop.cancel(self._timeout)
        self._timeout = None

    def _gone(self) -> None:
        self._page.publishers.remove(self)
        super()._gone()

    DUE: ClassVar[Table] = {"camera": _camera, "timed-out": _timed_out}
    ANSWERS: ClassVar[Table] = {"created": _answered}

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> PublisherSnapshot:
        """Everything about it, as data; its session by its key."""
        session = self.session
        stream = saved(self.stream, {} if session is None else session.streams)
        key = None if session is None else session.key
        state = self._machine.state, _STATE.of(self)
        return self.label, key, stream, state, self._listeners.snapshot()

    def restore(self, session: Attachment | None, snapshot: PublisherSnapshot) -> None:
        """Be as it was, attached to that session."""
        _, _, stream, (state, values), listeners = snapshot
        self.session = session
        self.stream = restored(stream, {} if session is None else session.streams)
        self._machine.state = state
        _STATE.put(self, values)
        self._listeners.restore(listeners)


PublisherSnapshot = tuple[str, str | None, Saved, tuple[str, tuple[Any, ...]], Any]
_STATE: Final = Fields(
    "own", "stream_id", "has_audio", "has_video", "_call", "_request", "_timeout"
)
