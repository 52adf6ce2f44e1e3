"""Whatever happens: no law breaks, and the trace has the form that everybody relies on."""

from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import found, people, stories

import sim
from sim.expectations import Checker, parse
from sim.laws import check
from sim.network.direction import Direction
from sim.network.specs import GilbertElliottTime
from sim.scenario import from_data, scenario_hash
from sim.trace import encode, read

EXPECTED = [
    parse(sentence)
    for sentence in (
        "somebody sees sessionConnected",
        "everyone sees sessionConnected between 0s and 10s",
        "somebody sees sessionReconnecting, then sessionReconnected within 30s",
        "nobody sees sessionDisconnected(networkDisconnected)",
        "eventually within 60s: everyone agrees who is here",
        "at the end everyone is connected",
        "law reconnect-first holds",
    )
]


def breaches(result):
    return [breach.sentence for verdict in result.broken for breach in verdict.breaches]


@given(stories())
def test_no_law_breaks(story):
    assert breaches(sim.run(story)) == []


@given(stories())
def test_no_law_breaks_when_ties_are_permuted(story):
    assert breaches(sim.run(story, permute_ties=True)) == []


QUIRKY = "opentok.js-2.35.2"


@given(stories(), st.booleans())
@settings(max_examples=50)
def test_the_shipped_client_may_break_laws_but_never_a_run(story, permuted):
    result = sim.run(story, profile=QUIRKY, permute_ties=permuted)
    assert result.profile == QUIRKY
    assert result.digest == sim.run(story, profile=QUIRKY, permute_ties=permuted).digest


@given(stories(), st.booleans())
@settings(max_examples=50)
def test_the_same_run_gives_the_same_digest(story, permuted):
    first = sim.run(story, permute_ties=permuted)
    second = sim.run(story, permute_ties=permuted)
    assert (first.digest, first.count) == (second.digest, second.count)


@given(stories())
@settings(max_examples=50)
def test_records_are_numbered_in_order_of_time_and_caused_by_earlier_ones(story):
    time = 0
    for number, record in enumerate(sim.run(story).records, start=1):
        assert record.seq == number
        assert time <= record.time < story.duration
        assert record.cause is None or 1 <= record.cause < number
        time = record.time


@given(stories())
@settings(max_examples=50)
def test_whatever_an_app_is_told_has_a_cause(story):
    result = sim.run(story)
    uncaused = [r for r in result.records if r.kind == "event" and r.cause is None]
    assert uncaused == []


@given(stories())
@settings(max_examples=50)
def test_an_answer_follows_its_call_once(story):
    answered = set()
    result = sim.run(story)
    calls = {record.seq: record for record in found(result, kind="call")}
    for record in result.records:
        if record.kind == "callback" and "call" in record.data:
            call = calls[record.data["call"]]
            assert (call.client, call.name) == (record.client, record.name)
            assert call.seq not in answered
            answered.add(call.seq)


@given(stories())
def test_what_is_left_agrees_with_the_records_of_the_pages(story):
    result = sim.run(story)
    pages = {name: ({}, {}) for name in story.people}
    for record in result.records:
        if record.client:
            _turn(record, *pages[record.client])
    for name, (elements, alive) in pages.items():
        subscribers = sum(label.startswith("subscriber") for label in alive)
        assert result.clients[name].left == {
            "elements": len(elements),
            "subscribers": subscribers,
            "publishers": len(alive) - subscribers,
        }


def _turn(record, elements, alive):
    """What a record says about somebody's page."""
    if (record.kind, record.name) in {("call", "closeBrowser"), ("fault", "crash")}:
        elements.clear()
        alive.clear()
    elif record.object == "page":
        label = record.data["element"]
        if record.name == "inserted":
            elements[label] = alive[label] = True
        else:
            del elements[label]
    elif record.name == "destroyed":
        del alive[record.object]


