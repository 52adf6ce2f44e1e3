"""API calls and how they end: a callback, a promise, or both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.protocol.errors import ApiError

if TYPE_CHECKING:
    from sim.client.client import Client

Completion = Callable[[ApiError | None], object]
"""Called with None when the call succeeded, with the error when it did not."""


class Promise:
    """The result of a call that is still under way.

    ``outcome`` is None until it is settled, then a 1-tuple of the error or None.
    """

    __slots__ = ("_client", "_waiting", "outcome")

    def __init__(self, client: Client) -> None:
        self._client = client
        self._waiting: list[Completion] = []
        self.outcome: tuple[ApiError | None] | None = None

    def then(self, continuation: Completion) -> None:
        """Call ``continuation`` after the task in which the promise is settled."""
        if self.outcome is None:
            self._waiting.append(continuation)
        else:
            self._schedule(continuation, self.outcome[0])

    def settle(self, error: ApiError | None) -> None:
        """Resolve (None) or reject; only the first settling counts."""
        if self.outcome is None:
            self.outcome = (error,)
            for continuation in self._waiting:
                self._schedule(continuation, error)
            self._waiting.clear()

    def _schedule(self, continuation: Completion, error: ApiError | None) -> None:
        self._client.loop.soon(lambda: continuation(error))


class Call:
    """One API call, from its record to its completion.

    The callback runs inside :meth:`finish`; the promise continues after the task.
    """

    __slots__ = ("_by", "_client", "_completion", "_done", "name", "promise", "record")

    def __init__(
        self,
        client: Client,
        name: str,
        record: int | None,
        completion: Completion | None = None,
        by: str = "callback",
    ) -> None:
        self._client = client
        self.name = name
        self.record = record
        self._completion = completion
        self._by = by
        self._done = False
        self.promise = Promise(client)

    def finish(self, error: ApiError | None = None) -> None:
        """Complete the call; a second completion is ignored."""
        if self._done:
            return
        self._done = True
        if self._by == "promise":
            self._client.loop.soon(lambda: self._note(error))
        else:
            outer, self._client.loop.cause = self._client.loop.cause, self._note(error)
            if self._completion is not None:
                self._completion(error)
            self._client.loop.cause = outer
        self.promise.settle(error)

    def _note(self, error: ApiError | None) -> int | None:
        data: dict[str, object] = {"call": self.record, "ok": error is None, "by": self._by}
        if error is not None:
            data["error"], data["code"] = error.name, error.code
        return self._client.journal("session", "callback", self.name, data, self._client.loop.cause)
