"""Scenarios: stories as data, read from YAML files or made in code.

One description of the language, made of shapes, gives the errors, the values, the way back to text
and the JSON Schema:

==============  ====================================================================
model.py        ``Scenario``; what a story is
people.py       ``Person``, ``Rejoin``; reactions.py and policies.py: what they do
steps.py        ``Step``; actions.py: the tables of what can happen
settings.py     the platform's choices, the client's timers and quirks
links.py        networks; losses.py and spreads.py: losses and distributions
quantities.py   durations, probabilities, rates, names
references.py   names that are used exist, times are within the story
shapes.py       what a shape is, and the simple ones; compounds.py and tables.py
drafts.py       what could be read of a mapping with mistakes
problems.py     what is wrong, and where
nodes.py        trees with places; syntax.py: YAML text to trees
loading.py      files to scenarios
dumping.py      scenarios to data, text and a hash; layout.py: the text
schema.py       the JSON Schema
==============  ====================================================================

A YAML reader is imported when a file is read; numpy never is.
"""

from sim.imported import announce
from sim.scenario.dumping import as_written, dump, scenario_hash, to_data
from sim.scenario.loading import from_data, load, loads
from sim.scenario.model import (
    Backoff,
    Person,
    Platform,
    Poisson,
    Policies,
    Reaction,
    Rejoin,
    RemoveAtRandom,
    RemoveDuringReconnection,
    RemoveReconnecting,
    Scenario,
    Step,
)
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.schema import json_schema

__all__ = [
    "Backoff",
    "Person",
    "Platform",
    "Poisson",
    "Policies",
    "Problem",
    "Reaction",
    "Rejoin",
    "RemoveAtRandom",
    "RemoveDuringReconnection",
    "RemoveReconnecting",
    "Scenario",
    "ScenarioError",
    "Step",
    "as_written",
    "dump",
    "from_data",
    "json_schema",
    "load",
    "loads",
    "scenario_hash",
    "to_data",
]

announce(__name__)
