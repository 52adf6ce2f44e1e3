"""The reconnecting socket: attempts, silence detection, queueing and re-sending.

What follows when the real one is lost: :mod:`sim.client.reconnecting`. Source:
spec/opentok-js-2.35.2.md, section 3. A frame that is on its way when the network fails is
sent again on the next socket until the platform acknowledges it. An outage is over at the first
inbound frame, not when a socket opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sim.client import reconnecting
from sim.client.closes import NO_ACTIVITY, NORMAL
from sim.client.delivery import FORGOTTEN, NEW, Requests, Seen
from sim.client.outputs import Dial, Hangup, Send, heartbeat
from sim.client.owner import SocketOwner
from sim.client.page import Page, Reply, Table
from sim.client.throttle import Redialling
from sim.protocol import quirks
from sim.protocol.frames import Disconnect, Frame, Hello, Message, Status
from sim.protocol.journal import WIRE
from sim.protocol.records import states
from sim.protocol.states import Machine


class ReconnectingSocket:
    """One logical socket of one connection, over as many real ones as it takes."""

    def __init__(self, page: Page, name: str, reconnects: bool, owner: SocketOwner) -> None:
        self.page = page
        self.loop = page.loop
        self.timers = page.timers
        self.name = name
        self.reconnects = reconnects
        self.owner = owner
        self.machine = Machine("reconnectable_socket", self._moved)
        timers = page.timers
        self.silence = timers.silence if reconnects else timers.silence_without_reconnection
        self.silence_at: int | None = None
        self.ping_at: int | None = None
        self.outage = False
        self.closing = False
        self.announcing = False
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
        self.removed = False
        """Whether that is because the platform has deleted its connection."""
        self.attempt: int | None = None
        self.opening: int | None = None
        self.redialling = Redialling(page.timers, page.throttle)
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

    def start(self) -> None:
        """Begin the first attempt as soon as the browser lets the page dial."""
        self.dial_after(self.page.throttle.pause())

    def dial_after(self, pause: int) -> None:
        """Dial when the browser lets the page, after ``pause`` microseconds on average."""
        lives_on = self.machine.state == "reconnecting" and not self.was_open
        pause = self.page.takes.redialling(pause, lives_on, self.loop.now)
        if pause:
            self.opening = self.loop.later(pause, self.name, "dial")
        else:
            self.dial()

    def dial(self, _: object = None) -> None:
        """Start one attempt; it may take ``connect_timeout``."""
        self.opening = None
        if not self.exists:
            return
        self.attempt = self.page.next_attempt()
        self.redialling.dialled(self.loop.now)
        hello = Hello(self.name, self.machine.state == "reconnecting", self.page.name)
        self.page.outputs.append(Dial(self.attempt, hello, self.loop.cause))
        self.silence_at = self.loop.now + self.timers.connect_timeout

    def opened(self, attempt: int) -> None:
        """The real socket of that attempt is open."""
        if attempt != self.attempt or not self.machine.to("open"):
            return
        self.stop_opening()
        self.page.throttle.opened()
        self.silence_at = self.loop.now + self.silence
        self.was_open = True
        if self.outage:
            self._resend()
        else:
            self.ping_at = self.loop.now + self.timers.ping
            self.owner.opened(self)

    def closed(self, attempt: int, code: int) -> None:
        """The real socket of that attempt was refused, reset or closed by the other side."""
        if attempt != self.attempt:
            return
        self.redialling.closed(self.is_open, self.outage)
        self.attempt = None
        reconnecting.lost(self, code)

    def hears(self, attempt: int, now: int) -> bool:
        """Whether that attempt is the present one; if so the silence begins anew."""
        if attempt != self.attempt:
            return False
        self.silence_at = now + self.silence
        return True

    @property
    def heard(self) -> int:
        """When it was last heard, while it is open."""
        assert self.silence_at is not None
        return self.silence_at - self.silence

    def hears_in_time(self, times: Sequence[int]) -> int:
        """How many of frames that come in then come before it is given up, one after the other."""
        silence_at, silence = self.silence_at, self.silence
        for count, now in enumerate(times):
            if silence_at is None or now > silence_at:
                return count
            silence_at = now + silence
        return len(times)

    def heard_until(self, heard: int, ping_at: int) -> None:
        """It has been heard, or will be, until then; the next PING is due at ``ping_at``."""
        self.silence_at, self.ping_at = heard + self.silence, ping_at

    def check(self, now: int) -> None:
        """Let the idle time pass; called when it is over.

        A PING that cannot be sent waits for the next real socket; what would come due meanwhile
        changes nothing.
        """
        if self.ping_at is not None and now >= self.ping_at:
            if self.attempt is not None and self.machine.state == "open":
                self.ping_at = now + self.timers.ping
                self.page.outputs.append(heartbeat(self.attempt))
            else:
                self.ping_waits, self.ping_at = True, None

    def silent(self) -> None:
        """Nothing has been heard until :attr:`silence_at`: lost, or not opened in time."""
        if self.attempt is not None and self.is_open:
            self._send(Disconnect(True, self.loop.cause))
        self.hang_up(NO_ACTIVITY)
        reconnecting.lost(self, NO_ACTIVITY)

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
            with self.loop.because(restored if is_newer else self.announced):
                self.owner.reconnected(self)
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
    ) -> int:
        """Send a request, now or when the socket is open again; return its number.

        ``reply`` says who gets the platform's Status, or ``LOST`` when the socket ends first. Of a
        socket that is closing or closed nothing is asked any more.
        """
        cause = self.loop.cause
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
            self._send(Disconnect(False, self.loop.cause))

    def close(self) -> bool:
        """Close for good, after what was sent has left; False if that is impossible just now."""
        self.closing = True
        if self.announcing and self.page.deviate(quirks.STUCK):
            return False
        if self.exists:
            closing = self.page.takes.closing(self.is_open, self.loop.now)
            self.machine.to("closing")
            self.stop_opening()
            self.loop.later(closing, self.name, "drained", NORMAL)
        return True

    def drop(self, answer: bool = False) -> None:
        """Be gone at once; open requests are answered as lost only if ``answer`` is true."""
        self.machine.to("closing")
        self.finish(NORMAL)
        if answer:
            self.requests.fail(
                True, lambda left, of: left > 0 and reconnecting.throws(self, left, of)
            )
        self.requests.forget()

    def _drained(self, code: int) -> None:
        self.hang_up(code)
        self.loop.later(self.timers.turn, self.name, "closed", NORMAL)

    def _resend(self) -> None:
        if self.ping_waits and self.attempt is not None:
            self.page.outputs.append(heartbeat(self.attempt))
        self.ping_waits = False
        self.ping_at = self.loop.now + self.timers.ping
        for message in self.requests:
            self._send(message)

    def _acknowledge(self, message: Message) -> None:
        if self.is_open:
            self._send(Status(message.txn, 200, {}, message.cause))
        met = self.seen.meet(message.txn, self.loop.now)
        if met == NEW or (met == FORGOTTEN and self.page.deviate(quirks.FORGETFUL)):
            self.owner.message(self, message)

    def finish(self, code: int) -> None:
        """Close the real socket with ``code``, and be closed."""
        self.page.disown(self.name)
        self.opening = None
        self.hang_up(code)
        self.machine.to("closed")
        self.silence_at = self.ping_at = None
        self.outage, self.window_ends = False, None

    def hang_up(self, code: int) -> None:
        """Close the real socket, if there is one."""
        if self.attempt is not None:
            self.page.outputs.append(Hangup(self.attempt, code, self.loop.cause))
            self.attempt = None

    def stop_opening(self) -> None:
        """No attempt is about to begin, or is late."""
        self.loop.cancel(self.opening)
        self.opening = None
        if not self.is_open:
            self.silence_at = None

    def _send(self, frame: Frame) -> None:
        if self.attempt is not None:
            self.page.outputs.append(Send(self.attempt, frame))
            self.ping_at = self.loop.now + self.timers.ping

    def _moved(self, before: str, after: str) -> None:
        data, entry = {"from": before}, states.SOCKET_STATES[after]
        self.page.journal(*entry.head, data, self.loop.cause, WIRE)

    DUE: ClassVar[Table] = {
        "dial": dial,
        "drained": _drained,
        "closed": reconnecting.end,
    }
    ANSWERS: ClassVar[Table] = {}
