"""The page of a sweep: its table says what was measured, and its worst runs are one click away."""

import math

import pytest
from attrs import evolve
from conftest import assert_quiet
from test_page_axe import COLOURS, OPEN, RUN

from sim.overview import overview
from sim.report.files import put
from sim.report.page.sweeps import html
from tests.research.swept import closed

pytest.importorskip("pyarrow")

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
LINE = "() => [...document.querySelectorAll('#worst-list a')].map(one => one.getAttribute('href'))"
CELLS = """place => [...document.querySelectorAll('#points-body tr')].map(row => {
  const cell = row.querySelectorAll('td.metric')[place];
  return [row.dataset.point, cell.textContent, cell.querySelector('svg') !== null];
})"""
BARS = """() => {
  const column = report.table.columns.findIndex(({ name }) => name === "reconnects-per-hour");
  return [...document.querySelectorAll('#points-body tr')].map(row => {
    const bar = row.children[column].querySelector(".bar");
    const reach = bar.querySelector(".reach").getBoundingClientRect();
    const dot = bar.querySelector(".dot").getBoundingClientRect();
    const rail = bar.querySelector(".rail").getBoundingClientRect();
    const share = x => (x - rail.left) / rail.width;
    return [share(reach.left), share((dot.left + dot.right) / 2), share(reach.right)];
  });
}"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep, and what its page shows."""
    folder = tmp_path_factory.mktemp("swept") / "closed"
    return overview(closed(folder), 5)


@pytest.fixture(scope="module")
def file(swept, tmp_path_factory):
    return swept.save(tmp_path_factory.mktemp("page") / "sweep.html")


@pytest.fixture
def page(new_page, file):
    """The page, just opened; after the test it has said and asked for nothing."""
    page = new_page()
    shown(page, file)
    yield page
    assert_still(page)


def shown(page, file):
    page.open(file)
    page.until("window.report !== undefined")


def assert_still(page):
    """It says nothing, and loads nothing but itself, wherever in it one is."""
    whole = page.tab.url.partition("#")[0]
    assert {each.partition("#")[0] for each in page.heard.requests} == {whole}
    page.heard.requests[:] = [page.tab.url]
    assert_quiet(page)


def press(page, selector):
    """Press it with the mouse, whatever the page does then."""
    page.run(page.tab.click(selector))


def test_it_says_how_the_sweep_went(page):
    assert page.ask("() => [document.title, document.querySelector('h1').textContent]") == [
        "closed",
        "closed",
    ]
    verdict = page.ask("() => document.getElementById('sweep-verdict').textContent")
    assert verdict == "Something broke in 3 of 6 runs: reconnect-first 3 times."


def test_the_table_has_every_estimate_with_its_interval_and_unit(page, swept):
    page.ask("() => report.table.set({ hidden: new Set() })")
    for place, metric in enumerate(swept.sweep.metrics):
        for (number, text, has_bar), point in zip(
            page.ask(CELLS, place), swept.sweep.points, strict=True
        ):
            cell = point.cells[place]
            assert int(number) == point.number
            assert has_bar != math.isnan(cell.estimate)
            if not has_bar:
                assert text.strip() == "–"
                continue
            unit = {"1": "", "1/h": "\u2009/\u2009h"}.get(metric.unit, f"\u00a0{metric.unit}")
            said, _, limits = text.partition(f"{unit} ")
            low, high = limits.replace("\u2212", "-").split(" to ")
            close = max((cell.high - cell.low) / 10, abs(cell.estimate) / 100, 1e-9)
            assert float(said.replace("\u2212", "-")) == pytest.approx(cell.estimate, abs=close)
            assert float(low) == pytest.approx(cell.low, abs=close)
            assert float(high) == pytest.approx(cell.high, abs=close)


def test_the_bars_are_where_the_numbers_are(page, swept):
    place = [each.name for each in swept.sweep.metrics].index("reconnects-per-hour")
    cells = [each.cells[place] for each in swept.sweep.points]
    least, most = min(each.low for each in cells), max(each.high for each in cells)
    for drawn, cell in zip(page.ask(BARS), cells, strict=True):
        expected = [(x - least) / (most - least) for x in (cell.low, cell.estimate, cell.high)]
        assert drawn == pytest.approx(expected, abs=0.02)


def test_columns_sort_and_metrics_hide(page):
    numbers = "() => report.table.points.map(({ number }) => number)"
    for _ in range(2):
        press(page, "[data-column='Broken runs']")
        rising = page.ask("() => document.querySelector('th.breaks').getAttribute('aria-sort')")
        order = page.ask(numbers)
        assert order == ([1, 0] if rising == "descending" else [0, 1])
    assert page.ask("() => document.activeElement.dataset.column") == "Broken runs"
    press(page, "#metrics-menu summary")
    before = page.ask("() => document.querySelectorAll('#points-head th').length")
    press(page, "#metrics-menu li:nth-child(1) input")
    assert page.ask("() => document.querySelectorAll('#points-head th').length") == before - 1


