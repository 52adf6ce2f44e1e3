"""All laws at once, over stories that keep them and stories cut off anywhere."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from lawful_room import LawfulRoom, judge
from spoiling import renumbered

from sim.laws import BROKEN, HELD, NOT_EXERCISED, Laws, catalogue
from sim.protocol.promises import Promise

PEOPLE = ("alice", "bob", "carol", "dave")
ROLES = {"alice": "moderator", "bob": "publisher", "carol": "publisher", "dave": "subscriber"}
ACTS = ("join", "publish", "unpublish", "unsubscribe", "leave", "close", "crash", "cut", "mend")
PAUSES = (0, 0.01, 0.5, 3, 7, 20, 60)


@st.composite
def rooms(draw):
    """A lawful room in which things have happened."""
    room = LawfulRoom(ROLES, prevents=("carol",), promises={"carol": 2_000_000})
    people = st.sampled_from(PEOPLE)
    for name in draw(st.lists(people, unique=True)):
        room.join(name).wait(0.1)
        room.publish(name)
    acts = st.one_of(
        st.tuples(st.sampled_from(ACTS), people),
        st.tuples(st.sampled_from(("kick", "stop")), people, people),
        st.tuples(st.sampled_from(("signal", "quiet signal")), people),
    )
    for (act, *who), pause in draw(st.lists(st.tuples(acts, st.sampled_from(PAUSES)), max_size=25)):
        if act.endswith("signal"):
            room.signal(*who, retry=act == "signal")
        elif len(who) == 1 or who[0] != who[1]:
            getattr(room, act)(*who)
        room.wait(pause)
    return room


def broken(verdicts):
    return {
        name: [breach.sentence for breach in verdict.breaches]
        for name, verdict in verdicts.items()
        if verdict.outcome == BROKEN
    }


@given(rooms())
def test_a_lawful_story_breaks_no_law(room):
    room.wait(300)
    assert broken(room.verdicts()) == {}


@given(rooms(), st.data())
def test_a_story_cut_off_anywhere_breaks_no_law(room, data):
    kept = data.draw(st.integers(0, len(room.records)), "records kept")
    start = room.records[kept - 1].time if kept else 0
    next_time = room.records[kept].time if kept < len(room.records) else room.now
    ended = data.draw(st.integers(start, max(start, next_time)), "ended")
    assert broken(judge(room.header, room.records[:kept], ended=ended)) == {}


def eventful():
    """A story in which every law has something to say."""
    carol = {"prevents": ("carol",), "by_code": ("carol",), "promises": {"carol": 2_000_000}}
    room = LawfulRoom(ROLES, **carol)
    for name in PEOPLE:
        room.join(name).wait(0.1).publish(name).wait(0.1)
    room.signal("bob").wait(1).signal("bob").wait(10)
    room.cut("carol").wait(8).signal("bob").stop("alice", "bob").wait(5).mend("carol").wait(9)
    room.publish("bob").wait(9).kick("alice", "bob").wait(9).join("bob").wait(1)
    room.publish("bob").wait(9).cut("bob").wait(120).mend("bob").join("bob").wait(1)
    room.publish("bob").wait(9).leave("carol").wait(9).join("carol").wait(9).crash("bob").wait(80)
    room.join("bob").wait(9).close("bob").wait(9).leave("dave").wait(9)
    return room


STORY = eventful()
TOLD = [
    index
    for index, record in enumerate(STORY.records)
    if record.kind == "event" and record.object != "publisher"
]

ECHOES = [i for i in TOLD if STORY.records[i].data.get("from") == STORY.records[i].data["own"]]
"""Signals that come back to their senders: whether they do is the platform's choice."""


def test_the_eventful_story_exercises_every_law():
    found = {name: verdict.outcome for name, verdict in STORY.verdicts().items()}
    assert found == dict.fromkeys(catalogue(), HELD)


@pytest.mark.parametrize("index", TOLD)
def test_nothing_can_be_told_twice(index):
    records = STORY.records[: index + 1] + STORY.records[index:]
    assert broken(judge(STORY.header, renumbered(records)))


@pytest.mark.parametrize("index", [index for index in TOLD if index not in ECHOES])
def test_nothing_can_be_left_out(index):
    records = STORY.records[:index] + STORY.records[index + 1 :]
    assert broken(judge(STORY.header, renumbered(records)))


@pytest.mark.parametrize("index", [i for i in TOLD if STORY.records[i].data.get("reason")])
def test_no_reason_can_be_another(index):
    record = STORY.records[index]
    for reason in ("clientDisconnected", "networkDisconnected", "forceDisconnected", "mediaIdle"):
        if reason != record.data["reason"]:
            changed = record._replace(data={**record.data, "reason": reason})
            records = [*STORY.records[:index], changed, *STORY.records[index + 1 :]]
            assert broken(judge(STORY.header, records)), reason


class Opaque:
    """Names as they may be later: nothing in them says whose they are."""

    def __init__(self):
        self.names = {}

    def of(self, value):
        return self.names.setdefault(value, f"{len(self.names):04x}-{len(self.names) * 7919:x}")

    def records(self, records):
        keys = ("connection", "stream", "own", "from", "to", "target", "by")
        for record in records:
            named = {
                key: self.of(record.data[key])
                for key in keys
                if "#" in str(record.data.get(key) or "")
            }
            yield record._replace(data={**record.data, **named})


@given(rooms(), st.data())
def test_the_laws_judge_alike_whatever_connections_and_streams_are_called(room, data):
    """The records that introduce a connection and a stream say whose they are, not their names."""
    room.wait(30)
    records = list(room.records)
    if records:
        del records[data.draw(st.integers(0, len(records) - 1), "spoiled")]
    records = renumbered(records)
    plain = judge(room.header, records)
    opaque = judge(room.header, Opaque().records(records))
    assert {n: (v.outcome, v.broken) for n, v in plain.items()} == {
        n: (v.outcome, v.broken) for n, v in opaque.items()
    }


@given(rooms(), st.sampled_from(sorted(Promise)))
def test_a_promise_that_is_not_kept_is_no_breach_and_the_verdict_says_so(room, promise):
    header = evolve(room.header, unkept=(str(promise),))
    for name, verdict in judge(header, room.records).items():
        if promise in catalogue()[name].relies_on:
            assert (verdict.outcome, verdict.exercised) == (NOT_EXERCISED, 0)
            assert verdict.why.startswith("the settings do not let ")
        else:
            assert verdict.why == ""


def test_every_promise_is_relied_on():
    relied = {promise for law in catalogue().values() for promise in law.relies_on}
    assert relied == set(Promise)


@given(rooms(), st.data())
def test_breaches_are_known_in_order_while_the_run_goes_on(room, data):
    records = list(room.records)
    if records:
        del records[data.draw(st.integers(0, len(records) - 1), "spoiled")]
    laws, seen = Laws(room.header), []
    for record in renumbered(records):
        laws(record)
        so_far = [(each.law, each.time, each.record.seq) for each in laws.breaches]
        assert so_far[: len(seen)] == seen
        seen = so_far
    finished = laws.finish(records[-1].time if records else 0)
    kept = [each for verdict in finished.values() for each in verdict.breaches]
    assert sorted(laws.breaches, key=repr) == sorted(kept, key=repr)
    assert [each.time for each in laws.breaches] == sorted(each.time for each in laws.breaches)
