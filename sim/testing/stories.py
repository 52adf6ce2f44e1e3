"""A story played for a test, as it stands in a file or varied: run, noted, and told if it fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from unittest import SkipTest

from attrs import field, frozen
from hypothesis.errors import HypothesisException

from sim.client import Client
from sim.laws import catalogue
from sim.platform import Platform
from sim.protocol.units import format_duration
from sim.result import Result
from sim.running import run
from sim.scenario import Scenario, load
from sim.simulation.options import Options
from sim.simulation.story import Story
from sim.testing import context, goals
from sim.testing.failures import attach
from sim.testing.setups import Setup
from sim.trace import Record
from sim.wording import brief

Source = str | os.PathLike[str] | Scenario
"""A scenario, or the file that it is in."""


def story_of(source: object, folder: Path) -> Scenario:
    """The scenario, or that in the file, whose name is relative to ``folder``.

    Raises ``ValueError`` with one sentence; :class:`sim.ScenarioError` is one, with one for each
    mistake in the file.
    """
    if isinstance(source, Scenario):
        return source
    if not isinstance(source, str | os.PathLike):
        raise ValueError(f"a scenario is a sim.Scenario or the name of a file, not {brief(source)}")
    return load(folder / source, catalogue().keys())


def folder_of(caller: FrameType | None) -> Path:
    """The folder of the file whose code calls; where we are, for code of no file."""
    file = Path(caller.f_code.co_filename if caller is not None else "")
    return file.parent.absolute() if file.is_file() else Path.cwd()


@frozen
class Playing:
    """How stories are played for one test: with which code, and what is said of its failures.

    Raises ``ValueError`` for what cannot be played.
    """

    setup: Setup
    name: str = ""
    """Of the test, if pytest does not say it."""
    keep: str = ""
    """The line of Python that makes a test of a saved file, for which ``{file}`` stands there."""
    folder: Path = field(factory=Path.cwd)
    """To which that line's file is relative."""

    def check(self, story: Scenario) -> None:
        """Raise ``ValueError`` for code that cannot take part in that story."""
        given = self.setup
        Story(story, {}).check_apps(given.apps)
        Options(
            client_class=given.client_class or Client,
            platform_class=given.platform_class or Platform,
        )

    def result(self, story: Scenario, records: list[Record]) -> Result:
        """Run the story; meanwhile its ``records`` come in."""
        __tracebackhide__ = True
        arguments = self.setup.arguments(story)
        result = run(
            story,
            apps=arguments["apps"],
            client=arguments["client_class"],
            platform=arguments["platform_class"],
            sinks=[records.append],
        )
        context.note(goals.reached(result))
        return result

    @contextmanager
    def telling(self, story: Scenario, records: Sequence[Record]) -> Iterator[None]:
        """Let what fails meanwhile say in which story."""
        __tracebackhide__ = True
        try:
            yield
        except BaseException as problem:
            if is_failure(problem):
                attach(
                    problem,
                    story=story,
                    records=records,
                    setup=self.setup,
                    name=self.name,
                    keep=self.keep,
                    folder=self.folder,
                )
            raise


def is_failure(problem: BaseException) -> bool:
    """Whether that is a failure of a test, and no other way in which one ends.

    Those of pytest are no ``Exception``, nor is Ctrl-C.
    """
    pytest = sys.modules.get("pytest")
    if pytest is not None and isinstance(problem, pytest.fail.Exception):
        return not isinstance(problem, pytest.xfail.Exception)
    return isinstance(problem, Exception) and not isinstance(
        problem, SkipTest | HypothesisException
    )


def described(story: Scenario) -> str:
    """A story in a few words, where only one line is to spare."""
    counts = [(len(story.people), "person", "people"), (len(story.script), "step", "steps")]
    said = [f"{number} {one if number == 1 else many}" for number, one, many in counts]
    return ", ".join([story.name, f"seed {story.seed}", format_duration(story.duration), *said])
