"""What verbs read: scenarios and traces from files or, named ``-``, from standard input; sweeps."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from sim.cli.extras import need
from sim.scenario import Scenario
from sim.trace import Trace, read

if TYPE_CHECKING:
    from sim.research import Experiment
    from sim.research.results import Results
    from sim.scenario import ScenarioError

STDIN: Final = "-"

_OF_EXPERIMENTS: Final = ("scenario", "design")
"""Keys that an experiment has and no scenario."""
_OF_SCENARIOS: Final = ("clients",)


def scenario(name: str) -> Scenario:
    """The scenario in the file of that name.

    Raises :class:`sim.scenario.ScenarioError` with everything that is wrong with it.
    """
    return scenario_in(*text(name))


def scenario_in(content: bytes, shown: str) -> Scenario:
    """The scenario in what was read; errors as for :func:`scenario`."""
    from sim.laws import catalogue
    from sim.scenario import ScenarioError, loads

    try:
        return loads(content, shown, catalogue().keys())
    except ScenarioError:
        if is_experiment(content):
            raise _another(shown, "an experiment, not a scenario: `sim sweep` runs it") from None
        raise


def experiment(name: str) -> Experiment:
    """The experiment in the file of that name.

    Raises :class:`sim.scenario.ScenarioError` with everything that is wrong with it.
    """
    return experiment_in(*text(name))


def experiment_in(content: bytes, shown: str) -> Experiment:
    """The experiment in what was read; errors as for :func:`experiment`."""
    from sim.research.experiments import loads
    from sim.scenario import ScenarioError

    try:
        return loads(content, shown)
    except ScenarioError:
        if _has_a_key(content, _OF_SCENARIOS) and not is_experiment(content):
            said = "a scenario, not an experiment: `sim run` runs it; an experiment names it"
            raise _another(shown, said) from None
        raise


def _another(shown: str, said: str) -> ScenarioError:
    from sim.scenario import ScenarioError
    from sim.scenario.problems import Problem

    return ScenarioError([Problem(shown, 0, 0, "", f"this is {said}")])


def text(name: str) -> tuple[bytes, str]:
    """What is in a file, and what to call it in sentences. Raises ``ScenarioError``."""
    from sim.scenario.loading import LARGEST, content

    if name == STDIN:
        return standard_input().read(LARGEST + 1), "<stdin>"
    return content(name), name


def is_experiment(content: bytes) -> bool:
    """Whether a file means to be an experiment, and not a scenario: it has a key of one."""
    return _has_a_key(content, _OF_EXPERIMENTS)


def _has_a_key(content: bytes, sought: tuple[str, ...]) -> bool:
    """Whether one of these keys stands at the top of a file, if that can be read at all."""
    from sim.scenario import ScenarioError
    from sim.scenario.loading import parsed
    from sim.scenario.nodes import Pairs

    if not any(key.encode() in content for key in sought):
        return False
    try:
        node, _ = parsed(content, "")
    except ScenarioError:
        return False
    keys = {name.value for name, _ in node.entries} if isinstance(node, Pairs) else set()
    return not keys.isdisjoint(sought)


def trace(name: str) -> Trace:
    """The trace in the file of that name, with its header read.

    Raises :class:`sim.trace.TraceError`.
    """
    return read(standard_input() if name == STDIN else name)


def is_sweep(name: str) -> bool:
    """Whether it is the folder of a sweep: all else that is read is a file."""
    return name != STDIN and Path(name).is_dir()


def results(folder: str) -> Results:
    """The results of a sweep in the folder of that name.

    Raises :class:`click.ClickException` with one sentence where there are none.
    """
    need("the folder of a sweep", "pyarrow", "scipy", extra="research")
    from sim.overview import opened

    try:
        return opened(folder)
    except ValueError as problem:
        raise click.ClickException(f"{problem}.") from None


def points(folder: str) -> Iterator[Scenario]:
    """The scenarios of the design points of a sweep; errors as for :func:`results`."""
    experiment = results(folder).experiment
    yield from map(experiment.at, experiment.points)


def standard_input() -> IO[bytes]:
    """Standard input, which may be closed (``<&-``): Python has none then."""
    if sys.stdin is None:
        raise click.ClickException("standard input is closed: there is nothing to read.")
    return sys.stdin.buffer
