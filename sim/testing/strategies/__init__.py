"""Strategies for sessions: whole stories, and the parts that they are made of.

>>> from hypothesis import given
>>> from sim.testing import strategies as ss
>>> import sim
>>> @given(ss.scenarios(people=(1, 2), duration=("10s", "20s")))
... def test_no_law_breaks(story):
...     assert sim.run(story).held
"""

from sim.testing.strategies.edges import EDGES, Edge, edges
from sim.testing.strategies.networks import delays, links, losses, networks, outages
from sim.testing.strategies.people import people, policies, rejoins, roles
from sim.testing.strategies.platforms import platforms, profiles
from sim.testing.strategies.quantities import distributions, durations, probabilities
from sim.testing.strategies.reactions import answers, reactions
from sim.testing.strategies.scenarios import names, scenarios
from sim.testing.strategies.scripts import scripts, steps

__all__ = [
    "EDGES",
    "Edge",
    "answers",
    "delays",
    "distributions",
    "durations",
    "edges",
    "links",
    "losses",
    "names",
    "networks",
    "outages",
    "people",
    "platforms",
    "policies",
    "probabilities",
    "profiles",
    "reactions",
    "rejoins",
    "roles",
    "scenarios",
    "scripts",
    "steps",
]
