"""Folding shortens a story without losing or reordering anything."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.units import format_clock
from sim.telling.folding import (
    COMMON,
    FEWEST_ROUNDS,
    KEPT,
    LONGEST_BURST,
    PILE,
    ROUNDS,
    Fold,
    cut_bursts,
    cut_rounds,
    fold,
    gather,
    pile,
)
from sim.telling.story import Line

SECOND = 1_000_000


def line(
    time=0, who="bob", label="streamCreated", words="alice's stream begins", kind="event", **further
):
    return Line(time, kind, (who,) if who else (), label, words, **further)


@st.composite
def stories(draw, scripted=False):
    time, told = 0, []
    for _ in range(draw(st.integers(0, 60))):
        time += draw(st.sampled_from([0, 1, SECOND // 4, SECOND, 11 * SECOND]))
        told.append(
            line(
                time,
                draw(st.sampled_from(["alice", "bob", "carol", ""])),
                draw(st.sampled_from(["streamCreated", "sessionReconnecting"])),
                draw(st.sampled_from(["one", "two"])),
                draw(st.sampled_from(["event", "fault", "call", "callback"])),
                numbers=(len(told) + 1,),
                causes=(draw(st.integers(0, len(told))),),
                scripted=scripted,
            )
        )
    return told


def places(folded):
    """By record's number: where the line is that stands for it."""
    return {number: at for at, entry in enumerate(folded) for number in entry.numbers}


@given(stories())
def test_every_line_is_shown_or_counted_once(told):
    numbers = sorted(number for entry in fold(told) for number in entry.numbers)
    assert numbers == [number for entry in told for number in entry.numbers]


@given(stories())
def test_nothing_stands_before_its_cause(told):
    at = places(fold(told))
    for entry in told:
        (number,), (cause,) = entry.numbers, entry.causes
        assert at.get(cause, -1) <= at[number]


@given(stories())
def test_every_time_that_is_shown_is_ones_own(told):
    shown = {entry.numbers[0]: format_clock(entry.time) for entry in told}
    for entry in fold(told):
        if isinstance(entry, Line):
            assert {shown[number] for number in entry.numbers} == {format_clock(entry.time)}
        else:
            assert entry.time <= entry.until


@given(stories())
def test_what_is_shown_is_in_the_order_of_time(told):
    times = [entry.time for entry in fold(told)]
    assert times == sorted(times)


def seen_by(lines, who):
    return [(entry.label, entry.words) for entry in lines if who in entry.who]


@given(stories())
def test_gathering_keeps_what_each_client_is_told_and_its_order(told):
    gathered = gather(told)
    for who in ("alice", "bob", "carol"):
        assert seen_by(gathered, who) == seen_by(told, who)


@given(stories())
def test_gathered_lines_stay_in_the_order_of_time(told):
    times = [entry.time for entry in gather(told)]
    assert times == sorted(times)


@given(stories())
def test_what_breaks_and_what_is_decided_is_told_of_each_person(told):
    assert all(len(entry.who) < 2 for entry in gather(told) if entry.kind not in COMMON)


@given(stories(scripted=True))
def test_what_the_script_says_is_told_of_each_person(told):
    assert all(len(entry.who) < 2 for entry in gather(told) if entry.kind != "event")


@given(stories())
def test_cutting_bursts_shows_or_counts_every_line(told):
    cut = cut_bursts(told)
    counted = sum(entry.count if isinstance(entry, Fold) else 1 for entry in cut)
    assert counted == len(told)


@given(stories())
def test_a_short_story_is_told_in_full(told):
    sorts = Counter((entry.kind, entry.label) for entry in told)
    if max(sorts.values(), default=0) <= LONGEST_BURST:
        assert cut_bursts(told) == told


def test_two_hundred_joins_become_a_few_lines():
    joins = [line(i * SECOND, f"guests-{i}", "sessionConnected", f"as {i}") for i in range(200)]
    folded = fold(joins)
    assert len(folded) == KEPT + 1
    last = folded[-1]
    assert isinstance(last, Fold)
    assert last.words == "… 197 more sessionConnected until 3:19.000 (--unfold)"
    assert last.time == 3 * SECOND


def test_what_several_are_told_at_one_time_is_one_line():
    assert gather([line(0, "bob"), line(999, "carol")]) == [
        Line(0, "event", ("bob", "carol"), "streamCreated", "alice's stream begins")
    ]


def test_what_comes_at_another_time_is_a_line_of_its_own():
    assert len(gather([line(0, "bob"), line(1_000, "carol")])) == 2


def test_what_comes_after_its_cause_stays_behind_it():
    cause = line(1, "dave", "streamDestroyed", "cause", numbers=(2,))
    effect = line(2, "carol", numbers=(3,), causes=(2,))
    assert len(gather([line(0, "bob", numbers=(1,)), cause, effect])) == 3
    free = line(2, "carol", numbers=(3,), causes=(1,))
    assert len(gather([line(0, "bob", numbers=(1,)), cause, free])) == 2


