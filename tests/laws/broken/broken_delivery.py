"""Memberships that lose, repeat or reorder what they are sent, or do not let go of their socket."""

from attrs import evolve
from broken_client import SocketedMembership

from sim.client.delivery import LOST, NEW, Requests, Seen
from sim.client.membership import Membership
from sim.protocol.units import HOUR


def is_signal(message):
    return (message.method, message.resource) == ("create", "signal")


class LosesSignals(Membership):
    def message(self, message):
        if not is_signal(message):
            super().message(message)


class SwapsSignals(Membership):
    """The first signal is told after the second."""

    first = None

    def message(self, message):
        if is_signal(message) and self.first is None:
            self.first = message
            return
        super().message(message)
        if is_signal(message) and self.first:
            super().message(self.first)
            self.first = ()


class Oblivious(Seen):
    def meet(self, txn, now):
        return NEW


class RepeatsSignals(SocketedMembership):
    """What was received before is not recognised."""

    def spoil(self, socket):
        socket.seen = Oblivious(0)


class KeepsWhatHasFailed(Requests):
    def fail(self, retried, throws=None):
        for pending in list(self._open.values()):
            if retried or not pending.retry:
                self._hand(pending.reply, LOST)
        return True


class RetriesWhatHasFailed(SocketedMembership):
    """A signal that is not to be retried fails when it should, and is sent again all the same."""

    def spoil(self, socket):
        socket.requests = KeepsWhatHasFailed(socket.page.answer)


class RetriesEverything(Membership):
    """The option that a signal is not to be retried is not heeded."""

    def request(self, method, resource, content, reply=None, retry=True):
        return super().request(method, resource, content, reply, True)


class NeverCompletesCalls(Membership):
    """The answer to a request is not passed on."""

    def request(self, method, resource, content, reply=None, retry=True):
        reply = None if resource == "signal" else reply
        return super().request(method, resource, content, reply, retry)


def answer_twice(mine, number, status):
    call = mine.page.calls.get(number)
    Membership.ANSWERS["call"](mine, number, status)
    mine.page.calls.begin(call.name, call.record).finish()


class CompletesCallsTwice(Membership):
    ANSWERS = {**Membership.ANSWERS, "call": answer_twice}


class ForgetsWhoConnected(Membership):
    """Whoever has called connect is not told that it has gone well."""

    def joined(self, state, outage):
        self.events.remove("sessionConnected", None)
        super().joined(state, outage)


class ForgetsWhoLeaves(Membership):
    """Whoever has called disconnect is not told when it is done."""

    def dispatch(self, name, *rest, **fields):
        if name == "sessionDisconnected":
            self.events.remove(name, None)
        return super().dispatch(name, *rest, **fields)


class NeverGivesUp(SocketedMembership):
    """Reconnecting goes on and on."""

    def spoil(self, socket):
        socket.timers = evolve(socket.timers, window=HOUR)


class ComesBackAsTheSame(Membership):
    """A new connect goes by the name of the connection before."""

    def begin(self):
        if self.own is None:
            super().begin()
