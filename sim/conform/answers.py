"""When the answer to a request may reach its client: when the call ended that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
        self.ends: dict[Called, Completion] = {}
        """How each call ended first, by callback or by promise."""
        self.made: dict[str, list[CaseStep]] = {}
        """The calls of each label."""
        for step in case.script:
            if step.client == name and step.do is not None:
                self.made.setdefault(step.do, []).append(step)
        for label, steps in self.made.items():
            times = [step.at for step in steps]
            for way in ("callback", "promise", "throw"):
                ended = (
                    each
                    for each in case.completions
                    if (each.client, each.call, each.by) == (name, label, way)
                )
                for place, end in _paired(times, ended):
                    known = self.ends.get(Called(label, place))
                    if known is None or end.at < known.at:
                        self.ends[Called(label, place)] = end

    def end_of(self, step: CaseStep) -> Completion | None:
        """How the call of that step ended; None if it never did."""
        label = step.do or ""
        return self.ends.get(Called(label, self.made[label].index(step)))

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
            end = None if called is None else self.ends.get(called)
            return None if end is None else end.at
        return None if frame.ok else self._refused(asked.reply.owner, now)

    def _refused(self, label: str, now: int) -> int | None:
        """When a ``publish`` or ``subscribe`` ended whose request is refused."""
        name = "publish" if label.startswith("publisher") else f"subscribe {label}"
        failed = (
            end.at
            for called, end in self.ends.items()
            if called.label == name and end.at >= now and not end.fields.get("ok")
        )
        return min(failed, default=None)


def _paired(made: Sequence[int], ended: Iterable[Completion]) -> Iterator[tuple[int, Completion]]:
    """Each end with the place of the last call before it that no end before has taken.

    So one that is never answered takes nothing from those after it.
    """
    free = list(enumerate(made))
    for end in ended:
        place = next((place for place, at in reversed(free) if at <= end.at), None)
        if place is not None:
            free = [each for each in free if each[0] != place]
            yield place, end
