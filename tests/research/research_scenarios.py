"""Scenarios and experiments for the tests of the research bench: small, and quick to run."""

from sim.research import Experiment

DROP = {
    "name": "drop",
    "duration": "6s",
    "clients": {"adam": {"publish": "camera"}, "zoe": {"network": "wifi"}},
    "script": [{"at": "2s", "client": "adam", "network": "down", "mode": "refused", "for": "2s"}],
}
"""Two people, six seconds, and an outage that one of them notices at once."""

TWO = {"list": [{}, {"platform.grace": "2s"}]}
"""A design of two points."""


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
