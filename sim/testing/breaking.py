"""What breaks in a run, by names that stay the same over seeds, people and times.

A broken law is known by its name and by the quirk that has to do with the record that broke it;
where there is none, by what kind of record it was. So two stories in which the same goes wrong have
the same :attr:`Broken.identity`, and one in which something else breaks the same law has another.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Final, Literal

from attrs import field, frozen

from sim.expectations import Clause, expected_breaches
from sim.expectations.clauses import LawVerdict
from sim.laws import Breach
from sim.protocol.names import label
from sim.result import Result
from sim.running import run
from sim.scenario import Scenario
from sim.world.bounds import MOST_EVENTS, StoryWithoutEnd

LAW: Final = "law"
EXPECTATION: Final = "expectation"
CRASH: Final = "crash"
Kind = Literal["law", "expectation", "crash"]


@frozen
class Broken:
    """Something that was to hold and did not.

    ``name`` is a law, the sentence of an expectation, or the class of an exception of ours;
    ``what`` tells apart what may break it; ``sentence`` says it of this run.
    """

    kind: Kind
    name: str
    what: str = ""
    sentence: str = field(default="", eq=False)

    @property
    def identity(self) -> str:
        """What it is known by: ``one-end (session sessionDisconnected)``."""
        return identity(self.kind, self.name, self.what)


def identity(kind: Kind, name: str, what: str) -> str:
    """The text that names something broken, in files and in reports.

    >>> identity("law", "one-end", "quirk disconnect-in-reconnecting-listener-hangs")
    'one-end (quirk disconnect-in-reconnecting-listener-hangs)'
    """
    words = name if kind == LAW else f"{kind} {name}"
    return f"{words} ({what})" if what else words


def broken(result: Result, *, expected: Iterable[str] = ()) -> tuple[Broken, ...]:
    """What broke in a run: laws in the order in which they broke, then expectations; each once.

    Laws that were ``expected`` to break, by that or by the scenario, are not among them, nor is an
    expectation that a law holds: that law is.
    """
    passed_over = {*expected, *expected_breaches(result.scenario.expect)}
    said = {each.text for each in result.scenario.expect if _is_of_law(each)}
    breaches = [
        breach
        for name, verdict in result.laws.items()
        for breach in verdict.breaches
        if name not in passed_over
    ]
    laws = [_of(breach) for breach in sorted(breaches, key=lambda breach: breach.time)]
    missed = [
        Broken(EXPECTATION, outcome.text, "", str(outcome))
        for outcome in result.expectations
        if not outcome.held and outcome.text not in said
    ]
    return tuple(dict.fromkeys([*laws, *missed]))


def _is_of_law(clause: Clause) -> bool:
    return isinstance(clause, LawVerdict) and clause.holds


def _of(breach: Breach) -> Broken:
    what = f"quirk {breach.quirk}" if breach.quirk else _kind_of_record(breach)
    return Broken(LAW, breach.law, what, f"{breach.where}: {breach.sentence}")


def _kind_of_record(breach: Breach) -> str:
    """``session sessionDisconnected``: whose it is and what, without names of people."""
    record = breach.record
    shown = label(record.object)
    role = shown.role if shown else record.kind
    return f"{role} {record.name.partition(':')[0]}"


def crashed(failure: Exception) -> Broken:
    """What a fault of the simulator itself is known by: its class, and the function that raised."""
    frames = traceback.extract_tb(failure.__traceback__)
    last = frames[-1] if frames else None
    where = f"{PurePath(last.filename).stem}.{last.name}" if last else ""
    return Broken(CRASH, type(failure).__name__, where, f"{type(failure).__name__}: {failure}")


Runner = Callable[..., Result]
"""What runs a scenario: :func:`sim.run`, or something that takes the same arguments."""


@frozen
class Still:
    """The question whether the same breaks in another scenario: what :func:`shrink` asks.

    Only what is asked about is judged. A story without end breaks nothing.
    """

    what: Broken
    runner: Runner = run
    events: int = MOST_EVENTS

    def __call__(self, scenario: Scenario) -> bool:
        """Run it and look."""
        return self.what in self.found(scenario)

    def found(self, scenario: Scenario) -> tuple[Broken, ...]:
        """What of this kind breaks in a scenario."""
        laws = self._laws(scenario)
        try:
            result = self.runner(scenario, laws=laws, keep=False, max_events=self.events)
        except StoryWithoutEnd:
            return ()
        except Exception as failure:  # noqa: BLE001 - a fault of ours may be what is asked about
            if self.what.kind != CRASH:
                return ()
            return (crashed(failure),)
        return broken(result)

    def _laws(self, scenario: Scenario) -> tuple[str, ...] | None:
        if self.what.kind == CRASH:
            return None
        if self.what.kind == LAW:
            return (self.what.name,)
        clauses = (each for each in scenario.expect if each.text == self.what.name)
        return tuple(clause.law for clause in clauses if isinstance(clause, LawVerdict))
