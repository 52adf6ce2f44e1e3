"""When the answer to a request may reach its client: when the call ended that made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from sim.client import Client
from sim.client.page import Reply
from sim.conform.case import Case, CaseStep, Completion
from sim.conform.labels import name_of
from sim.protocol import names
from sim.protocol.frames import Frame, Message, Status
from sim.protocol.units import MILLISECOND

CALLS: Final[dict[str, Callable[[Any], int]]] = {
    "call": lambda number: number,
    "stream": lambda about: about[1],
}
"""Which call made a request, by the kind of its reply and what that is about."""


JUST_BEFORE: Final = 10 * MILLISECOND
"""An event and the end of the call that comes with it are told within this time."""


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
        steps = (step for step in case.script if step.client == name)
        self.makes = [step for step in steps if makes_publisher(step)]
        """The steps that make a Publisher."""
        self._told = case.expect.get(name, ())
        for end in case.completions:
            if end.client == name:
                self._put_down(end)

    def _put_down(self, end: Completion) -> None:
        """To the last call before it that has not ended in this way.

        One of ``publish`` to that which made the Publisher of which something was told just then.
        """
        made = self._made.get(end.call, ())
        places = [*reversed(range(len(made)))]
        shown = self._shown_by(end)
        if shown is not None and shown in made:
            places.insert(0, made.index(shown))
        for place in places:
            ends = self._ends.setdefault(Called(end.call, place), [])
            if made[place].at <= end.at and end.by not in (each.by for each in ends):
                ends.append(end)
                return

    def _shown_by(self, end: Completion) -> CaseStep | None:
        """The call of ``publish`` whose end was told just before by its Publisher."""
        if name_of(end.call) != "publish":
            return None
        told = (t for t in reversed(self._told) if end.at - JUST_BEFORE <= t.at <= end.at)
        last = next((t.object for t in told if t.object.startswith("publisher")), None)
        return None if last is None else self.publishing(last)

    def ends_of(self, step: CaseStep) -> Sequence[Completion]:
        """How the call of that step ended; empty if it never did."""
        label = step.do or ""
        return self._ends.get(Called(label, self._made[label].index(step)), ())

    def end_of(self, step: CaseStep) -> Completion | None:
        """How it ended first."""
        return next(iter(self.ends_of(step)), None)

    def publishing(self, publisher: str) -> CaseStep | None:
        """The call that made this Publisher."""
        read = names.label(publisher)
        place = 0 if read is None else read.number
        return self.makes[place] if place < len(self.makes) else None

    def granted(self, client: Client, frame: Frame) -> int | None:
        """When the call had ended well by which this request was made; None if it did not.

        One of ``subscribe`` says nothing: it waits for media besides.
        """
        if not isinstance(frame, Message) or frame.resource == "subscriber":
            return None
        ends = self._ends_by(client, frame.txn)
        return ends[0].at if ends and ends[0].fields.get("ok") else None

    def due(self, client: Client, frame: Frame, now: int) -> int | None:
        """When an answer may be there by which a call ends; None if it ends none of them."""
        if not isinstance(frame, Status):
            return None
        reply = _reply(client, frame.txn)
        if reply is None or (reply.kind != "call" and frame.ok):
            return None
        ends = self._ends_by(client, frame.txn)
        return next((end.at for end in ends), None)

    def _ends_by(self, client: Client, txn: int) -> Sequence[Completion]:
        """How the call ended that made a request, which waits for its answer."""
        reply = _reply(client, txn)
        if reply is None:
            return ()
        number = CALLS.get(reply.kind)
        if number is None:
            return self._ends.get(Called(f"subscribe {reply.owner}", 0), ())
        call = client.page.calls.get(number(reply.about))
        called = None if call is None else self._called(call.record)
        return () if called is None else self._ends.get(called, ())


def _reply(client: Client, txn: int) -> Reply | None:
    socket = client.membership.socket
    asked = None if socket is None else socket.requests.waiting(txn)
    return None if asked is None else asked.reply


def makes_publisher(step: CaseStep) -> bool:
    """Whether a step makes a new Publisher."""
    args = step.args or {}
    new = args.get("publisher") in (None, "a new one") and "value" not in args
    return name_of(step.do or "") in ("publish", "initPublisher") and new
