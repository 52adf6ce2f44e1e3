"""What one person sees, and what a clause about several makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from witness import Witness


def test_a_sequence_is_seen_whatever_comes_in_between():
    witness = Witness("bob sees sessionReconnecting, then sessionDisconnected(forceDisconnected)")
    witness.sees("1s", "bob", "sessionReconnecting")
    witness.sees("2s", "alice", "sessionDisconnected", reason="networkDisconnected")
    witness.sees("3s", "bob", "signal")
    witness.sees("4s", "bob", "sessionDisconnected", reason="forceDisconnected")
    outcome = witness.outcome()
    assert outcome.held
    assert outcome.why == "bob saw sessionDisconnected(forceDisconnected) at 0:04.000 (record 4)"


def test_a_sequence_in_another_order_is_not_seen():
    witness = Witness("bob sees sessionConnected, then sessionReconnecting")
    witness.sees("1s", "bob", "sessionReconnecting")
    witness.sees("2s", "bob", "sessionConnected")
    outcome = witness.outcome()
    assert not outcome.held
    assert outcome.why == (
        "bob saw sessionConnected at 0:02.000 (record 2) but then no sessionReconnecting; "
        "of that name there was sessionReconnecting at 0:01.000 (record 1)"
    )


def test_one_event_is_not_two_items():
    witness = Witness("bob sees signal, then signal")
    witness.sees("1s", "bob", "signal")
    assert not witness.outcome().held
    witness.sees("1s", "bob", "signal")
    assert witness.outcome().held


def test_nothing_seen_is_said_as_such():
    assert Witness("bob sees signal").outcome().why == "bob saw no signal"


@pytest.mark.parametrize(
    ("item", "object", "data", "matching"),
    [
        ("streamDestroyed", "session", {"reason": "x"}, True),
        ("streamDestroyed", "publisher", {}, False),
        ("publisher.streamDestroyed", "publisher", {}, True),
        ("publisher.streamDestroyed", "publisher2", {}, True),
        ("publisher.streamDestroyed", "session", {}, False),
        ("streamDestroyed(reset)", "session", {"reason": "reset"}, True),
        ("streamDestroyed(reset)", "session", {"reason": "mediaStopped"}, False),
        ("streamDestroyed(reset)", "session", {}, False),
        ("streamDestroyed of alice", "session", {"stream": "alice#2.1"}, True),
        ("streamDestroyed of alice", "session", {"connection": "alice#1", "stream": "x"}, True),
        ("streamDestroyed of alice", "session", {"stream": "alice-2#2.1"}, False),
        ("streamDestroyed of alice", "session", {}, False),
    ],
)
def test_an_item_matches_by_object_name_reason_and_owner(item, object, data, matching):
    witness = Witness(f"bob sees {item}")
    witness.sees("1s", "bob", "streamDestroyed", object, **data)
    assert witness.outcome().held is matching


@pytest.mark.parametrize(
    ("item", "object", "matching"),
    [
        ("subscriber.destroyed", "subscriber(alice)", True),
        ("subscriber.destroyed", "subscriber(alice)#3", True),
        ("subscriber.destroyed", "publisher", False),
        ("subscriber(alice).destroyed", "subscriber(alice)#3", True),
        ("subscriber(alice).destroyed", "subscriber(alice-2)", False),
    ],
)
def test_a_subscriber_may_be_any_or_somebodys(item, object, matching):
    witness = Witness(f"bob sees {item}")
    witness.sees("1s", "bob", "destroyed", object)
    assert witness.outcome().held is matching


def test_a_signal_matches_by_its_type_its_data_and_its_sender():
    witness = Witness(
        "bob sees signal:chat(hi) of alice", "bob sees signal(hi)", "bob sees signal:chat(ho)"
    )
    for name in ("signal", "signal:chat"):
        witness.sees("1s", "bob", name, type="signal:chat", data="hi", **{"from": "alice#1"})
    assert [outcome.held for outcome in witness.outcomes()] == [True, True, False]


# -- how soon --------------------------------------------------------------------------------------


def test_how_soon_counts_from_the_item_before_whichever_serves_best():
    witness = Witness("bob sees signal:a, then signal:b within 5s, then signal:c")
    for at, name in (("1s", "a"), ("8s", "a"), ("13s", "b"), ("90s", "c")):
        witness.sees(at, "bob", f"signal:{name}")
    assert witness.outcome().held


def test_too_late_is_said():
    witness = Witness("bob sees signal:a, then signal:b within 5s")
    witness.sees("1s", "bob", "signal:a")
    witness.sees("6s 1us", "bob", "signal:b")
    assert witness.outcome().why == (
        "bob saw signal:a at 0:01.000 (record 1) but then no signal:b within 5s; "
        "of that name there was signal:b at 0:06.000 (record 2)"
    )


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=8),
    st.lists(
        st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 4)), min_size=1, max_size=3
    ),
)
def test_a_sequence_is_found_if_and_only_if_there_is_one(steps, pattern):
    sentence = "bob sees " + ", then ".join(
        f"signal:{letter}" + (f" within {soon}s" if soon is not None and place else "")
        for place, (letter, soon) in enumerate(pattern)
    )
    witness, time, events = Witness(sentence), 0, []
    for gap, letter in steps:
        time += gap
        events.append((time, letter))
        witness.sees(f"{time}s", "bob", f"signal:{letter}")
    assert witness.outcome().held is _somewhere(events, pattern, None)


def _somewhere(events, pattern, before):
    """By trying everything."""
    if not pattern:
        return True
    (wanted, soon), rest = pattern[0], pattern[1:]
    return any(
        letter == wanted
        and (before is None or soon is None or time - before <= soon)
        and _somewhere(events[place + 1 :], rest, time)
        for place, (time, letter) in enumerate(events)
    )


# -- how often and when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how_often", "counts"),
    [
        ("exactly 2 times", [2]),
        ("at least twice", [2, 3, 4]),
        ("at most once", [0, 1]),
        ("once", [1]),
    ],
)
def test_events_are_counted(how_often, counts):
    held = []
    for number in range(5):
        witness = Witness(f"bob sees signal {how_often}")
        for _ in range(number):
            witness.sees("1s", "bob", "signal")
        if witness.outcome().held:
            held.append(number)
    assert held == counts


@pytest.mark.parametrize(
    ("when", "held"),
    [
        ("between 2s and 3s", [2, 3]),
        ("before 2s", [1, 2]),
        ("after 3s", [3, 4]),
        ("between 2s and 2s", [2]),
    ],
)
def test_times_include_their_ends(when, held):
    seen = []
    for second in range(1, 5):
        witness = Witness(f"bob sees signal {when}", f"bob never sees signal {when}")
        witness.sees(f"{second}s", "bob", "signal")
        sight, never = witness.outcomes()
        assert sight.held is not never.held
        if sight.held:
            seen.append(second)
    assert seen == held


def test_a_count_names_the_first_events():
    witness = Witness("bob never sees signal", "alice never sees signal before 2s")
    assert [outcome.why for outcome in witness.outcomes()] == [
        "bob never saw signal",
        "alice never saw signal in that time",
    ]
    witness.sees("1s", "bob", "signal", **{"from": None})
    assert witness.outcomes()[0].why == "bob saw signal once: signal at 0:01.000 (record 1)"
    for _ in range(3):
        witness.sees("2s", "bob", "signal")
    why = witness.outcomes()[0].why
    assert why.startswith("bob saw signal 4 times: ")
    assert why.endswith("(record 3), ...")


# -- about several ---------------------------------------------------------------------------------

PEOPLE = ("alice", "guests-1", "guests-2", "guests-extra")


@given(st.sets(st.sampled_from(PEOPLE)))
def test_quantities_are_what_they_say(seers):
    sentences = {
        "everyone sees signal": seers == set(PEOPLE),
        "somebody sees signal": bool(seers),
        "nobody sees signal": not seers,
        "guests see signal": seers >= {"guests-1", "guests-2"},
        "everyone but guests sees signal": seers >= {"alice", "guests-extra"},
        "everyone but alice and guests-1 sees signal": seers >= {"guests-2", "guests-extra"},
        "everyone never sees signal": not seers,
        "alice sees signal": "alice" in seers,
    }
    witness = Witness(*sentences, people=PEOPLE)
    for person in PEOPLE:
        if person in seers:
            witness.sees("1s", person, "signal")
    assert {outcome.text: outcome.held for outcome in witness.outcomes()} == sentences


def test_a_clause_about_nobody_who_is_there_does_not_hold():
    outcome = Witness("zoe sees signal").outcome()
    assert (outcome.held, outcome.why) == (False, "there is nobody called zoe")


def test_the_reason_is_told_by_those_who_decide_and_by_three_at_most():
    witness = Witness("everyone sees signal", people=("a", "b", "c", "d", "e"))
    witness.sees("1s", "a", "signal")
    why = witness.outcome().why
    assert why == "b saw no signal; c saw no signal; d saw no signal; and 1 more"
