"""Memberships that lose, repeat or reorder signals, and that answer calls wrongly."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sim.client.events import Event
from sim.client.membership import Membership
from sim.client.page import Reply, Table
from sim.protocol.frames import Message, Status


def is_signal(message: Message) -> bool:
    """Whether that message is a signal."""
    return (message.method, message.resource) == ("create", "signal")


class LosesSignals(Membership):
    """A signal that arrives is not told."""

    def message(self, message: Message) -> None:
        """Hear everything but signals."""
        if not is_signal(message):
            super().message(message)


class HearsSignalsTwice(Membership):
    """A signal that arrives is told twice."""

    def message(self, message: Message) -> None:
        """Hear it, and a signal again."""
        super().message(message)
        if is_signal(message):
            super().message(message)


class SwapsSignals(Membership):
    """The first signal is told after the second."""

    first: Message | Literal["told"] | None = None

    def message(self, message: Message) -> None:
        """Hear it, but the first signal when the second has come."""
        if is_signal(message) and self.first is None:
            self.first = message
            return
        super().message(message)
        if is_signal(message) and isinstance(self.first, Message):
            super().message(self.first)
            self.first = "told"


class RetriesEverything(Membership):
    """A signal is sent again after a reconnection though it was not to be retried."""

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request, whatever was said of its being sent again."""
        return super().request(method, resource, content, reply, retry=True)


class NeverCompletesCalls(Membership):
    """The answer to a signal is not passed on to who has sent it."""

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request; nobody waits for what becomes of a signal."""
        reply = None if resource == "signal" else reply
        return super().request(method, resource, content, reply, retry)


def answer_twice(mine: Membership, number: int, status: Status) -> None:
    """Pass an answer on, and again as if the call had been made twice."""
    call = mine.page.calls.get(number)
    Membership.ANSWERS["call"](mine, number, status)
    if call is not None:
        mine.page.calls.begin(call.name, call.record).finish()


class CompletesCallsTwice(Membership):
    """A call is answered twice."""

    ANSWERS: ClassVar[Table] = {**Membership.ANSWERS, "call": answer_twice}


class ForgetsWhoConnected(Membership):
    """Whoever has called ``connect`` is not told that it has gone well."""

    def joined(self, state: dict[str, Any], outage: int | None) -> None:
        """Be connected, and call nobody back."""
        self.events.remove("sessionConnected", None)
        super().joined(state, outage)


class ForgetsWhoLeaves(Membership):
    """Whoever has called ``disconnect`` is not told when it is done."""

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it; at the end, nobody listens."""
        if name == "sessionDisconnected":
            self.events.remove(name, None)
        return super().dispatch(name, after, besides, **fields)


class ComesBackAsTheSame(Membership):
    """A victim that connects again comes back as the connection that was removed."""

    def begin(self) -> None:
        """Take a connection id, unless there has been one."""
        if self.own is None:
            super().begin()
