"""One client: a page with one Session, driven from outside.

The driver calls :meth:`Client.opened`, :meth:`~Client.closed`, :meth:`~Client.receive`,
:meth:`~Client.informed` and :meth:`~Client.wake` with the time, and :meth:`~Client.silent` when
:attr:`~Client.silence_at` has come; then it takes ``outputs``. App code calls the API inside
:meth:`Client.act`. Whatever happens is written to the journal, and whatever waits is data: a client
can be copied between two calls (:meth:`Client.snapshot`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sim.client import canonical, copies, ending
from sim.client.durations import Durations
from sim.client.events import EventTarget
from sim.client.faces import Publisher
from sim.client.membership import Membership
from sim.client.outputs import Output
from sim.client.page import Page, Paths
from sim.client.paths import Path
from sim.client.publication import Publication
from sim.client.session import Session
from sim.client.socket import ReconnectingSocket
from sim.protocol.frames import Frame, Pong
from sim.protocol.journal import Journal
from sim.protocol.quirks import Profile
from sim.protocol.records import calls
from sim.protocol.renaming import Renaming
from sim.protocol.timers import Timers


class Snapshot(NamedTuple):
    """A client's state as nested tuples: immutable, and equal when the states are."""

    alive: bool
    page: tuple[Any, ...]
    memberships: tuple[Any, ...]
    publishers: tuple[Any, ...]


