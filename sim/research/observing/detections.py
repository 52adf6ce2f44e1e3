"""When the platform holds connections to be lost, and whether they are.

A loss is of a fault if the person's link was down at some time of the silence that was detected, or
if what its record names as the cause is a fault of the network or the end of a page. In the
platform's ``detection`` before the loss nothing can have been heard, but for the connection itself
if it came, or came back, in that time: a stretch in which the link was down that lasted into what
is left is taken for part of the silence, whatever packet was lost last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import ClassVar, Final

from attrs import frozen

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait, named
from sim.research.observing.observed import Detection, Outage
from sim.trace import Record

_TOLD_TO: Final = tuple(key for key in named(Trait.SCRIPTED) if key[0] == "decision")
"""What the script has the platform do: what follows from that is not detected."""
_FAULTS: Final = tuple(sorted(key for key in named(Trait.DISTURBS) if key[0] == "fault"))


@frozen
class _Loss:
    """One time that the platform holds a connection to be lost."""

    person: str
    time: int
    fault: int | None
    """When the fault was that its record names, or the end of its page, whichever was first."""
    taken: int
    """Since when the platform had it, or had it back."""


class Detections:
    """Follows the platform's failure detector: each loss, with the faults that explain it."""

    def __init__(self) -> None:
        self._losses: list[_Loss] = []
        self._faults: dict[int, int] = {}
        """The number of a fault's record → when it was."""
        self._taken: dict[str, int] = {}
        """By connection: when it last came, or came back."""
        self._pages: dict[str, list[int]] = {}
        """By person: when a page of theirs was over."""
        self._deliberate: set[int] = set()
        """Decisions of the platform to close a socket: nothing is detected then."""

    def _fault(self, record: Record) -> None:
        self._faults[record.seq] = record.time

    def _page_over(self, record: Record) -> None:
        self._fault(record)
        self._pages.setdefault(record.client, []).append(record.time)

    def _decided(self, record: Record) -> None:
        self._deliberate.add(record.seq)

    def _takes(self, record: Record) -> None:
        self._taken[record.data["connection"]] = record.time

    def _lost(self, record: Record) -> None:
        cause = record.cause or 0
        taken = self._taken.get(record.data["connection"], 0)
        if cause not in self._deliberate:
            known = (self._faults.get(cause), self._page_end(record.client, taken))
            fault = min((each for each in known if each is not None), default=None)
            self._losses.append(_Loss(record.client, record.time, fault, taken))

    def _page_end(self, person: str, since: int) -> int | None:
        """When the page of a connection that the platform has since then was over, if it was."""
        return next((each for each in self._pages.get(person, ()) if each >= since), None)

    def finish(self, outages: Iterable[Outage], within: int) -> tuple[Detection, ...]:
        """The rows, in the order of the losses.

        ``outages`` are those of all links, each person's in order; ``within`` is the platform's
        ``detection``.
        """
        down: dict[str, list[Outage]] = {}
        for outage in outages:
            down.setdefault(outage.person, []).append(outage)
        return tuple([_detection(each, down.get(each.person, []), within) for each in self._losses])

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "lost"): _lost,
            **dict.fromkeys(_TOLD_TO, _decided),
            **dict.fromkeys(_FAULTS, _fault),
            **on(_page_over, Trait.ENDS_PAGE),
            **on(_takes, Trait.BEGINS_CONNECTION, Trait.RESUMES_CONNECTION),
        }
    )


def _detection(loss: _Loss, down: list[Outage], within: int) -> Detection:
    silent = max(loss.time - within, loss.taken)
    faults = (loss.fault, _down_since(silent, loss.time, down))
    since = min((each for each in faults if each is not None), default=None)
    after = None if since is None else loss.time - since
    return Detection(loss.person, loss.time, since is not None, after)


def _down_since(silent: int, lost: int, down: list[Outage]) -> int | None:
    """When the first stretch began that lasted into the time from ``silent`` to the loss."""
    first = bisect_right(down, silent, key=lambda each: _until(each, lost))
    if first == len(down) or down[first].began_us >= lost:
        return None
    return down[first].began_us


def _until(outage: Outage, lost: int) -> int:
    return lost if outage.ended_us is None else outage.ended_us
