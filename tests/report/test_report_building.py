"""Timelines of traces, results and scenarios, whatever became of the run."""

import io
import json
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from report_stories import FEW, STORIES, cut_off, of_story, traced

import sim
from sim.laws import BROKEN
from sim.protocol.units import SECOND
from sim.report.model.building import timeline
from sim.report.model.stretches import IDLE, stretches
from sim.telling.cast import Cast
from sim.telling.story import sentence
from sim.trace import Header, Person, Record, Trace, Writer, encode, read

ROOT = Path(__file__).parent.parent.parent
KICK = "scenarios/kick.yaml"
BEATS = (["ping"], ["pong"])


# -- what holds of every timeline ----------------------------------------------------------------


@FEW
@given(STORIES)
def test_every_record_is_in_one_lane_the_platform_s_own_in_the_last(story):
    shown = timeline(story)
    names = [each.name for each in shown.lanes]
    assert len(shown.lane_of) == len(shown.told) == len(shown.records)
    for row, record in enumerate(shown.records):
        lane = shown.lanes[shown.lane_of[row]]
        end = record.data.get("end") if record.kind == "message" else record.object
        is_own = end == "platform" or not record.client
        assert lane.is_platform if is_own else lane.name == record.client
    assert [each.is_platform for each in shown.lanes] == [False] * (len(names) - 1) + [True]


@FEW
@given(STORIES, st.sampled_from(("story", "wire", "all")))
def test_arrows_go_forward_between_different_lanes(tmp_path_factory, story, level):
    shown = timeline(traced(story, tmp_path_factory.mktemp("arrows"), level))
    for arrow in shown.arrows:
        assert arrow.source != arrow.target
        assert arrow.is_frame == (level != "story")
        if arrow.got is None:
            assert shown.records[arrow.row].name == "sent"
        else:
            assert arrow.sent <= arrow.got == shown.records[arrow.row].time
            assert shown.lane_of[arrow.row] == arrow.target


@FEW
@given(STORIES)
def test_every_frame_is_one_arrow_and_no_other_is(story):
    shown = timeline(story)
    arrived = sorted(arrow.row for arrow in shown.arrows if arrow.got is not None)
    sent = [row for row, record in enumerate(shown.records) if record.name == "sent"]
    assert arrived == [r for r, record in enumerate(shown.records) if record.name == "delivered"]
    assert sorted(arrow.sent for arrow in shown.arrows) == [shown.records[r].time for r in sent]
    for arrow in shown.arrows:
        kind, *rest = shown.records[arrow.row].data["frame"]
        words = {"message": rest[1:3], "status": [kind, str(rest[1:2])[1:-1]]}.get(kind, [kind])
        assert arrow.label == " ".join(words)


@FEW
@given(STORIES)
def test_arrows_of_a_story_are_what_led_to_something_in_another_lane(story):
    shown = timeline(sim.run(story))
    ends = {(a.source, a.target, a.sent, a.got) for a in shown.arrows}
    assert len(ends) <= len(shown.arrows)
    for row, record in enumerate(shown.records):
        if record.cause:
            cause = shown.records[record.cause - 1]
            source, target = shown.lane_of[record.cause - 1], shown.lane_of[row]
            drawn = (source, target, cause.time, record.time) in ends
            assert drawn or source == target


@FEW
@given(STORIES)
def test_nothing_but_heartbeats_lies_in_a_fold(tmp_path_factory, story):
    shown = timeline(traced(story, tmp_path_factory.mktemp("folds"), "all"))
    for fold in shown.stretches:
        assert 0 <= fold.began < fold.ended <= shown.ended
        inside = (r for r in shown.records if fold.began < r.time < fold.ended)
        assert all(record.data.get("frame") in BEATS for record in inside)
        assert fold.ended - fold.began >= IDLE - 2 * SECOND
    assert all(one.ended < other.began for one, other in pairwise(shown.stretches))


def test_idle_time_is_folded_though_hearts_beat(tmp_path):
    quiet = sim.loads("{name: quiet, duration: 1min, clients: {bob: {network: fibre}}}")
    shown = timeline(traced(quiet, tmp_path, "all"))
    assert sum(record.data.get("frame") in BEATS for record in shown.records) > 20
    (fold,) = shown.stretches
    assert fold.began < 2 * SECOND
    assert fold.ended == 59 * SECOND


@FEW
@given(STORIES)
def test_shades_are_faults_and_end_when_these_end(story):
    shown = timeline(sim.run(story))
    began = [s for s in shown.shades if shown.records[s.row].name not in ("reset", "change")]
    faults = ("down", "crash", "cut", "reset", "change")
    told = [
        row
        for row, record in enumerate(shown.records)
        if record.kind == "fault" and record.name in faults
    ]
    assert sorted(shade.row for shade in shown.shades) == told
    for shade in shown.shades:
        record = shown.records[shade.row]
        assert shade.began == record.time <= shade.ended <= shown.ended
        assert shown.lane_of[shade.row] == shade.lane
    for shade in began:
        lasts = shown.records[shade.row].data.get("for")
        assert lasts is None or shade.ended - shade.began <= lasts


