"""Durations: what is written is what is read, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.units import DAY, HOUR, LONGEST, UNITS, format_clock, format_duration
from sim.protocol.units import parse_duration as parse


@given(st.integers(0, LONGEST))
def test_a_written_duration_is_read_as_the_same(microseconds):
    assert parse(format_duration(microseconds)) == microseconds


@given(st.integers(0, 10**6), st.sampled_from(sorted(UNITS)))
def test_a_whole_number_of_units_is_that_many(count, unit):
    if count * UNITS[unit] <= LONGEST:
        assert parse(f"{count}{unit}") == count * UNITS[unit]


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_decimal_fraction_is_exact(whole, thousandths):
    assert parse(f"{whole}.{thousandths:03d}s") == whole * 1_000_000 + thousandths * 1_000


@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_refused_in_one_sentence(text):
    try:
        read, said = parse(text), ""
    except ValueError as problem:
        read, said = 0, str(problem)
    assert 0 <= read <= LONGEST
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2min 7s", 127_000_000),
        ("2min7s", 127_000_000),
        ("  40ms ", 40_000),
        ("1.5h", 5_400_000_000),
        ("7 us", 7),
        ("0.25ms", 250),
    ],
)
def test_durations_are_read_as_people_write_them(text, microseconds):
    assert parse(text) == microseconds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "an empty text is not a duration"),
        ("5", "is not a duration: write numbers with units"),
        ("5 parsecs", "is not a duration"),
        ("5sec", "is not a duration"),
        ("-1s", "is not a duration"),
        ("0.5us", "finer than a microsecond"),
        ("367d", "longer than 366 days"),
        ("9" * 19 + "s", "too many digits"),
        ("0." + "0" * 19 + "s", "too many digits"),
    ],
)
def test_what_is_no_duration_is_told_why(text, says):
    with pytest.raises(ValueError, match=says):
        parse(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 minutes", "2min"),
        ("1m", "1min"),
        ("5sec", "5s"),
        ("1 Hour, 3 mins and 2.5 SECONDS", "1h 3min 2.5s"),
        ("3days", "3d"),
        ("40 msec", "40ms"),
        ("7 µs", "7us"),
    ],
)
def test_units_in_other_words_are_recognised(text, meant):
    with pytest.raises(ValueError, match=f"did you mean '{meant}'\\? Write numbers with units"):
        parse(text)
    parse(meant)


@pytest.mark.parametrize("text", ["5", "5 parsecs", "2 minutes 7", "minutes", "-1m"])
def test_what_is_no_duration_in_any_words_gets_no_suggestion(text):
    with pytest.raises(ValueError, match="is not a duration: write"):
        parse(text)


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (0, "0s"),
        (1, "1us"),
        (1_500, "1.5ms"),
        (5_900_000, "5.9s"),
        (DAY + HOUR, "1d 1h"),
        (HOUR + 1, "1h 0.000001s"),
        (90_000_000, "1min 30s"),
    ],
)
def test_durations_are_written_as_people_write_them(microseconds, text):
    assert format_duration(microseconds) == text


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [(0, "0:00.000"), (127_250_999, "2:07.250"), (HOUR + 1_000, "1:00:00.001")],
)
def test_a_point_in_time_is_written_as_a_clock_shows_it(microseconds, text):
    assert format_clock(microseconds) == text
