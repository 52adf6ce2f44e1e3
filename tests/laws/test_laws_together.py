"""All laws at once, over stories that keep them and stories cut off anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lawful_room import LawfulRoom, judge

from sim.laws import BROKEN, HELD, catalogue

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
