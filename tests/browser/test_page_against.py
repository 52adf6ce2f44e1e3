"""Two runs in one report: both pictures, that move together, and where the runs part."""

import pytest
from conftest import assert_quiet, ready
from reported import SCENARIOS

from sim.report.comparing import compared, told
from sim.report.model.building import timeline
from sim.report.page.assembling import html

STORY = SCENARIOS / "kick-while-reconnecting.yaml"


@pytest.fixture(scope="module")
def runs():
    return timeline(STORY), timeline(STORY, seed=3, profile="opentok.js-2.35.2")


@pytest.fixture
def page(runs, new_page, tmp_path):
    file = tmp_path / "against.html"
    file.write_text(html(*runs), "utf-8")
    page = ready(new_page(1280, 900), file)
    yield page
    assert_quiet(page)


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


def test_who_is_hidden_is_hidden_in_both(page):
    names = """(store) => [report, report.other].map(({doc, store}) =>
      [...store.state.people].map((lane) => doc.lanes[lane].name))"""
    page.ask("() => report.store.set({ people: new Set([0, 2]) })")
    here, there = page.ask(names)
    assert here == there
    assert len(here) == 2
    page.ask("() => report.other.store.set({ people: new Set() })")
    assert page.ask(names) == [[], []]
