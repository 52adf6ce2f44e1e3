"""Two runs side by side."""

from collections import Counter
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from report_stories import FEW, STORIES, of_story

import sim
from sim.report.comparing import compared, told
from sim.report.comparing.alignment import aligned, ascending, matched
from sim.report.comparing.document import document
from sim.report.comparing.idle import in_both
from sim.report.comparing.likeness import thing
from sim.report.model.building import timeline
from sim.report.page import packing
from sim.trace import first_difference

FLAKY = "scenarios/flaky.yaml"
WORDS = st.lists(st.sampled_from("abcdef"), max_size=30)


@pytest.fixture(scope="module")
def seeds():
    return compared(timeline(FLAKY, seed=1), timeline(FLAKY, seed=2))


# -- alignment -----------------------------------------------------------------------------------


@given(WORDS, WORDS)
def test_aligned_elements_are_equal_and_do_not_cross(one, other):
    pairs = aligned(one, other)
    assert all(one[at] == other[place] for at, place in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(WORDS, WORDS)
def test_as_much_is_matched_as_is_in_both(one, other):
    pairs = matched(one, other)
    assert all(one[at] == other[place] for at, place in pairs)
    assert set(aligned(one, other)) <= set(pairs)
    assert len({place for _, place in pairs}) == len(pairs)
    assert len(pairs) == (Counter(one) & Counter(other)).total()


@given(WORDS)
def test_a_sequence_is_aligned_with_itself(one):
    assert aligned(one, one) == [(at, at) for at in range(len(one))]


@given(WORDS, st.data())
def test_what_is_left_out_leaves_the_rest_aligned(one, data):
    places = data.draw(st.sets(st.integers(0, max(0, len(one) - 1))))
    kept = [each for at, each in enumerate(one) if at not in places]
    distinct = [f"{each}{at}" for at, each in enumerate(one)]
    rest = [each for at, each in enumerate(distinct) if at not in places]
    assert len(aligned(distinct, rest)) == len(kept)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), unique_by=lambda p: p[0]))
def test_the_longest_ascent_is_chosen(pairs):
    ordered = sorted(pairs)
    chosen = ascending(ordered)
    assert all(a[1] < b[1] for a, b in pairwise(chosen))
    assert set(chosen) <= set(ordered)
    assert len(chosen) == _longest([place for _, place in ordered])


def _longest(places):
    lengths = []
    for at, place in enumerate(places):
        before = [lengths[i] for i in range(at) if places[i] < place]
        lengths.append(1 + max(before, default=0))
    return max(lengths, default=0)


# -- timelines -----------------------------------------------------------------------------------


@FEW
@given(STORIES, st.integers(1, 3))
def test_each_record_of_a_story_has_one_partner_or_none(story, seed):
    left, right = timeline(story), timeline(story, seed=seed)
    found = compared(left, right)
    for rows, alone, shown in (
        ([p.left for p in found.pairs], found.only_left, left),
        ([p.right for p in found.pairs], found.only_right, right),
    ):
        told_of = [row for row, record in enumerate(shown.records) if record.seq]
        assert sorted((*rows, *alone)) == told_of
    for pair in found.pairs:
        one, other = left.records[pair.left], right.records[pair.right]
        assert (one.client, thing(one)) == (other.client, thing(other))


@FEW
@given(STORIES)
def test_a_run_is_the_same_as_itself_at_whatever_level(story):
    found = compared(timeline(sim.run(story)), timeline(story))
    assert found.is_same
    assert (found.only_left, found.only_right) == ((), ())
    assert all(pair.is_same for pair in found.pairs)
    assert told(found) == ["the stories are the same"]


@FEW
@given(STORIES, st.integers(1, 3))
def test_two_runs_part_where_their_traces_do(story, seed):
    left, right = timeline(story), timeline(story, seed=seed)
    parting = compared(left, right).parting
    found = first_difference(list(left.records), list(right.records))
    assert (parting is None) == (found is None)
    if found is not None:
        assert parting.number == found.number
        rows = parting.left, parting.right
        sides = [
            t.records[row] if row is not None else None
            for t, row in zip((left, right), rows, strict=True)
        ]
        assert sides == [found.left, found.right]


