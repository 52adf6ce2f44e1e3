"""The flood guard removes who writes too much, and nobody else, whatever the network does."""

import pytest
from callapp.moderating import MOST, WITHIN, FloodGuard, HastyGuard
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import sim

DURATION = 60_000

moments = st.integers(5_000, DURATION - 1)
chats = st.lists(moments, min_size=1, max_size=8, unique=True).map(sorted)
outages = st.tuples(st.sampled_from(["mia", "bob"]), moments, st.integers(1, 25_000))


def chat(times, outages, guard):
    """Bob writes at these times; Mia, a moderator, has the guard. Returns the run and the guard."""
    made = []
    story = sim.Scenario(
        name="chat",
        duration="2min",
        clients={"mia": sim.Person(role="moderator"), "bob": sim.Person()},
        script=[
            *(said(time) for time in times),
            *(
                sim.Step(at=f"{at}ms", client=who, network="down", lasting=f"{length}ms")
                for who, at, length in outages
            ),
        ],
    )
    return sim.run(story, apps={"mia": lambda app: made.append(guard(app))}), made[0]


def said(time):
    return sim.Step(at=f"{time}ms", client="bob", do="signal", type="chat", data=str(time))


def is_flood(times):
    """Whether more than allowed were written in some stretch of that length."""
    return any(later - sooner < WITHIN for sooner, later in zip(times, times[MOST:], strict=False))


@given(chats, st.lists(outages, max_size=2))
def test_only_who_writes_too_much_is_removed(times, outages):
    result, guard = chat(times, outages, FloodGuard)
    assert result.clients["bob"].sees("sessionDisconnected", "forceDisconnected") <= is_flood(times)
    assert len(guard.asked) <= 1


@given(chats.filter(is_flood))
def test_who_writes_too_much_is_removed(times):
    result, guard = chat(times, [], FloodGuard)
    assert guard.asked == ["bob#1"]
    assert result.clients["bob"].sees("sessionDisconnected", "forceDisconnected")


def test_to_go_by_when_messages_are_heard_is_found_out():
    with pytest.raises(AssertionError):
        slowly_written_and_heard_at_once()


@settings(phases=[Phase.generate], max_examples=1_000)  # it is to be found, and nobody reads it
@given(chats, st.lists(outages, max_size=2))
def slowly_written_and_heard_at_once(times, outages):
    result, _ = chat(times, outages, HastyGuard)
    assert result.clients["bob"].sees("sessionDisconnected", "forceDisconnected") <= is_flood(times)
