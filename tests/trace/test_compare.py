from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from traces import HEADER, stories, trace_of, written

from sim.trace import Record, compare, first_difference, read


@given(stories())
def test_a_story_does_not_differ_from_itself(story):
    assert first_difference(story, list(story)) is None
    assert first_difference(iter(story), trace_of(written(story))) is None


@given(stories().filter(bool), st.data())
def test_the_first_difference_is_found_with_what_surrounds_it(story, data):
    number = data.draw(st.integers(1, len(story)))
    context = data.draw(st.integers(0, 4))
    other = list(story)
    other[number - 1] = other[number - 1]._replace(object="something else")
    if other == story:
        return
    found = first_difference(story, other, context)
    assert found.number == number
    assert (found.left, found.right) == (story[number - 1], other[number - 1])
    assert found.before == tuple(story[max(0, number - 1 - context) : number - 1])
    assert found.after_left == tuple(story[number : number + context])
    assert found.after_right == tuple(other[number : number + context])
    assert found.causes_left[-1] == found.left
    assert found.causes_right[-1] == found.right
    assert found.causes_left[:-1] == found.causes_right[:-1]


@given(stories().filter(bool), st.data())
def test_a_story_that_ends_earlier_differs_where_it_ends(story, data):
    kept = data.draw(st.integers(0, len(story) - 1))
    found = first_difference(story, story[:kept])
    assert (found.number, found.left, found.right) == (kept + 1, story[kept], None)
    assert found.causes_right == ()
    found = first_difference(story[:kept], story)
    assert (found.left, found.right) == (None, story[kept])
    assert found.causes_left == ()


def test_tuples_and_finer_records_make_no_difference():
    left = [Record(1, 1, "", "a", "call", "x", {"ids": (1, 2)}, None)]
    right = [
        Record(1, 0, "", "a", "message", "send", {}, None),
        Record(1, 1, "", "a", "call", "x", {"ids": [1, 2]}, None),
    ]
    assert first_difference(left, right) is None


def test_traces_are_compared_with_their_headers(tmp_path):
    story = [Record(1, 1, "", "a", "call", "x", {}, None)]
    left, right = tmp_path / "left.jsonl", tmp_path / "right.jsonl"
    left.write_bytes(written(story))
    right.write_bytes(written(story, evolve(HEADER, seed=8, level="wire", scenario=None)))
    found = compare(read(left), read(right))
    assert found.equal
    assert found.header == (("seed", 7, 8),)
    right.write_bytes(written([story[0]._replace(name="y")]))
    found = compare(read(left), read(right))
    assert not found.equal
    assert found.difference.number == 1
