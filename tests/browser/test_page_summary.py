"""The top of the page: how the run went, and what is wrong, each with its moment."""

import pytest
from conftest import assert_quiet, ready
from reported import BROKEN, SCENARIOS, UNMET, report_of

import sim
from sim.report.model.building import timeline
from sim.report.page.assembling import html
from sim.trace import Header, Writer

VERDICT = "() => [document.getElementById('verdict').className, verdict.textContent]"
FINDINGS = "() => [...document.querySelectorAll('.finding .what')].map((one) => one.textContent)"
SEEN = """() => {
  const { selected, cursor, from, to } = report.store.state;
  return [selected, from <= cursor && cursor <= to];
}"""


def test_what_held_is_said_in_a_sentence(page_of):
    outcome, sentence = page_of("flaky").ask(VERDICT)
    assert outcome == "good"
    assert sentence.startswith("All held: ")


@pytest.mark.parametrize("name", [BROKEN, UNMET])
def test_what_broke_is_said_in_a_sentence_and_listed(name, page_of, reports):
    page, findings = page_of(name), reports(name).timeline.findings
    outcome, sentence = page.ask(VERDICT)
    assert outcome == "bad"
    laws = {each.name for each in findings if each.kind == "law" and not each.is_expected}
    assert all(law in sentence for law in laws)
    listed = page.ask(FINDINGS)
    assert len(listed) == len(findings)
    assert all(each.sentence in text for each, text in zip(findings, listed, strict=True))


@pytest.mark.parametrize("name", [BROKEN, UNMET])
def test_each_finding_goes_to_its_moment_and_selects_its_record(name, page_of, reports):
    page, shown = page_of(name), reports(name).timeline
    for place, finding in enumerate(shown.findings):
        page.ask("(place) => document.querySelectorAll('.finding')[place].click()", place)
        row, is_in_sight = page.ask(SEEN)
        assert is_in_sight
        if finding.row is not None:
            assert row == finding.row


def test_a_trace_that_was_cut_off_says_so(new_page, tmp_path):
    trace, file = tmp_path / "cut.trace.jsonl", tmp_path / "cut.html"
    sim.run(SCENARIOS / "kick.yaml", trace=trace)
    lines = trace.read_text("utf-8").splitlines(keepends=True)
    trace.write_text("".join(lines[:60]), "utf-8")
    shown = timeline(trace)
    file.write_text(html(shown), "utf-8")
    page = ready(new_page(), file)
    outcome, sentence = page.ask(VERDICT)
    assert outcome == "unsure"
    assert sentence.startswith("As far as the trace goes")
    warnings = "() => [...document.querySelectorAll('#warnings li')].map((one) => one.textContent)"
    assert page.ask(warnings) == list(shown.warnings)
    assert "cut off" in shown.warnings[0]
    assert_quiet(page)


COPIED = """async ([place, isRefused]) => {
  const texts = [];
  navigator.clipboard.writeText = async (text) => {
    if (isRefused) throw new Error("not for files");
    texts.push(text);
  };
  document.execCommand = () => texts.push(document.activeElement.value) > 0;
  document.querySelectorAll(".copy")[place].click();
  await new Promise(requestAnimationFrame);
  return texts;
}"""


@pytest.mark.parametrize("is_refused", [False, True])
def test_the_scenario_and_the_line_to_see_it_again_can_be_copied(is_refused, page_of, reports):
    page, shown = page_of("flaky"), reports("flaky").timeline
    assert page.ask(COPIED, [0, is_refused]) == [shown.again]
    assert page.ask(COPIED, [1, is_refused]) == [shown.scenario]


def test_nothing_that_is_not_there_is_offered_and_an_empty_run_is_small(new_page, tmp_path):
    trace = tmp_path / "bare.trace.jsonl"
    with Writer(trace, Header(name="bare", people={})):
        pass
    page = ready(new_page(), report_of(trace).file)
    for name in ("seen-again", "its-scenario", "findings", "about", "against"):
        assert page.ask("name => document.getElementById(name).hidden", name), name
    assert page.ask("() => document.getElementById('table-box').clientHeight") < 100
    for key in ("ArrowDown", "End", "+", "-", "0", "m", "n", "Enter", "Escape"):
        page.press(key)
    page.drawn()
    assert_quiet(page)
