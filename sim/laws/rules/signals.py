"""signals: each arrives once, in order, where it should, and its sender knows."""

from __future__ import annotations

from typing import Any, ClassVar, Final, NamedTuple

from attrs import define

from sim.laws.law import ALWAYS, Handlers, Law, handlers, on
from sim.laws.presence import Presence, throughout
from sim.laws.watch import Watch
from sim.protocol.names import SERVER
from sim.protocol.promises import Promise
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record
from sim.wording import whose

_CONTENT: Final = ("type", "data")
_REJECTED: Final = ("OT_INVALID_PARAMETER", "OT_PERMISSION_DENIED")
"""Errors that mean that nobody gets the signal."""


@define(eq=False)
class Sent:
    """A call of ``signal``, until it is completed and everybody has got it who must."""

    record: Record
    name: str
    sender: str
    """The connection that sent it."""
    retry: bool
    closing: bool
    """Whether its page was being closed: it hears of nothing any more."""
    untold: dict[str, Record]
    """Those who belonged to the session when it was sent, and have not got it → their
    ``sessionConnected``, by which their connections are told apart."""


class Known(NamedTuple):
    """Who has sent a signal, and after which others: what the record of its sending says."""

    sender: str
    """A person, or ``server``."""
    connection: str
    """That of the person; "" before the first one."""
    number: int
    """That of the record: what one sender sends goes up."""