def test_a_click_shows_the_runs_own_report_and_there_is_a_way_back(page, swept):
    runs = swept.sweep.worst
    assert page.ask(LINE) == [
        f"#point-{each.point}-replication-{each.replication}" for each in runs
    ]
    press(page, "#worst-list li:nth-child(2) a")
    page.until("window.report !== undefined && report.doc !== undefined")
    shown = page.ask("() => [report.doc.digest, report.doc.replication, report.doc.rows.count]")
    run = runs[1].timeline
    assert shown == [run.digest, str(run.replication), len(run.records)]
    assert page.ask("() => document.getElementById('again').textContent") == runs[1].again
    chain = page.ask("() => document.querySelectorAll('#why-list li').length")
    assert chain > 1  # what broke is selected, and explained
    assert page.ask("() => document.getElementById('sweep').checkVisibility()") is False
    press(page, "#way a")
    page.run(page.tab.wait_for_selector("#points-body tr"))
    assert page.ask("() => [location.hash, report.sweep.title]") == ["", "closed"]


def test_a_theme_that_was_chosen_stays(page):
    theme = "() => [document.documentElement.dataset.theme, document.getElementById('theme').value]"
    page.run(page.tab.select_option("#sweep-theme", "dark"))
    press(page, "#worst-list a")
    page.until("window.report !== undefined && report.doc !== undefined")
    assert page.ask(theme) == ["dark", "dark"]
    page.run(page.tab.select_option("#theme", "light"))
    press(page, "#way a")
    page.run(page.tab.wait_for_selector("#points-body tr"))
    assert page.ask("() => document.documentElement.dataset.theme") == "light"


def test_the_address_of_a_run_opens_it_and_one_that_is_none_opens_the_sweep(page, file, swept):
    run = swept.sweep.worst[0]
    address = f"{file.as_uri()}#point-{run.point}-replication-{run.replication}"
    page.run(page.tab.goto("about:blank"))
    page.run(page.tab.goto(address))
    page.until("window.report !== undefined")
    assert page.ask("() => report.doc.digest") == run.timeline.digest
    page.run(page.tab.goto("about:blank"))
    page.run(page.tab.goto(f"{file.as_uri()}#point-9-replication-9"))
    page.until("window.report !== undefined")
    assert page.ask("() => report.sweep.title") == "closed"


def test_the_count_of_a_point_leads_to_its_worst_run(page, swept):
    [run] = [each for each in swept.sweep.worst if each.point == 1][:1]
    links = page.ask(
        "() => [...document.querySelectorAll('#points-body .breaks a')]"
        ".map(one => one.getAttribute('href'))"
    )
    assert links == [f"#point-{run.point}-replication-{run.replication}"]


def test_hostile_names_are_text(new_page, swept, tmp_path):
    sweep = swept.sweep
    point = evolve(sweep.points[1], values={HOSTILE: HOSTILE}, breaks={HOSTILE: 1})
    metrics = (evolve(sweep.metrics[0], name=HOSTILE, definition=HOSTILE), *sweep.metrics[1:])
    run = evolve(sweep.worst[0], point=1, reasons=(HOSTILE,), again=HOSTILE, absent=HOSTILE)
    worst = (run, evolve(run, timeline=None, replication=2))
    points = (sweep.points[0], point)
    bad = evolve(sweep, title=HOSTILE, points=points, metrics=metrics, worst=worst, about=HOSTILE)
    put(tmp_path / "bad.html", html(bad))
    page = new_page()
    shown(page, tmp_path / "bad.html")
    page.ask("() => report.table.set({ hidden: new Set() })")
    assert page.ask("() => document.body.innerText").count(HOSTILE) >= 8
    assert page.ask("() => document.querySelectorAll('body img').length") == 0
    press(page, "#worst-list a")
    page.until("window.report !== undefined && report.doc !== undefined")
    assert HOSTILE in page.ask("() => document.getElementById('way').innerText")
    assert_still(page)


def test_it_fits_a_telephone(new_page, file):
    page = new_page(400, 800)
    shown(page, file)
    assert page.ask("() => document.documentElement.scrollWidth") == 400
    assert_quiet(page)


def test_axe_finds_nothing_serious_in_it(page, axe):
    page.ask(f"() => {{ {axe} }}")
    page.ask(OPEN, True)
    assert page.ask(RUN) == []
    page.shows("dark")
    assert page.ask(RUN, COLOURS) == []
