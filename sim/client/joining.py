"""Connecting: session info, socket, join; tried as a whole up to three times.

Source: spec/opentok-js-2.35.2.md, sections 2.1, 2.13, 3.5 and 7.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.client.closes import NO_ACTIVITY
from sim.client.loop import Timer
from sim.client.outputs import Fetch
from sim.protocol.errors import error
from sim.protocol.frames import Message, Status

if TYPE_CHECKING:
    from sim.client.membership import Membership

KNOWN_STATUSES: Final = (400, 403, 404, 409, 500)
"""Answers of the session-info request that are final; others are asked again (L112063)."""
LISTED_CREATE: Final = ("400", "403", "409")


class Joining:
    """The procedure of one ``connect``, from the call to the state of the session."""

    def __init__(self, session: Membership) -> None:
        self._session = session
        self._client = session.client
        self._retry: Timer | None = None
        self._tries = 0
        self._request = 0
        self._started = 0
        self._attempts = 0
        self.active = False
        self._own: dict[str, Any] | None = None
        self._state: dict[str, Any] | None = None
        self._early: list[Message] = []

    def start(self) -> None:
        """Begin the first whole attempt."""
        self.active = True
        self._attempts = 0
        condition = self._unfit()
        if condition is None:
            self._whole_attempt()
        else:
            turn = self._client.timers.turn
            self._retry = self._client.loop.later(turn, lambda: self._give_up(condition))

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
        self._started = self._client.loop.now
        self._tries = 0
        self._own = None
        self._state = None
        self._early.clear()
        self._fetch()

    def _fetch(self) -> None:
        self._retry = None
        self._tries += 1
        self._request = self._client.next_attempt()
        self._client.outputs.append(Fetch(self._request, self._client.loop.cause))

    def informed(self, request: int, status: int | None, particulars: dict[str, Any]) -> None:
        """The session info, or why there is none: ``status`` None means unreachable."""
        if not self.active or request != self._request:
            return
        if status == 200:
            self._session.open_socket(particulars)
            return
        pauses = self._client.timers.info_retries
        if status not in KNOWN_STATUSES and self._tries <= len(pauses):
            self._retry = self._client.loop.later(pauses[self._tries - 1], self._fetch)
            return
        self._give_up(_info_condition(status))

    def socket_opened(self) -> None:
        """Ask to join."""
        session, client = self._session, self._client
        content = {
            "id": session.own,
            "client": client.name,
            "role": client.role,
            "suppressed": client.suppressed,
        }
        session.request("create", "connection", content, self._answered)

    def socket_failed(self, code: int) -> None:
        """The socket could not be opened."""
        self._failed("socket timeout" if code == NO_ACTIVITY else "socket refused")

    def own_announced(self, content: dict[str, Any]) -> None:
        """The platform has announced the own connection, without which nothing goes on."""
        self._own = content
        self._proceed()

    def hold(self, message: Message) -> None:
        """Keep a message that came before the state of the session."""
        self._early.append(message)

    def _answered(self, status: Status) -> None:
        if not self.active:
            return
        if status.ok:
            self._state = status.content
            self._client.loop.soon(self._proceed)
        else:
            self._failed(_create_condition(status))

    def _proceed(self) -> None:
        state, own = self._state, self._own
        if state is None or own is None or not self.active:
            return
        self.active = False
        if own["id"] not in (c["id"] for c in state["connections"]):
            state = state | {"connections": [own, *state["connections"]]}
        self._session.joined(state)
        for message in self._early:
            if self._session.is_connected():
                self._session.message(message)
        self._early.clear()

    def _failed(self, condition: str) -> None:
        """Start over, 3 s after the last start, or give up after the third time."""
        if not self.active:
            return
        timers = self._client.timers
        self._session.forget_socket()
        if self._attempts >= timers.connect_attempts:
            self._give_up(condition)
            return
        pause = max(0, self._started + timers.connect_spacing - self._client.loop.now)
        self._retry = self._client.loop.later(pause, self._whole_attempt)

    def _give_up(self, condition: str) -> None:
        self.stop()
        self._session.connect_failed(error("connect", condition))

    def _stop_retry(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None


def _info_condition(status: int | None) -> str:
    if status is None:
        return "info unreachable"
    return f"info {status}" if status in KNOWN_STATUSES else "info other"


def _create_condition(status: Status) -> str:
    if status.content.get("reason") == "connectionLimitExceeded":
        return "create connectionLimitExceeded"
    listed = str(status.status) in LISTED_CREATE
    return f"create {status.status}" if listed else "create other"
