"""The page is used as people use it: with the mouse, with the keyboard, from the toolbar."""

import pytest
from click.testing import CliRunner
from reported import BROKEN, UNMET, WIRE

from sim.cli.program import program

STORY = "kick-while-reconnecting"
STATE = """() => {
  const { people, kinds, ...state } = report.store.state;
  return { ...state, people: [...people], kinds: [...kinds] };
}"""
SHOWN = "() => Array.from(report.filter.rows)"


def state(page):
    """What the page's store has."""
    page.drawn()
    return page.ask(STATE)


def lines(page, selector):
    """The texts of all elements that a selector finds."""
    page.drawn()
    return page.run(page.tab.locator(selector).all_inner_texts())


def on_canvas(page, time, lane):
    """Where the mark of a moment is in the window."""
    x, y = page.ask(
        """([time, lane]) => {
          report.picture.canvas.scrollIntoView({ block: "start" });
          const { left, top } = report.picture.canvas.getBoundingClientRect();
          const { x, y, height } = report.picture.place(time, lane);
          return [left + x, top + y + height - 6.5];
        }""",
        [time, lane],
    )
    return x, y


# -- the keyboard ----------------------------------------------------------------------------------


def test_arrows_step_through_the_events_and_home_and_end_go_to_the_ends(page_of, reports):
    page, last = page_of(STORY), len(reports(STORY).records) - 1
    page.press("Home")
    assert state(page)["selected"] == 0
    page.press("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp")
    assert state(page)["selected"] == 2
    page.press("PageDown")
    assert state(page)["selected"] == 14
    page.press("End", "ArrowDown")
    assert state(page)["selected"] == last
    assert state(page)["cursor"] == reports(STORY).records[last].time


def test_the_selected_event_is_in_sight_in_the_table_and_said_aloud(page_of, reports):
    page = page_of(STORY)
    page.press("End")
    (line,) = lines(page, "#table-body tr[aria-selected=true]")
    record = reports(STORY).records[-1]
    assert f"#{record.seq}" in line
    assert f"Event {record.seq}" in page.ask("() => document.getElementById('live').textContent")


def test_plus_minus_and_0_zoom(page_of, reports):
    page, ended = page_of(STORY), reports(STORY).timeline.ended
    page.press("+")
    nearer = state(page)
    assert nearer["to"] - nearer["from"] == ended / 2
    page.press("-", "-")
    assert (state(page)["from"], state(page)["to"]) == (0, ended)
    page.press("+", "+", "0")
    assert (state(page)["from"], state(page)["to"]) == (0, ended)


def test_m_keeps_a_moment_and_escape_lets_go_of_everything(page_of):
    page = page_of(STORY)
    page.press("Home", "m", "End")
    kept = state(page)
    assert (kept["mark"], kept["selected"] > 0) == (0, True)
    page.press("Escape")
    gone = state(page)
    assert [gone[key] for key in ("mark", "cursor", "range")] == [None, None, None]
    assert gone["selected"] == -1


def test_everything_can_be_reached_by_tab_and_the_help_lists_the_keys(page_of):
    page = page_of(STORY)
    page.press("?")
    assert page.ask("() => document.getElementById('help').open")
    page.press("Escape")
    assert not page.ask("() => document.getElementById('help').open")
    page.ask("() => document.activeElement.blur()")
    reached = set()
    for _ in range(40):
        page.press("Tab")
        reached.add(page.ask("() => document.activeElement.id"))
    assert {"zoom-in", "fold", "search", "theme", "help-open", "table"} <= reached


# -- search and filter -----------------------------------------------------------------------------


def test_a_search_counts_its_matches_and_goes_through_them(page_of, reports):
    page = page_of(STORY)
    matches = [row for row, _ in reports(STORY).events("sessionReconnecting")]
    page.press("/")
    page.write("sessionReconnecting")
    page.press("Enter")
    assert state(page)["search"] == "sessionReconnecting"
    found = [state(page)["selected"]]
    for _ in matches[1:]:
        page.press("Enter")
        found.append(state(page)["selected"])
    assert set(matches) <= set(page.ask("() => Array.from(report.filter.matches)"))
    assert found == page.ask("() => Array.from(report.filter.matches)")[: len(found)]
    assert str(len(page.ask("() => Array.from(report.filter.matches)"))) in page.ask(
        "() => document.getElementById('search-note').textContent"
    )
    page.press("Escape")
    assert state(page)["search"] == ""
    page.ask("() => document.activeElement.blur()")


def test_a_person_who_is_filtered_out_is_nowhere(page_of, reports):
    page = page_of(STORY)
    toggle(page, "people-menu", "bob")
    lanes = [lane.name for lane in reports(STORY).timeline.lanes]
    bob = lanes.index("bob")
    assert state(page)["people"] == [bob]
    assert page.ask("lane => report.picture.place(0, lane)", bob) is None
    places = reports(STORY).timeline.lane_of
    assert page.ask(SHOWN) == [row for row, lane in enumerate(places) if lane != bob]
    assert f"{list(places).count(bob)} hidden" in lines(page, "#table-note")[0]
    toggle(page, "people-menu", "bob")
    assert state(page)["people"] == []


