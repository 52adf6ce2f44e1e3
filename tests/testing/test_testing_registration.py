"""Hypothesis knows the product's types, and importing it imports nothing of the product."""

import subprocess
import sys

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import sim
from sim.network.specs import LinkSpec, Outages
from sim.protocol.quirks import Profile
from sim.scenario import Platform
from sim.testing.registration import STRATEGIES, register

KINDS = (
    sim.Person,
    sim.Policies,
    sim.Reaction,
    sim.Rejoin,
    sim.Scenario,
    sim.Step,
    Platform,
    Profile,
    LinkSpec,
    Outages,
)

register()  # as Hypothesis does, where the product is installed


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_type_is_drawn(kind):
    assert isinstance(find(st.from_type(kind), lambda thing: True), kind)


def test_every_type_that_is_registered_is_tried():
    names = {kind.__name__ for kind in KINDS} - {"PlatformSettings"} | {"Platform"}
    assert set(STRATEGIES) == names


@given(st.from_type(sim.Scenario))
@settings(max_examples=10)
def test_a_story_of_that_type_runs(story):
    assert sim.run(story).held


@given(st.builds(lambda step: step, step=st.from_type(sim.Step)))
@settings(max_examples=20)
def test_a_step_is_about_alice(step):
    sim.Scenario(name="x", duration="1min", clients={"alice": {}}, script=[step])


ORDERS = {
    "first": "import sim.testing.registration as r; r.register(); import sim.scenario",
    "last": "import sim.scenario; import sim.testing.registration as r; r.register()",
}


@pytest.mark.parametrize("order", ORDERS)
def test_it_does_not_matter_who_is_imported_first(order):
    code = f"""
{ORDERS[order]}
import sim
from hypothesis import find, strategies as st
assert isinstance(find(st.from_type(sim.Scenario), lambda story: True), sim.Scenario)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_entry_point_imports_nothing_but_itself():
    code = """
import sys
import sim.testing.registration as r
r.register()
print(*sorted(name for name in sys.modules if name.split(".")[0] in
              {"sim", "hypothesis", "attrs", "numpy", "yaml", "simpy"}))
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) == {
        "sim",
        "sim.imported",
        "sim.testing",
        "sim.testing.registration",
        "sim.version",
    }
