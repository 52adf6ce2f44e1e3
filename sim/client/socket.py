"""The reconnecting socket: silence detection, attempts, the window, queueing and re-sending.

Source: spec/opentok-js-2.35.2.md, section 3. A frame that is on its way when the network fails is
sent again on the next socket until the platform acknowledges it. An outage is over at the first
inbound frame, not when a socket opens.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sim.client import closes
from sim.client.closes import NO_ACTIVITY, NORMAL
from sim.client.delivery import FORGOTTEN, LOST, NEW, Requests, Seen
from sim.client.outputs import Dial, Hangup, Send
from sim.client.owner import SocketOwner
from sim.client.page import Page, Reply, Table
from sim.client.throttle import Throttle
from sim.protocol import quirks
from sim.protocol.frames import PING, Disconnect, Frame, Hello, Message, Status
from sim.protocol.journal import WIRE
from sim.protocol.records import states
from sim.protocol.states import Machine


class ReconnectingSocket:
    """One logical socket of one connection, over as many real ones as it takes."""

    def __init__(self, page: Page, name: str, reconnects: bool, owner: SocketOwner) -> None:
        self._page = page
        self._loop = page.loop
        self._timers = page.timers
        self.name = name
        self.reconnects = reconnects
        self._owner = owner
        self.machine = Machine("reconnectable_socket", self._moved)
        timers = page.timers
        self.silence = timers.silence if reconnects else timers.silence_without_reconnection
        self.silence_at: int | None = None
        self.ping_at: int | None = None
        self.outage = False
        self.closing = False
        self._announcing = False
        self.announced: int | None = None
        """The record of the outage: what comes of it names that as its cause."""
        self.blamed: int | None = None
        """The record that explains why the outage has begun."""
        self.window_ends: int | None = None
        """When a failure becomes final; None while there has been none since it last worked."""
        self.was_open = False
        """Whether it has ever been open."""
        self.let_go: int | None = None
        """The record of why it lives on though it is not in use any more."""
        self.attempt: int | None = None
        self.opening: int | None = None
        self.throttle = Throttle(page.timers)
        self.ping_waits = False
        self.requests = Requests(page.answer)
        self.seen = Seen(timers.dedup if page.profile.has(quirks.FORGETFUL) else None)
        page.own(name, self)

    @property
    def is_open(self) -> bool:
        """Whether frames can be handed to a real socket now."""
        return self.machine.state == "open"

    @property
    def exists(self) -> bool:
        """Whether the socket is neither closing nor closed."""
        return self.machine.state not in ("closing", "closed")

    @property
    def is_over(self) -> bool:
        """Whether nothing will come of it any more."""
        return self.machine.state == "closed"

    def dial(self, _: object = None) -> None:
        """Start one attempt; it may take ``connect_timeout``."""
        self.opening = None
        if not self.exists:
            return
        self.attempt = self._page.next_attempt()
        self.throttle.dialled(self._loop.now)
        hello = Hello(self.name, self.machine.state == "reconnecting", self._page.name)
        self._page.outputs.append(Dial(self.attempt, hello, self._loop.cause))
        self.silence_at = self._loop.now + self._timers.connect_timeout

    def opened(self, attempt: int) -> None:
        """The real socket of that attempt is open."""
        if attempt != self.attempt or not self.machine.to("open"):
            return
        self._stop_opening()
        self.throttle.opened()
        self.silence_at = self._loop.now + self.silence
        self.was_open = True
        if self.outage:
            self._resend()
        else:
            self.ping_at = self._loop.now + self._timers.ping
            self._owner.opened(self)

    def closed(self, attempt: int, code: int) -> None:
        """The real socket of that attempt was refused, reset or closed by the other side."""
        if attempt != self.attempt:
            return
        self.throttle.closed(self.is_open, self.outage)
        self.attempt = None
        self._lost(code)

    def hears(self, attempt: int, now: int) -> bool:
        """Whether that attempt is the present one; if so the silence begins anew."""
        if attempt != self.attempt:
            return False
        self.silence_at = now + self.silence
        return True

    def check(self, now: int) -> None:
        """Let the idle time pass; called when it is over."""
        if self.ping_at is not None and now >= self.ping_at:
            self.ping_at = now + self._timers.ping
            if self.is_open and self.attempt is not None:
                self._page.outputs.append(Send(self.attempt, PING))
            else:
                self.ping_waits = True

    def silent(self) -> None:
        """Nothing has been heard until :attr:`silence_at`: lost, or not opened in time."""
        if self.attempt is not None and self.is_open:
            self._send(Disconnect(True, self._loop.cause))
        self._hangup(NO_ACTIVITY)
        self._lost(NO_ACTIVITY)

    def received(self, frame: Frame, restored: int | None) -> None:
        """An inbound frame: it ends an outage, answers a request, or is a message.

        Nobody listens to a socket that is being closed (section 2.0).

        ``restored`` is the record of the last fault that has ended: it explains why an outage is
        over, unless it is older than what that outage is blamed on.
        """
        if not self.exists:
            return
        if self.outage:
            self.outage, self.window_ends = False, None
            is_newer = restored is not None and restored > (self.blamed or 0)
            with self._loop.because(restored if is_newer else self.announced):
                self._owner.reconnected(self)
        if isinstance(frame, Status):
            self.requests.answer(frame)
        elif isinstance(frame, Message):
            self._acknowledge(frame)

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request, now or when the socket is open again; return its number.

        ``reply`` says who gets the platform's Status, or ``LOST`` when the socket ends first; of a
        socket that is closing or closed at once, and None is returned.
        """
        if not self.exists:
            self._page.answer(reply, LOST)
            return None
        cause = self._loop.cause
        message = self.requests.add(method, resource, content, cause, retry, reply)
        if self.is_open:
            self._send(message)
        return message.txn

    def cancel(self, txn: int) -> None:
        """Do not send that request again, and do not wait for its answer."""
        self.requests.cancel(txn)

    def say_goodbye(self) -> None:
        """Send DISCONNECT if the socket is open."""
        if self.is_open:
            self._send(Disconnect(False, self._loop.cause))

    def close(self) -> bool:
        """Close for good, after what was sent has left; False if that is impossible just now."""
        self.closing = True
        if self._announcing and self._page.deviate(quirks.STUCK):
            return False
        if self.exists:
            closing = self._page.takes.closing(self.is_open, self._loop.now)
            self.machine.to("closing")
            self._stop_opening()
            self._loop.later(closing, self.name, "drained", NORMAL)
        return True

    def drop(self, answer: bool = False) -> None:
        """Be gone at once; open requests are answered as lost only if ``answer`` is true."""
        self.machine.to("closing")
        self._finish_machine(NORMAL)
        if answer:
            self.requests.fail(True, lambda left, of: left > 0 and self._throws(left, of))
        self.requests.forget()

    def _drained(self, code: int) -> None:
        self._hangup(code)
        self._loop.later(self._timers.turn, self.name, "closed", NORMAL)

    def _lost(self, code: int) -> None:
        """The real socket is gone: reconnect, or end (section 3.2)."""
        self.silence_at = None
        if not self.exists:  # being closed: nobody listens to the real socket (section 2.0)
            return
        self._stop_opening()
        if self.machine.state == "connecting":
            self._never_opened(code)
        elif not self._is_final(code):
            self._reconnect(code)
        elif self.outage and self._loop.cause in (self.announced, self.blamed):
            with self._loop.because(self.announced):
                self._give_up(code)
        else:
            self._give_up(code)

    def _never_opened(self, code: int) -> None:
        """The first attempt has failed; in the shipped client more follow (section 8, 9)."""
        if closes.is_survived(code, self.reconnects, self._page.profile):
            self.announced = self._loop.cause
            self._owner.failed(self, code)
            self._reconnect(code)
            return
        self.machine.to("closing")
        self._finish_machine(code)
        self._owner.failed(self, code)

    def _is_final(self, code: int) -> bool:
        if self.window_ends is not None and self._loop.now >= self.window_ends:
            return True
        return closes.ends_at_once(code, self.reconnects, self._page.deviate)

    def _reconnect(self, code: int) -> None:
        if not self.machine.to("reconnecting"):
            return
        if self.window_ends is None:
            self.window_ends = self._loop.now + self._timers.window
        if self.was_open and not self.outage:
            self._begin_outage()
        self.requests.fail(retried=False)
        with self._loop.because(self.announced):
            self._try_again(code)

    def _try_again(self, code: int) -> None:
        if self.machine.state != "reconnecting":
            return
        if not self.reconnects:
            self._give_up(code)
        elif pause := self.throttle.pause(self._loop.now):
            self.opening = self._loop.later(pause, self.name, "dial")
        else:
            self.dial()

    def _begin_outage(self) -> None:
        """Announce it: all that follows from it follows from the record of that."""
        self.outage, self.blamed = True, self._loop.cause
        self.requests.fail(retried=False)
        self._announcing = True
        announced = self._owner.reconnecting(self)
        self._announcing = False
        self.announced = self._loop.cause if announced is None else announced

    def _resend(self) -> None:
        if self.ping_waits and self.attempt is not None:
            self._page.outputs.append(Send(self.attempt, PING))
        self.ping_waits = False
        self.ping_at = self._loop.now + self._timers.ping
        for message in self.requests:
            self._send(message)

    def _acknowledge(self, message: Message) -> None:
        if self.is_open:
            self._send(Status(message.txn, 200, {}, message.cause))
        met = self.seen.meet(message.txn, self._loop.now)
        if met == NEW or (met == FORGOTTEN and self._page.deviate(quirks.FORGETFUL)):
            self._owner.message(self, message)

    def _give_up(self, code: int) -> None:
        self.machine.to("closing")
        self._end(code)

    def _end(self, code: int) -> None:
        if self.is_over:  # dropped meanwhile
            return
        reason = closes.reason(code, self.closing, self.reconnects, self._page.deviate)
        outage = self.announced if self.outage else None
        self._finish_machine(code)
        if self.requests.fail(retried=True, throws=self._throws):
            self._owner.ended(self, reason, None if outage == self._loop.cause else outage)

    def _throws(self, _: int, asked: int | None) -> bool:
        """Whether the client throws where a request for a stream, which that record has made, is
        lost: what is left is untold, the end of the session, too.
        """
        return self._page.deviate_aside(quirks.END_UNTOLD, asked)

    def _finish_machine(self, code: int) -> None:
        self._page.disown(self.name)
        self.opening = None
        self._hangup(code)
        self.machine.to("closed")
        self.silence_at = self.ping_at = None
        self.outage, self.window_ends = False, None

    def _hangup(self, code: int) -> None:
        if self.attempt is not None:
            self._page.outputs.append(Hangup(self.attempt, code, self._loop.cause))
            self.attempt = None

    def _stop_opening(self) -> None:
        self._loop.cancel(self.opening)
        self.opening = None
        if not self.is_open:
            self.silence_at = None

    def _send(self, frame: Frame) -> None:
        if self.attempt is not None:
            self._page.outputs.append(Send(self.attempt, frame))
            self.ping_at = self._loop.now + self._timers.ping

    def _moved(self, before: str, after: str) -> None:
        data, entry = {"from": before}, states.SOCKET_STATES[after]
        self._page.journal(*entry.head, data, self._loop.cause, WIRE)

    DUE: ClassVar[Table] = {
        "dial": dial,
        "drained": _drained,
        "closed": _end,
    }
    ANSWERS: ClassVar[Table] = {}
