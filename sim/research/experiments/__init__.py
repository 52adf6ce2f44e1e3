"""Experiments: a scenario, what is varied of it, how often each variant runs, what is measured.

==============  ====================================================================
experiment.py   ``Experiment``; what is wrong with one as a whole
designs.py      ``Design``: grid, list, Latin hypercube; the points that it has
hypercube.py    points that cover ranges evenly
paths.py        a parameter by its path: ``clients.bob.network``
varying.py      the scenario of a point; where in the design a mistake stands
stories.py      the scenario of an experiment: a file, or in place
plain.py        any plain value, as a design may give it
reading.py      files to experiments
schema.py       the JSON Schema
==============  ====================================================================

An experiment is read as a scenario is: all mistakes at once, each with its place.
"""

from sim.research.experiments.designs import Design, Hypercube, Point
from sim.research.experiments.experiment import Experiment, Until
from sim.research.experiments.reading import from_data, load, loads
from sim.research.experiments.schema import json_schema

__all__ = [
    "Design",
    "Experiment",
    "Hypercube",
    "Point",
    "Until",
    "from_data",
    "json_schema",
    "load",
    "loads",
]
