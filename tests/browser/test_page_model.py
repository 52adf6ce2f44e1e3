"""What the page knows is what the trace says: lanes, bands, events, findings, causes."""

from itertools import pairwise

import pytest
from reported import BROKEN, EVERY, FAULT, STORIES, UNMET, WIRE

from sim.trace import chain

TOLD = {
    "sessionConnected": "connected",
    "sessionReconnecting": "reconnecting",
    "sessionReconnected": "connected",
    "sessionDisconnected": "ended",
}
"""What apps are told, and the state of the session from then on."""

READ_SESSIONS = """() => report.doc.lanes.filter(lane => !lane.platform).map(lane => {
  const track = lane.tracks.find(track => track.kind === "session");
  const state = Array.from(track.state, word => report.doc.words[word]);
  return [lane.name, state.map((name, band) => [name, track.began[band], track.ended[band]])];
})"""

READ_ROWS = """() => {
  const { doc } = report, { rows, words } = doc;
  return Array.from({ length: rows.count }, (_, row) => [
    rows.time[row], rows.seq[row], doc.lanes[rows.lane[row]].name, words[rows.object[row]],
    words[rows.kind[row]], words[rows.name[row]], words[rows.reason[row]] ?? null, doc.told(row),
  ]);
}"""

READ_CHAINS = """() => {
  const { doc } = report, { rows } = doc;
  const numbered = Array.from(rows.seq.keys()).filter(row => rows.seq[row] > 0);
  return numbered.map(row => doc.chain(row).map(each => rows.seq[each]));
}"""


def sessions(page):
    """Person → bands of the session: state, from, to."""
    return dict(page.ask(READ_SESSIONS))


def states_at(bands, time):
    """All states at a moment: two at the end of one band and the beginning of another."""
    return {state for state, began, ended in bands if began <= time <= ended}


@pytest.mark.parametrize("name", EVERY)
def test_every_record_is_in_the_page_word_for_word(name, page_of, reports):
    report, told = reports(name), reports(name).timeline.told
    lanes = [lane.name for lane in report.timeline.lanes]
    expected = [
        [
            record.time,
            record.seq,
            lanes[report.timeline.lane_of[row]],
            record.object,
            record.kind,
            record.name,
            record.reason,
            told[row],
        ]
        for row, record in enumerate(report.records)
    ]
    assert page_of(name).ask(READ_ROWS) == expected


@pytest.mark.parametrize("name", EVERY)
def test_everybody_has_a_lane_and_the_platform_the_last(name, page_of, reports):
    lanes = page_of(name).ask("() => report.doc.lanes.map(lane => [lane.name, lane.platform])")
    people = {record.client for record in reports(name).records} - {""}
    assert {lane for lane, is_platform in lanes if not is_platform} == people
    assert [is_platform for _, is_platform in lanes] == [False] * len(people) + [True]


@pytest.mark.parametrize("name", STORIES)
def test_bands_of_sessions_follow_what_apps_were_told(name, page_of, reports):
    bands = sessions(page_of(name))
    told = reports(name).events(*TOLD)
    assert told
    for _, event in told:
        assert TOLD[event.name] in states_at(bands[event.client], event.time)


@pytest.mark.parametrize("name", STORIES)
def test_a_session_is_reconnecting_from_when_it_is_told_to_when_it_is_over(name, page_of, reports):
    for person, bands in sessions(page_of(name)).items():
        told = reports(name).events("sessionReconnecting")
        begins = [event.time for _, event in told if event.client == person]
        assert [began for state, began, _ in bands if state == "reconnecting"] == begins


@pytest.mark.parametrize("name", EVERY)
def test_bands_of_one_track_come_one_after_the_other(name, page_of):
    tracks = page_of(name).ask(
        "() => report.doc.lanes.flatMap(lane => lane.tracks)"
        ".map(track => [Array.from(track.began), Array.from(track.ended)])"
    )
    assert tracks
    for began, ended in tracks:
        assert all(first <= last for first, last in zip(began, ended, strict=True))
        assert all(end <= begin for end, (_, begin) in zip(ended, pairwise(began), strict=False))


@pytest.mark.parametrize("name", EVERY)
def test_the_chain_of_every_record_is_that_of_explain(name, page_of, reports):
    records = reports(name).records
    numbers = [record.seq for record in records if record.seq]
    expected = [[cause.seq for cause in chain(records, number)] for number in numbers]
    assert page_of(name).ask(READ_CHAINS) == expected


def test_a_breach_is_found_at_its_moment(page_of, reports):
    findings = page_of(BROKEN).ask("() => report.doc.findings")
    (breach, *_) = [each for each in findings if each["name"] == FAULT.law]
    record = reports(BROKEN).records[breach["row"]]
    assert breach["kind"] == "law"
    assert breach["time"] == record.time
    assert record.name == "connectionDestroyed"
    assert not breach["expected"]


def test_an_expectation_that_does_not_hold_is_found(page_of):
    page = page_of(UNMET)
    (finding,) = page.ask("() => report.doc.findings")
    assert finding["kind"] == "expectation"
    assert finding["name"] == "bob sees sessionReconnecting"
    assert page.ask("() => report.doc.expectations") == [["bob sees sessionReconnecting", False]]


@pytest.mark.parametrize("name", STORIES)
def test_a_run_as_it_should_be_has_no_findings(name, page_of):
    assert page_of(name).ask("() => report.doc.findings.filter(each => !each.expected)") == []


def test_frames_are_arrows_between_lanes(page_of, reports):
    arrows = page_of(WIRE).ask(
        "() => { const { arrows } = report.doc; return Array.from(arrows.frame.keys())"
        ".filter(arrow => arrows.frame[arrow])"
        ".map(arrow => [arrows.source[arrow], arrows.target[arrow], arrows.sent[arrow],"
        " arrows.got[arrow]]) }"
    )
    timeline = reports(WIRE).timeline
    platform = len(timeline.lanes) - 1
    assert arrows
    for source, target, sent, got in arrows:
        assert (source == platform) != (target == platform)
        assert got == -1 or sent <= got <= timeline.ended