def test_what_one_more_step_changes_is_all_that_is_different():
    text = "{name: x, duration: 30s, clients: {alice: {}, bob: {}}, script: [%s]}"
    plain = of_story(text % "")
    more = of_story(text % "{at: 10s, client: bob, do: signal}")
    found = compared(plain, more)
    assert all(pair.is_same for pair in found.pairs)
    assert found.only_left == ()
    names = [more.records[row].name for row in found.only_right]
    assert names[0] == "signal"
    assert found.parting.right == found.only_right[0]


def test_two_profiles_are_compared_law_by_law():
    story = "scenarios/fatal-close.yaml"
    found = compared(
        timeline(story, profile="documented"), timeline(story, profile="opentok.js-2.35.2")
    )
    said = told(found, "a", "b")
    assert "profile is documented in a, opentok.js-2.35.2 in b" in said
    assert ("profile", "documented", "opentok.js-2.35.2") in found.differs


def test_it_is_said_where_two_seeds_part_and_what_each_has_alone(seeds):
    first, *others = told(seeds, "a.jsonl", "b.jsonl")
    assert first.startswith(f"the stories part at record {seeds.parting.number}: in a.jsonl, #")
    assert "seed is 1 in a.jsonl, 2 in b.jsonl" in others
    counted = next(each for each in others if "records are in both" in each)
    assert f"{len(seeds.only_left)} only in a.jsonl" in counted


def test_who_is_only_in_one_run_has_no_partners():
    one = of_story("{name: x, duration: 10s, clients: {bob: {}}}")
    two = of_story("{name: x, duration: 10s, clients: {bob: {}, eve: {}}}")
    found = compared(one, two)
    eves = [row for row, record in enumerate(two.records) if record.client == "eve" and record.seq]
    assert set(eves) <= set(found.only_right)
    assert "they are of different scenarios" in told(found)


def test_of_everybody_the_first_is_known_that_only_one_run_has(seeds):
    times = []
    for each in seeds.alone:
        for row, rows, shown in (
            (each.left, seeds.only_left, seeds.left),
            (each.right, seeds.only_right, seeds.right),
        ):
            theirs = [at for at in rows if shown.records[at].client == each.person]
            assert row == (theirs[0] if theirs else None)
        rows = (seeds.left, each.left), (seeds.right, each.right)
        times.append(min(shown.records[row].time for shown, row in rows if row is not None))
    assert times
    assert times == sorted(times)


def test_a_law_that_fares_otherwise_is_said(seeds):
    law = next(iter(seeds.left.laws))
    worse = evolve(seeds, right=evolve(seeds.right, laws={**seeds.right.laws, law: "broken"}))
    assert f"law {law}: {seeds.left.laws[law]} in a, broken in b" in told(worse, "a", "b")


def test_later_is_not_other():
    shown = timeline("scenarios/kick.yaml")
    later = [record._replace(time=record.time + 5) for record in shown.records]
    found = compared(shown, evolve(shown, records=later))
    assert found.alone == ()
    assert not found.is_same


def test_the_page_s_document_holds_the_pairs_as_differences(seeds):
    data = document(seeds)
    left = right = 0
    for pair, more, further in zip(seeds.pairs, data["left"], data["right"], strict=True):
        left, right = left + more, right + further
        assert (left, right) == (pair.left, pair.right)
    rows = [[-1 if row is None else row for row in (a.left, a.right)] for a in seeds.alone]
    assert [each[1:] for each in data["partings"]] == rows


def test_both_pictures_fold_what_is_idle_in_both(seeds):
    packed = packing.document(seeds.left, seeds.right)
    common = [
        [each.began, each.ended] for each in in_both(seeds.left.stretches, seeds.right.stretches)
    ]
    assert common
    assert packed["stretches"] == packed["against"]["stretches"] == common
    for began, ended in common:
        for stretches in (seeds.left.stretches, seeds.right.stretches):
            assert any(each.began <= began < ended <= each.ended for each in stretches)
