"""Many replications of one scenario: what held in all, and how to see the first failure again."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from operator import attrgetter
from typing import Any, Final

import click
from attrs import frozen

from sim import Result
from sim.cli import ends, exits, progress, summaries, terminal, verdicts
from sim.cli.inputs import STDIN
from sim.cli.runs import Run
from sim.expectations import Outcome
from sim.laws import BROKEN, HELD
from sim.research.running import pool, sizes
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading, style

_AT_ONCE: Final = 0.25
"""Seconds of work that a process is given at once: a bar shows how far it is."""
_WORTH_IT: Final = 3
"""With fewer parts it takes longer to begin processes than to run them here."""


@frozen
class Replication:
    """What is kept of one replication."""

    number: int
    digest: str
    events: int
    laws: dict[str, str]
    goals: Mapping[str, int]
    expectations: tuple[Outcome, ...]
    exit_code: int
    again: str
    sessions: ends.Sessions

    @classmethod
    def of(cls, run: Run, result: Result, sessions: ends.Sessions) -> Replication:
        """What is kept of ``result``."""
        return cls(
            result.replication,
            result.digest,
            result.told,
            summaries.outcomes(result),
            result.goals,
            tuple(result.expectations),
            result.exit_code,
            run.again(result),
            sessions,
        )


def tell(run: Run, count: int, as_json: bool, quiet: bool, jobs: int | None = None) -> int:
    """Run ``count`` replications, print what they say together, return the exit code.

    ``jobs`` processes run them, one for each core if not said.
    """
    first, sessions = ends.watched(run, replication=0, trace=None, keep=as_json)
    replications = [Replication.of(run, first, sessions), *_others(run, count, jobs)]
    failed = next((each for each in replications if each.exit_code), None)
    code = failed.exit_code if failed else exits.HELD
    if run.trace:
        run.result(replication=failed.number if failed else 0, keep=False)
    run.save_report(failed.number if failed else 0)
    beside = run.trace == STDIN
    if as_json:
        terminal.say_json(summary(first, replications, code), err=beside)
    else:
        lines = list(report(run, first, replications, failed, terminal.width()))
        terminal.say(*(_short(lines, failed) if quiet else lines), err=beside)
    return code


def _others(run: Run, count: int, jobs: int | None) -> list[Replication]:
    """All but the first, in their order; by other processes where that is worth their while."""
    size = sizes.size(run.scenario, _AT_ONCE)
    firsts = range(1, count, size)
    parts = (range(first, min(first + size, count)) for first in firsts)
    found: list[Replication] = []
    with (
        click.progressbar(
            length=count - 1, label="replications", file=sys.stderr, hidden=progress.hidden()
        ) as bar,
        closing(pool.spread(partial(_some, run), parts, _processes(len(firsts), jobs))) as ready,
    ):
        for some in ready:
            found += some
            bar.update(len(some))
    return sorted(found, key=attrgetter("number"))


def _some(run: Run, numbers: Sequence[int]) -> list[Replication]:
    """Some replications, wherever they are run."""
    return [
        Replication.of(run, *ends.watched(run, replication=number, trace=None, keep=False))
        for number in numbers
    ]


def _processes(parts: int, jobs: int | None) -> int:
    return 1 if parts < _WORTH_IT else min(jobs or pool.cores(), parts)


def summary(first: Result, replications: Sequence[Replication], code: int) -> dict[str, Any]:
    """The keys of a single run, with laws and expectations over all; details by replication."""
    return first.to_data() | {
        "laws": summaries.worst(each.laws for each in replications),
        "goals": summaries.reached(each.goals for each in replications),
        "expect": [summaries.expectation(outcome) for outcome in _over_all(replications)],
        "exit_code": code,
        "sessions": ends.summary([each.sessions for each in replications]),
        "replications": [
            {
                "replication": each.number,
                "digest": each.digest,
                "events": each.events,
                "broken": _broken(each.laws),
                "goals": dict(each.goals),
                "missed": [outcome.text for outcome in each.expectations if not outcome.held],
                "exit_code": each.exit_code,
                "replay": each.again,
            }
            for each in replications
        ],
    }


def report(
    run: Run,
    first: Result,
    replications: Sequence[Replication],
    failed: Replication | None,
    width: int,
) -> Iterator[str]:
    """The replications together in lines; the verdict is the last, or the last but one."""
    yield heading(f"{first.scenario.name}: {len(replications)} replications")
    facts = f"seed {first.seed}, profile {summaries.client(first)}"
    yield from map(faint, wrap(facts, width))
    yield ""
    yield from columns(list(_table(replications)), width)
    yield from _goals(replications, width)
    yield from ends.section([each.sessions for each in replications], width)
    yield ""
    yield faint("each: --json lists every replication and the line that replays it")
    if run.trace:
        yield f"trace:   {run.trace} (replication {failed.number if failed else 0})"
    if run.report:
        yield f"report:  {run.report} (replication {failed.number if failed else 0})"
    failures = sum(1 for each in replications if each.exit_code)
    if failed is None:
        yield f"{verdicts.styled(HELD, 'all held')} in {len(replications)} replications"
    else:
        said = verdicts.styled(BROKEN)
        yield f"{said} in {failures} of {len(replications)} replications"
        yield f"first:   {failed.again}"


def _short(lines: list[str], failed: Replication | None) -> list[str]:
    return lines[-2:] if failed else lines[-1:]


_HEADS: Final = ("held", "broken", "not exercised", "law")
_GOAL_HEADS: Final = ("at work", "not", "first", "quirk")


def _table(replications: Sequence[Replication]) -> Iterator[tuple[str, ...]]:
    yield tuple(map(heading, _HEADS))
    for name in replications[0].laws:
        counts = Counter(each.laws[name] for each in replications)
        yield (*(str(counts[head]) for head in _HEADS[:3]), _marked(name, counts))
    for number, outcome in enumerate(replications[0].expectations):
        held = sum(1 for each in replications if each.expectations[number].held)
        missed = len(replications) - held
        yield str(held), str(missed), "0", f"expected: {outcome.text}"


def _goals(replications: Sequence[Replication], width: int) -> Iterator[str]:
    """In how many replications each quirk was at work, and in which first."""
    reached = summaries.reached(each.goals for each in replications)
    if reached:
        count = len(replications)
        rows = [
            (str(runs), str(count - runs), _first(replications, name), name)
            for name, runs in reached.items()
        ]
        yield ""
        yield from columns([tuple(map(heading, _GOAL_HEADS)), *rows], width)
        yield faint("first: the number of the first replication with it, from 0")


def _first(replications: Sequence[Replication], goal: str) -> str:
    """The number of the first replication that has reached a goal; a dash if none has."""
    return next((str(each.number) for each in replications if each.goals.get(goal)), "-")


def _marked(name: str, counts: Counter[str]) -> str:
    return style(name, fg="red", bold=True) if counts[BROKEN] else name


def _broken(laws: dict[str, str]) -> list[str]:
    return [name for name, outcome in laws.items() if outcome == BROKEN]


def _over_all(replications: Sequence[Replication]) -> Iterator[Outcome]:
    """Each expectation as it fared: its first failure, or else as in the first replication."""
    for outcomes in zip(*(each.expectations for each in replications), strict=True):
        yield next((outcome for outcome in outcomes if not outcome.held), outcomes[0])
