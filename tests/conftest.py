"""What all tests share: how Hypothesis searches, and that what runs write is in the table."""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from sim.trace import inspection

# The plugin of the testing kit is tried on suites of its own.
pytest_plugins = ["pytester"]

# They hold fixtures, not examples: looked through for doctests, they would be in each other's way.
collect_ignore_glob = ["conftest.py", "*/conftest.py"]

# No deadlines: how long an example takes depends on the machine, and no test is about time.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("local", **_COMMON)
# In CI a commit has the same examples each time: more of them would find nothing new.
_FIXED = {"derandomize": True, "print_blob": True, "database": None}
settings.register_profile("ci", max_examples=40, **_FIXED, **_COMMON)
settings.register_profile("brief", settings.get_profile("ci"), max_examples=10)
settings.register_profile("thorough", max_examples=2_000, **_COMMON)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "local")
settings.load_profile(PROFILE)

# A record that the table does not list, or with other data than it says, fails the test.
inspection.switch_on()


def pytest_collection_modifyitems(items):
    """What is slow comes first, so that no worker is left with it when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if PROFILE == "ci":
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="left out in CI, whose time is short"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Let nobody trace a test that is marked so (pytest-cov's own mark does nothing in workers).

    Nor a property (Hypothesis marks it): it runs the same code by the hundred, which tracing makes
    thrice as slow. Which code is reached at all is what stories say.
    """
    if not any(map(item.get_closest_marker, ("unmeasured", "hypothesis"))):
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
