"""The plugin under pytest-xdist: nothing that it says depends on who has run a test."""

import re

import pytest

from tests.testing import suites

pytest.importorskip("xdist")

SUITE = """
import pytest
from hypothesis import given, settings, strategies as st

@pytest.mark.parametrize("seed", range(6))
def test_seeds(simulate, seed):
    result = simulate("short.yaml", seed=seed)
    print(f"digest={result.digest}")
    assert seed % 2

def test_session_seed(simulate):
    assert simulate("short.yaml").seed != 11

@settings(max_examples=5, derandomize=True, database=None, deadline=None)
@given(seed=st.integers(0, 20))
def test_property(simulate, seed):
    assert simulate("kick.yaml", seed=seed).seed < 3
"""


def told(result):
    """What was said of each failure and at the end, in whatever order."""
    text = result.stdout.str()
    lines = re.findall(r"^(?:digest=|\S+, seed |python -m ).*$", text, re.MULTILINE)
    _, _, summary = text.partition("== session-sim: ")
    return sorted(lines), summary.partition("== short test summary")[0].strip("=\n")


@pytest.mark.slow
def test_digests_replay_lines_and_what_was_exercised_are_the_same_with_four_workers_and_none(
    pytester,
):
    suites.write(pytester, SUITE, kick_yaml=suites.KICK.read_text("utf-8"))
    options = ["--sim-seed", "11", "--sim-require", "forceDisconnected,reset"]
    alone = suites.run_apart(pytester, "-n", "0", "-p", "no:cacheprovider", *options)
    four = suites.run_apart(pytester, "-n", "4", *options)
    for result in (alone, four):
        result.assert_outcomes(passed=3, failed=5)
    lines, summary = told(alone)
    assert len(lines) == 3 + 3 * 5
    assert "\n--sim-require: reset was never reached in " in summary
    assert told(four) == told(alone)
    failed = re.findall(r", (seed \d+),", "\n".join(lines))
    last = suites.run(pytester, "--sim-seed", "last", "--collect-only").stdout.str()
    assert re.search(r"^session-sim: .*, (seed \d+) of test_suite", last, re.MULTILINE)[1] in failed


@pytest.mark.slow
def test_a_worker_that_dies_takes_its_count_with_it_and_nothing_else(pytester):
    suites.write(
        pytester,
        """
        import os

        def test_two_runs(simulate):
            simulate("short.yaml", seed=1)
            simulate("short.yaml", seed=2)

        def test_death(simulate):
            simulate("short.yaml")
            os._exit(1)

        def test_after(simulate):
            assert simulate("kick.yaml").seed == 0
        """,
        kick_yaml=suites.KICK.read_text("utf-8"),
    )
    result = suites.run_apart(
        pytester, "-n", "1", "--sim-require", "forceDisconnected,reset", "--junitxml=out.xml"
    )
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "python -m pytest test_suite.py::test_after --sim-replay *",
            "=* session-sim: what 1 run has exercised =*",
            "worker gw0 died: what its runs reached is not counted (2 runs in the tests that",
            "it finished)",
            "reasons      1 of *: forceDisconnected 1; *",
            "--sim-require: reset was never reached in 1 run",
        ]
    )
    result.stdout.no_fnmatch_line("--sim-require: forceDisconnected*")
