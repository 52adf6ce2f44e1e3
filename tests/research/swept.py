"""A small sweep in which a law breaks at one of two points: the shipped client breaks it."""

import sim
from sim.research import Experiment, sweep
from sim.scenario import from_data, to_data

METRICS = ("presence", "reconnects-per-hour", "time-to-recover", "ghost-time", "law-breaks")


def closed(folder, **changes):
    """Its results, in that folder."""
    said = to_data(sim.load("scenarios/fatal-close.yaml"))
    del said["expect"]
    outages = {"every": {"exponential": "9s"}, "last": {"exponential": "4s"}}
    said["networks"] = {"cafe": {"delay": "40ms", "outages": outages}}
    said["clients"]["carol"] = {"network": "cafe"}
    design = {"grid": {"profile": ["documented", "opentok.js-2.35.2"], "platform.grace": ["15s"]}}
    asked = {
        "name": "closed",
        "scenario": from_data(said),
        "design": design,
        "replications": 3,
        "metrics": METRICS,
    }
    return sweep(Experiment(**asked | changes), folder, jobs=1)
