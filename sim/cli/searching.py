"""A search told: how far it is, what it has found, and what of that is new."""

from __future__ import annotations

import os
import shlex
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from attrs import define, evolve, field, frozen

from sim import Scenario
from sim.cli import exits, progress, terminal
from sim.cli.smaller import counts, numbered
from sim.cli.stopping import code_of
from sim.protocol.quirks import profile as profile_named
from sim.scenario import to_data
from sim.telling.columns import wrap
from sim.telling.marks import faint, heading, style
from sim.testing.breaking import CRASH, Broken
from sim.testing.fuzzing import baseline, saving
from sim.testing.fuzzing.findings import Finding
from sim.testing.fuzzing.search import Listener, Plan, Search
from sim.testing.goals import known as known_goals

_clock: Final = time.monotonic  # noqa: TID251 - the time of who waits, not that of the story


@frozen(kw_only=True)
class Task:
    """What is to be searched, and what is known of it already."""

    scenario: Scenario
    file: str
    examples: int | None
    seconds: float | None
    folder: str
    baseline: str | None
    update: bool
    seed: int
    expect: bool
    profile: str | None

    @property
    def story(self) -> Scenario:
        """The scenario, with the client that is asked for."""
        if self.profile is None:
            return self.scenario
        return evolve(self.scenario, profile=profile_named(self.profile))


def tell(task: Task, as_json: bool, quiet: bool) -> int:
    """Search, save what is found, and say what came of it."""
    known = _known(task)
    saving.check(Path(task.folder))
    told = _Told(task, known)
    search = Search(_plan(task), told)
    try:
        with _without_files(), progress.counted(told.measure, "fuzzing") as told.shown:
            search.run()
    except (KeyboardInterrupt, OSError) as stopped:
        search.stopped = "interruption" if isinstance(stopped, KeyboardInterrupt) else "failure"
        told.code = code_of(stopped)
        _say(search, told, as_json, quiet)
        raise
    if task.update and task.baseline is not None:
        baseline.write(Path(task.baseline), known, search.findings.values())
    _say(search, told, as_json, quiet)
    return _code(search, told)


@contextmanager
def _without_files() -> Iterator[None]:
    """Let Hypothesis keep what it writes down somewhere else than in the working directory."""
    variable = "HYPOTHESIS_STORAGE_DIRECTORY"
    if variable in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ[variable] = folder
        try:
            yield
        finally:
            del os.environ[variable]


def _known(task: Task) -> dict[str, str]:
    """The baseline. One that is not there can only be made."""
    if task.baseline is None:
        return {}
    path = Path(task.baseline)
    try:
        return baseline.read(path)
    except FileNotFoundError:
        if task.update:
            return {}
        raise click.ClickException(
            f"{path}: there is no such baseline; --update makes it of what is found."
        ) from None
    except baseline.BaselineError as problem:
        raise click.ClickException(f"{problem}.") from None


def _plan(task: Task) -> Plan:
    begun = _clock()
    seconds = task.seconds
    return Plan(
        scenario=task.story,
        seed=task.seed,
        examples=task.examples,
        expectations=task.expect,
        over=lambda: seconds is not None and _clock() - begun >= seconds,
    )


def _code(search: Search, told: _Told) -> int:
    if told.code is not None:
        return told.code
    if any(finding.cause.what.kind == CRASH for finding in search.findings.values()):
        return exits.INTERNAL
    new = any(told.is_new(finding) for finding in search.findings.values())
    return exits.BROKEN if new and not told.task.update else exits.HELD