def test_a_kind_that_is_filtered_out_is_nowhere(page_of, reports):
    page = page_of(WIRE)
    toggle(page, "kinds-menu", "message")
    records = reports(WIRE).records
    assert page.ask(SHOWN) == [row for row, one in enumerate(records) if one.kind != "message"]


def toggle(page, menu, label):
    """Open a menu, and click the box of that name."""
    place = page.tab.locator(f"#{menu}")
    page.run(place.locator("summary").click())
    page.run(place.locator("label", has_text=label).locator("input").click())
    page.run(place.locator("summary").click())
    page.drawn()


def test_a_range_that_is_dragged_filters_the_table(page_of, reports):
    page = page_of(STORY)
    begin, y = on_canvas(page, 21_000_000, 0)
    end, _ = on_canvas(page, 30_000_000, 0)
    page.run(page.tab.keyboard.down("Shift"))
    page.drag(begin, y, end, y)
    page.run(page.tab.keyboard.up("Shift"))
    first, last = state(page)["range"]
    assert abs(first - 21_000_000) < 200_000
    assert abs(last - 30_000_000) < 200_000
    inside = [row for row, one in enumerate(reports(STORY).records) if first <= one.time <= last]
    assert page.ask(SHOWN) == inside
    page.run(page.tab.locator("#range-clear").click())
    assert state(page)["range"] is None
    assert len(page.ask(SHOWN)) == len(reports(STORY).records)


# -- selecting, and why ----------------------------------------------------------------------------


def test_a_click_on_a_mark_selects_its_record(page_of, reports):
    page = page_of(STORY)
    ((row, event),) = [
        each for each in reports(STORY).events("sessionReconnecting") if each[1].client == "bob"
    ]
    page.click(*on_canvas(page, event.time, reports(STORY).timeline.lane_of[row]))
    selected = state(page)["selected"]
    assert reports(STORY).records[selected].client == "bob"
    assert abs(reports(STORY).records[selected].time - event.time) < 50_000


def test_a_click_in_the_table_selects_and_shows_the_moment(page_of, reports):
    page = page_of(STORY)
    page.run(page.tab.locator("#event-3").click())
    assert state(page)["selected"] == 3
    assert state(page)["cursor"] == reports(STORY).records[3].time


@pytest.mark.parametrize("name", [STORY, WIRE])
def test_why_is_told_in_the_words_of_explain(name, page_of, reports, explained):
    page, report = page_of(name), reports(name)
    rows = [row for row, one in enumerate(report.records) if one.seq]
    longest = max(rows, key=lambda row: len(page.ask("row => report.doc.chain(row)", row)))
    for row in (longest, rows[0], rows[-1]):
        page.ask("row => report.navigation.select(row)", row)
        page.ask("() => { report.why.unfolded = true; report.why.draw(); }")
        told = [" ".join(line.split()) for line in lines(page, "#why-list li")]
        assert told == explained(report.trace, report.records[row].seq)


@pytest.fixture
def explained(monkeypatch):
    """A function: the lines that ``explain`` prints for a record, with single spaces."""
    monkeypatch.setenv("COLUMNS", "300")

    def explain(trace, number):
        words = ["explain", str(trace), str(number), "--unfold"]
        output = CliRunner().invoke(program, words, prog_name="python -m sim").output
        return [" ".join(line.removeprefix("->").split()) for line in output.splitlines()]

    return explain


def test_what_it_led_to_is_what_has_it_as_a_cause(page_of, reports):
    page, records = page_of(STORY), reports(STORY).records
    for row in range(0, len(records), 7):
        led = [place for place, one in enumerate(records) if one.cause == records[row].seq]
        assert set(led) <= set(page.ask("row => report.doc.effects(row)", row))


@pytest.mark.parametrize("name", [BROKEN, UNMET])
def test_a_finding_jumps_to_its_moment(name, page_of, reports):
    page, records = page_of(name), reports(name).records
    for place, finding in enumerate(page.ask("() => report.doc.findings")[:3]):
        page.run(page.tab.locator("#finding-list button").nth(place).click())
        now = state(page)
        row = finding["row"] if finding["row"] >= 0 else now["selected"]
        assert now["selected"] == row
        assert now["cursor"] == (finding["time"] if row < 0 else records[row].time)
        assert now["from"] <= now["cursor"] <= now["to"]


def test_what_is_wrong_is_said_on_top_in_sentences(page_of, reports):
    page = page_of(BROKEN)
    told = lines(page, "#finding-list li")
    assert len(told) == len(reports(BROKEN).timeline.findings)
    for line, finding in zip(told, reports(BROKEN).timeline.findings, strict=True):
        assert finding.sentence in line
        assert finding.name in line


def test_the_replay_line_and_the_scenario_are_there_to_copy(page_of, reports):
    page, timeline = page_of(STORY), reports(STORY).timeline
    assert page.ask("() => document.getElementById('again').textContent") == timeline.again
    assert page.ask("() => document.getElementById('scenario').textContent") == timeline.scenario
