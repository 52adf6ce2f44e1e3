"""Scenarios and experiments for the tests of the research bench: small, and quick to run."""

import json

import pytest

import sim
from sim.research import Experiment
from sim.research.observing import Watcher

SECOND = 1_000_000

DROP = {
    "name": "drop",
    "duration": "6s",
    "clients": {"adam": {"publish": "camera"}, "zoe": {"network": "wifi"}},
    "script": [{"at": "2s", "client": "adam", "network": "down", "mode": "refused", "for": "2s"}],
}
"""Two people, six seconds, and an outage that one of them notices at once."""

TWO = {"list": [{}, {"platform.grace": "2s"}]}
"""A design of two points."""
ON_CORES = [
    pytest.mark.usefixtures("forked"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
"""Marks of tests that run on several cores."""


def experiment(**changes):
    """Three points of it, with a few replications each, unless something else is said."""
    said = {
        "name": "grace",
        "scenario": DROP,
        "design": {"grid": {"platform.grace": ["1s", "15s", "45s"]}},
        "replications": 4,
        "metrics": ["time-reconnecting", "outages-survived"],
    }
    return Experiment(**{name: each for name, each in (said | changes).items() if each is not None})


def shards(folder):
    """The shards that are there, and nothing that was left half."""
    return sorted(each.name for each in (folder / "shards").iterdir())


def manifest(folder):
    """What the manifest of a sweep says."""
    return json.loads((folder / "manifest.json").read_text())


def watched(scenario, **options):
    """A run with its records, and what a watcher has seen of it."""
    watcher = Watcher(scenario, events=True)
    result = sim.run(scenario, sinks=[watcher], **options)
    return result, watcher.observed(result)
