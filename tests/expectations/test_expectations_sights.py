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
    assert outcome.why == "bob saw sessionDisconnected(forceDisconnected) at 0:04.000, #4"


def test_a_sequence_in_another_order_is_not_seen():
    witness = Witness("bob sees sessionConnected, then sessionReconnecting")
    witness.sees("1s", "bob", "sessionReconnecting")
    witness.sees("2s", "bob", "sessionConnected")
    outcome = witness.outcome()
    assert not outcome.held
    assert outcome.why == (
        "bob saw sessionConnected at 0:02.000, #2, then no sessionReconnecting, "
        "but at 0:01.000, #1: sessionReconnecting"
    )


def test_one_event_is_not_two_items():
    witness = Witness("bob sees signal, then signal")
    witness.sees("1s", "bob", "signal")
    assert not witness.outcome().held
    witness.sees("1s", "bob", "signal")
    assert witness.outcome().held


def test_nothing_seen_is_said_as_such():
    assert Witness("bob sees signal").outcome().why == (
        "bob saw no signal; bob was told nothing at all"
    )


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
        ("streamDestroyed of alice", "session", {"stream": "alice#1.1"}, True),
        ("streamDestroyed of alice", "session", {"connection": "alice#1", "stream": "x"}, True),
        ("streamDestroyed of alice", "session", {"stream": "alice-2#1.1"}, False),
        ("streamDestroyed of alice", "session", {}, False),
    ],
)
def test_an_item_matches_by_object_name_reason_and_owner(item, object, data, matching):
    witness = Witness(f"bob sees {item}", people=("alice", "alice-2", "bob"))
    for owner in ("alice", "alice-2"):
        witness.platform("0s", owner, "joined", f"{owner}#1")
        witness.platform("0s", owner, "published", f"{owner}#1", stream=f"{owner}#1.1")
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
    witness.platform("0s", "alice", "joined", "8f4c-a1")
    for name in ("signal", "signal:chat"):
        witness.sees("1s", "bob", name, type="signal:chat", data="hi", **{"from": "8f4c-a1"})
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
        "bob saw signal:a at 0:01.000, #1, then no signal:b within 5s, "
        "but at 0:06.000, #2: signal:b"
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


def test_what_should_not_be_seen_is_named():
    witness = Witness("bob never sees signal", "alice never sees signal before 2s")
    assert [outcome.why for outcome in witness.outcomes()] == [
        "bob never saw signal",
        "alice never saw signal",
    ]
    witness.sees("1s", "bob", "signal", **{"from": None})
    assert witness.outcomes()[0].why == "but bob did at 0:01.000, #1: signal"
    for _ in range(3):
        witness.sees("2s", "bob", "signal")
    assert witness.outcomes()[0].why.endswith("at 0:02.000, #3: signal; and 1 more")


# -- what was there instead ------------------------------------------------------------------------


def test_the_same_event_with_another_reason_is_the_nearest():
    witness = Witness("bob sees sessionDisconnected(forceDisconnected)")
    witness.sees("113s", "bob", "sessionDisconnected", reason="networkDisconnected")
    assert witness.outcome().why == (
        "bob saw no sessionDisconnected(forceDisconnected), "
        "but at 1:53.000, #1: sessionDisconnected(networkDisconnected)"
    )


def test_the_event_of_another_person_is_the_nearest():
    witness = Witness("alice sees streamDestroyed(reset) of bob", people=("alice", "bob", "eve"))
    witness.platform("0s", "eve", "joined", "eve#1")
    witness.platform("0s", "bob", "joined", "bob#1")
    for at, who, reason in (("1s", "bob", "mediaStopped"), ("2s", "eve", "mediaStopped")):
        witness.sees(at, "alice", "streamDestroyed", connection=f"{who}#1", reason=reason)
    assert witness.outcome().why == (
        "alice saw no streamDestroyed(reset) of bob, "
        "but at 0:01.000, #3: streamDestroyed(mediaStopped) of bob"
    )
    witness.sees("3s", "alice", "streamDestroyed", "publisher", connection="bob#1", reason="reset")
    assert "but at 0:01.000, #3" in witness.outcome().why


def test_what_another_person_saw_is_named_where_this_one_saw_nothing_of_the_kind():
    witness = Witness("alice sees streamDestroyed(reset)", people=("alice", "bob", "eve"))
    witness.sees("1s", "eve", "streamDestroyed", reason="mediaStopped")
    witness.sees("2s", "bob", "streamDestroyed", reason="reset")
    why = "alice saw no streamDestroyed(reset), but bob did at 0:02.000, #2"
    assert witness.outcome().why == why


