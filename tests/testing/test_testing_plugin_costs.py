"""Whoever has installed us and does not use us does not notice, but for one line."""

import re

import pytest

from tests.testing import suites

HEAVY = ("hypothesis", "simpy", "yaml", "numpy", "click", "pandas")
OURS = {
    "sim",
    "sim.version",
    "sim.testing",
    "sim.testing.context",
    "sim.testing.plugin",
    "sim.testing.pytesting",
    "sim.testing.pytesting.choices",
    "sim.testing.pytesting.gathering",
    "sim.testing.pytesting.reports",
    "sim.testing.pytesting.watch",
}
"""What the plugin is made of, as long as no run is made."""

OTHER = f"""
import sys
from pathlib import Path

def test_passes():
    ours = [name for name in sys.modules if name in {HEAVY} or name.split(".")[0] == "sim"]
    Path("loaded").write_text(" ".join(ours))

def test_fails():
    assert False
"""

ALONE = ("-p", "sim.testing.plugin", "-p", "no:cacheprovider")
"""No plugin is found by itself, so that what is imported is imported by us."""


@pytest.fixture
def other(pytester, monkeypatch):
    """A suite that has nothing to do with us, in a process where nobody else is either."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_other=OTHER)
    return pytester


def test_nothing_is_imported_and_nothing_is_said_but_the_header(other):
    lines = other.runpytest_subprocess(*ALONE, "-v").stdout.lines
    assert set((other.path / "loaded").read_text().split()) == OURS
    without = other.runpytest_subprocess(*ALONE[2:], "-v").stdout.lines
    ours = [line for line in lines if line.startswith("session-sim: ")]
    assert len(ours) == 1
    assert said(lines) == said([*ours, *without])


def said(lines):
    """What is said, without how long it took, in any order."""
    return sorted(re.sub(r" in \d.*s =", " =", line).strip("=") for line in lines)


@pytest.mark.parametrize(
    "options",
    [
        ["-q"],
        ["--collect-only"],
        ["-p", "no:terminal"],
        ["-p", "no:xdist"],
        ["-p", "no:cacheprovider"],
        ["-p", "no:junitxml"],
        ["-p", "no:capture"],
        ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:xdist", "--sim-require", "reset"],
    ],
)
def test_it_does_without_other_plugins_of_pytest(pytester, options):
    suites.write(pytester, "def test_it(simulate):\n    assert simulate('short.yaml') is None\n")
    result = suites.run(pytester, *options)
    expected = pytest.ExitCode.OK if "--collect-only" in options else pytest.ExitCode.TESTS_FAILED
    assert result.ret == expected
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_a_requirement_fails_the_session_where_nothing_can_be_said(pytester):
    suites.write(pytester, "def test_it(simulate):\n    simulate('short.yaml')\n")
    result = suites.run(pytester, "-p", "no:terminal", "--sim-require", "reset")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_it_can_be_switched_off(pytester):
    suites.write(pytester, "def test_it(request):\n    request.getfixturevalue('simulate')\n")
    if not suites.IS_INSTALLED:
        pytest.skip("pytest finds the plugin only where the product is installed")
    result = pytester.runpytest_inprocess("-p", "no:session-sim")
    result.assert_outcomes(failed=1)
    assert "session-sim" not in result.stdout.str().replace("no:session-sim", "")


def test_help_explains_each_option_and_its_twin(pytester):
    text = suites.run(pytester, "--help").stdout.str()
    for name in ("seed", "profile", "mutant", "replay", "require", "save"):
        assert re.search(rf"^  --sim-{name}=\S+\s+\S", text, re.MULTILINE)
        assert re.search(rf"^  sim_{name} \(", text, re.MULTILINE)