@FEW
@given(STORIES)
def test_a_story_s_records_are_told_as_chains_of_causes_tell_them(story):
    shown = timeline(story)
    cast = Cast.of_story(())
    for told, record in zip(shown.told, shown.records, strict=True):
        assert told
        if record.seq:
            cast.see(record)
            assert told == sentence(record, cast)


@FEW
@given(STORIES, st.floats(0, 1), st.sampled_from(("story", "all")))
def test_a_trace_that_was_cut_off_makes_a_timeline_that_says_so(
    tmp_path_factory, story, part, level
):
    whole = traced(story, tmp_path_factory.mktemp("cut"), level)
    lines = whole.read_bytes().count(b"\n")
    shown = timeline(cut_off(whole, int(part * (lines - 1))))
    assert any("cut off" in each for each in shown.warnings)
    assert shown.digest == ""
    assert shown.ended == max((record.time for record in shown.records), default=0)
    assert shown.expectations == {}


# -- breaches ------------------------------------------------------------------------------------


def test_findings_are_the_breaches_with_their_records(tmp_path):
    header = Header(name="x", people={"bob": Person(), "eve": Person()}, duration=60 * SECOND)
    page = {"publishers": 0, "subscribers": 0}
    said = {"cancelable": False, "own": "bob#1", "page": page, "state": "connected"}
    told = [
        Record(0, 1, "bob", "session", "call", "connect", {"by": "script"}, None),
        Record(9, 2, "bob", "session", "event", "sessionReconnected", said, 1),
        Record(9, 3, "bob", "session", "event", "sessionReconnected", said, 1),
    ]
    file = tmp_path / "odd.jsonl"
    with Writer(file, header) as writer:
        for record in told:
            writer.write(encode(record))
    shown = timeline(file)
    assert shown.findings
    for finding in shown.findings:
        assert finding.kind == "law"
        assert shown.laws[finding.name] == BROKEN
        assert not finding.is_expected
        assert shown.records[finding.row].time <= finding.time
    breaches = sim.check_trace(read(file))
    expected = {(b.law, b.record.seq) for v in breaches.values() for b in v.breaches}
    rows = {(f.name, shown.records[f.row].seq) for f in shown.findings if f.row is not None}
    assert rows == expected


def test_breaches_that_a_scenario_expects_are_marked():
    shown = timeline("scenarios/fatal-close.yaml", profile="opentok.js-2.35.2")
    expects = [text for text in shown.expectations if "breaks" in text]
    marked = {finding.name for finding in shown.findings if finding.is_expected}
    assert all(any(name in text for text in expects) for name in marked)


@pytest.mark.parametrize(
    "text", ["alice sees sessionDisconnected", "bob never sees sessionDisconnected"]
)
def test_an_expectation_that_fails_is_found_at_the_record_that_its_sentence_names(text):
    shown = timeline(evolve(sim.load(KICK), expect=(text,)))
    (finding,) = shown.findings
    assert (finding.kind, finding.name) == ("expectation", text)
    record = shown.records[finding.row]
    assert f", #{record.seq}" in finding.sentence
    assert finding.time == record.time
    assert shown.expectations == {text: False}


def test_an_expectation_that_names_no_record_is_found_at_the_end():
    shown = timeline(evolve(sim.load(KICK), expect=("law one-end breaks",)))
    (finding,) = shown.findings
    assert (finding.row, finding.time) == (None, shown.ended)
    assert finding.sentence


def test_a_finding_is_in_no_fold():
    """Though nothing happens then: it is judged long after what it is about."""
    shown = timeline("scenarios/kick.yaml")
    fold = max(shown.stretches, key=lambda each: each.ended - each.began)
    moment = (fold.began + fold.ended) // 2
    found = list(stretches(shown.records, shown.ended, [moment]))
    assert list(stretches(shown.records, shown.ended)) == list(shown.stretches)
    assert not any(each.began < moment < each.ended for each in found)


