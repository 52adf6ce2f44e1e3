"""When the answer to a request may reach its client: when the call ended that made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sim.client import Client
from sim.conform.case import Case, CaseStep, Completion
from sim.protocol.frames import Frame, Status

ENDS_A_CALL: Final = "call"
"""The kind of those requests whose answer ends the call that made them."""


class Called(NamedTuple):
    """A call of one client: its label, and how many of the same label came before it."""

    label: str
    place: int


class Answers:
    """How the calls of one client ended, each put down to the call that it ends.

    ``called`` says which call one is, by the number of its record. Of calls of the same label each
    end is put down to the last one.
    """

    def __init__(
        self, case: Case, name: str, called: Callable[[int | None], Called | None]
    ) -> None:
        self._called = called
        self._made: dict[str, list[CaseStep]] = {}
        """The calls of each label."""
        self._ends: dict[Called, list[Completion]] = {}
        """How each call ended, in the order of time: by callback, by promise or by both."""
        for step in case.script:
            if step.client == name and step.do is not None:
                self._made.setdefault(step.do, []).append(step)
        for end in case.completions:
            if end.client == name:
                self._put_down(end)

    def _put_down(self, end: Completion) -> None:
        """To the last call before it that has not ended in this way."""
        made = self._made.get(end.call, ())
        for place in reversed(range(len(made))):
            ends = self._ends.setdefault(Called(end.call, place), [])
            if made[place].at <= end.at and end.by not in (each.by for each in ends):
                ends.append(end)
                return

    def ends_of(self, step: CaseStep) -> Sequence[Completion]:
        """How the call of that step ended; empty if it never did."""
        label = step.do or ""
        return self._ends.get(Called(label, self._made[label].index(step)), ())

    def end_of(self, step: CaseStep) -> Completion | None:
        """How it ended first."""
        return next(iter(self.ends_of(step)), None)

    def due(self, client: Client, frame: Frame, now: int) -> int | None:
        """When an answer may be there by which a call ends; None if it ends none of them."""
        socket = client.membership.socket
        if socket is None or not isinstance(frame, Status):
            return None
        asked = socket.requests.waiting(frame.txn)
        if asked is None or asked.reply is None:
            return None
        if asked.reply.kind == ENDS_A_CALL:
            call = client.page.calls.get(asked.reply.about)
            called = None if call is None else self._called(call.record)
            ends = () if called is None else self._ends.get(called, ())
            return ends[0].at if ends else None
        return None if frame.ok else self._refused(asked.reply.owner, now)

    def _refused(self, label: str, now: int) -> int | None:
        """When a ``publish`` or ``subscribe`` ended whose request is refused."""
        name = "publish" if label.startswith("publisher") else f"subscribe {label}"
        failed = (
            end.at
            for called, ends in self._ends.items()
            for end in ends
            if called.label == name and end.at >= now and not end.fields.get("ok")
        )
        return min(failed, default=None)