class Client:
    """A person's browser tab with the SDK in it.

    ``role`` is what the person's token says. ``path`` is asked how media gets through.
    ``suppressed`` is the SDK's ``connectionEventsSuppressed``. ``takes`` says how long cameras,
    peer connections and media take, by the timers if it is not given. ``made`` is called with the
    Session of every fresh page, and with every Publisher and Subscriber, before anything comes of
    them.
    """

    membership_class: type[Membership] = Membership
    """What a Session is over; planted faults put a broken one here."""

    def __init__(
        self,
        name: str,
        journal: Journal,
        *,
        role: str = "publisher",
        profile: Profile = Profile(),
        timers: Timers = Timers(),
        suppressed: bool = False,
        path: Paths = lambda _: Path(),
        takes: Durations | None = None,
        made: Callable[[EventTarget], object] = lambda _: None,
    ) -> None:
        self.name = name
        self.timers = timers
        self.alive = True
        self.page = Page(name, journal, role, profile, timers, suppressed, path, takes, made)
        self.loop = self.page.loop
        self.outputs: list[Output] = self.page.outputs
        """What the client wants done, in order; the driver does it and clears the list."""
        self._load()

    def _load(self) -> None:
        self._memberships: list[Membership] = []
        self.session = self.init_session()
        self.membership = self._memberships[0]
        """What is behind the page's Session, for drivers."""
        self.page.session = self.membership
        self.page.made(self.session)

    # -- what the driver reports -------------------------------------------------------------

    def receive(
        self, attempt: int, frame: Frame, now: int, cause: int | None, restored: int | None = None
    ) -> bool:
        """A frame came in on the socket of that attempt; return whether anything ran because of it.

        If so there may be outputs and earlier deadlines than before. A PONG outside an outage only
        moves the silence. ``restored`` is the record of the last fault on the link that ended: the
        cause of a recovery, if this frame ends an outage.
        """
        for socket in self.membership.sockets.all:
            if socket.hears(attempt, now):
                if type(frame) is Pong and not socket.outage:
                    return False
                self.loop.task(now, cause, socket.received, frame, restored)
                return True
        return False

    def hears(self, attempt: int, now: int) -> bool:
        """A frame has come in that will be read later: the silence begins anew.

        False if that attempt is not the present one any more.
        """
        return any(socket.hears(attempt, now) for socket in self.membership.sockets.all)

    def opened(self, attempt: int, now: int, cause: int | None) -> None:
        """The socket of that attempt is open."""
        socket = self.membership.sockets.of(attempt)
        if socket is not None:
            self.loop.task(now, cause, socket.opened, attempt)

    def closed(self, attempt: int, code: int, now: int, cause: int | None) -> None:
        """The socket of that attempt was refused, reset, or closed with ``code``."""
        socket = self.membership.sockets.of(attempt)
        if socket is not None:
            self.loop.task(now, cause, socket.closed, attempt, code)

    def informed(
        self,
        request: int,
        status: int | None,
        particulars: dict[str, Any],
        now: int,
        cause: int | None,
    ) -> None:
        """The answer to a Fetch; ``status`` is None when the API could not be reached."""
        joining = self.membership.joining
        self.loop.task(now, cause, joining.informed, request, status, particulars)

    def paths_changed(self, person: str | None, now: int, cause: int | None) -> None:
        """The media path from that person may have changed; from everybody if None."""
        for subscriber in list(self.membership.subscribers):
            if person in (None, subscriber.publishing_client):
                self.loop.task(now, cause, subscriber.path_changed)

    def media_stopped(self, stream: str, now: int, cause: int | None) -> None:
        """Nobody sends that stream any more."""
        for subscriber in list(self.membership.subscribers):
            if subscriber.stream.id == stream:
                self.loop.task(now, cause, subscriber.path_changed)

    def sends(self, stream: str) -> bool:
        """Whether a Publisher of the present page sends that stream."""
        for publisher in self.page.publishers:
            if publisher.stream_id == stream and publisher.sends:
                return True
        return False

    @property
    def calm_socket(self) -> ReconnectingSocket | None:
        """The only socket, if it is open and there is no outage."""
        sockets = self.membership.sockets.all
        calm = len(sockets) == 1 and sockets[0].is_open and not sockets[0].outage
        return sockets[0] if calm else None

    @property
    def silence_at(self) -> int | None:
        """When :meth:`silent` must be called unless something is heard before, or the socket that
        is being opened is open; or None.
        """
        sockets = self.membership.sockets.all
        if len(sockets) == 1:  # nearly always
            return sockets[0].silence_at
        return min((s.silence_at for s in sockets if s.silence_at is not None), default=None)

    def silent(self, now: int, cause: int | None) -> None:
        """Nothing was heard until :attr:`silence_at`; ``cause`` is the record that explains it.

        Without one it is what the socket was opened for.
        """
        for socket in self.membership.sockets.all:
            if socket.silence_at is not None and now >= socket.silence_at:
                opened_for = socket.announced if socket.outage else self.membership.unconnected
                self.loop.task(now, opened_for if cause is None else cause, socket.silent)

    def next_deadline(self) -> int | None:
        """When the driver must act next, unless something happens before; or None."""
        deadline = self.loop.next_deadline()
        for socket in self.membership.sockets.all:
            at = socket.silence_at
            if at is not None and (deadline is None or at < deadline):
                deadline = at
            at = socket.ping_at
            if at is not None and (deadline is None or at < deadline):
                deadline = at
        return deadline

    def wake(self, now: int) -> None:
        """Let the timers that are due run, and a silence pass that was not reported."""
        for socket in self.membership.sockets.all:
            if socket.silence_at is not None and socket.silence_at <= now:
                self.silent(now, None)
                break
        self.loop.now = now
        for socket in self.membership.sockets.all:
            socket.check(now)
        self.loop.wake(now)

    # -- what people do ----------------------------------------------------------------------

    def act(self, now: int, cause: int | None, action: Callable[[], object]) -> None:
        """Run app code, which may call the API, as one task."""
        self.loop.task(now, cause, action)

    def init_publisher(self) -> Publisher:
        """Make a Publisher: it asks for camera and microphone, and its element is in the page."""
        publication = Publication(self.page, self.page.next_label("publisher"))
        publication.begin()
        return publication.face

    def init_session(self, has_key: bool = True, has_id: bool = True) -> Session:
        """One more Session in this page, as ``OT.initSession`` makes it.

        Without an API key or a session id it cannot be connected (section 5.2).
        """
        return self._membership(f"session{len(self._memberships) or ''}", has_key, has_id)

    def _membership(self, key: str, has_key: bool, has_id: bool) -> Session:
        membership = self.membership_class(self.page, key, has_key, has_id)
        self._memberships.append(membership)
        return Session(membership)

    def close_browser(self, now: int, cause: int | None, by: str = "script") -> int | None:
        """Close the tab: Publishers say goodbye, nobody else is told anything (section 2.3).

        Return the record of it.
        """
        if not self.alive:
            return None
        record = self.page.journal(*calls.CLOSE_BROWSER.head, {"by": by}, cause)
        self.loop.task(now, record, ending.unload, self.membership)
        self._gone()
        return record

    def crash(self, cause: int | None = None) -> None:
        """Stop existing, without a word. The driver drops the socket."""
        with self.loop.because(cause):
            self.membership.sockets.forget()
        self._gone()

    def reload(self) -> None:
        """A fresh page after :meth:`close_browser` or :meth:`crash`, with a new Session."""
        self._load()
        self.alive = True

    def _gone(self) -> None:
        self.alive = False
        self.membership.joining.stop()
        self.membership.publishers = []
        self.page.clear()

    # -- what a driver may look at -------------------------------------------------------------

    @property
    def publishers(self) -> tuple[Publisher, ...]:
        """Those that have not been destroyed, in the order of their making."""
        return tuple([each.face for each in self.page.publishers])

    def left(self) -> dict[str, int]:
        """What is left: elements in the page, live Subscribers, live Publishers."""
        if not self.alive:
            return {"elements": 0, "subscribers": 0, "publishers": 0}
        return {
            "elements": len(self.page.document.elements),
            "subscribers": sum(s.is_alive for s in self.membership.subscribers),
            "publishers": len(self.publishers),
        }

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The client's state between two calls: plain data that shares the app's own functions.

        Raises ``RuntimeError`` within a task: what is left of it is no data.
        """
        return Snapshot(self.alive, *copies.snapshot(self.page, self._memberships))

    def restore(self, snapshot: Snapshot) -> None:
        """Be as that client was: this one, or another that was made with the same arguments.

        The page's Session stays the same object, and so does what has not been destroyed since;
        the rest is made anew. ``made`` is not called.
        """
        self.alive, *saved = snapshot
        del self._memberships[len(snapshot.memberships) :]
        for (key, has_key, has_id, _), *_ in snapshot.memberships[len(self._memberships) :]:
            self._membership(key, has_key, has_id)
        copies.restore(self.page, self._memberships, saved)

    def canonical(self, now: int, names: Renaming | None = None) -> tuple[Any, ...]:
        """What of the state matters to the future, for explorers (:mod:`sim.client.canonical`).

        ``names`` is shared by all whose forms are compared together.
        """
        return canonical.canonical(self.name, self.snapshot(), now, names or Renaming())