# -- how to see it again -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kick.trace.jsonl", "./kick.trace.jsonl", "in a/../kick.jsonl"])
def test_the_line_to_see_a_trace_again_has_its_name_as_it_was_given(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in a").mkdir()
    sim.run(ROOT / KICK, trace=name)
    assert shlex.split(timeline(name).again) == ["python", "-m", "sim", "replay", name]


@pytest.mark.parametrize("expect", [(), ("bob never sees sessionDisconnected",)])
def test_what_has_no_file_is_seen_again_with_the_scenario_that_the_report_holds(expect, tmp_path):
    """Whether it held or not: nothing is called broken that is not."""
    story = evolve(sim.load(KICK), expect=expect)
    result = sim.run(story, seed=7)
    for shown in (timeline(result), timeline(story, seed=7)):
        *words, file = shlex.split(shown.again)
        assert (words, file) == (["python", "-m", "sim", "run"], "scenario.yaml")
        saved = tmp_path / file
        saved.write_text(shown.scenario, "utf-8")
        assert sim.run(saved).digest == result.digest


def test_a_trace_that_cannot_be_run_again_has_no_line_that_would(tmp_path):
    file = tmp_path / "bare.jsonl"
    with Writer(file, Header(name="bare", people={"bob": Person()})):
        pass
    assert timeline(file).again == timeline(file).scenario == ""


# -- what is a trace -----------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["", "\n", '# a "session-sim-trace" of this\n', "--- # x\n"])
def test_a_scenario_is_one_whatever_is_in_its_first_line(first, tmp_path):
    file = tmp_path / "story.yaml"
    file.write_text(first + (ROOT / KICK).read_text("utf-8"), "utf-8")
    assert timeline(file).title == "kick"


def test_a_scenario_in_json_is_one(tmp_path):
    file = tmp_path / "story.json"
    file.write_text(json.dumps(yaml.safe_load((ROOT / KICK).read_text("utf-8"))), "utf-8")
    assert timeline(file).title == "kick"


def test_a_trace_is_one_however_its_header_is_written(tmp_path):
    file = tmp_path / "kick.jsonl"
    sim.run(KICK, trace=file)
    first, rest = file.read_text("utf-8").split("\n", 1)
    file.write_text(json.dumps(json.loads(first), sort_keys=True, indent=None) + "\n" + rest)
    assert timeline(file).again.startswith("python -m sim replay")
    assert timeline(file).level == "story"


# -- sources -------------------------------------------------------------------------------------


def test_a_scenario_is_run_with_its_messages():
    shown = timeline(KICK, seed=7)
    assert (shown.title, shown.seed, shown.level) == ("kick", 7, "wire")
    assert shown.digest == sim.run(KICK, seed=7).digest
    assert shown.again.startswith(f"python -m sim replay {shown.token}")
    assert shown.again.endswith(KICK)
    assert sim.loads(shown.scenario) == sim.load(KICK)
    assert any(arrow.is_frame for arrow in shown.arrows)


def test_a_result_and_a_trace_of_one_run_make_one_picture(tmp_path):
    result = sim.run(KICK, trace=tmp_path / "kick.jsonl")
    one, other = timeline(result), timeline(tmp_path / "kick.jsonl")
    assert one == evolve(other, again=one.again)
    assert other.again == f"python -m sim replay {tmp_path / 'kick.jsonl'}"
    assert timeline(read(tmp_path / "kick.jsonl"), again="x").again == "x"


def test_a_stream_is_read_once(tmp_path):
    file = traced(KICK, tmp_path)
    shown = timeline(io.BytesIO(file.read_bytes()))
    assert (len(shown.records), shown.again) == (len(timeline(file).records), "")
    assert timeline(Trace(io.BytesIO(file.read_bytes()))).digest == shown.digest


def test_a_result_without_records_cannot_be_shown():
    with pytest.raises(ValueError, match="kept no records"):
        timeline(sim.run(KICK, keep=False))


def test_what_has_been_run_takes_no_options(tmp_path):
    with pytest.raises(ValueError, match="seed: only a scenario is run"):
        timeline(traced(KICK, tmp_path), seed=4)


@pytest.mark.parametrize("text", ["", "name: x\nclient: {}\n"])
def test_a_file_that_is_no_trace_is_refused_as_a_scenario(tmp_path, text):
    file = tmp_path / "x.yaml"
    file.write_text(text)
    with pytest.raises(sim.ScenarioError):
        timeline(file)


def test_a_broken_trace_is_refused_as_a_trace(tmp_path):
    file = traced(KICK, tmp_path)
    file.write_bytes(file.read_bytes().replace(b'[0,1,"alice"', b'[0,7,"alice"'))
    with pytest.raises(sim.TraceError, match="record 7 stands where record 1 must"):
        timeline(file)


def test_nobody_is_left_over_in_a_story_in_which_nothing_happens():
    shown = of_story(
        "{name: empty, duration: 1min, clients: {bob: {from: 50s}}}", permute_ties=True
    )
    assert [each.name for each in shown.lanes] == ["bob", "platform"]
    assert shown.stretches[0].began == SECOND


def test_names_of_a_trace_may_be_anything(tmp_path):
    hostile = "</script><script>alert(1)</script>"
    file = traced(KICK, tmp_path)
    text = file.read_text().replace('"alice"', f'"{hostile}"').replace('"bob"', '"platform"')
    file.write_text(text)
    shown = timeline(file)
    assert hostile in [each.name for each in shown.lanes]
    assert [each.is_platform for each in shown.lanes if each.name == "platform"] == [False, True]
    assert any("the file has been changed" in each for each in shown.warnings)
    assert all(arrow.source != arrow.target for arrow in shown.arrows)
