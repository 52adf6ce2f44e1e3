"""The timeline of characters: it fits, it is plain, and the states are where they were."""

from itertools import pairwise

import pytest
from attrs import evolve
from drawn import hostile, judged, of_file, timelines
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.report.formats.axis import axis
from sim.report.formats.characters import GLYPHS
from sim.report.formats.text import NARROWEST, write
from sim.report.model.timeline import STATES, Finding, Stretch
from sim.telling.marks import MARK, unstyled, visible

BROKEN = "quirks/unanswered-publish-swallows-the-end"


def rows_of(picture, width=80):
    """The rows of the picture by their names, without what is written under them."""
    lines = write(picture, width).splitlines()
    start = next(at for at, line in enumerate(lines) if line.lstrip().startswith("0:00"))
    at = lines[start].index("0:00")
    return {line[:at].strip(): line[at:] for line in lines[start + 1 :] if line[:at].strip()}


@pytest.mark.parametrize("width", [NARROWEST, 60, 80])
def test_no_word_is_cut_that_a_line_can_take(width):
    assert "fatal-close-skips-reconnecting" in write(of_file("fatal-close"), width)


@given(timelines(), st.integers(NARROWEST, 200))
@settings(max_examples=50)
def test_no_line_is_wider_than_asked(picture, width):
    assert all(len(line) <= width for line in write(picture, width).splitlines())


@given(hostile(), st.integers(NARROWEST, 120))
@settings(max_examples=50)
def test_whatever_the_texts_nothing_acts_on_a_terminal(picture, width):
    text = write(picture, width)
    assert all(len(line) <= width for line in text.splitlines())
    assert all(visible(line) == line for line in text.split("\n"))


@given(timelines())
@settings(max_examples=20)
def test_styled_it_says_the_same(picture):
    styled = write(picture, styled=True)
    assert MARK.search(styled)
    assert [line.rstrip() for line in unstyled(styled).split("\n")] == write(picture).split("\n")


@given(timelines())
@settings(max_examples=30)
def test_every_person_and_every_finding_is_named(picture):
    text = " ".join(write(picture).split())
    for lane in picture.lanes:
        assert lane.name in text
    for finding in picture.findings:
        assert " ".join(visible(finding.name).split())[:20] in text or "more breaches" in text


def test_every_state_has_a_character_and_none_another_has_in_the_same_row():
    for kind, states in STATES.items():
        assert set(GLYPHS[kind]) == set(states)
        assert len(set(GLYPHS[kind].values())) == len(states)


def test_a_session_is_drawn_in_its_states():
    rows = rows_of(of_file(BROKEN))
    assert rows["alice"].replace("/", "").strip(".=") == ""
    assert list(dict.fromkeys(rows["bob"].replace("/", ""))) == ["=", "~", "-"]
    assert set(rows["link"]) == {" ", "!", "/"}


def test_a_breach_is_numbered_in_the_list_and_in_its_lane():
    text = write(of_file(BROKEN))
    assert "1  1:07.036  (expected) resolve-in-time: bob#1 has been" in text
    marks = text.splitlines()[text.splitlines().index(next(
        line for line in text.splitlines() if line.startswith("bob "))) + 1]  # fmt: skip
    assert "1" in marks
    assert "2" in marks


def test_what_led_to_a_failure_is_told():
    picture = of_file("kick")
    row = next(at for at, record in enumerate(picture.records) if record.seq == 100)
    time = picture.records[row].time
    text = write(judged(picture, [Finding("law", "one-end", "bob ended", time, row)]))
    assert "What led to #100, the root first\n0:20.000  #83   alice     forceDisconnect: of" in text


def test_idle_stretches_are_folded_and_their_length_is_written():
    lines = write(of_file("kick")).splitlines()
    clock = next(line for line in lines if line.lstrip().startswith("0:00"))
    assert "/10.5s/0:14" in clock
    at = clock.index("/10.5s/")
    alice = next(line for line in lines if line.startswith("alice"))
    assert alice[at : at + 7] == "/=====/"


def test_a_crowd_is_counted():
    picture = of_file("kick")
    lanes = picture.lanes[:1] * 30 + picture.lanes[-1:]
    rows = rows_of(evolve(picture, lanes=lanes, shades=(), findings=()))
    assert set(rows["19 more"]) <= {"=", "/"}


def test_a_trace_that_was_cut_off_says_so():
    assert "Beware: it was cut off" in write(evolve(of_file("kick"), warnings=("it was cut off",)))


def test_what_is_too_narrow_is_refused():
    with pytest.raises(ValueError, match="a width of 39 is too narrow for a timeline: at least 40"):
        write(of_file("kick"), 39)


# -- the axis --------------------------------------------------------------------------------------


@st.composite
def lines(draw):
    """A line of time with any stretches folded."""
    ended = draw(st.integers(0, 10**9))
    times = sorted(draw(st.lists(st.integers(0, ended), max_size=12, unique=True)))
    pairs = zip(times[::2], times[1::2], strict=False)
    picture = evolve(
        of_file("kick"), ended=ended, records=(), stretches=tuple(Stretch(*pair) for pair in pairs)
    )
    size, least = draw(st.integers(20, 500)), draw(st.integers(1, 10))
    return axis(picture, size, least, lambda each: 5), size, ended


@given(lines(), st.data())
def test_time_goes_from_left_to_right_and_fills_the_line(drawn, data):
    line, size, ended = drawn
    assert (line.size, line.parts[0].start) == (size, 0)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, ended)] * 2)))
    assert 0 <= line.place(first) <= line.place(last) <= size


@given(lines(), st.integers(3, 60))
def test_ticks_are_in_their_part_in_order_and_apart(drawn, spacing):
    line, _, _ = drawn
    for part in line.scenes:
        times = [time for time, _ in part.ticks(spacing)]
        assert times[0] == part.began
        assert all(part.began <= time <= part.ended for time in times)
        places = [part.place(time) for time in times if part.ended > part.began]
        gaps = [b - a for a, b in pairwise(places)]
        assert all(gap >= spacing - 1e-6 for gap in gaps)
