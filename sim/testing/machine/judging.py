"""A world that is judged as it runs: a breach of a law comes out of what caused it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from sim.expectations.thrown import is_thrown, sentence
from sim.laws import Breach, catalogue
from sim.protocol.quirks import QUIRKS
from sim.result import Result
from sim.simulation import LawBroken, Simulation
from sim.simulation.simulation import Condition
from sim.trace import Record

DEVIATION: Final = "quirk"
"""The kind of a record that a client does otherwise than documented."""


class AppThrew(AssertionError):  # noqa: N818 - it reads as a sentence where it is raised
    """An app has thrown, in a listener or elsewhere in its code; what it threw is the cause.

    ``record`` is the ``listenerThrew`` of it. The page itself goes on, as in a browser.
    """

    __module__ = "sim.testing"

    def __init__(self, record: Record) -> None:
        self.record = record
        super().__init__(sentence(record))


class Judged(Simulation):
    """A :class:`~sim.Simulation` whose commands raise :class:`~sim.LawBroken`.

    Breaches that the profile owns up to are left out: see :func:`is_owned_up_to`. What an app
    throws comes out as :class:`~sim.testing.AppThrew`, unless :attr:`apps_may_throw`.
    """

    apps_may_throw = False
    _looked_at = 0
    """So many breaches have been looked at,"""
    _listened_to = 0
    """and so many records."""

    def join(self, name: str, /, *args: Any, **keys: Any) -> None:
        """See :meth:`sim.Simulation.join`."""
        super().join(name, *args, **keys)
        self.judge()

    def do(self, client: str, /, **keys: Any) -> None:
        """See :meth:`sim.Simulation.do`."""
        super().do(client, **keys)
        self.judge()

    def advance(self, length: str | int) -> None:
        """See :meth:`sim.Simulation.advance`."""
        super().advance(length)
        self.judge()

    def advance_until(self, condition: str | Condition, *, within: str | int) -> None:
        """See :meth:`sim.Simulation.advance_until`."""
        try:
            super().advance_until(condition, within=within)
        finally:
            self.judge()

    def close(self) -> Result:
        """See :meth:`sim.Simulation.close`."""
        result = super().close()
        self.judge()
        return result

    def play(self, duration: int) -> Result:
        """Let a story of that duration, in microseconds, happen to its end.

        Raises :class:`~sim.LawBroken`, or ``AssertionError`` for what it expects and is not so.
        """
        self.advance(duration)
        result = self.close()
        missed = [outcome for outcome in result.expectations if not outcome.held]
        assert not missed, "\n".join(map(str, missed))
        return result

    def judge(self) -> None:
        """Raise for what an app has thrown since the last time, or for the first breach."""
        __tracebackhide__ = True
        self._judge_apps()
        breaches = self._run.breaches[self._looked_at :]
        self._looked_at += len(breaches)
        for breach in breaches:
            if not is_owned_up_to(breach, self.records):
                raise breaking(breach.law)(catalogue()[breach.law], breach, "")

    def _judge_apps(self) -> None:
        __tracebackhide__ = True
        records = self._run.records
        fresh = records[self._listened_to :]
        self._listened_to = len(records)
        if self.apps_may_throw:
            return
        for record in filter(is_thrown, fresh):
            page = self.world.participants[record.client].driver.core.page
            problem, _, _ = record.data["error"].partition(":")
            raise throwing(problem, record.data["event"])(record) from page.thrown


def is_owned_up_to(breach: Breach, records: Iterable[Record]) -> bool:
    """Whether a quirk may be behind a breach, going by the records until then.

    The documented profile has no quirks. With the profile of a shipped client, what is known of it
    is no news. A law fails only where neither its own client has done otherwise than documented,
    nor anybody had a quirk at work that is known to break this law: one person's end is told
    twice, and it is another who is told.
    """
    client, law = breach.record.client, breach.law
    quirks = [record for record in records if record.kind == DEVIATION]
    return any(quirk.client == client or law in QUIRKS[quirk.name].laws for quirk in quirks)


@cache
def breaking(law: str) -> type[LawBroken]:
    """The error for one law. Each has its own type, so that Hypothesis tells them apart.

    Otherwise it would take two laws that break for one failure, and shrink one into the other.
    """
    return type("LawBroken", (LawBroken,), {"__module__": LawBroken.__module__, "law_name": law})


@cache
def throwing(problem: str, event: str) -> type[AppThrew]:
    """The error for an app that throws this at that event, for the same reason."""
    named = {"__module__": AppThrew.__module__, "thrown": (problem, event)}
    return type("AppThrew", (AppThrew,), named)
