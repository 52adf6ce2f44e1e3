"""The table of records: whole, free of contradictions, and what tests hold the writers to."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.protocol import records
from sim.protocol.errors import ERRORS
from sim.protocol.events import EVENTS
from sim.protocol.journal import STORY, WIRE
from sim.protocol.reasons import CONNECTION_DESTROYED, STREAM_DESTROYED
from sim.protocol.records import Entry, Trait, incidents
from sim.protocol.states import MACHINES
from sim.trace.inspection import UnlistedRecordError, inspect, inspected

EXAMPLES = {
    "a text": "x",
    "a whole number": 7,
    "true or false": True,
    "a list": [],
    "a list of whole numbers": [7],
    "an object of whole numbers": {"publishers": 7},
    "anything": "x",
}
SIM = Path(__file__).parents[2] / "sim"
WRITERS = ("journal", "_journal", "_note", "record", "state", "decide", "_decide", "_write", "call")
"""What a place calls that writes a record, or that says which record another is to write."""


class Odd:
    """A value of no type that the table names."""


def example(field):
    """A value of the type that a field has."""
    return EXAMPLES[field.type.form.says]


def full(entry):
    """Data with every key of that entry."""
    return {field.name: example(field) for field in entry.data}


def test_no_two_entries_are_of_the_same_records():
    assert len({entry.key for entry in records.RECORDS}) == len(records.RECORDS)


@pytest.mark.parametrize("entry", records.RECORDS, ids=lambda entry: " ".join(entry.key))
def test_what_an_entry_lists_is_allowed_and_nothing_else(entry):
    data = full(entry)
    assert entry.problem(data, entry.levels[0]) is None
    assert "'other'" in entry.problem({**data, "other": 1}, entry.levels[0])
    for field in entry.data:
        without = {name: value for name, value in data.items() if name != field.name}
        assert (entry.problem(without, entry.levels[0]) is None) == field.optional
        empty = entry.problem({**data, field.name: None}, entry.levels[0])
        assert (empty is None) == (field.empty or field.type is records.ANYTHING)
        wrong = entry.problem({**data, field.name: Odd()}, entry.levels[0])
        assert (wrong is None) == (field.type is records.ANYTHING)


def test_the_head_of_an_entry_is_as_a_journal_takes_it():
    assert incidents.NETWORK_DOWN.head == ("network", "fault", "down")
    assert records.entry("event", "publisher", "destroyed").by("publisher1") == (
        "publisher1",
        "event",
        "destroyed",
    )


@pytest.mark.parametrize(
    ("object", "role"),
    [("publisher3", "publisher"), ("subscriber(a b)#2", "subscriber"), ("session1", "session")],
)
def test_a_later_object_of_a_page_has_the_records_of_the_first(object, role):
    found = records.find("callback", object, "listenerThrew")
    assert (found.role, found.name) == (role, "listenerThrew")


def test_a_signal_may_be_of_any_type():
    found = records.find("event", "session", "signal:any: thing")
    assert found is records.entry("event", "session", "signal:<type>")


def test_what_no_run_writes_is_not_found():
    assert records.find("event", "session", "sessionReconnectng") is None
    with pytest.raises(KeyError):
        records.entry("fault", "session", "down")


def test_every_event_call_and_state_of_the_protocol_has_its_record():
    keys = {entry.key for entry in records.RECORDS}
    events = {("event", e.object.lower(), e.name) for e in EVENTS if e.in_scope}
    calls = {("call", "session", name) for name in ERRORS}
    states = {("state", "session", state) for state in MACHINES["session"][0]}
    assert events | calls | states <= keys


def test_every_reason_that_the_platform_gives_has_a_record_that_explains_it():
    explained = {reason for entry in records.RECORDS for reason in entry.explains}
    given = set(CONNECTION_DESTROYED) | {"forceUnpublished"}
    assert given <= explained
    assert explained - given == {"unpublished"}
    assert given <= {*CONNECTION_DESTROYED, *STREAM_DESTROYED}


def test_every_trait_is_somebodys():
    assert [trait for trait in Trait if not records.having(trait)] == []


def test_only_what_cuts_is_cut_and_only_what_heals_heals():
    assert [entry.name for entry in records.having(Trait.CUTS_LINK)] == ["down"]
    assert [entry.name for entry in records.having(Trait.HEALS_LINK)] == ["up"]


@given(st.sampled_from(records.RECORDS), st.sampled_from(("kind", "object", "name", "key", "type")))
def test_writing_what_is_not_in_the_table_fails(entry, spoiled):
    written = []
    journal = inspected(lambda *record: written.append(record))
    object, kind, name, data = entry.role, entry.kind, entry.name, full(entry)
    journal("bob", object, kind, name, data, None, entry.levels[0])
    assert len(written) == 1
    if spoiled == "kind":
        kind = "event" if kind != "event" else "call"
        name = f"{name}!"
    elif spoiled == "object":
        object = f"{object} of bob"
    elif spoiled == "name":
        name = "x"
    elif spoiled == "key":
        data = data | {"unlisted": 1}
    else:
        data = {key: Odd() for key in data} | {"unlisted": 1}
    with pytest.raises(UnlistedRecordError):
        journal("bob", object, kind, name, data, None, entry.levels[0])
    assert len(written) == 1


def test_a_record_is_of_one_level():
    with pytest.raises(UnlistedRecordError, match="level"):
        inspect("network", "fault", "up", {"direction": "both"}, WIRE)


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (records.PAGE, {"publishers": True}),
        (records.PAGE, {"publishers": "1"}),
        (records.RECORD_NUMBERS, [1, True]),
        (records.RECORD_NUMBERS, [1, "2"]),
    ],
)
def test_what_is_in_a_list_or_an_object_counts(type, value):
    assert not type.fits(value)


def spelled(call):
    """The words that a call writes out by itself; whose record it is may be nobody's, "" """
    return [
        argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
        for argument in call.args
        if (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
        or isinstance(argument, ast.JoinedStr)
        if not (isinstance(argument, ast.Constant) and argument.value == "")
    ]


def test_no_place_that_writes_spells_what_the_table_names():
    found = {
        (str(file.relative_to(SIM)), call.lineno): spelled(call)
        for file in sorted(SIM.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in WRITERS
    }
    assert len(found) > 40
    assert {place: words for place, words in found.items() if words} == {}


def test_true_is_no_number():
    entry = Entry("x", "fault", "y", (records.Field("n", records.NUMBER),))
    assert entry.problem({"n": 1}, STORY) is None
    assert "whole number" in entry.problem({"n": True}, STORY)
