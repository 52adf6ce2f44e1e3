import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import stories, trace_of, written

from sim.trace import Record, causes, chain, read


@given(stories().filter(bool), st.data())
def test_a_chain_runs_from_a_root_to_the_record_by_causes(story, data):
    number = data.draw(st.integers(1, len(story)))
    found = chain(story, number)
    assert found[-1] == story[number - 1]
    assert found[0].cause is None
    assert [record.seq for record in found[:-1]] == [record.cause for record in found[1:]]


FORKED = [
    Record(1, 1, "bob", "network", "fault", "down", {}, None),
    Record(2, 2, "eve", "session", "call", "signal", {}, None),
    Record(3, 3, "alice", "session", "call", "publish", {}, None),
    Record(4, 4, "alice", "platform", "state", "published", {}, 3),
    Record(5, 5, "bob", "platform", "state", "back", {}, 1),
    Record(6, 6, "bob", "platform", "state", "replayed", {"of": [4]}, 5),
    Record(7, 7, "bob", "session", "event", "sessionDisconnected", {"besides": [5]}, 6),
]


@pytest.mark.parametrize(
    ("number", "found"), [(5, [1, 5]), (6, [1, 3, 4, 5, 6]), (7, [1, 3, 4, 5, 6, 7])]
)
def test_a_chain_forks_where_a_record_has_further_causes(number, found):
    """The signal has no part in it."""
    assert [record.seq for record in chain(FORKED, number)] == found


def test_further_causes_are_those_of_records_that_have_them():
    assert [causes(record) for record in FORKED] == [(), (), (), (3,), (1,), (5, 4), (6, 5)]


@pytest.mark.parametrize("of", [None, "4", [9], ["4"], [0], {}])
def test_what_is_no_list_of_earlier_records_is_no_cause(of):
    assert causes(FORKED[5]._replace(data={"of": of})) == (5,)


@given(stories().filter(bool), st.data())
def test_files_streams_lists_and_iterators_explain_alike(story, data):
    number = data.draw(st.integers(1, len(story)))
    expected = chain(story, number)
    assert chain(iter(story), number) == expected
    assert chain(trace_of(written(story)), number) == expected


def test_a_file_is_read_twice_rather_than_kept(tmp_path):
    story = [
        Record(1, 1, "", "a", "call", "x", {}, None),
        Record(1, 2, "", "b", "event", "y", {}, 1),
    ]
    path = tmp_path / "run.jsonl"
    path.write_bytes(written(story))
    assert chain(read(path), 2) == tuple(story)


def test_finer_records_are_passed_over():
    story = [
        Record(1, 1, "", "a", "call", "x", {}, None),
        Record(1, 0, "", "a", "message", "send", {}, 1),
        Record(1, 2, "", "b", "event", "y", {}, 1),
    ]
    assert [record.seq for record in chain(story, 2)] == [1, 2]


@pytest.mark.parametrize("number", [0, -3, 3])
def test_a_record_that_does_not_exist_cannot_be_explained(number):
    story = [
        Record(1, 1, "", "a", "call", "x", {}, None),
        Record(1, 2, "", "b", "event", "y", {}, 1),
    ]
    with pytest.raises(LookupError, match=f"there is no record {number}; the trace has"):
        chain(story, number)
