"""A Publisher: camera and microphone, an element in the page, and at most one stream.

Source: spec/opentok-js-2.35.2.md, sections 1.2, 2.5, 2.6, 2.9, 3.4 and 4.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from sim.client.attachment import Attachment
from sim.client.calls import OWNER as CALLS
from sim.client.calls import Call
from sim.client.document import PUBLISHER
from sim.client.events import Event
from sim.client.faces import Publisher
from sim.client.fields import Fields
from sim.client.outputs import StopMedia
from sim.client.page import Page, Reply, Table
from sim.client.page_object import PageObject
from sim.client.peers import Saved, Stream, restored, saved
from sim.protocol import errors, quirks, reasons
from sim.protocol.errors import error
from sim.protocol.frames import Status
from sim.protocol.records import calls, incidents, states

ASKING: Final = ("PublishingToSession", "NotPublishing")
"""States in which its stream is asked for, in the second in vain (a quirk)."""


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
        """Of the present publishing, until its end has been told."""
        self.has_audio = True
        self.has_video = True
        self._bound = False
        """Whether camera and microphone are there."""
        self.sends = False
        """Whether its peer connections are open: whoever subscribes to the stream receives it."""
        self._call: int | None = None
        self._request: int | None = None
        self._timer: int | None = None
        """When the stream is asked for; then until when it must have been announced."""
        self._retold = False
        """Whether ``streamDestroyed`` has been told of a stream whose end was known."""

    # -- beginning ---------------------------------------------------------------------------------

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
        if not self.is_alive:
            session.forget(self.label)
            self._cancelled(call.number)
            return
        self.session, self.own, self._call = session, session.own, call.number
        self.stream_id, self._request = session.next_stream(), None
        if self._bound:
            self._prepare()

    def _camera(self, _: object) -> None:
        self._machine.to("BindingMedia")
        self._machine.to("MediaBound")
        self._bound = True
        if self.session is not None:
            with self._page.loop.because(self._call_record()):
                self._prepare()

    def _call_record(self) -> int | None:
        """The call that asks for the stream, while it is under way."""
        call = None if self._call is None else self._page.calls.get(self._call)
        return self._page.loop.cause if call is None else call.record

    def _prepare(self) -> None:
        """The camera is there: find out what can be sent, then ask for the stream."""
        loop = self._page.loop
        asking = self._page.takes.asking(self.label, loop.now)
        if asking:
            self._timer = loop.later(asking, self.label, "ask")
        else:
            self._ask()

    def _ask(self, _: object = None) -> None:
        session, id, call = self.session, self.stream_id, self._call
        if session is None:
            return
        self._machine.to("PublishingToSession")
        limit = self._page.timers.publish_timeout
        self._timer = self._page.loop.later(limit, self.label, "timed-out")
        if id is None:  # its session is over (a quirk): nobody is asked, and nobody will answer
            return
        self.sends = True
        content = {
            "id": id,
            "name": self.label,
            "hasAudio": self.has_audio,
            "hasVideo": self.has_video,
        }
        reply = Reply(session.key, "stream", (id, call))
        self._request = session.request("create", "stream", content, reply)

    # -- how it goes out ---------------------------------------------------------------------------

    def answered(self, status: Status) -> None:
        """The platform has answered the request for the stream, or never will."""
        self._request = None
        if not status.ok:
            self._fail(f"status {status.status}")

    def created(self, stream: Stream) -> None:
        """The platform has announced the own stream."""
        if not self._machine.to("Publishing"):
            return
        self.stream = stream
        self._stop_timer()
        self.dispatch("streamCreated", stream=stream)
        call, self._call = self._call, None
        if call is not None:
            self._page.loop.soon(CALLS, "finish", call)

    def _timed_out(self, _: object) -> None:
        self._timer = None
        with self._page.loop.because(self._delay()):
            self._fail(errors.TIMEOUT)

    def _delay(self) -> int | None:
        """What has kept the stream away for so long: an outage, if there was one."""
        loop, limit = self._page.loop, self._page.timers.publish_timeout
        outage = None if self.session is None else self.session.outage_since(loop.now - limit)
        return outage or loop.cause

    def _fail(self, condition: str) -> None:
        """The stream was not created: back to a bound camera, with ``reset`` (section 3.4)."""
        if self.session is not None and self.state != "Publishing":
            self._stop_timer()
            self._reject(condition)

    def _reject(self, condition: str) -> None:
        """Let the call fail, if it is under way, once the present task is over."""
        publish = self._call_record()
        call, self._call = self._call, None
        if call is None:
            return
        self._take_back()
        loop = self._page.loop
        loop.soon(self.label, "tidy", (self.stream_id, publish))
        loop.soon(CALLS, "fail", (call, error("publish", condition)))

    def _take_back(self) -> None:
        """Do not ask for the stream again."""
        request, self._request = self._request, None
        if self.session is not None:
            self.session.cancel(request)

    def _tidy(self, about: tuple[str | None, int | None]) -> None:
        """Tidy up after a publishing of that record that has failed, unless that has been done."""
        id, publish = about
        if self.session is not None and id == self.stream_id:
            if id is not None:
                with self._page.loop.because(self._withdrawal(id, publish)):
                    self._delete()
            self._detach()
            self._machine.to("MediaBound")
            self._tell_end(reasons.RESET)

    def _withdrawal(self, id: str, publish: int | None) -> int | None:
        """Write down that the client, by itself, takes back what it has asked for."""
        cause = self._page.loop.cause
        data: dict[str, Any] = {"stream": id}
        if publish not in (None, cause):
            data["besides"] = [publish]
        return self._page.journal(*incidents.WITHDRAWAL.by(self.label), data, cause)

    def _cancelled(self, call: int) -> None:
        """The camera was there, but no stream will be; nobody is told so by a quirk."""
        asked = self._page.calls.get(call)
        record = None if asked is None else asked.record
        if not self._page.deviate_aside(quirks.UNANSWERED_PUBLISH, record):
            problem = error("publish", errors.CANCELLED)
            self._page.loop.soon(CALLS, "fail", (call, problem))

    # -- ending ------------------------------------------------------------------------------------

    def _delete(self) -> None:
        """Ask the platform to end the stream, if its end is not known."""
        if self.session is not None and self.stream_id is not None:
            self.session.request("delete", "stream", {"id": self.stream_id})

    def _detach(self) -> None:
        """Let go of the session."""
        self.stop_sending()
        session, self.session = self.session, None
        if session is not None:
            session.forget(self.label)
        self._stop_timer()

    def stop_sending(self) -> None:
        """Close the peer connections, without an event."""
        if self.sends and self.stream_id is not None:
            self.sends = False
            self._page.outputs.append(StopMedia(self.stream_id, self._page.loop.cause))

    def unpublish(self, reason: str = reasons.UNPUBLISHED) -> None:
        """Stop publishing: tell the platform, then the app, all at once (section 2.6)."""
        if self.session is None:
            return
        publish = self._call_record()
        self._delete()
        if self.state != "Publishing":
            self._reject(errors.CANCELLED)
        self._detach()
        kept = self._tell_end(reason, self._after_stream)
        is_spoilt = self.is_alive and not self._bound
        if is_spoilt and self._page.deviate_aside(quirks.SPOILT, publish, kept):
            self._machine.to("NotPublishing")

    def deleted(self, reason: str) -> None:
        """The platform has ended the own stream (section 2.5)."""
        self.unpublish(reason)

    def session_ended(self, reason: str) -> None:
        """The session is over: the default action of its end (section 2.2, step 6)."""
        ended = self.session
        if ended is None:  # a listener of the end has unpublished or destroyed it
            return
        if not self._page.profile.has(quirks.KEPT_PUBLISHER):
            self._detach()
        kept = self._tell_end(reason, self._after_stream)
        if self.is_alive:
            self._outlive(ended, kept)

    def _outlive(self, ended: Attachment, kept: int | None) -> None:
        """A listener has kept it over the end of its session, which that record says; it is still
        attached by a quirk.
        """
        if self.session is None:
            self._reject(errors.CANCELLED)
        elif self.session is ended:
            self._page.deviate_aside(quirks.KEPT_PUBLISHER, kept)
            if self._request is not None:
                self._page.loop.later(self._page.timers.drain_poll, self.label, "lost")

    def _lost(self, _: object) -> None:
        """The socket of a session that is over has been closed: nobody will answer."""
        self._fail(errors.OTHER)

    def _tell_end(self, reason: str, after: Callable[[Event], object] | None = None) -> int | None:
        """Tell the end of the stream, of each once; ``after`` is the default action.

        Returns the number of the record that a listener has prevented that, if one has.
        """
        id, stream = self.stream_id, self.stream
        if self.session is None:
            self.stream = None
        if id is None and self._retold:
            if after is not None:
                self._destroyed()
            return None
        event = self.dispatch("streamDestroyed", after, stream=stream, reason=reason)
        self._retold = self._retold or id is None
        if self.stream_id == id:
            self.stream_id = None
        return event.prevention

    def _after_stream(self, event: Event) -> None:
        if event.is_default_prevented():
            self._machine.to("MediaBound")
        else:
            self._destroyed()

    def destroy(self) -> None:
        """Leave the page, end the stream with ``reset`` if there is one; cannot be prevented."""
        if not self.is_alive:
            return
        loop, data = self._page.loop, {"publisher": self.label}
        with loop.because(self._page.journal(*calls.DESTROY.by(self.label), data, loop.cause)):
            self._withdraw()
            self._machine.to("Destroyed")
            self._page.document.remove(self.label)
            if self.session is not None:
                self._detach()
                self._tell_end(reasons.RESET)
            self._tell_destroyed()

    def unload(self) -> None:
        """The page is closing: ``streamDestroyed(reset)``, and no ``destroyed`` (section 2.3)."""
        if self.session is not None:
            self._withdraw()
            self._machine.to("Destroyed")
            self._page.document.forget(self.label)
            self._detach()
            self._tell_end(reasons.RESET)

    def _withdraw(self) -> None:
        """End the stream, or take back what asks for it; not so the shipped client (a quirk)."""
        if self.state in ASKING and self.stream_id is not None:
            if self._page.deviate_aside(quirks.STREAM_LEFT, self._call_record()):
                if self._request is not None:
                    self._call = None  # which ends with the answer to the request
                return
            self._take_back()
            self._delete()
        elif self.stream is not None:
            self._delete()

    def _destroyed(self) -> None:
        self._machine.to("Destroyed")
        self._detach()
        self._page.document.remove(self.label)
        self._tell_destroyed()

    def _tell_destroyed(self) -> None:
        self.dispatch("destroyed")
        self._listeners.remove(None, None)
        self._end_call()

    def _end_call(self) -> None:
        """Nothing comes of the call any more, if one is under way."""
        call, self._call = self._call, None
        if call is not None and self._bound:
            self._cancelled(call)
        elif call is not None:
            self._page.loop.soon(CALLS, "fail", (call, error("publish", "destroyed")))

    # -- switches ----------------------------------------------------------------------------------

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

    def _stop_timer(self) -> None:
        self._page.loop.cancel(self._timer)
        self._timer = None

    def _gone(self) -> None:
        self._page.publishers.remove(self)
        super()._gone()

    DUE: ClassVar[Table] = {
        "camera": _camera,
        "ask": _ask,
        "timed-out": _timed_out,
        "lost": _lost,
        "tidy": _tidy,
    }
    ANSWERS: ClassVar[Table] = {}

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
    "own",
    "stream_id",
    "has_audio",
    "has_video",
    "_bound",
    "_call",
    "_request",
    "_timer",
    "_retold",
    "sends",
)
