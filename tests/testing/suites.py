"""Suites of tests that use the plugin, as users write them, and what is seen of them."""

import re
from importlib.metadata import entry_points
from pathlib import Path

# What is first imported inside of an inner session is forgotten after it, which numpy cannot bear.
import numpy.random  # noqa: F401
import yaml  # noqa: F401

import sim
from sim.testing import given, mutants  # noqa: F401
from sim.testing.pytesting import runs, simulating, summary, watch  # noqa: F401

KICK = Path(__file__).parents[2] / "scenarios/kick.yaml"

SHORT = """
name: short
duration: 20s
clients:
  alice: {publish: camera}
  bob: {network: wifi-lossy}
script:
  - {at: 10s, client: bob, network: down, for: 4s}
"""
"""A story in which chance has its part, so that seeds matter."""

IS_INSTALLED = any(entry.name == "session-sim" for entry in entry_points(group="pytest11"))
"""Whether pytest finds the plugin by itself."""
PLUGIN = () if IS_INSTALLED else ("-p", "sim.testing.plugin")


def write(pytester, test, **files):
    """Write a suite of one module; a file's last underscore stands for the dot of its name."""
    pytester.makefile(".yaml", short=SHORT)
    pytester.makepyfile(test_suite=test)
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        Path(pytester.path, f"{stem}.{suffix}").write_text(text, encoding="utf-8")


def run(pytester, *options):
    """Run the suite in this process."""
    return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:randomly", *options)


def run_apart(pytester, *options):
    """Run the suite in a process of its own."""
    return pytester.runpytest_subprocess(*PLUGIN, *options)


def digest(pytester, **arguments):
    """The digest of a run of the short story, made without pytest."""
    return sim.run(pytester.path / "short.yaml", **arguments).digest


def digests(result):
    """The digests that tests have printed, in order."""
    return re.findall(r"^digest=([0-9a-f]{32})", result.stdout.str(), re.MULTILINE)


def replay_lines(result):
    """The last lines of the sections that say how to run something again."""
    return re.findall(r"^python -m pytest .*$", result.stdout.str(), re.MULTILINE)