def test_a_client_told_twice_is_told_twice():
    assert len(gather([line(0, "bob"), line(1, "bob")])) == 2


def test_a_pause_ends_a_burst():
    half = [line(i, label="x", words=str(i)) for i in range(LONGEST_BURST)]
    later = [line(60 * SECOND + i, label="x", words=str(i)) for i in range(LONGEST_BURST)]
    assert cut_bursts(half + later) == half + later


def test_what_a_client_is_told_many_times_at_once_is_one_line():
    told = [line(words=f"guests-{number} is here") for number in range(PILE + 1)]
    assert [each.words for each in pile(told)] == [f"guests-0 is here +{PILE}"]
    assert list(pile(told[1:])) == told[1:]


def test_what_fails_many_times_at_once_is_one_line():
    told = [line(words=f"to {who}'s stream fails", kind="callback") for who in ("a", "b", "c")]
    assert [each.words for each in pile(told)] == ["to a's stream fails +2"]


@given(stories())
def test_a_pile_is_of_one_client_at_one_instant(told):
    tall = [each for each in pile(told) if " +" in each.words]
    times = [(each.time, each.who, each.kind, each.label) for each in told]
    assert all(times.count((each.time, each.who, each.kind, each.label)) > PILE for each in tall)


def test_what_the_script_says_is_never_folded_away():
    scripted = Line(0, "fault", ("bob",), "network down", "now", scripted=True)
    drawn = [line(i, f"g-{i}", "network down", str(i), "fault") for i in range(20)]
    assert scripted in fold([*drawn[:10], scripted, *drawn[10:]])


def round_of(*labels, times, who="bob", first=0):
    """Lines that go round, a second apart."""
    told = []
    for label in labels * times:
        number = first + len(told) + 1
        told.append(line(number * SECOND, who, label, str(number), numbers=(number,)))
    return told


@given(
    st.lists(st.sampled_from("abc"), min_size=2, max_size=4, unique=True),
    st.integers(FEWEST_ROUNDS, 50),
)
def test_of_what_goes_round_the_first_and_the_last_round_are_shown(labels, times):
    told = round_of(*labels, times=times)
    length = len(labels)
    *first, counted = cut_rounds(told)[: length + 1]
    assert first == told[:length]
    assert isinstance(counted, Fold)
    assert counted.words.startswith(
        f"… {times - 2} more times bob's a" if labels[0] == "a" else "…"
    )
    assert cut_rounds(told)[length + 1 :] == told[-length:]


@given(st.integers(1, FEWEST_ROUNDS - 1))
def test_what_comes_a_few_times_is_told_in_full(times):
    told = round_of("connect", "rejoin", times=times)
    assert cut_rounds(told) == told


def test_one_line_again_and_again_is_no_round():
    told = round_of("signal", times=LONGEST_BURST)
    assert fold(told) == told


def test_rounds_are_of_one_person_whatever_others_are_told_meanwhile():
    bobs = round_of("connect", "rejoin", times=40)
    others = [line(each.time + 1, "carol", f"event {each.time}") for each in bobs]
    mixed = sorted([*bobs, *others], key=lambda each: each.time)
    (counted,) = (each for each in cut_rounds(mixed) if isinstance(each, Fold))
    assert counted.words == "… 38 more times bob's connect, rejoin until 1:18.000 (--unfold)"
    assert [each for each in cut_rounds(mixed) if each in others] == others


def test_a_round_of_many_lines_is_named_by_its_first():
    told = round_of(*"abcdef", times=FEWEST_ROUNDS)
    (counted,) = (each for each in cut_rounds(told) if isinstance(each, Fold))
    assert counted.words.startswith("… 4 more times bob's a and the 5 lines after it until ")
    assert counted.length in ROUNDS


def test_rounds_that_are_counted_in_two_places_count_lines():
    told = round_of("connect", "rejoin", times=FEWEST_ROUNDS)
    late = line(told[4].time + 1, "carol", "signal", numbers=(99,))
    told[5] = line(told[5].time, "bob", "rejoin", numbers=told[5].numbers, causes=(99,))
    folded = cut_rounds([*told[:5], late, *told[5:]])
    assert [each.words.split(" until")[0] for each in folded if isinstance(each, Fold)] == [
        "… 3 more lines of bob's connect, rejoin",
        "… 5 more lines of bob's connect, rejoin",
    ]


def test_the_script_breaks_a_round():
    told = round_of("connect", "rejoin", times=FEWEST_ROUNDS)
    told[6] = line(told[6].time, "bob", "connect", numbers=told[6].numbers, scripted=True)
    assert cut_rounds(told) == told
