"""Two runs in one report: both pictures, that move together, and where the runs part."""

import pytest
from conftest import AS_OPENED, assert_quiet, ready
from reported import SCENARIOS

from sim.report.comparing import compared, told
from sim.report.model.building import timeline
from sim.report.page.assembling import html

STORY, OTHER = SCENARIOS / "kick-while-reconnecting.yaml", SCENARIOS / "kick.yaml"


@pytest.fixture(scope="module")
def runs():
    return timeline(STORY), timeline(OTHER, seed=3, profile="opentok.js-2.35.2")


@pytest.fixture(scope="module")
def both(runs, chromium, tmp_path_factory):
    file = tmp_path_factory.mktemp("against") / "against.html"
    file.write_text(html(*runs), "utf-8")
    page = ready(chromium.page(1280, 900), file)
    yield page
    page.close()


@pytest.fixture
def page(both):
    """The page, as it is when it has just been opened."""
    both.ask(AS_OPENED)
    both.ask("() => report.other.store.set({ selected: -1 })")
    yield both
    assert_quiet(both)


def test_both_runs_are_there(page, runs):
    for run, doc in zip(runs, ("report.doc", "report.other.doc"), strict=True):
        assert page.ask(f"() => [{doc}.seed, {doc}.profile, {doc}.rows.count]") == [
            str(run.seed),
            run.profile,
            len(run.records),
        ]
    assert page.ask("() => !document.getElementById('against').hidden")


def test_without_another_run_there_is_one_picture(page_of):
    page = page_of("flaky")
    assert page.ask("() => [document.getElementById('against').hidden, report.other]") == [
        True,
        None,
    ]


def test_each_place_where_they_part_is_listed_and_goes_there_in_both(page, runs):
    found = compared(*runs).alone
    read = "() => [...document.querySelectorAll('#partings button')].map((one) => one.textContent)"
    assert page.ask(read) == [each.person for each in found]
    for place, each in enumerate(found):
        page.ask("(place) => document.querySelectorAll('#partings button')[place].click()", place)
        selected = "() => [report.store.state.selected, report.other.store.state.selected]"
        here, there = page.ask(selected)
        assert here == each.left or each.left is None
        assert there == each.right or each.right is None


