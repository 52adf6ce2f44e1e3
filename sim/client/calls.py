"""API calls and how they end: a callback, a promise, or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Protocol

from sim.client.loop import Loop
from sim.protocol.errors import ApiError
from sim.protocol.records import calls

Completion = Callable[[ApiError | None], object]
"""Called with None when the call succeeded, with the error when it did not."""

Threw = Callable[[str, str, Exception], object]
"""Writes down what an app's function has thrown: of which object, where, and what."""

OWNER: Final = "calls"
"""Whose the continuations of calls and promises are."""


class Note(Protocol):
    """Writes a record about the client."""

    def __call__(
        self, object: str, kind: str, name: str, data: dict[str, Any], cause: int | None
    ) -> int | None:
        """Write it and return its number."""


class Promise:
    """The result of a call of that name that is still under way.

    ``outcome`` is None until it is settled, then a 1-tuple of the error or None.
    """

    __slots__ = ("_loop", "_name", "_waiting", "outcome")

    def __init__(self, loop: Loop, name: str) -> None:
        self._loop = loop
        self._name = name
        self._waiting: tuple[Completion, ...] = ()
        self.outcome: tuple[ApiError | None] | None = None

    def then(self, continuation: Completion) -> None:
        """Call ``continuation`` after the task in which the promise is settled.

        What it throws is written down, and goes no further.
        """
        if self.outcome is None:
            self._waiting += (continuation,)
        else:
            self._loop.soon(OWNER, "then", (self._name, continuation, self.outcome[0]))

    def settle(self, error: ApiError | None) -> None:
        """Resolve (None) or reject; only the first settling counts."""
        if self.outcome is None:
            self.outcome = (error,)
            waiting, self._waiting = self._waiting, ()
            for continuation in waiting:
                self._loop.soon(OWNER, "then", (self._name, continuation, error))

    def snapshot(self) -> tuple[Completion, ...]:
        """What waits for it, while it is not settled."""
        return self._waiting

    def restore(self, waiting: tuple[Completion, ...]) -> None:
        """Let that wait for it."""
        self._waiting, self.outcome = waiting, None


CallSnapshot = tuple[int, str, int | None, Completion | None, str, tuple[Completion, ...]]


class Call:
    """One API call, from its record to its completion.

    The callback runs inside :meth:`finish`; the promise continues after the task.
    """

    __slots__ = ("_by", "_calls", "_completion", "name", "number", "promise", "record")

    def __init__(
        self,
        calls: Calls,
        number: int,
        name: str,
        record: int | None,
        completion: Completion | None,
        by: str,
    ) -> None:
        self._calls = calls
        self.number = number
        self.name = name
        self.record = record
        self._completion = completion
        self._by = by
        self.promise = Promise(calls.loop, name)

    def finish(self, error: ApiError | None = None, *, in_listener: bool = False) -> None:
        """Complete the call; a second completion is ignored.

        What the callback throws is written down, and goes no further; ``in_listener``, that is for
        whoever has called the listener.
        """
        if not self._calls.close(self):
            return
        loop = self._calls.loop
        if self._by == "promise":
            loop.soon(OWNER, "note", (self.name, self.record, error))
        else:
            with loop.because(self._calls.note_end(self.name, self.record, error, self._by)):
                if self._completion is not None and in_listener:
                    self._completion(error)
                elif self._completion is not None:
                    self._calls.run("callback", self.name, self._completion, error)
        self.promise.settle(error)

    def snapshot(self) -> CallSnapshot:
        """What a call is that has not ended yet."""
        waiting = self.promise.snapshot()
        return self.number, self.name, self.record, self._completion, self._by, waiting


class Calls:
    """The calls of a page that have not ended yet, by number."""

    def __init__(self, loop: Loop, note: Note, threw: Threw) -> None:
        self.loop = loop
        self._note = note
        self._threw = threw
        self._count = 0
        self._open: dict[int, Call] = {}

    def begin(
        self,
        name: str,
        record: int | None,
        completion: Completion | None = None,
        by: str = "callback",
    ) -> Call:
        """A call has been made, which that record tells of."""
        self._count += 1
        call = self._open[self._count] = Call(self, self._count, name, record, completion, by)
        return call

    def finish(self, number: int, error: ApiError | None = None) -> None:
        """Complete the call of that number, unless it has ended."""
        call = self._open.get(number)
        if call is not None:
            call.finish(error)

    def heard(self, number: int) -> None:
        """An event is told with which the call of that number succeeds, unless it has ended."""
        call = self._open.get(number)
        if call is not None:
            call.finish(in_listener=True)

    def run(self, what: str, name: str, app: Completion, error: ApiError | None) -> None:
        """Call what the app has handed over for the end of a call, as the browser would."""
        try:
            app(error)
        except AssertionError:  # a test inside an app failed: that is for the test
            raise
        except Exception as problem:  # noqa: BLE001 - as in the browser: logged, not spread
            self._threw("session", f"{what} of {name}", problem)

    def _fail(self, about: tuple[int, ApiError]) -> None:
        self.finish(*about)

    def close(self, call: Call) -> bool:
        """Take it out of the open ones; whether it was there."""
        return self._open.pop(call.number, None) is not None

    def get(self, number: int) -> Call | None:
        """The call of that number, unless it has ended."""
        return self._open.get(number)

    def note_end(
        self, name: str, record: int | None, error: ApiError | None, by: str
    ) -> int | None:
        """Write down how a call has ended."""
        data: dict[str, object] = {"call": record, "ok": error is None, "by": by}
        if error is not None:
            data["error"], data["code"] = error.name, error.code
            if error.parameter is not None:
                data["parameter"] = error.parameter
        return self._note(*calls.COMPLETIONS[name].head, data, self.loop.cause)

    def _then(self, about: tuple[str, Completion, ApiError | None]) -> None:
        self.run("then", *about)

    def _ended(self, about: tuple[str, int | None, ApiError | None]) -> None:
        name, record, error = about
        self.note_end(name, record, error, "promise")

    DUE: ClassVar[Mapping[str, Callable[..., object]]] = {
        "then": _then,
        "note": _ended,
        "finish": finish,
        "fail": _fail,
    }
    ANSWERS: ClassVar[Mapping[str, Callable[..., object]]] = {}

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self) -> tuple[int, tuple[CallSnapshot, ...]]:
        """The open calls."""
        return self._count, tuple([call.snapshot() for call in self._open.values()])

    def restore(self, snapshot: tuple[int, tuple[CallSnapshot, ...]]) -> None:
        """Let those be open, and no others; a call that is known keeps its promise."""
        self._count, saved = snapshot
        known, self._open = self._open, {}
        for number, name, record, completion, by, waiting in saved:
            call = known.get(number)
            if call is None or call.record != record:
                call = Call(self, number, name, record, completion, by)
            call.promise.restore(waiting)
            self._open[number] = call

    def clear(self) -> None:
        """The page is gone: nobody waits any more."""
        self._open.clear()
