"""What is added to the report of a test that fails: how to run again what it has run.

It is a section of the report of its own, the last. It goes with the report from a worker of
pytest-xdist; JUnit's XML has no sections of this kind, so there it follows the traceback.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from sim.testing.failures import Failure
    from sim.testing.pytesting.choices import Choices
    from sim.testing.pytesting.runs import Run

TITLE: Final = "session-sim: how to run it again"

RUNS: Final = "sim_runs"
"""The attribute of a report that says how many runs were made."""
SEED: Final = "sim_seed"
"""The attribute of a failure's report that holds the seed of the run that failed."""


def attach(
    config: pytest.Config,
    report: pytest.TestReport,
    item: pytest.Item,
    run: Run,
    number: int,
    choices: Choices,
) -> None:
    """Say how to make this run again, the last of a test that has made so many."""
    start = config.invocation_params.dir
    place = f" (the last of {number} runs of this test)" if number > 1 else ""
    lines = [f"{run}{place}", *run.story_line(start), _again(config, item, run, choices)]
    _add(config, report, lines, run.seed)


def told(problem: BaseException) -> list[Failure]:
    """What the kit has said of this error already, or of those that it consists of."""
    failures = sys.modules.get("sim.testing.failures")
    if failures is None:
        return []
    notes = {note for each in _parts(problem) for note in getattr(each, "__notes__", ())}
    return [failure for failure in failures.latest if failure.note in notes]


def attach_told(config: pytest.Config, report: pytest.TestReport, failures: list[Failure]) -> None:
    """Repeat last how to run again what the kit has told of, and saved."""
    _add(config, report, [each.replay for each in failures], failures[-1].story.seed)


def _parts(problem: BaseException) -> Iterator[BaseException]:
    yield problem
    if isinstance(problem, BaseExceptionGroup):
        for part in problem.exceptions:
            yield from _parts(part)


def counted(runs: int) -> str:
    """So many runs, in words."""
    return "1 run" if runs == 1 else f"{runs} runs"


def _again(config: pytest.Config, item: pytest.Item, run: Run, choices: Choices) -> str:
    """The line that runs the test again with that run."""
    words = ["python", "-m", "pytest", _named(config, item), "--sim-replay", str(run.token)]
    if choices.mutant is not None:
        words += ["--sim-mutant", choices.mutant.name]
    return shlex.join(words)


def _named(config: pytest.Config, item: pytest.Item) -> str:
    """The test as it is named where pytest was started."""
    from sim.testing.pytesting.runs import relative  # noqa: PLC0415 - it is there: a run was made

    _, *inner = item.nodeid.split("::")
    return "::".join([relative(item.path, config.invocation_params.dir), *inner])


def _add(config: pytest.Config, report: pytest.TestReport, lines: list[str], seed: int) -> None:
    report.sections.append((TITLE, "\n".join(lines)))
    setattr(report, SEED, seed)
    if not _shows_sections(config):
        report.longrepr = _in_text(report)


@contextmanager
def in_full(config: pytest.Config, report: pytest.TestReport) -> Iterator[None]:
    """Meanwhile the text of the report has our section in it, for who writes XML of the text.

    That is never a worker: what a worker does here is to hand the report up.
    """
    is_ours = any(name == TITLE for name, _ in report.sections)
    writes_xml = config.getoption("xmlpath", None) and not hasattr(config, "workerinput")
    if not (is_ours and writes_xml and _shows_sections(config)):
        yield
        return
    before, report.longrepr = report.longrepr, _in_text(report)
    yield
    report.longrepr = before


def _shows_sections(config: pytest.Config) -> bool:
    """Whether the terminal shows all sections, and not only some of what was captured."""
    return bool(config.getoption("showcapture", "all") == "all")


def _in_text(report: pytest.TestReport) -> Any:
    """The text of the report with our section in it."""
    content = dict(report.sections)[TITLE]
    text: Any = report.longrepr
    if not hasattr(text, "addsection"):
        return f"{text}\n\n{TITLE}\n{content}"
    text = copy(text)
    text.sections = list(text.sections)
    text.addsection(TITLE, content)
    return text
