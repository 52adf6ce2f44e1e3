"""Experiment files to experiments, with everything that is wrong in them at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.research.experiments.experiment import EXPERIMENT, Experiment
from sim.research.metrics import Metric, Ratio
from sim.research.metrics.catalogue import catalogue
from sim.research.metrics.metric import restored
from sim.research.observing.observed import Observed
from sim.scenario.loading import content, parsed
from sim.scenario.nodes import Kind, Node, from_python
from sim.scenario.problems import Problem, Reading, ScenarioError

FILE: Final = Kind("an experiment file", "a name and a scenario", "one experiment")


def load(path: str | os.PathLike[str]) -> Experiment:
    """Return the experiment in a file.

    Raises :class:`~sim.scenario.ScenarioError` with everything that is wrong, in the file and in
    the scenario that it names.
    """
    name = os.fspath(path)
    return loads(content(name), name)


def loads(text: str | bytes, filename: str = "<text>") -> Experiment:
    """Return the experiment in a text, or in bytes of UTF-8; errors as for :func:`load`.

    The file of its scenario is seen from the folder of ``filename``.
    """
    node, reading = parsed(text, filename, FILE)
    return _experiment(node, reading)


def from_data(data: Mapping[str, Any]) -> Experiment:
    """Return the experiment of plain data, such as a file says."""
    try:
        node = from_python(data)
    except ValueError as error:
        raise ScenarioError([Problem("", 0, 0, "", str(error))]) from None
    return _experiment(node, Reading())


def from_stored(data: Mapping[str, Any], metrics: Iterable[Mapping[str, Any]]) -> Experiment:
    """Return the experiment that a manifest has, and what that says of its metrics.

    A metric that was the caller's is what it was, but cannot be asked of a run.
    """
    known = {each["name"]: _metric(each) for each in metrics}
    named = dict(data)
    if "metrics" in data:
        named["metrics"] = [known[name] for name in data["metrics"]]
    if "until" in data:
        named["until"] = {**data["until"], "metric": known[data["until"]["metric"]]}
    return from_data(named)


def _metric(described: Mapping[str, Any]) -> str | Metric:
    name: str = described["name"]
    return name if name in catalogue() else restored(described, _elsewhere)


def _elsewhere(observed: Observed) -> Ratio:
    raise ValueError("this metric was a function of another program's: only its figures are here")


def _experiment(node: Node, reading: Reading) -> Experiment:
    experiment = EXPERIMENT.read(node, (), reading)
    reading.finish()
    assert isinstance(experiment, Experiment)
    return experiment
