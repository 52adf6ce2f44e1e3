"""How numbers, probabilities, rates and names are written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Exponential
from sim.protocol.units import DAY, LONGEST, MINUTE, SECOND, format_duration
from sim.scenario.problems import ScenarioError
from sim.scenario.quantities import (
    DURATION,
    FLAG,
    NAME,
    POSITIVE_DURATION,
    PROBABILITY,
    RATE,
    TEXT,
    number,
    whole_number,
)
from sim.scenario.spreads import SPREAD, never_passes

SHAPES = {
    "duration": DURATION,
    "positive": POSITIVE_DURATION,
    "probability": PROBABILITY,
    "rate": RATE,
    "number": number(0.5, 9),
    "whole": whole_number(-3, 7),
    "flag": FLAG,
    "name": NAME,
    "text": TEXT,
}
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


@pytest.mark.parametrize("name", SHAPES)
@given(value=ANYTHING)
def test_whatever_is_taken_can_be_written_and_taken_again(name, value):
    shape = SHAPES[name]
    try:
        taken = shape.take(value)
    except ScenarioError as error:
        assert len(error.problems) == 1  # noqa: PT017
        return
    assert shape.holds(taken)
    assert shape.take(shape.write(taken)) == taken


@given(st.integers(0, LONGEST))
def test_a_duration_is_text_in_a_file_and_microseconds_in_code(microseconds):
    assert DURATION.take(format_duration(microseconds)) == DURATION.take(microseconds)
    assert DURATION.take(microseconds) == microseconds


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("5%", 0.05),
        ("0.5 %", 0.005),
        ("1/40", 0.025),
        (0, 0.0),
        (1, 1.0),
        (0.25, 0.25),
        ("0/7", 0.0),
    ],
)
def test_probabilities_are_shares_percentages_or_fractions(written, share):
    assert PROBABILITY.take(written) == share


@pytest.mark.parametrize("written", ["101%", "3/2", 1.5, -0.1, float("nan"), float("inf"), "1/0"])
def test_what_is_no_probability_is_refused(written):
    with pytest.raises(ValueError, match=r"not a probability|divides by 0"):
        PROBABILITY.take(written)


@pytest.mark.parametrize(
    ("written", "gap"),
    [("1/min", MINUTE), ("3/min", 20 * SECOND), ("2.5/h", 24 * MINUTE), ("3 / 10s", 3_333_333),
     ("1/1min 30s", 90 * SECOND), ("1/366d", 366 * DAY), ("1/us", 1)],
)  # fmt: skip
def test_a_rate_is_the_mean_time_from_one_to_the_next(written, gap):
    assert RATE.take(written) == gap


@given(st.integers(1, LONGEST))
def test_every_rate_can_be_written(gap):
    assert RATE.take(RATE.write(gap)) == gap


@pytest.mark.parametrize(
    "written", ["0/min", "1/0s", "1/", "/min", "min", "1", "9/us", "-1/min", -3]
)
def test_what_is_no_rate_is_refused(written):
    with pytest.raises(ScenarioError):
        RATE.take(written)


@pytest.mark.parametrize("value", [True, 1.0, "1", 8, -4, None, [1], {}])
def test_a_whole_number_is_a_whole_number_in_its_range(value):
    with pytest.raises(ScenarioError, match=r"-3 to 7"):
        SHAPES["whole"].take(value)


def test_a_huge_number_is_refused_without_being_printed():
    with pytest.raises(ScenarioError) as caught:
        whole_number(0, 9).take(10**10_000)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("name", ["", "1a", "a b", "a.b", "a/b", "a#1", "é", "a" * 41, "-a", "a\n"])
def test_names_are_plain(name):
    with pytest.raises(ScenarioError, match="is not a name"):
        NAME.take(name)


def test_a_number_of_microseconds_is_a_constant_where_a_distribution_may_stand():
    assert SPREAD.take(5) == SPREAD.take("5us") == Constant(5)
    assert SPREAD.take({"exponential": "90s", "minimum": "1s"}) == Exponential(
        90_000_000, 1_000_000
    )


def test_only_what_is_always_nothing_never_passes():
    zeros = (Constant(0), SPREAD.take({"uniform": {"from": "0s", "to": "0s"}}))
    others = (
        Constant(1),
        SPREAD.take({"uniform": {"from": "0s", "to": "1s"}}),
        Exponential(1),
        None,
    )
    assert [never_passes(each) for each in (*zeros, *others)] == [True] * 2 + [False] * 4


@given(
    st.text(max_size=12) | st.from_regex(r"\s*\d+(\.\d+)?\s*(us|ms|s|min|h|d)\s*", fullmatch=True)
)
def test_every_duration_that_is_taken_fits_the_pattern_of_the_schema(text):
    if SCHEMA_PATTERN.search(text) is None:
        with pytest.raises(ScenarioError):
            DURATION.take(text)


SCHEMA_PATTERN = re.compile(DURATION.json["pattern"])


@pytest.mark.parametrize(
    ("name", "written"),
    [("duration", "٣s"), ("duration", "1.٣s"), ("duration", "１s"), ("probability", "٥%"),
     ("probability", "١/٢"), ("number", "١/٢"), ("rate", "٣/min"), ("rate", "3/１s")],
)  # fmt: skip
def test_figures_are_those_of_every_other_program(name, written):
    with pytest.raises(ScenarioError):
        SHAPES[name].take(written)
    schema = SHAPES[name].json
    patterns = [each.get("pattern") for each in [schema, *schema.get("anyOf", [])]]
    assert not any(re.search(pattern, written) for pattern in filter(None, patterns))
