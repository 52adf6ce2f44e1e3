"""What somebody needs who opens a report of something that broke: all of it on the first screen."""

import re

import pytest
from conftest import assert_quiet, ready
from picturing import TEXTS_DRAWN
from reported import BROKEN, UNMET

IN_SIGHT = """selector => {
  const { top, bottom, width } = document.querySelector(selector).getBoundingClientRect();
  return width > 0 && top >= 0 && bottom <= innerHeight;
}"""
TEXTS = "selector => [...document.querySelectorAll(selector)].map(each => each.innerText)"
CURRENT = """() => [...document.querySelectorAll(".finding")]
  .flatMap((each, place) => each.getAttribute("aria-current") === "true" ? [place] : [])"""
TOP = "() => report.picture.current().top"
LANES = """() => {
  const { layout, height, top } = report.picture.current();
  const frame = document.getElementById("frame").getBoundingClientRect();
  const end = Math.min(height, innerHeight - frame.top);
  return layout.boxes.filter(box => top + box.y + box.height <= end).length;
}"""


@pytest.mark.parametrize("name", [BROKEN, UNMET])
def test_what_is_wrong_and_why_is_on_the_first_screen(name, page_of):
    page = page_of(name)
    for selector in ("#verdict", ".finding", "#why-title", "#why-list li.it"):
        assert page.ask(IN_SIGHT, selector), selector
    finding = page.ask("() => report.doc.findings[0]")
    assert finding["row"] >= 0
    assert page.ask("() => report.store.state.selected") == finding["row"]
    assert page.ask("() => report.store.state.cursor") == finding["time"]
    chain = page.ask("row => report.doc.chain(row).length", finding["row"])
    assert len(page.ask(TEXTS, "#why-list li")) == chain
    assert page.ask(LANES) >= 2


def test_where_nothing_is_wrong_what_broke_is_there_to_begin_with(page_of, reports):
    name = "kick-while-reconnecting"
    page = page_of(name)
    assert page.ask("() => report.store.state.selected") == -1
    wanted = [
        record.seq
        for record in reports(name).records
        if record.kind in ("fault", "decision", "quirk")
    ]
    starts = page.ask(TEXTS, "#why-starts li")
    assert [int(each[1:].split()[0]) for each in starts] == wanted[:8]
    page.ask("() => document.querySelector('#why-starts button').click()")
    page.drawn()
    assert page.ask(TEXTS, "#why-list li.it") == [starts[0]]


@pytest.mark.parametrize("name", [BROKEN, UNMET])
def test_one_finding_is_current_also_of_two_about_one_record(name, page_of):
    page = page_of(name)
    findings = page.ask("() => report.doc.findings")
    for place in (*range(min(4, len(findings))), 0):
        page.ask("place => document.querySelectorAll('.finding')[place].click()", place)
        assert page.ask(CURRENT) == [place]


def test_the_broken_client_has_two_findings_of_one_record(page_of):
    rows = page_of(BROKEN).ask("() => report.doc.findings.map(each => each.row)")
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    ("size", "lanes"), [((1280, 800), 3), ((1920, 1080), 4), ((390, 844), 3), ((1280, 500), 1)]
)
def test_the_picture_takes_what_the_window_has(size, lanes, new_page, reports):
    page = ready(new_page(*size), reports("kick-while-reconnecting").file)
    assert page.ask(LANES) >= lanes
    assert page.ask("() => document.documentElement.scrollWidth <= innerWidth")
    frame = page.ask("() => document.getElementById('frame').clientHeight")
    assert frame <= 0.6 * size[1] + 2
    assert page.ask("() => report.picture.canvas.clientHeight") == frame
    top = page.ask("() => document.getElementById('frame').getBoundingClientRect().top")
    assert top <= 350
    assert_quiet(page)


# -- the axis --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "form"),
    [
        ([0, 120e6], r"\d:\d\d"),
        ([20e6, 30e6], r"\d:\d\d"),
        ([20e6, 22e6], r"\d:\d\d(\.\d)?"),
        ([20e6, 20.1e6], r"\d:\d\d\.\d\d"),
        ([20e6, 20.01e6], r"\d:\d\d\.\d\d\d"),
    ],
)
def test_times_are_as_exact_as_the_ticks_are_apart(span, form, page_of):
    page = page_of("kick-while-reconnecting")
    page.ask("([from, to]) => report.store.set({ from, to, unfolded: true })", span)
    texts = [text for text, y in page.ask(TEXTS_DRAWN) if y < page.ask(TOP)]
    assert len(texts) > 3
    assert len(set(texts)) == len(texts)
    assert all(re.fullmatch(form, text) for text in texts), texts


COVERED = """time => {
  report.store.set({ cursor: time, mark: null });
  report.picture.draw();
  const { prototype } = CanvasRenderingContext2D;
  const kept = [prototype.fillRect, prototype.roundRect];
  let chip = null;
  const cleared = [];
  prototype.roundRect = function (x, y, width, height, radius) {
    if (y < 40) chip = [x, x + width];
    return kept[1].call(this, x, y, width, height, radius);
  };
  prototype.fillRect = function (x, y, width, height) {
    if (y > 0 && y < 40) cleared.push([x, x + width]);
    return kept[0].call(this, x, y, width, height);
  };
  report.picture.redrawOver();
  report.picture.draw();
  [prototype.fillRect, prototype.roundRect] = kept;
  const { labels, top } = report.picture.current();
  const line = labels.filter(({ y }) => y === top - 17);
  const half = line.filter(({ left, right }) => left < chip[1] && right > chip[0]
    && !cleared.some(([from, to]) => from <= left && to >= right));
  return [line.length, half];
}"""


def test_the_cursor_half_hides_no_label(page_of):
    page = page_of("kick-while-reconnecting")
    for time in range(0, 120_000_000, 7_000_000):
        labels, half = page.ask(COVERED, time)
        assert labels > 3
        assert half == []


# -- a fault has its name once ---------------------------------------------------------------------


def test_a_fault_is_named_once(page_of, reports):
    page = page_of("kick-while-reconnecting")
    faults = reports("kick-while-reconnecting").timeline.shades
    page.ask("() => report.store.set({ from: 15e6, to: 45e6 })")
    named = [text for text, _ in page.ask(TEXTS_DRAWN) if text.startswith("network down")]
    assert len(named) == len(faults) == 2
