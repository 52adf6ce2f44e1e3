"""The reconnecting socket: silence detection, attempts, the window, queueing and re-sending.

Source: spec/opentok-js-2.35.2.md, section 3. A frame that is on its way when the network fails is
sent again on the next socket until the platform acknowledges it. An outage is over at the first
inbound frame, not when a socket opens.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from sim.client import closes
from sim.client.closes import NO_ACTIVITY, NORMAL
from sim.client.delivery import Requests, Seen
from sim.client.fields import Fields
from sim.client.outputs import Dial, Hangup, Send
from sim.client.owner import SocketOwner
from sim.client.page import Page, Reply, Table
from sim.protocol import quirks
from sim.protocol.frames import PING, Disconnect, Frame, Hello, Message, Status
from sim.protocol.journal import WIRE
from sim.protocol.states import Machine

SocketSnapshot = tuple[tuple[str, bool, str], tuple[Any, ...], Any, Any]


class ReconnectingSocket:
    """One logical socket of one connection, over as many real ones as it takes."""

    def __init__(self, page: Page, name: str, reconnects: bool, owner: SocketOwner) -> None:
        self._page = page
        self._loop = page.loop
        self._timers = page.timers
        self._name = name
        self._reconnects = reconnects
        self._owner = owner
        self._machine = Machine("reconnectable_socket", self._moved)
        timers = page.timers
        self.silence = timers.silence if reconnects else timers.silence_without_reconnection
        self.silence_at: int | None = None
        self.ping_at: int | None = None
        self.outage = False
        self.closing = False
        self._announcing = False
        self._announced: int | None = None
        self._window_ends = 0
        self._attempt: int | None = None
        self._opening: int | None = None
        self._refusals = 0
        self._turned_away = False
        self._ping_waits = False
        self._requests = Requests(page.answer)
        self._seen = Seen(timers.dedup if page.profile.has(quirks.FORGETFUL) else None)
        page.own(name, self)

    @property
    def is_open(self) -> bool:
        """Whether frames can be handed to a real socket now."""
        return self._machine.state == "open"

    @property
    def exists(self) -> bool:
        """Whether the socket is neither closing nor closed."""
        return self._machine.state not in ("closing", "closed")

    def dial(self, _: object = None) -> None:
        """Start one attempt; it may take ``connect_timeout``."""
        self._opening = None
        if not self.exists:
            return
        self._attempt = self._page.next_attempt()
        hello = Hello(self._name, self._machine.state == "reconnecting")
        self._page.outputs.append(Dial(self._attempt, hello, self._loop.cause))
        self._opening = self._loop.later(self._timers.connect_timeout, self._name, "not-opened")

    def opened(self, attempt: int) -> None:
        """The real socket of that attempt is open."""
        if attempt != self._attempt or not self._machine.to("open"):
            return
        self._stop_opening()
        self._refusals = 0
        self.silence_at = self._loop.now + self.silence
        if self.outage:
            self._resend()
        else:
            self.ping_at = self._loop.now + self._timers.ping
            self._owner.socket_opened()

    def closed(self, attempt: int, code: int) -> None:
        """The real socket of that attempt was refused, reset or closed by the other side."""
        if attempt != self._attempt:
            return
        if not self.is_open:
            self._refusals += 1
        self._turned_away = self.is_open and self.outage
        self._attempt = None
        self._lost(code)

    def hears(self, attempt: int, now: int) -> bool:
        """Whether that attempt is the present one; if so the silence begins anew."""
        if attempt != self._attempt:
            return False
        self.silence_at = now + self.silence
        return True

    def check(self, now: int) -> None:
        """Let the idle time pass; called when it is over."""
        if self.ping_at is not None and now >= self.ping_at:
            self.ping_at = now + self._timers.ping
            if self.is_open and self._attempt is not None:
                self._page.outputs.append(Send(self._attempt, PING))
            else:
                self._ping_waits = True

    def silent(self) -> None:
        """Nothing has been heard until :attr:`silence_at`: the network is lost."""
        if self._attempt is not None and self.is_open:
            self._send(Disconnect(True, self._loop.cause))
            self._hangup(NO_ACTIVITY)
        self._lost(NO_ACTIVITY)

    def received(self, frame: Frame, restored: int | None) -> None:
        """An inbound frame: it ends an outage, answers a request, or is a message.

        ``restored`` is the record that explains why an outage ends now, if there is one.
        """
        if self.outage:
            self.outage = False
            with self._loop.because(restored or self._announced):
                self._owner.socket_reconnected()
        if isinstance(frame, Status):
            self._requests.answer(frame)
        elif isinstance(frame, Message) and self.exists:
            self._acknowledge(frame)

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int:
        """Send a request, now or when the socket is open again; return its number.

        ``reply`` says who gets the platform's Status, or ``LOST`` when the socket ends first.
        """
        cause = self._loop.cause
        message = self._requests.add(method, resource, content, cause, retry, reply)
        if self.is_open:
            self._send(message)
        return message.txn

    def cancel(self, txn: int) -> None:
        """Do not send that request again, and do not wait for its answer."""
        self._requests.cancel(txn)

    def say_goodbye(self) -> None:
        """Send DISCONNECT if the socket is open."""
        if self.is_open:
            self._send(Disconnect(False, self._loop.cause))

    def close(self) -> bool:
        """Close for good, after what was sent has left; False if that is impossible just now."""
        self.closing = True
        if self._announcing and self._page.profile.has(quirks.STUCK):
            return False
        if self.exists:
            drain = self._timers.drain_poll if self.is_open else 0
            self._machine.to("closing")
            self._stop_opening()
            self._loop.later(drain, self._name, "drained", NORMAL)
        return True

    def drop(self, answer: bool = False) -> None:
        """Be gone at once; open requests are answered as lost only if ``answer`` is true."""
        self._machine.to("closing")
        self._finish_machine(NORMAL)
        if answer:
            self._requests.fail(retried=True)
        self._requests.forget()

    def _drained(self, code: int) -> None:
        self._hangup(code)
        self._loop.later(self._timers.turn, self._name, "closed", NORMAL)

    def _not_opened(self, _: object) -> None:
        self._opening = None
        self._hangup(NO_ACTIVITY)
        self._lost(NO_ACTIVITY)

    def _lost(self, code: int) -> None:
        """The real socket is gone: reconnect, or end (section 3.2)."""
        self.silence_at = None
        if not self.exists:  # being closed: nobody listens to the real socket (section 2.0)
            return
        self._stop_opening()
        if self._machine.state == "connecting":
            self._machine.to("closing")
            self._finish_machine(code)
            self._owner.socket_failed(code)
        elif self._is_final(code):
            self._give_up(code)
        else:
            self._reconnect(code)

    def _is_final(self, code: int) -> bool:
        if closes.ends_at_once(code, self._reconnects, self._page.profile):
            return True
        return self.outage and self._loop.now >= self._window_ends

    def _reconnect(self, code: int) -> None:
        self._machine.to("reconnecting")
        if self.outage:
            self._try_again(code)
        else:
            with self._loop.because(self._begin_outage()):
                self._try_again(code)

    def _try_again(self, code: int) -> None:
        if self._machine.state != "reconnecting":
            return
        if not self._reconnects:
            self._give_up(code)
        elif pause := self._pause():
            self._opening = self._loop.later(pause, self._name, "dial")
        else:
            self.dial()

    def _pause(self) -> int:
        """How long the browser waits before it dials again; the client itself does not.

        One who was let in and turned away without a word dials in its next turn: on a link without
        delay, time would stand still otherwise.
        """
        if self._refusals:
            pause = self._timers.refused_throttle << min(self._refusals - 1, 20)
            return min(pause, self._timers.refused_throttle_max)
        return self._timers.turn if self._turned_away else 0

    def _begin_outage(self) -> int | None:
        """Announce it; return the record that all of it follows from."""
        self.outage = True
        self._window_ends = self._loop.now + self._timers.window
        self._requests.fail(retried=False)
        self._announcing = True
        announced = self._owner.socket_reconnecting()
        self._announcing = False
        self._announced = self._loop.cause if announced is None else announced
        return self._announced

    def _resend(self) -> None:
        if self._ping_waits and self._attempt is not None:
            self._page.outputs.append(Send(self._attempt, PING))
        self._ping_waits = False
        self.ping_at = self._loop.now + self._timers.ping
        for message in self._requests:
            self._send(message)

    def _acknowledge(self, message: Message) -> None:
        if self.is_open:
            self._send(Status(message.txn, 200, {}, message.cause))
        if self._seen.is_new(message.txn, self._loop.now):
            self._owner.message(message)

    def _give_up(self, code: int) -> None:
        self._machine.to("closing")
        self._end(code)

    def _end(self, code: int) -> None:
        if self._machine.state == "closed":  # dropped meanwhile
            return
        reason = closes.reason(code, self.closing, self._reconnects, self._page.profile)
        self._finish_machine(code)
        self._requests.fail(retried=True)
        self._owner.socket_ended(reason)

    def _finish_machine(self, code: int) -> None:
        self._page.disown(self._name)
        self._opening = None
        self._hangup(code)
        self._machine.to("closed")
        self.silence_at = self.ping_at = None
        self.outage = False

    def _hangup(self, code: int) -> None:
        if self._attempt is not None:
            self._page.outputs.append(Hangup(self._attempt, code, self._loop.cause))
            self._attempt = None

    def _stop_opening(self) -> None:
        self._loop.cancel(self._opening)
        self._opening = None

    def _send(self, frame: Frame) -> None:
        if self._attempt is not None:
            self._page.outputs.append(Send(self._attempt, frame))
            self.ping_at = self._loop.now + self._timers.ping

    def _moved(self, before: str, after: str) -> None:
        data = {"from": before}
        self._page.journal("socket", "state", after, data, self._loop.cause, WIRE)

    DUE: ClassVar[Table] = {"dial": dial, "not-opened": _not_opened, "drained": _drained, "closed": _end}
    ANSWERS: ClassVar[Table] = {}

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> SocketSnapshot:
        """Everything about it, as data."""
        made = self._name, self._reconnects, self._machine.state
        return made, _STATE.of(self), self._requests.snapshot(), self._seen.snapshot()

    @classmethod
    def restored(
        cls, page: Page, owner: SocketOwner, snapshot: SocketSnapshot
    ) -> ReconnectingSocket:
        """The socket of that snapshot, in this page."""
        (name, reconnects, state), values, requests, seen = snapshot
        self = cls(page, name, reconnects, owner)
        self._machine.state = state
        _STATE.put(self, values)
        self._requests.restore(requests)
        self._seen.restore(seen)
        return self


_STATE: Final = Fields(
    "silence_at",
    "ping_at",
    "outage",
    "closing",
    "_announced",
    "_window_ends",
    "_attempt",
    "_opening",
    "_refusals",
    "_turned_away",
    "_ping_waits",
)