@given(stories())
@settings(max_examples=30)
def test_the_level_of_the_trace_changes_nothing_but_what_is_written(story):
    kept = sim.run(story)
    lines = {}
    with TemporaryDirectory() as folder:
        for level in ("story", "wire", "all"):
            path = f"{folder}/{level}.jsonl"
            result = sim.run(story, trace=path, trace_level=level)
            assert (result.digest, result.records) == (kept.digest, kept.records)
            trace = read(path)
            assert [encode(record) for record in trace.story()] == [*map(encode, kept.records)]
            assert (trace.footer.digest, trace.warnings) == (kept.digest, [])
            lines[level] = [*map(encode, trace)]
    assert len(lines["story"]) <= len(lines["wire"]) <= len(lines["all"])


@given(stories())
@settings(max_examples=30)
def test_a_written_trace_is_judged_like_the_run(story):
    story = sim.Scenario(**_parts(story), expect=EXPECTED)
    with TemporaryDirectory() as folder:
        path = f"{folder}/run.jsonl"
        result = sim.run(story, trace=path)
        trace = read(path)
        verdicts = check(trace)
        checker = Checker(story.expect, trace.header.people)
        for record in trace.story():
            checker(record)
    where = {name: verdict.broke for name, verdict in verdicts.items()}
    assert _said(verdicts) == _said(result.laws)
    assert tuple(checker.finish(trace.footer.ended, where)) == result.expectations
    assert from_data(trace.header.scenario) == story
    assert trace.header.scenario_hash == scenario_hash(story)


def _parts(story):
    names = ("name", "seed", "duration", "platform", "clients", "script")
    return {name: getattr(story, name) for name in names}


def _said(verdicts):
    return {
        name: (verdict.exercised, [breach.sentence for breach in verdict.breaches])
        for name, verdict in verdicts.items()
    }


# -- common random numbers -------------------------------------------------------------------------


class Packets:
    """What became of every packet of every link, by its number."""

    def __init__(self, monkeypatch):
        self.fates = {}
        transmit = Direction.transmit

        def watched(direction, now):
            number = direction.sent
            arrival = transmit(direction, now)
            self.fates[direction.actor, direction.name, number] = self._fate(
                direction, now, arrival
            )
            return arrival

        monkeypatch.setattr(Direction, "transmit", watched)

    def _fate(self, direction, now, arrival):
        """A delay, "lost", or None where something else than a packet's number decided."""
        if arrival is not None:
            timed = isinstance(direction.spec.loss, GilbertElliottTime)
            return None if timed else arrival - now
        return "lost" if isinstance(direction.blame, str) else None


@given(stories(), people(("alice",)))
@settings(max_examples=40)
def test_one_more_person_changes_nobody_elses_draws(story, newcomer):
    newcomer = sim.Person(**_without_policy(newcomer))
    crowd = sim.Scenario(**_parts(story) | {"clients": {**story.clients, "zoe": newcomer}})
    with pytest.MonkeyPatch.context() as monkeypatch:
        alone = Packets(monkeypatch)
        before = sim.run(story)
    with pytest.MonkeyPatch.context() as monkeypatch:
        together = Packets(monkeypatch)
        after = sim.run(crowd)
    assert _decided(before) == _decided(after, but="zoe")
    for packet, fate in alone.fates.items():
        other = together.fates.get(packet)
        assert None in (fate, other) or fate == other, packet


def _without_policy(person):
    names = ("role", "network", "publish", "subscribe", "arrive", "stay", "leave", "rejoin")
    return {name: getattr(person, name) for name in names}


def _decided(result, but=None):
    """The outages of the links, and when each person's page was opened."""
    outages = [
        (record.client, record.time, record.data)
        for record in found(result, kind="decision", name="outage")
        if record.client != but
    ]
    arrivals = {}
    for record in found(result, kind="call", name="connect"):
        if record.client != but and not record.data.get("ignored"):
            arrivals.setdefault(record.client, record.time)
    return outages, arrivals
