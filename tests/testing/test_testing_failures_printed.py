"""What a user sees of a failure: printed once, by pytest and by Hypothesis, to be read as it is."""

import re
import subprocess
import sys

import pytest

import sim
from tests.testing import suites

PROPERTY = """
    import sim
    from hypothesis import settings
    from sim.testing import given_scenario

    @settings(database=None, deadline=None, max_examples=5)
    @given_scenario("leaving.yaml", vary="seed", seeds=1)
    def test_laws(result):
        result.check()
"""
LEAVING = """
name: leaving
about: A story with a sentence about it that is longer than a line of eighty columns is, by far
duration: 20s
clients: {alice: {publish: camera}, bob: {}}
script:
  - {at: 10s, client: alice, do: disconnect}
"""
FAULT = ("--sim-mutant", "tells-the-end-twice")


@pytest.fixture
def printed(pytester, monkeypatch):
    """What pytest prints of a test that a planted fault fails; in CI its summary repeats it all."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    suites.write(pytester, PROPERTY, leaving_yaml=LEAVING)
    result = suites.run(pytester, *FAULT)
    result.assert_outcomes(failed=1)
    return result.stdout.str()


def test_a_failure_of_a_property_is_printed_once(printed):
    assert printed.count("The story, saved as .sim/test-suite-test-laws-") == 1
    assert printed.count("To run it again:") == 1
    assert len(re.findall(r"^E +sim\.LawBroken: the law \S+ broke", printed, re.MULTILINE)) == 1
    assert printed.count("What led to #") == 1
    assert "result=<leaving, seed" in printed


def test_it_is_printed_in_eighty_columns(printed):
    lines = printed.splitlines()
    first = next(place for place, line in enumerate(lines) if "sim.LawBroken: " in line)
    last = next(place for place, line in enumerate(lines) if "result=<" in line)
    long = [line for line in lines[first:last] if len(line) > 80]
    assert [line for line in long if ".sim/" not in line] == []


def test_the_line_that_is_printed_breaks_the_law_again(printed, pytester):
    (line,) = set(re.findall(r"^E +(python -c .*)$", printed, re.MULTILINE))
    (law,) = re.findall(r"^E +sim\.LawBroken: the law (\S+) broke", printed, re.MULTILINE)
    line = line.replace("python", sys.executable, 1)
    again = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert f"sim.LawBroken: the law {law} broke" in again.stderr


def test_the_test_that_is_printed_fails_alike(printed, pytester):
    (decorator,) = re.findall(r"^E +(@given_scenario\(.*)$", printed, re.MULTILINE)
    (law,) = re.findall(r"^E +sim\.LawBroken: the law (\S+) broke", printed, re.MULTILINE)
    pytester.makepyfile(
        test_suite=f"""
        from sim.testing import given_scenario

        {decorator}
        def test_kept(result):
            result.check()
        """
    )
    suites.run(pytester).assert_outcomes(passed=1)
    result = suites.run(pytester, *FAULT)
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines([rf"E +sim\.LawBroken: the law {law} broke at.*"])


def test_two_different_failures_each_have_their_story(pytester):
    suites.write(
        pytester,
        """
        import sim
        from hypothesis import settings
        from sim.testing import given_scenario

        @settings(database=None, deadline=None, max_examples=50)
        @given_scenario("short.yaml", vary="seed", seeds=9)
        def test_seeds(result):
            assert result.seed != 3
            if result.seed == 5:
                raise ZeroDivisionError
        """,
    )
    result = suites.run(pytester)
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    saved = sorted((pytester.path / ".sim").iterdir())
    assert [path.name for path in saved] == [
        "test-suite-test-seeds-AssertionError.yaml",
        "test-suite-test-seeds-ZeroDivisionError.yaml",
    ]
    assert [sim.load(path).seed for path in saved] == [3, 5]
    assert all(f"The story, saved as .sim/{path.name}:" in text for path in saved)


def test_a_scenario_that_is_not_there_is_one_error_of_collection(pytester):
    suites.write(pytester, PROPERTY.replace("leaving", "shrt"))
    result = suites.run(pytester)
    result.assert_outcomes(errors=1)
    assert result.stdout.str().count("shrt.yaml") <= 3
    result.stdout.re_match_lines([r"E +.*shrt\.yaml.*"])
