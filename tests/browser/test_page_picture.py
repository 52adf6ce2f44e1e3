"""What is drawn is at the place where the page's model has it: bands, marks, findings, chains."""

from collections import defaultdict

import pytest
from picturing import WHOLE, Drawn, hexadecimal
from reported import BROKEN, STORIES

READ_BANDS = """() => {
  const { doc, picture } = report;
  return doc.lanes.flatMap((lane, number) => lane.tracks.flatMap((track, place) =>
    Array.from(track.began, (began, band) => ({
      kind: track.kind,
      state: doc.words[track.state[band]],
      ...picture.place(began, number, place),
      end: picture.place(track.ended[band], number, place).x,
      first: picture.place(0, number, place).x,
      last: picture.place(doc.ended, number, place).x,
    }))));
}"""

READ_MARKS = """() => {
  const { doc, picture } = report, { rows, words } = doc;
  return Array.from(rows.time, (time, row) => ({
    kind: words[rows.kind[row]], row, lane: rows.lane[row], ...picture.place(time, rows.lane[row]),
  }));
}"""

READ_COLOURS = """() => {
  const { colours } = report.picture.current().looks;
  return { ...colours, broken: colours.hues.broken.line };
}"""

WIDE = 24
ROW_OF_MARKS = 13
TOP_OF_LANES = 40


@pytest.fixture
def whole(page_of):
    """A function: the page of a report whose picture is so high that all of it is in sight."""
    used = []

    def make(name):
        used.append(page_of(name))
        used[-1].ask(WHOLE)
        used[-1].drawn()
        return used[-1]

    yield make
    for page in used:
        page.ask("() => document.getElementById('frame').style.removeProperty('height')")


@pytest.mark.parametrize("name", STORIES)
def test_a_state_looks_the_same_wherever_it_is_and_unlike_the_others(name, whole):
    page = whole(name)
    drawn, bands = Drawn(page), page.ask(READ_BANDS)
    looks = defaultdict(set)
    for band in bands:
        if band["end"] - band["x"] >= WIDE:
            looks[band["kind"], band["state"]].add(drawn.most(*inside(band)))
    assert {state: found for state, found in looks.items() if len(found) > 1} == {}
    sessions = [found for (kind, _), found in looks.items() if kind == "session"]
    assert sessions
    assert len(set(map(frozenset, sessions))) == len(sessions)


def inside(band):
    """The box of a band without its edge."""
    left, right = band["x"] + 2, band["end"] - 2
    return left, band["y"] + 2, right, band["y"] + band["height"] - 2


@pytest.mark.parametrize("name", STORIES)
def test_where_there_is_no_band_none_is_drawn(name, whole):
    page = whole(name)
    drawn, bands = Drawn(page), page.ask(READ_BANDS)
    seen = {drawn.most(*inside(band)) for band in bands if is_coloured(band)}
    rows = defaultdict(list)
    for band in bands:
        rows[band["y"]].append(band)
    gaps = [gap for each in rows.values() for gap in between(each)]
    assert gaps
    assert all(drawn.most(*gap) not in seen for gap in gaps)


def is_coloured(band):
    """What has ended is hollow, and has the colour of what is behind."""
    return band["end"] - band["x"] >= WIDE and band["state"] != "ended"


def between(bands):
    """The boxes before, between and after the bands of one track, where they are wide."""
    top, bottom = bands[0]["y"] + 2, bands[0]["y"] + bands[0]["height"] - 2
    ends = [bands[0]["first"], *(band["end"] for band in bands)]
    begins = [*(band["x"] for band in bands), bands[0]["last"]]
    for end, begin in zip(ends, begins, strict=True):
        if begin - end >= WIDE:
            yield end + 3, top, begin - 3, bottom


@pytest.mark.parametrize("name", STORIES)
def test_every_event_is_marked_at_its_moment_and_nothing_where_nothing_is(name, whole):
    page = whole(name)
    drawn, marks = Drawn(page), page.ask(READ_MARKS)
    ink = hexadecimal(page.ask(READ_COLOURS)["ink"])
    places = defaultdict(list)
    for mark in marks:
        places[mark["lane"]].append(mark["x"])
    events = [mark for mark in marks if mark["kind"] == "event"]
    assert events
    for mark in events:
        assert drawn.colours(*around(mark, mark["x"], 5))[ink] >= 4, mark
        free = mark["x"] + 18
        if all(abs(free - other) > 12 for other in places[mark["lane"]]):
            assert drawn.colours(*around(mark, free, 5))[ink] == 0, mark


def around(mark, x, reach):
    """The box around a place in the row of marks."""
    bottom = mark["y"] + mark["height"]
    return x - reach, bottom - ROW_OF_MARKS + 1, x + reach, bottom - 1


def test_a_breach_is_ringed_where_it_is_and_nowhere_else(whole):
    page = whole(BROKEN)
    page.ask("() => report.store.set({ selected: -1, cursor: null })")
    drawn, marks = Drawn(page), page.ask(READ_MARKS)
    broken = hexadecimal(page.ask(READ_COLOURS)["broken"])
    found = {finding["row"] for finding in page.ask("() => report.doc.findings")}
    assert found
    blamed = [mark for mark in marks if mark["row"] in found]
    for mark in blamed:
        assert drawn.colours(*around(mark, mark["x"], 9))[broken] >= 8
    red = [mark for mark in marks if mark["row"] in found or mark["kind"] == "fault"]
    for mark in marks:
        others = [each["x"] for each in red if each["lane"] == mark["lane"]]
        if all(abs(mark["x"] - other) > 24 for other in others):
            assert drawn.colours(*around(mark, mark["x"], 9))[broken] < 8


@pytest.mark.parametrize("name", STORIES)
def test_the_chain_of_causes_is_drawn_over_the_lanes(name, whole):
    page = whole(name)
    marks = page.ask(READ_MARKS)
    chains = page.ask("() => Array.from(report.doc.rows.time.keys(), row => report.doc.chain(row))")
    longest = max(chains, key=len)
    before = Drawn(page)
    page.ask("row => report.store.set({ selected: row })", longest[-1])
    after = Drawn(page)
    chain = hexadecimal(page.ask(READ_COLOURS)["chain"])
    assert len(longest) > 3
    for row in longest:
        centre = around(marks[row], marks[row]["x"], 2)
        assert after.colours(*centre)[chain] >= 4
        assert before.colours(*centre)[chain] == 0


def test_the_cursor_is_a_line_at_its_moment(whole):
    page = whole("kick-while-reconnecting")
    moment = 28_000_000
    place = page.ask("time => report.picture.place(time, 0)", moment)
    before = Drawn(page)
    page.ask("time => report.store.set({ cursor: time })", moment)
    after = Drawn(page)
    for shift, is_there in ((0, True), (-30, False), (30, False)):
        x = place["x"] + shift
        line = x - 1, TOP_OF_LANES, x + 1, TOP_OF_LANES + 300
        assert (before.colours(*line) != after.colours(*line)) == is_there


def test_dark_is_dark_and_light_is_light(whole):
    page = whole("kick-while-reconnecting")
    brightness = {}
    for theme in ("light", "dark"):
        page.shows(theme)
        page.drawn()
        brightness[theme] = sum(Drawn(page).most(0, 0, 4_000, 4_000))
    page.shows("light")
    assert brightness["dark"] < 150
    assert brightness["light"] > 600
