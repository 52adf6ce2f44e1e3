"""Connecting: session info, socket, join; tried as a whole up to three times.

Source: spec/opentok-js-2.35.2.md, sections 2.1, 2.13, 3.5 and 7.3.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from sim.client.closes import NO_ACTIVITY
from sim.client.fields import Fields
from sim.client.outputs import Fetch
from sim.client.page import Page, Reply
from sim.client.socket import ReconnectingSocket
from sim.protocol.errors import ApiError, error
from sim.protocol.frames import Message, Status

KNOWN_STATUSES: Final = (400, 403, 404, 409, 500)
"""Answers of the session-info request that are final; others are asked again (L112063)."""
LISTED_CREATE: Final = ("400", "403", "409")


BEGIN: Final = "begin"
"""Begin the first whole attempt."""
FETCH: Final = "fetch"
"""Ask for the session info again."""
AGAIN: Final = "again"
"""Begin another whole attempt."""
PROCEED: Final = "proceed"
"""Go on, if all that is needed has been answered."""


class Joiner(Protocol):
    """Who joins: a membership of a session."""

    key: str
    own: str | None
    page: Page
    has_key: bool
    has_id: bool
    telling: bool
    unconnected: int | None

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request over the socket."""

    def open_socket(self, particulars: dict[str, Any]) -> None:
        """The session info has come: dial."""

    def give_up_socket(self) -> None:
        """Connecting has failed: do not use the socket any more."""

    def joined(self, state: dict[str, Any], outage: int | None) -> None:
        """The state of the session is known, late if ``outage`` is a record."""

    def connect_failed(self, problem: ApiError) -> None:
        """Connecting has failed for good."""

    def said_early(self, message: Message) -> None:
        """A message that has come before the state of the session, which is known now."""

    def lost_track(self) -> None:
        """Connecting begins again though it is over: the shipped client stumbles over that."""


