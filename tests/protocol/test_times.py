"""Points in time, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.units import (
    LONGEST,
    MILLISECOND,
    format_clock,
    format_duration,
    parse_duration,
    parse_time,
)


@given(st.integers(0, LONGEST // MILLISECOND))
def test_a_time_is_read_as_the_story_writes_it(milliseconds):
    assert parse_time(format_clock(milliseconds * MILLISECOND)) == milliseconds * MILLISECOND


@given(st.integers(0, LONGEST))
def test_a_duration_is_a_time(microseconds):
    assert parse_time(format_duration(microseconds)) == microseconds


@given(st.text(st.sampled_from("0123456789:. smin"), max_size=12))
def test_anything_else_is_refused(text):
    try:
        time = parse_time(text)
    except ValueError:
        return
    assert time >= 0
    assert ":" in text or time == parse_duration(text)


@pytest.mark.parametrize("text", ["", "2:7", "2:60", "7", ":07", "2:07:99", "1:60:00", "-1:00"])
def test_what_is_no_time(text):
    with pytest.raises(ValueError):
        parse_time(text)