def test_who_selects_something_selects_the_same_in_the_other_run(page, runs):
    pairs = compared(*runs).pairs
    for pair in (pairs[0], pairs[len(pairs) // 2], pairs[-1]):
        page.ask("(row) => report.store.set({ selected: row })", pair.left)
        assert page.ask("() => report.other.store.state.selected") == pair.right
        page.ask("() => report.store.set({ selected: -1 })")
        page.ask("(row) => report.other.store.set({ selected: row })", pair.right)
        assert page.ask("() => report.store.state.selected") == pair.left


def test_it_is_said_in_sentences_how_they_compare(page, runs):
    read = "() => [...document.querySelectorAll('#against-said li')].map((one) => one.textContent)"
    assert page.ask(read) == told(compared(*runs), "this run", "the other")


def test_both_pictures_show_the_same_time(page):
    read = "() => [report.store, report.other.store].map(({state}) => [state.from, state.to])"
    page.ask("() => report.store.set({ from: 5e6, to: 25e6 })")
    assert page.ask(read) == [[5e6, 25e6]] * 2
    page.ask("() => report.other.store.set({ from: 1e6 })")
    assert page.ask(read) == [[1e6, 25e6]] * 2


def test_a_moment_is_at_the_same_place_in_both_pictures_also_after_one_run_has_ended(page, runs):
    assert runs[0].ended > runs[1].ended
    places = """() => [report, report.other].map(({ picture, doc }) =>
      [...Array(9).keys()].map(part => picture.place(report.doc.ended * part / 8, 0).x))"""
    here, there = page.ask(places)
    assert here == pytest.approx(there, abs=0.5)
    assert page.ask("() => report.picture.current().scale.to") == runs[0].ended


def test_who_is_hidden_is_hidden_in_both(page):
    names = """(store) => [report, report.other].map(({doc, store}) =>
      [...store.state.people].map((lane) => doc.lanes[lane].name))"""
    page.ask("() => report.store.set({ people: new Set([0, 2]) })")
    here, there = page.ask(names)
    assert here == there
    assert len(here) == 2
    page.ask("() => report.other.store.set({ people: new Set() })")
    assert page.ask(names) == [[], []]


# -- what only one of them has, and whose table it is ----------------------------------------------

TABLE = """() => [...document.querySelectorAll("#table-body tr")].map(line => [
  Number(line.dataset.row), line.querySelector(".told").innerText,
  line.querySelector(".alone") !== null])"""
UNDERLINED = """([which, row]) => {
  const { picture, doc } = which ? report.other : report;
  picture.redraw();
  picture.draw();
  const { x, y, height } = picture.place(doc.rows.time[row], doc.rows.lane[row]);
  const { canvas } = picture;
  const ratio = canvas.width / canvas.clientWidth;
  const copy = document.createElement("canvas");
  Object.assign(copy, { width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData((x - 4) * ratio, (y + height - 1) * ratio, 8 * ratio, 1);
  const wanted = picture.current().looks.colours.second;
  const hex = at => "#" + [0, 1, 2]
    .map(part => data[4 * at + part].toString(16).padStart(2, "0")).join("");
  return Array.from({ length: data.length / 4 }, (_, at) => hex(at)).includes(wanted);
}"""


@pytest.fixture
def turn(page):
    """A function that lets table and moment be of one of the runs."""

    def turned(side):
        page.run(page.tab.locator("#side").select_option(side))
        page.drawn()

    yield turned
    turned("here")


def alone(runs, side):
    """The rows of the story that only that run has."""
    pairs = compared(*runs).pairs
    shared = {pair.right if side else pair.left for pair in pairs}
    return [row for row, one in enumerate(runs[side].records) if one.seq and row not in shared]


@pytest.mark.parametrize("side", [0, 1])
def test_what_only_one_run_has_is_known_and_marked_in_its_picture(side, page, runs):
    doc = "report.other.doc" if side else "report.doc"
    rows = page.ask(f"() => Array.from({doc}.alone.keys()).filter(row => {doc}.alone[row])")
    assert rows == alone(runs, side)
    assert rows
    page.ask("() => report.store.set({ unfolded: true })")
    row = rows[len(rows) // 2]
    page.ask(
        "([which, row]) => { const { store, doc } = which ? report.other : report;"
        " store.set({ from: doc.rows.time[row] - 2e6, to: doc.rows.time[row] + 2e6 });"
        " (which ? report.other : report).picture.reveal(row) }",
        [side, row],
    )
    assert page.ask(UNDERLINED, [side, row])


def test_a_run_that_is_not_compared_has_nothing_alone(page_of):
    page = page_of("flaky")
    assert page.ask("() => report.doc.alone") is None
    assert page.ask("() => document.getElementById('side-choice').hidden")
    assert page.ask("() => document.getElementById('legend-alone').hidden")


def test_the_table_is_of_the_run_that_is_chosen(page, runs, turn):
    for side, name in ((1, "there"), (0, "here")):
        turn(name)
        only = set(alone(runs, side))
        shown = page.ask(TABLE)
        assert shown
        for row, text, is_alone in shown:
            assert text.removeprefix("only here").strip() == runs[side].told[row].strip()
            assert is_alone == (row in only)
        count = page.ask("() => document.getElementById('table').getAttribute('aria-rowcount')")
        assert count == str(len(runs[side].records) + 1)


def test_keys_and_clicks_in_the_table_are_for_the_run_that_it_shows(page, turn):
    turn("there")
    page.press("End")
    last = page.ask("() => report.other.doc.rows.count - 1")
    assert page.ask("() => report.other.store.state.selected") == last
    page.drawn()
    page.run(page.tab.locator(f"#event-{last - 1}").click())
    assert page.ask("() => report.other.store.state.selected") == last - 1


def test_the_moment_is_of_the_run_that_is_chosen(page, turn):
    title = "() => document.getElementById('moment-body').innerText"
    time = page.ask("() => report.doc.rows.time[report.doc.rows.count - 1] / 2")
    page.ask("time => report.store.set({ cursor: time })", time)
    page.drawn()
    here = page.ask(title)
    turn("there")
    there = page.ask(title)
    read = "time => report.moment.moments.doc === report.other.doc"
    assert page.ask(read, time)
    assert here != there
    turn("here")
    assert page.ask(title) == here