class Joining:
    """The procedure of one ``connect``, from the call to the state of the session."""

    def __init__(self, session: Joiner) -> None:
        self._session = session
        self._page = session.page
        self._retry: int | None = None
        self._tries = 0
        self._request = 0
        self._started = 0
        self._attempts = 0
        self.active = False
        self._own: dict[str, Any] | None = None
        self._state: dict[str, Any] | None = None
        self._early: tuple[Message, ...] = ()
        self._outage: int | None = None

    def start(self) -> None:
        """Begin the first whole attempt, once the end of an earlier session has been told."""
        self._stop_retry()
        self.active = True
        self._attempts = self._request = 0
        self._forget_answers()
        if self._session.telling:
            self._later(self._page.timers.turn, BEGIN)
        else:
            self._begin()

    def _begin(self) -> None:
        condition = self._unfit()
        if condition is None:
            self._whole_attempt()
        else:
            self._later(self._page.timers.turn, condition)

    def _unfit(self) -> str | None:
        """What is missing before the network is asked (L67423)."""
        if not self._session.has_key:
            return "no api key"
        return None if self._session.has_id else "no session id"

    def stop(self) -> None:
        """Give up quietly, because the app disconnects."""
        self.active = False
        self._stop_retry()

    def _whole_attempt(self) -> None:
        self._retry = None
        self._attempts += 1
        self._started = self._page.loop.now
        self._tries = 0
        self._forget_answers()
        self._fetch()

    def _forget_answers(self) -> None:
        self._own = self._state = None
        self._early = ()
        self._outage = None

    def _later(self, delay: int, what: str) -> None:
        """Put something off; what comes of it is due to the call, not to what failed so far."""
        loop, session = self._page.loop, self._session
        with loop.because(session.unconnected):
            self._retry = loop.later(delay, session.key, "join", what)

    def go_on(self, what: str) -> None:
        """Do what was put off, one of the words above; any other is why connecting fails."""
        if what == PROCEED:
            self._proceed()
        elif what == BEGIN:
            self._begin()
        elif what == FETCH:
            self._fetch()
        elif what == AGAIN and not self.active:
            self._retry = None
            self._session.lost_track()
        elif what == AGAIN:
            self._whole_attempt()
        else:
            self._give_up(what)

    def _fetch(self) -> None:
        self._retry = None
        self._tries += 1
        self._request = self._page.next_attempt()
        self._page.outputs.append(Fetch(self._request, self._page.loop.cause))

    def informed(self, request: int, status: int | None, particulars: dict[str, Any]) -> None:
        """The session info, or why there is none: ``status`` None means unreachable."""
        if not self.active or request != self._request:
            return
        if status == 200:
            self._session.open_socket(particulars)
            return
        pauses = self._page.timers.info_retries
        if status not in KNOWN_STATUSES and self._tries <= len(pauses):
            self._later(pauses[self._tries - 1], FETCH)
            return
        self._give_up(_info_condition(status))

    def opened(self, socket: ReconnectingSocket) -> None:
        """Ask to join, over that socket."""
        session, page = self._session, self._page
        content = {
            "id": session.own,
            "client": page.name,
            "role": page.role,
            "suppressed": page.suppressed,
        }
        socket.request("create", "connection", content, Reply(session.key, "join"))

    def socket_failed(self, code: int) -> None:
        """The socket could not be opened."""
        self._failed("socket timeout" if code == NO_ACTIVITY else "socket refused")

    def held_up(self, cause: int | None) -> None:
        """An outage has begun, of which nobody is told: whatever comes after it is late."""
        self._outage = cause

    def own_announced(self, content: dict[str, Any]) -> None:
        """The platform has announced the own connection, without which nothing goes on."""
        self._own = content
        self._proceed()

    def hold(self, message: Message) -> None:
        """Keep a message that came before the state of the session."""
        self._early += (message,)

    def answered(self, status: Status) -> None:
        """The platform has answered a request to join, or never will."""
        if status.ok:
            self._state = status.content
            self._page.loop.soon(self._session.key, "join", PROCEED)
        else:
            self._failed(_create_condition(status))

    def _proceed(self) -> None:
        state, own = self._state, self._own
        if state is None or own is None or not self.active:
            return
        self.active = False
        if own["id"] not in (c["id"] for c in state["connections"]):
            state = state | {"connections": [own, *state["connections"]]}
        loop = self._page.loop
        self._session.joined(state, None if self._outage == loop.cause else self._outage)
        early, self._early = self._early, ()
        for message in _without_the_gone(early):
            with loop.because(message.cause):
                self._session.said_early(message)

    def _failed(self, condition: str) -> None:
        """Start over, 3 s after the last start, or give up after the third time.

        In the shipped client it may be an attempt that nobody waits for any more.
        """
        timers = self._page.timers
        self._session.give_up_socket()
        if not self.active or self._attempts >= timers.connect_attempts:
            self._give_up(condition)
            return
        self._stop_retry()
        pause = max(0, self._started + timers.connect_spacing - self._page.loop.now)
        self._later(pause, AGAIN)

    def _give_up(self, condition: str) -> None:
        self.stop()
        self._session.connect_failed(error("connect", condition))

    def _stop_retry(self) -> None:
        self._page.loop.cancel(self._retry)
        self._retry = None

    def snapshot(self) -> tuple[Any, ...]:
        """How far it has come, as data."""
        return _STATE.of(self)

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Be as far as that."""
        _STATE.put(self, snapshot)


_STATE: Final = Fields(
    "_retry",
    "_tries",
    "_request",
    "_started",
    "_attempts",
    "active",
    "_own",
    "_state",
    "_early",
    "_outage",
)


def _without_the_gone(early: tuple[Message, ...]) -> list[Message]:
    """What came before the state, but for what has begun and ended before it, too.

    Where the answer that brings the state had to be repeated, whole stays of others may lie before
    it. The state is newer, and shows nothing of them.
    """
    ended = {(m.resource, m.content["id"]) for m in early if m.method == "deleted"}
    if not ended:
        return [*early]
    return [message for message in early if not ended.intersection(_begun_by(message))]


def _begun_by(message: Message) -> list[tuple[str, Any]]:
    """What must be there for a message that is no end: itself, and the one whose it is."""
    if message.method == "deleted":
        return []
    content = message.content
    owner = content.get("connection", content.get("from"))
    return [(message.resource, content.get("id")), ("connection", owner)]


def _info_condition(status: int | None) -> str:
    if status is None:
        return "info unreachable"
    return f"info {status}" if status in KNOWN_STATUSES else "info other"


def _create_condition(status: Status) -> str:
    if status.content.get("reason") == "connectionLimitExceeded":
        return "create connectionLimitExceeded"
    listed = str(status.status) in LISTED_CREATE
    return f"create {status.status}" if listed else "create other"