@define
class _Told(Listener):
    """Shows how far a search has come, and saves what it finds."""

    task: Task
    known: dict[str, str]
    files: dict[str, Path] = field(factory=dict)
    """Where findings are saved, by their identities."""
    code: int | None = None
    """The exit code, if something has ended the search before its time."""
    shown: progress.Shown | None = None
    _begun: float = field(factory=_clock)

    @property
    def measure(self) -> int:
        """What counts as all of it on the way: variations, or seconds."""
        return self.task.examples or int(self.task.seconds or 0) + 1

    def is_new(self, finding: Finding) -> bool:
        """Whether the baseline does not know it."""
        return finding.identity not in self.known

    def ran(self, search: Search) -> None:
        """Show how far it is."""
        found = numbered(len(search.findings), "finding", "findings")
        self._show(search, f"{search.runs} variations, {found}, {len(search.goals)} goals")

    def shrinks(self, search: Search, what: Broken, smallest: Scenario) -> None:
        """Show what is made smaller."""
        self._show(search, f"{what.name} made smaller: {counts(smallest)}")

    def found(self, finding: Finding) -> None:
        """Save it at once."""
        folder, story = Path(self.task.folder), self.task.scenario.name
        self.files[finding.identity] = saving.save(finding, folder, story)

    def _show(self, search: Search, about: str) -> None:
        if self.shown is not None:
            far = search.runs if self.task.examples else int(_clock() - self._begun)
            self.shown(far, about)


# -- what is said ----------------------------------------------------------------------------------


def _say(search: Search, told: _Told, as_json: bool, quiet: bool) -> None:
    if as_json:
        terminal.say_json(_data(search, told))
    else:
        terminal.say(*_report(search, told, quiet, terminal.width()))


def _data(search: Search, told: _Told) -> dict[str, Any]:
    return {
        "scenario": told.task.file,
        "seed": told.task.seed,
        "runs": search.runs,
        "endless": search.endless,
        "stopped": search.stopped,
        "goals": dict(sorted(search.goals.items())),
        "findings": [_finding(each, told) for each in search.findings.values()],
        "exit_code": _code(search, told),
    }


def _finding(finding: Finding, told: _Told) -> dict[str, Any]:
    what, file = finding.cause.what, told.files.get(finding.identity)
    return {
        "identity": finding.identity,
        "kind": what.kind,
        "name": what.name,
        "quirks": list(finding.cause.quirks),
        "sentence": finding.sentence,
        "times": finding.times,
        "new": told.is_new(finding),
        "file": None if file is None else str(file),
        "scenario": to_data(finding.scenario),
    }


def _report(search: Search, told: _Told, quiet: bool, width: int) -> Iterator[str]:
    new = [each for each in search.findings.values() if told.is_new(each)]
    old = [each for each in search.findings.values() if not told.is_new(each)]
    verdict = numbered(len(new), "new finding", "new findings") if told.known or new else "nothing"
    variations = numbered(search.runs, "variation", "variations")
    yield from wrap(f"{told.task.scenario.name}: {verdict} in {variations}", width)
    for each in new:
        yield from _new(each, told, width)
    if quiet:
        return
    if old:
        yield heading("Known")
        yield from (f"  {line}" for each in old for line in wrap(each.identity, width - 2))
    yield from map(faint, _facts(search, told))


def _new(finding: Finding, told: _Told, width: int) -> Iterator[str]:
    yield ""
    first, *rest = wrap(finding.identity, width)
    yield style(first, fg="red", bold=True)
    yield from rest
    said = f"{finding.sentence}; in {numbered(finding.times, 'variation', 'variations')}"
    yield from (f"  {line}" for line in wrap(said, width - 2))
    yield f"  {counts(finding.scenario)}"
    if finding.identity in told.files:
        yield f"  python -m sim run {shlex.quote(str(told.files[finding.identity]))}"


def _facts(search: Search, told: _Told) -> Iterator[str]:
    yield ""
    story = told.task.story
    goals = known_goals(story.profile, laws=story.laws)
    yield f"{len(search.goals)} of {len(goals)} goals reached; it ended with {search.stopped}"
    if search.endless:
        yield f"{numbered(search.endless, 'variation', 'variations')} had no end"
    yield f"seed of the search: {told.task.seed}"