class Signals:
    """Remembers open calls, what must arrive, what must not, and what each has heard last."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._open: dict[str, dict[int, Sent]] = {}
        """By client: number of a call that is not completed → what was sent."""
        self._sent: dict[str, Sent] = {}
        """By name, while somebody may still have to get it."""
        self._doomed: dict[str, str] = {}
        """Signals that must not arrive → why."""
        self._failed: dict[str, Record | None] = {}
        """Signals not to be sent again that have failed → since when their sender is back."""
        self._away: dict[str, list[str]] = {}
        """By client that is not back: those of its signals."""
        self._known: dict[str, Known] = {}
        """By name: signals that somebody may still be told of, as their senders' records say."""
        self._heard: dict[str, tuple[str, dict[tuple[str, str], tuple[int, str]]]] = {}
        """By client: its connection; by sender, the last signal's number and name."""
        self._within = watch.bounds.delivery
        """How long a message takes, at most, to one who is not in an outage."""
        self._answer = watch.bounds.detection + watch.bounds.delivery
        """The way up, the platform's patience with it, and the way down again."""

    # -- sending -----------------------------------------------------------------------------

    def _call(self, record: Record) -> None:
        self._watch.exercised += 1
        sender, name = self._presence.of(record.client), record.data["signal"]
        retry = record.data.get("retry", True) is not False
        told = self._addressees(sender.connection, record.data.get("to"))
        sent = Sent(record, name, sender.connection, retry, not sender.page, told)
        self._known[name] = Known(record.client, sender.connection, record.seq)
        self._open.setdefault(record.client, {})[record.seq] = sent
        self._sent[name] = sent
        if not retry and sender.reconnecting is not None:
            self._doom(sent, record, "it was sent during an outage with retryAfterReconnect: false")
        self._watch.after(record.time + self._answer, self._look, sent, self._answer)

    def _addressees(self, sender: str, to: Any) -> dict[str, Record]:
        return {
            name: client.started
            for name, client in self._presence.members.items()
            if client.started is not None
            and (client.connection == to if to is not None else client.connection != sender)
        }

    def _server_sent(self, record: Record) -> None:
        name = record.data["signal"]
        self._known[name] = Known(SERVER, "", record.seq)
        self._forget(name, record.time)

    def _forget(self, name: str, now: int) -> None:
        until = now + self._watch.bounds.memory
        self._watch.after(until, self._known.pop, name, None)

    def _completed(self, record: Record) -> None:
        sent = self._open.get(record.client, {}).pop(record.data["call"], None)
        if sent is None:
            call = record.data["call"]
            again = f"{whose(record.client)} signal of record {call} was completed again"
            self._watch.breach(record, again)
            return
        self._forget(sent.name, record.time)
        if record.data.get("ok"):
            due = record.time + self._within
            self._watch.after(due, self._delivered, sent, due)
        else:
            del self._sent[sent.name]
            self._fail(sent, record)

    def _fail(self, sent: Sent, record: Record) -> None:
        error = record.data.get("error")
        if error in _REJECTED:
            self._doom(sent, record, f"it had failed with {error}")
        elif not sent.retry:
            self._failed[sent.name] = None
            self._away.setdefault(record.client, []).append(sent.name)
            until = record.time + self._watch.bounds.memory
            self._watch.after(until, self._failed.pop, sent.name, None)

    def _doom(self, sent: Sent, record: Record, why: str) -> None:
        self._doomed.setdefault(sent.name, why)
        until = record.time + self._watch.bounds.memory
        self._watch.after(until, self._doomed.pop, sent.name, None)

    def _look(self, sent: Sent, waited: int) -> None:
        """An open call of a client that has attended for long enough should be completed."""
        client = self._presence.of(sent.record.client)
        if sent.record.seq not in self._open.get(client.name, {}) or client.started is None:
            return
        now = sent.record.time + waited
        due = now if client.since is None else client.since.time
        if due + self._answer <= now:
            self._incomplete(sent)
        else:
            later = due + self._answer - sent.record.time
            self._watch.after(due + self._answer, self._look, sent, later)

    def _incomplete(self, sent: Sent) -> None:
        if self._open.get(sent.record.client, {}).pop(sent.record.seq, None) is not None:
            self._sent.pop(sent.name, None)
            if not sent.closing:
                sentence = f"the call that sent {sent.name} was never completed"
                self._watch.breach(sent.record, sentence)

    def _ended(self, record: Record) -> None:
        due = record.time + self._watch.bounds.margin
        for sent in [*self._open.get(record.client, {}).values()]:
            self._watch.after(due, self._incomplete, sent)

    def _gone(self, record: Record) -> None:
        for sent in self._open.pop(record.client, {}).values():
            self._sent.pop(sent.name, None)
            self._forget(sent.name, record.time)

    # -- arriving ----------------------------------------------------------------------------

    def _arrived(self, record: Record) -> None:
        name, client = record.data.get("signal") or "", record.client
        known = self._known.get(name)
        if known is None:
            return  # of nobody's records: nothing is known about it
        self._watch.exercised += 1
        self._in_order(record, name, known)
        if name in self._doomed:
            self._watch.breach(record, f"{client} got {name}, though {self._doomed[name]}")
        elif name in self._failed:
            self._late(record, name)
        sent = self._sent.get(name)
        if sent is not None:
            sent.untold.pop(client, None)
            self._as_sent(record, sent)

    def _as_sent(self, record: Record, sent: Sent) -> None:
        for key in _CONTENT:
            expected, got = sent.record.data.get(key), record.data.get(key)
            if expected != got:
                self._watch.breach(
                    record,
                    f"{record.client} got {sent.name} with {key} {got!r}, but it was sent with"
                    f" {expected!r}",
                )

    def _in_order(self, record: Record, name: str, known: Known) -> None:
        own, last = self._heard.get(record.client, ("", {}))
        if own != record.data["own"]:
            last = {}
            self._heard[record.client] = record.data["own"], last
        sender = known.sender, known.connection
        number, before = last.get(sender, (0, ""))
        if known.number == number:
            self._watch.breach(record, f"{record.client} got {name} twice")
        elif known.number < number:
            self._watch.breach(record, f"{record.client} got {name} after {before}")
        else:
            last[sender] = known.number, name

    def _late(self, record: Record, name: str) -> None:
        """What failed may still come out of the old socket, until the platform has the new one."""
        back, client = self._failed[name], self._presence.of(record.client)
        if back is None or record.time <= back.time + self._within:
            return
        if throughout(client, back):
            self._watch.breach(
                record,
                f"{record.client} got {name} {format_duration(record.time - back.time)} after its"
                " sender was back, though with retryAfterReconnect: false it had failed",
            )

    def _delivered(self, sent: Sent, now: int) -> None:
        """Who has attended for long enough must have got it; who is in an outage has time."""
        waiting: dict[str, Record] = {}
        for name, started in sent.untold.items():
            client = self._presence.members.get(name)
            if client is None or client.started is not started:
                continue
            if client.since is None or client.since.time + self._within > now:
                waiting[name] = started
            else:
                self._watch.breach(
                    sent.record, f"{name} never got {sent.name}, which was acknowledged"
                )
        sent.untold = waiting
        if waiting:
            due = now + self._within
            self._watch.after(due, self._delivered, sent, due)
        else:
            self._sent.pop(sent.name, None)

    # -- outages -----------------------------------------------------------------------------

    def _reconnecting(self, record: Record) -> None:
        """What must not be sent again has failed by now (L18643)."""
        for sent in self._open.get(record.client, {}).values():
            if not sent.retry and sent.sender == record.data["own"]:
                self._watch.breach(
                    record,
                    f"{sent.name} was sent with retryAfterReconnect: false, but had not failed when"
                    " the outage was announced",
                )

    def _back(self, record: Record) -> None:
        for name in self._away.pop(record.client, ()):
            if name in self._failed:
                self._failed[name] = record

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "signal"): _call,
            ("decision", "signal"): _server_sent,
            ("callback", "signal"): _completed,
            ("event", "signal"): _arrived,
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _back,
            ("state", "back"): _back,
            ("event", "sessionDisconnected"): _ended,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="signals",
    kind=ALWAYS,
    statement="no duplicate, per-sender order, the type and data that it was sent with, each call"
    " completed exactly once, what was acknowledged reaches everybody in the session (after an"
    " outage: whoever comes back), and nothing sent with `retryAfterReconnect: false` arrives after"
    " the reconnection",
    source="contract C12; fact sheet 3.6, 6",
    exercised="a call of `signal`, or a signal that arrives",
    checker=Signals,
    relies_on=(Promise.REPLAY, Promise.PRESENCE),
)
