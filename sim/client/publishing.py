"""What a Publisher has to do with a session: the call that asks for its stream, and the stream.

Source: spec/opentok-js-2.35.2.md, sections 1.2, 2.6 and 3.4.
"""

from __future__ import annotations

from sim.client.attachment import Attachment
from sim.client.calls import OWNER as CALLS
from sim.client.outputs import StopMedia
from sim.client.page import Page
from sim.client.page_object import PageObject
from sim.client.peers import Stream
from sim.protocol import errors, quirks
from sim.protocol.errors import error
from sim.protocol.records import states


class Publishing(PageObject):
    """A Publisher as far as it publishes: what is under way, and how it lets go of that.

    :class:`~sim.client.publication.Publication` leads to a stream;
    :mod:`sim.client.unpublishing` to its end.
    """

    KIND = "Publisher"
    STATES = states.PUBLISHER_STATES

    def __init__(self, page: Page, label: str) -> None:
        super().__init__(page, label)
        self.session: Attachment | None = None
        self.stream: Stream | None = None
        self.stream_id: str | None = None
        """Of the present publishing, until its end has been told."""
        self.bound = False
        """Whether camera and microphone are there."""
        self.sends = False
        """Whether its peer connections are open: whoever subscribes to the stream receives it."""
        self.call: int | None = None
        """The number of the call that asks for the stream, while it is under way."""
        self.request: int | None = None
        """The number of the request for the stream, until it is answered."""
        self.timer: int | None = None
        """When the stream is asked for; then until when it must have been announced."""
        self.retold = False
        """Whether ``streamDestroyed`` has been told of a stream whose end was known."""

    # -- failing -----------------------------------------------------------------------------------

    def fail(self, condition: str) -> None:
        """The stream was not created: back to a bound camera, with ``reset`` (section 3.4)."""
        if self.session is not None and self.state != "Publishing":
            self.stop_timer()
            self.reject(condition)

    def reject(self, condition: str) -> None:
        """Let the call fail, if it is under way, once the present task is over."""
        call, self.call = self.call, None
        if call is None:
            return
        self.take_back()
        loop = self.page.loop
        loop.soon(self.label, "tidy", self.stream_id)
        loop.soon(CALLS, "fail", (call, error("publish", condition)))

    def take_back(self) -> None:
        """Do not ask for the stream again."""
        request, self.request = self.request, None
        if self.session is not None:
            self.session.cancel(request)

    def cancelled(self, call: int) -> None:
        """The camera was there, but no stream will be; nobody is told so by a quirk."""
        if not self.page.deviate(quirks.UNANSWERED_PUBLISH):
            problem = error("publish", errors.CANCELLED)
            self.page.loop.soon(CALLS, "fail", (call, problem))

    # -- letting go --------------------------------------------------------------------------------

    def delete(self) -> None:
        """Ask the platform to end the stream, if its end is not known."""
        if self.session is not None and self.stream_id is not None:
            self.session.request("delete", "stream", {"id": self.stream_id})

    def detach(self) -> None:
        """Let go of the session."""
        self.stop_sending()
        session, self.session = self.session, None
        if session is not None:
            session.forget(self.label)
        self.stop_timer()

    def stop_sending(self) -> None:
        """Close the peer connections, without an event."""
        if self.sends and self.stream_id is not None:
            self.sends = False
            self.page.outputs.append(StopMedia(self.stream_id, self.page.loop.cause))

    def stop_timer(self) -> None:
        """Do not ask for the stream any more, or wait for it."""
        self.page.loop.cancel(self.timer)
        self.timer = None
