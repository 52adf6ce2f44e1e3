"""A Publisher: camera and microphone, an element in the page, and at most one stream.

Source: spec/opentok-js-2.35.2.md, sections 1.2, 2.9, 3.4 and 4.5.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from sim.client import unpublishing
from sim.client.attachment import Attachment
from sim.client.calls import OWNER as CALLS
from sim.client.calls import Call
from sim.client.document import PUBLISHER
from sim.client.faces import Publisher
from sim.client.fields import Fields
from sim.client.page import Page, Reply, Table
from sim.client.peers import Saved, Stream, restored, saved
from sim.client.publishing import Publishing
from sim.protocol import errors
from sim.protocol.frames import Status
from sim.protocol.records import calls


class Publication(Publishing):
    """What is behind one Publisher of one page."""

    def __init__(self, page: Page, label: str) -> None:
        super().__init__(page, label)
        self.face = Publisher(self, self._listeners)
        """The object as apps know it."""
        self.has_audio = True
        self.has_video = True

    # -- beginning ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """Be in the page, and ask for camera and microphone."""
        page = self.page
        page.publishers.append(self)
        page.document.insert(self.label, PUBLISHER)
        self.machine.to("GetUserMedia")
        page.made(self.face)
        page.loop.later(page.takes.camera(self.label, page.loop.now), self.label, "camera")

    def attach(self, session: Attachment, call: Call) -> None:
        """Begin to publish into ``session``; ``call`` ends when the stream exists or fails."""
        if not self.is_alive:
            session.forget(self.label)
            self.cancelled(call.number)
            return
        self.session, self.own, self.call = session, session.own, call.number
        self.stream_id, self.request = session.next_stream(), None
        if self.bound:
            self._prepare()

    def _camera(self, _: object) -> None:
        self.machine.to("BindingMedia")
        self.machine.to("MediaBound")
        self.bound = True
        if self.session is not None:
            with self.page.loop.because(self.call_record()):
                self._prepare()

    def _prepare(self) -> None:
        """The camera is there: find out what can be sent, then ask for the stream."""
        loop = self.page.loop
        asking = self.page.takes.asking(self.label, loop.now)
        if asking:
            self.timer = loop.later(asking, self.label, "ask")
        else:
            self._ask()

    def _ask(self, _: object = None) -> None:
        session, id, call = self.session, self.stream_id, self.call
        if session is None:
            return
        self.machine.to("PublishingToSession")
        limit = self.page.timers.publish_timeout
        self.timer = self.page.loop.later(limit, self.label, "timed-out")
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
        self.request = session.request("create", "stream", content, reply)

    # -- how it goes out ---------------------------------------------------------------------------

    def answered(self, status: Status) -> None:
        """The platform has answered the request for the stream, or never will."""
        self.request = None
        if not status.ok:
            self.fail(f"status {status.status}")

    def created(self, stream: Stream) -> None:
        """The platform has announced the own stream."""
        if not self.machine.to("Publishing"):
            return
        self.stream = stream
        self.stop_timer()
        self.dispatch("streamCreated", stream=stream)
        call, self.call = self.call, None
        if call is not None:
            self.page.loop.soon(CALLS, "finish", call)

    def _timed_out(self, _: object) -> None:
        self.timer = None
        with self.page.loop.because(self._delay()):
            self.fail(errors.TIMEOUT)

    def _delay(self) -> int | None:
        """What has kept the stream away for so long: an outage, if there was one."""
        loop, limit = self.page.loop, self.page.timers.publish_timeout
        outage = None if self.session is None else self.session.outage_since(loop.now - limit)
        return outage or loop.cause

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
        loop = self.page.loop
        record = self.page.journal(*calls.SWITCH.by(self.label), data, loop.cause)
        if self.session is not None and self.stream is not None:
            content = {"stream": self.stream_id, "channel": channel, "active": active}
            with loop.because(record):
                self.session.request("update", "channel", content)

    def _gone(self) -> None:
        self.page.publishers.remove(self)
        super()._gone()

    DUE: ClassVar[Table] = {
        "camera": _camera,
        "ask": _ask,
        "timed-out": _timed_out,
        "tidy": unpublishing.tidy,
    }
    ANSWERS: ClassVar[Table] = {}

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> PublisherSnapshot:
        """Everything about it, as data; its session by its key."""
        session = self.session
        stream = saved(self.stream, {} if session is None else session.streams)
        key = None if session is None else session.key
        state = self.machine.state, _STATE.of(self)
        return self.label, key, stream, state, self._listeners.snapshot()

    def restore(self, session: Attachment | None, snapshot: PublisherSnapshot) -> None:
        """Be as it was, attached to that session."""
        _, _, stream, (state, values), listeners = snapshot
        self.session = session
        self.stream = restored(stream, {} if session is None else session.streams)
        self.machine.state = state
        _STATE.put(self, values)
        self._listeners.restore(listeners)


PublisherSnapshot = tuple[str, str | None, Saved, tuple[str, tuple[Any, ...]], Any]
_STATE: Final = Fields(
    "own",
    "stream_id",
    "has_audio",
    "has_video",
    "bound",
    "call",
    "request",
    "timer",
    "retold",
    "sends",
)
