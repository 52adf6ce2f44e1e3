"""One client: a page with one Session, driven from outside.

The driver calls :meth:`Client.opened`, :meth:`~Client.closed`, :meth:`~Client.receive`,
:meth:`~Client.informed` and :meth:`~Client.wake` with the time, then takes ``outputs``. App code
calls the API inside :meth:`Client.act`. Whatever happens is written to the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.client.events import Event
from sim.client.loop import Loop
from sim.client.media import LOSING, Path
from sim.client.outputs import Output
from sim.client.page import Page
from sim.client.publisher import Publisher
from sim.client.session import Session
from sim.client.subscriber import Subscriber
from sim.protocol.frames import Frame, Pong
from sim.protocol.journal import STORY, Journal
from sim.protocol.names import CONNECTION, Label
from sim.protocol.quirks import Profile
from sim.protocol.timers import Timers

Paths = Callable[[str], Path]
"""Given somebody's name: whether media gets through from there."""

Explain = Callable[[str], int | None]
"""Given ``silence`` or ``recovery``: the record outside the client that explains it, if any."""


class Client:
    """A person's browser tab with the SDK in it.

    ``role`` is what the person's token says. ``path`` is asked how media gets through, ``explain``
    why the network fell silent or came back. ``suppressed`` is the SDK's
    ``connectionEventsSuppressed``.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        *,
        role: str = "publisher",
        profile: Profile = Profile(),
        timers: Timers = Timers(),
        suppressed: bool = False,
        explain: Explain = lambda _: None,
        path: Paths = lambda _: Path(),
    ) -> None:
        self.name = name
        self.role = role
        self.profile = profile
        self.timers = timers
        self.suppressed = suppressed
        self.explain = explain
        self.path = path
        self.outputs: list[Output] = []
        self.alive = True
        self._journal = journal
        self._attempts = 0
        self._generations = 0
        self._labels: dict[str, int] = {}
        self._load()

    def _load(self) -> None:
        self.loop = Loop()
        self.page = Page(self._page_changed)
        self.publishers: list[Publisher] = []
        self.session = Session(self)

    # -- what the driver reports -------------------------------------------------------------

    def receive(self, attempt: int, frame: Frame, now: int, cause: int | None) -> bool:
        """A frame came in on the socket of that attempt; return whether anything ran because of it.

        If so there may be outputs and earlier deadlines than before. A PONG outside an outage only
        moves the silence.
        """
        socket = self.session.socket
        if socket is None or not socket.hears(attempt, now):
            return False
        if type(frame) is Pong and not socket.outage:
            return False
        self.loop.task(now, cause, lambda: socket.received(frame))
        return True

    def opened(self, attempt: int, now: int, cause: int | None) -> None:
        """The socket of that attempt is open."""
        socket = self.session.socket
        if socket is not None:
            self.loop.task(now, cause, lambda: socket.opened(attempt))

    def closed(self, attempt: int, code: int, now: int, cause: int | None) -> None:
        """The socket of that attempt was refused, reset, or closed with ``code``."""
        socket = self.session.socket
        if socket is not None:
            self.loop.task(now, cause, lambda: socket.closed(attempt, code))

    def informed(
        self,
        request: int,
        status: int | None,
        particulars: dict[str, Any],
        now: int,
        cause: int | None,
    ) -> None:
        """The answer to a Fetch; ``status`` is None when the API could not be reached."""
        joining = self.session.joining
        self.loop.task(now, cause, lambda: joining.informed(request, status, particulars))

    def paths_changed(self, person: str | None, now: int, cause: int | None) -> None:
        """The media path from that person may have changed; from everybody if None."""
        for subscriber in list(self.session.subscribers):
            if person in (None, subscriber.publishing_client):
                self.loop.task(now, cause, subscriber.path_changed)

    def next_deadline(self) -> int | None:
        """When :meth:`wake` must be called next, unless something happens before; or None."""
        deadline = self.loop.next_deadline()
        socket = self.session.socket
        if socket is not None:
            for at in (socket.silence_at, socket.ping_at):
                if at is not None and (deadline is None or at < deadline):
                    deadline = at
        return deadline

    def wake(self, now: int) -> None:
        """Let the timers that are due run."""
        socket = self.session.socket
        if socket is not None:
            self.loop.now = now
            socket.check(now)
        self.loop.wake(now)

    # -- what people do ----------------------------------------------------------------------

    def act(self, now: int, cause: int | None, action: Callable[[], object]) -> None:
        """Run app code, which may call the API, as one task."""
        self.loop.task(now, cause, action)

    def init_publisher(self) -> Publisher:
        """Make a Publisher: it asks for camera and microphone, and its element is in the page."""
        publisher = Publisher(self, self.next_label("publisher"))
        self.publishers.append(publisher)
        return publisher

    def init_session(self, has_key: bool = True, has_id: bool = True) -> Session:
        """One more Session in this page, as ``OT.initSession`` makes it.

        Without an API key or a session id it cannot be connected (section 5.2).
        """
        return Session(self, has_key, has_id)

    def close_browser(self, now: int, cause: int | None, by: str = "script") -> None:
        """Close the tab: Publishers say goodbye, nobody else is told anything (section 2.3)."""
        if not self.alive:
            return
        record = self.journal("browser", "call", "closeBrowser", {"by": by}, cause)
        self.loop.task(now, record, self.session.unload)
        self._gone()

    def crash(self, cause: int | None = None) -> None:
        """Stop existing, without a word. The driver drops the socket."""
        self.session.forget_socket()
        self._gone()

    def reload(self) -> None:
        """A fresh page after :meth:`close_browser` or :meth:`crash`, with a new Session."""
        self._load()
        self.alive = True

    def _gone(self) -> None:
        self.alive = False
        self.session.joining.stop()
        self.loop.clear()
        self.page = Page(self._page_changed)

    def left(self) -> dict[str, int]:
        """What is left: elements in the page, live Subscribers, live Publishers."""
        if not self.alive:
            return {"elements": 0, "subscribers": 0, "publishers": 0}
        return {
            "elements": len(self.page.elements),
            "subscribers": sum(s.is_alive for s in self.session.subscribers),
            "publishers": sum(p.is_alive for p in self.publishers),
        }

    # -- for the objects of this page ------------------------------------------------------------

    def media_takes(self, subscriber: Subscriber, what: str) -> int | None:
        """How long the media of a Subscriber take to connect, to be lost or to recover.

        ``what`` is as for :class:`~sim.client.media.Ice`; None means for ever.
        """
        return self.timers.ice_consent if what == LOSING else self.timers.ice_checking

    def preparing(self, subscriber: Subscriber) -> int:
        """How long a new Subscriber takes until its request goes out."""
        return self.timers.prepare_subscription

    def acquiring(self, publisher: Publisher) -> int:
        """How long a new Publisher takes until camera and microphone are bound."""
        return self.timers.acquire_media

    def next_attempt(self) -> int:
        """The number of the next real socket."""
        self._attempts += 1
        return self._attempts

    def next_connection(self) -> str:
        """The id of the next connection of this client."""
        self._generations += 1
        return CONNECTION.make(self.name, self._generations)

    def next_label(self, role: str, subject: str = "") -> str:
        """What a new object of that role is called, which shows ``subject``."""
        first = str(Label(role, subject))
        count = self._labels.get(first, 0)
        self._labels[first] = count + 1
        return str(Label(role, subject, count))

    def journal(
        self,
        object: str,
        kind: str,
        name: str,
        data: dict[str, Any],
        cause: int | None,
        level: int = STORY,
    ) -> int | None:
        """Write a record about this client."""
        return self._journal(self.name, object, kind, name, data, cause, level)

    def note_event(self, label: str, name: str, event: Event, own: str | None) -> int | None:
        """Write down that an event is about to be dispatched."""
        data = event.described()
        data["cancelable"] = event.cancelable
        counts = self.page.counts
        data["page"] = {"publishers": counts["publisher"], "subscribers": counts["subscriber"]}
        data["state"] = self.session.state
        data["own"] = own
        return self.journal(label, "event", name, data, self.loop.cause)

    def note_thrown(self, label: str, name: str, problem: Exception) -> None:
        """Write down that a listener threw; the listeners after it are not called (L8868)."""
        data = {"event": name, "error": f"{type(problem).__name__}: {problem}"}
        self.journal(label, "callback", "listenerThrew", data, self.loop.cause)

    def _page_changed(self, change: str, label: str) -> None:
        self.journal("page", "state", change, {"element": label}, self.loop.cause)