def test_an_event_of_another_object_is_named_only_where_nobody_saw_the_very_event():
    people = ("alice", "bob")
    witness = Witness("alice sees publisher.streamDestroyed", people=people)
    witness.sees("1s", "alice", "streamDestroyed", reason="clientDisconnected")
    why = "alice saw no publisher.streamDestroyed, but "
    assert witness.outcome().why == why + "at 0:01.000, #1: streamDestroyed(clientDisconnected)"
    witness = Witness("alice sees publisher.streamDestroyed", people=people)
    witness.sees("1s", "alice", "streamDestroyed", reason="clientDisconnected")
    witness.sees("2s", "bob", "streamDestroyed", "publisher", reason="clientDisconnected")
    assert witness.outcome().why == why + "bob did at 0:02.000, #2"


def test_the_last_that_somebody_was_told_is_named_where_there_is_nothing_like_it():
    witness = Witness("bob sees sessionDisconnected")
    witness.sees("1s", "bob", "sessionConnected")
    witness.sees("2s", "bob", "sessionReconnecting")
    assert witness.outcome().why == (
        "bob saw no sessionDisconnected; the last that bob was told was, "
        "at 0:02.000, #2: sessionReconnecting"
    )


@pytest.mark.parametrize(
    ("times", "why"),
    [
        (0, "bob saw no signal; bob was told nothing at all"),
        (1, "bob saw signal once, 1 too few: at 0:01.000, #1: signal"),
        (4, "bob saw signal 4 times, 2 too many: at 0:03.000, #3: signal; at 0:04.000, #4: signal"),
        (9, "bob saw signal 9 times, 7 too many: at 0:03.000, #3: signal; at 0:04.000, #4: signal"),
    ],
)
def test_a_wrong_count_says_how_many_and_which(times, why):
    witness = Witness("bob sees signal exactly twice")
    for second in range(1, times + 1):
        witness.sees(f"{second}s", "bob", "signal")
    assert witness.outcome().why.startswith(why)


def test_an_event_out_of_its_time_is_the_nearest():
    witness = Witness("bob sees signal between 2s and 3s", "bob sees signal after 5s")
    witness.sees("4s", "bob", "signal")
    assert [outcome.why for outcome in witness.outcomes()] == [
        "bob saw no signal from 0:02.000 to 0:03.000, but at 0:04.000, #1: signal",
        "bob saw no signal from 0:05.000 on, but at 0:04.000, #1: signal",
    ]


def test_of_many_events_that_are_alike_the_first_after_the_one_before_is_named():
    witness = Witness("bob sees sessionReconnecting, then signal:b within 1s")
    for second in range(1, 60):
        name = "sessionReconnecting" if second == 30 else "signal:b"
        witness.sees(f"{second * 2}s", "bob", name)
    assert witness.outcome().why.endswith("but at 1:28.000, #44: signal:b")


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
    assert why == (
        "b saw no signal, but a did at 0:01.000, #1; c saw no signal, but a did at 0:01.000, #1; "
        "d saw no signal, but a did at 0:01.000, #1; and 1 more"
    )


def test_a_group_may_be_whom_an_event_is_of():
    sentences = ("alice sees subscriber(guests).destroyed", "alice sees streamDestroyed of guests")
    witness = Witness(*sentences, people=("alice", "guests-1", "guests-2"))
    witness.platform("0s", "guests-2", "joined", "x")
    assert [outcome.held for outcome in witness.outcomes()] == [False, False]
    witness.sees("1s", "alice", "destroyed", "subscriber(guests-2)")
    witness.sees("1s", "alice", "streamDestroyed", connection="x")
    assert [outcome.held for outcome in witness.outcomes()] == [True, True]


@pytest.mark.parametrize("name", ["connected", "disconnected", "destroyed", "videoDisabled"])
def test_what_a_subscriber_tells_is_of_whom_it_shows(name):
    for told, held in (("alice", False), ("bob", True), ("alice-1", True)):
        here = Witness(
            f"eve never sees subscriber.{name} of alice",
            f"eve sees subscriber.{name} of alice",
            f"eve never sees subscriber({told}).{name}",
            people=("alice", "bob", "eve"),
        )
        here.sees("5s", "eve", name, f"subscriber({told})#1", reason="reset")
        never, once, by_label = (outcome.held for outcome in here.outcomes())
        assert (never, once, by_label) == (held, not held, False)


def test_what_a_publisher_tells_is_of_who_is_told():
    here = Witness(
        "somebody sees publisher.destroyed of bob", "bob sees publisher.destroyed of bob"
    )
    here.sees("5s", "alice", "destroyed", "publisher")
    assert not any(outcome.held for outcome in here.outcomes())
    here.sees("6s", "bob", "destroyed", "publisher1")
    assert all(outcome.held for outcome in here.outcomes())
