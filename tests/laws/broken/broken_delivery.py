"""Sessions that lose, repeat or reorder what they are sent, or do not let go of their socket."""

from broken_client import SocketedSession

from sim.client.calls import Call
from sim.client.delivery import LOST, Requests, Seen
from sim.client.session import Session


def is_signal(message):
    return (message.method, message.resource) == ("create", "signal")


class LosesSignals(Session):
    def message(self, message):
        if not is_signal(message):
            super().message(message)


class SwapsSignals(Session):
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
    def is_new(self, txn, now):
        return True


class RepeatsSignals(SocketedSession):
    """What was received before is not recognised."""

    def spoil(self, socket):
        socket._seen = Oblivious(0)


class KeepsWhatHasFailed(Requests):
    def fail(self, retried):
        for pending in list(self._open.values()):
            if retried or not pending.retry:
                pending.answered(LOST)


class RetriesWhatHasFailed(SocketedSession):
    """A signal that is not to be retried fails when it should, and is sent again all the same."""

    def spoil(self, socket):
        socket._requests = KeepsWhatHasFailed()


class RetriesEverything(Session):
    """The option that a signal is not to be retried is not heeded."""

    def request(self, method, resource, content, answered=lambda _: None, retry=True):
        return super().request(method, resource, content, answered, True)


class NeverCompletesCalls(Session):
    """The answer to a request is not passed on."""

    def request(self, method, resource, content, answered=lambda _: None, retry=True):
        if resource == "signal":
            answered = lambda _: None  # noqa: E731
        return super().request(method, resource, content, answered, retry)


class CompletedTwice(Call):
    def finish(self, error=None):
        super().finish(error)
        self._done = False
        super().finish(error)


class CompletesCallsTwice(Session):
    def call(self, name, data, completion=None, by="callback"):
        kind = CompletedTwice if name == "signal" else Call
        return kind(self.client, name, self.record(name, data), completion, by)


class NeverGivesUp(SocketedSession):
    """Reconnecting goes on and on."""

    def spoil(self, socket):
        socket._is_final = lambda code: False


class ComesBackAsTheSame(Session):
    """A new connect goes by the name of the connection before."""

    def begin(self):
        if self.own is None:
            super().begin()
