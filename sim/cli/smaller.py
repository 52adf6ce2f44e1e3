"""A scenario made smaller: what must still break in it, how far it got, where it is written."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from attrs import evolve, frozen

from sim import Scenario
from sim.cli import exits, progress, terminal
from sim.cli.inputs import STDIN
from sim.expectations.clauses import LawVerdict
from sim.protocol.quirks import profile as profile_named
from sim.protocol.units import format_duration
from sim.running import run
from sim.scenario import dump
from sim.telling.columns import wrap
from sim.telling.marks import faint, visible
from sim.testing.breaking import EXPECTATION, LAW, Broken, Still, broken
from sim.testing.shrinking import MOST_TRIES, shrink
from sim.testing.writing import check_writable, write_whole
from sim.wording import listing, not_one_of, quoted

STDOUT: Final = "-"


@frozen(kw_only=True)
class Task:
    """What is to be made smaller, and while what breaks."""

    scenario: Scenario
    file: str
    law: str | None = None
    expect: str | None = None
    seed: int | None = None
    profile: str | None = None

    @property
    def story(self) -> Scenario:
        """The scenario as it is to be run. A law that is named counts, expected to break or not."""
        story = self.scenario
        if self.seed is not None:
            story = evolve(story, seed=self.seed)
        if self.profile is not None:
            story = evolve(story, profile=profile_named(self.profile))
        if self.law is None:
            return story
        others = [c for c in story.expect if not (isinstance(c, LawVerdict) and c.law == self.law)]
        judged = story.laws if isinstance(story.laws, str) or self.law in story.laws else "all"
        return evolve(story, expect=others, laws=judged)


def claim(output: str, file: str) -> None:
    """Refuse a file that cannot be written, or that would replace the scenario."""
    if output == STDOUT:
        return
    if not output or "\0" in output:
        raise click.ClickException("--output needs the name of a file, or - for standard output.")
    target = Path(output)
    if file != STDIN and target.exists() and target.samefile(file):
        raise click.ClickException(
            f"{output}: the scenario is read from this file, and the smaller one would replace it."
        )
    check_writable(target)


def tell(task: Task, output: str, quiet: bool) -> int:
    """Make it smaller, write it, and say what came of it."""
    story = task.story
    what, others = _chosen(task, broken(run(story, keep=False)))
    made = _Made(story)
    try:
        with progress.counted(MOST_TRIES, "shrinking") as shown:
            made.shown = shown
            shrink(story, Still(what), made)
    except KeyboardInterrupt:
        _write(task, made.smallest, what, output)
        terminal.remark("this is the smallest so far: there may be a smaller one")
        raise
    _write(task, made.smallest, what, output)
    if not quiet:
        beside = output == STDOUT
        terminal.say(*_report(task, story, made, what, others, output), err=beside)
    return exits.HELD


class _Made:
    """How far it has come: what shrinking tells of its progress."""

    def __init__(self, scenario: Scenario) -> None:
        self.smallest = scenario
        self.tries = 0
        self.shown: progress.Shown | None = None

    def __call__(self, tries: int, smallest: Scenario) -> None:
        self.tries, self.smallest = tries, smallest
        if self.shown is not None:
            self.shown(tries, counts(smallest))


def _chosen(task: Task, found: tuple[Broken, ...]) -> tuple[Broken, tuple[Broken, ...]]:
    """What must go on to break, and what else did. Raises :class:`click.ClickException`."""
    if task.expect is not None:
        sentences = [clause.text for clause in task.scenario.expect]
        if task.expect not in sentences:
            raise click.ClickException(
                f"{task.file}: {not_one_of(task.expect, sentences, 'an expectation of this file')}."
            )
    asked = {(LAW, task.law), (EXPECTATION, task.expect)}
    wanted = [each for each in found if (each.kind, each.name) in asked]
    if not (task.law or task.expect):
        wanted = list(found)
    if not wanted:
        raise click.ClickException(_nothing(task, found))
    return wanted[0], tuple(each for each in found if each.name != wanted[0].name)


def _nothing(task: Task, found: tuple[Broken, ...]) -> str:
    named = task.expect or task.law
    if not found:
        rest = "nothing breaks in it: all laws and expectations held"
        return f"{task.file}: there is nothing to shrink, as {rest}."
    kind = "the expectation" if task.expect else "the law"
    names = listing(dict.fromkeys(_named(each) for each in found))
    return f"{task.file}: {kind} {quoted(named)} does not break in it; what does is {names}."


def _named(what: Broken) -> str:
    return f"law {what.name}" if what.kind == LAW else quoted(what.name)


def counts(scenario: Scenario) -> str:
    """How large a scenario is, in words."""
    people = sum(person.count for person in scenario.clients.values())
    faults = sum(not step.do for step in scenario.script)
    deeds = len(scenario.script) - faults
    numbers = (
        numbered(people, "person", "people"),
        numbered(faults, "fault", "faults"),
        numbered(deeds, "action", "actions"),
    )
    return ", ".join((*numbers, format_duration(scenario.duration)))


def numbered(count: int, one: str, many: str) -> str:
    """``1 fault``, ``2 faults``."""
    return f"{count} {one if count == 1 else many}"


def _write(task: Task, smallest: Scenario, what: Broken, output: str) -> None:
    found = next((each for each in Still(what).found(smallest) if each == what), what)
    said = f"{_named(what)} broke {found.sentence}" if what.kind == LAW else found.sentence
    run_it = f"python -m sim run {shlex.quote(output)}"
    if output == STDOUT:
        run_it = "save this as small.yaml, then: python -m sim run small.yaml"
    origin = "standard input" if task.file == STDIN else task.file
    comments = [*wrap(f"{said} (made smaller from {origin})", 98), run_it]
    text = "".join(f"# {visible(line)}\n" for line in comments) + dump(smallest)
    if output == STDOUT:
        terminal.give(text)
    else:
        write_whole(Path(output), text)


def _report(
    task: Task,
    story: Scenario,
    made: _Made,
    what: Broken,
    others: tuple[Broken, ...],
    output: str,
) -> Iterator[str]:
    width = terminal.width()
    yield from wrap(f"{task.file}: {what.identity} breaks", width)
    if made.smallest is story:
        yield f"  as small as it can be: {counts(story)}"
    else:
        yield f"  before: {counts(story)}"
        yield f"  now:    {counts(made.smallest)}"
    yield faint(f"  {numbered(made.tries, 'run', 'runs')}")
    if others:
        names = listing(dict.fromkeys(_named(each) for each in others))
        yield from (f"  {line}" for line in wrap(f"what else broke: {names}", width - 2))
    if output != STDOUT:
        yield f"  python -m sim run {shlex.quote(output)}"
