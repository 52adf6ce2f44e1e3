"""When the recorder's cameras were there, and when the requests for their streams went out.

Between ``publish`` and the request lie the camera (until it is bound) and then some more work; both
are the recorder's machine's. The first who was told of a stream says when its request was there.
Where the Publisher was given up meanwhile, or its session ended, how ``publish`` ended says how far
it had come.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from sim.conform.answers import Answers
from sim.conform.case import Case, CaseStep, Completion, Told
from sim.conform.effects import Shows, news, publishing
from sim.conform.labels import name_of
from sim.conform.machine import AFTER, HOPS, NEVER, usual
from sim.conform.networks import Networks
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND

USUAL: Final = 250 * MILLISECOND
"""From ``publish`` to the request where the recording shows none; 0.17 to 0.3 s in others."""
BOUND: Final = 80
"""After how much of that time the camera is bound, in percent; in recordings with frames 68 to
95."""
SLOWEST: Final = 2 * SECOND
"""What took longer was held up by something else."""
FASTEST: Final = 50 * MILLISECOND
"""No camera is there sooner; in recordings with frames 0.1 s."""
UNBOUND: Final = ("Error", "OT_CANCEL")
"""Errors of ``publish`` whose camera was not there yet, if nobody was told of the stream."""
ASKED: Final = ("OT_TIMEOUT", "OT_STREAM_CREATE_FAILED", "OT_UNEXPECTED_SERVER_RESPONSE")
"""Errors of ``publish`` after its request had gone out."""


class Camera(NamedTuple):
    """When one Publisher's camera was bound, and when its stream was asked for."""

    bound: int
    asked: int


class Cameras:
    """The cameras of one client."""

    def __init__(self, case: Case, name: str, networks: Networks, answers: Answers) -> None:
        self._case = case
        self._name = name
        self._networks = networks
        self._answers = answers
        self._steps = [step for step in case.script if step.client == name and step.do]
        self._usual = usual(case, "publish", ("publisher", "streamCreated"), SLOWEST, USUAL)

    def of(self, publisher: str, now: int) -> Camera:
        """The camera of a Publisher that is made now."""
        call = self._answers.publishing(publisher)
        end = None if call is None else self._answers.end_of(call)
        given_up = self._given_up(publisher, now)
        last = NEVER if given_up is None else given_up - AFTER
        told = self._told(publisher, now, self._anew(given_up))
        if end is not None and end.fields.get("ok"):
            told = end.at if told is None else min(told, end.at)
        if told is not None:
            whole = self._networks.is_whole(self._name, now, told)
            asked = told - HOPS if whole else min(told - HOPS, now + self._usual)
            return self._asked(now, min(asked, last))
        if end is None or end.fields.get("error") not in (*UNBOUND, *ASKED):
            return self._untold(now, given_up, last)
        return self._failed(now, end, given_up, last)

    def _failed(self, now: int, end: Completion, given_up: int | None, last: int) -> Camera:
        """The camera of a call that has failed, of whose stream nobody was told."""
        error = end.fields.get("error")
        if error in UNBOUND:
            return Camera(max(end.at, given_up or 0) + AFTER, NEVER)
        if error == "OT_TIMEOUT":
            return self._asked(now, min(end.at - Timers().publish_timeout, now + SLOWEST))
        if self._was_closing(now, given_up, end.at):
            return self._asked(now, end.at)
        return self._asked(now, min(now + self._usual, last))

    def _untold(self, now: int, given_up: int | None, last: int) -> Camera:
        """The camera of a call that was never answered, of whose stream nobody was told."""
        asked = now + self._usual
        if asked <= last and not self._networks.is_whole(self._name, now, asked):
            return self._asked(now, asked)  # whether it was given up or not
        if given_up is not None and given_up >= now + FASTEST:
            bound = max(now, min(now + self._usual * BOUND // 100, last))
            return Camera(bound, NEVER)
        return Camera(NEVER, NEVER)

    def _was_closing(self, now: int, given_up: int | None, ended: int) -> bool:
        """Whether the request was made on a socket that was being closed: then it fails at once.

        Nobody was told of the stream, though nothing was wrong with the network.
        """
        closing = given_up is not None and given_up <= ended
        return closing and self._networks.is_whole(self._name, now, ended)

    def _asked(self, now: int, at: int) -> Camera:
        asked = max(at, now)
        return Camera(now + (asked - now) * BOUND // 100, asked)

    def again(self, publisher: str, now: int) -> int:
        """When the stream was asked for of a Publisher whose camera is bound already."""
        told = self._told(publisher, now)
        return now + self._usual * (100 - BOUND) // 100 if told is None else told - HOPS

    def _anew(self, given_up: int | None) -> int:
        """When the client has published again after it gave something up."""
        since = NEVER if given_up is None else given_up
        again = (s.at for s in self._steps if s.at > since and name_of(s.do or "") == "publish")
        return min(again, default=NEVER)

    def _told(self, publisher: str, now: int, anew: int = NEVER) -> int | None:
        """When the first was told of its stream, of those who were not away themselves."""
        until = next((step.at for step in self._answers.makes if step.at > now), NEVER)
        before = self._before(publisher, now)
        shows = publishing(self._name, publisher)
        times = (
            told.at
            for name, each in self._case.expect.items()
            for told in _shown(name, news(each), shows, now, 0 if name == self._name else before)
            if told.at < anew
            and (name == self._name or told.at < until)
            and self._networks.is_whole(name, now, told.at)
        )
        return min(times, default=None)

    def _before(self, publisher: str, now: int) -> int:
        """How many of its own streams the client was told of, from now on, before that one.

        The others were told of them in the same order.
        """
        own = [
            told.object
            for told in self._case.expect.get(self._name, ())
            if told.at >= now and told.event == "streamCreated" and told.object != "session"
        ]
        return own.index(publisher) if publisher in own else 0

    def _given_up(self, publisher: str, now: int) -> int | None:
        """When the app let go of it, or its session ended."""
        told = (
            told.at
            for told in self._case.expect.get(self._name, ())
            if told.at >= now and _ends(told, publisher)
        )
        done = (step.at for step in self._steps if step.at > now and _lets_go(step, publisher))
        return min((*told, *done), default=None)


def _shown(
    teller: str, each: Iterator[Told], shows: Shows, now: int, before: int
) -> Iterator[Told]:
    """What shows that a stream was there, without that many streams that came before it."""
    return islice((told for told in each if told.at >= now and shows(teller, told)), before, None)


def _ends(told: Told, publisher: str) -> bool:
    ended = told.object == publisher and told.event in ("streamDestroyed", "destroyed")
    return ended or (told.object == "session" and told.event == "sessionDisconnected")


def _lets_go(step: CaseStep, publisher: str) -> bool:
    call = name_of(step.do or "")
    if call in ("unpublish", "destroy"):
        return (step.args or {}).get("publisher") in (None, publisher)
    return call in ("disconnect", "closeBrowser", "crash")
