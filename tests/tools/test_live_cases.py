"""From recordings to cases, what two of them have in common, and the table of differences."""

import copy
import json

import pytest
from tiny import SAID, recording, row, server

from sim.conform import CaseError, compare, parse, reenact
from tools.live.agree import disagreement
from tools.live.convert import convert
from tools.live.differences import by_kind, differing, table
from tools.live.recording import kept


@pytest.fixture
def converted(tmp_path):
    """A function: the case of a recording's rows."""

    def convert_rows(rows):
        file = tmp_path / "tiny.jsonl"
        file.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
        return convert(file)

    return convert_rows


def case_of(data):
    return parse(json.dumps(data).encode(), "tiny")


# -- converting ------------------------------------------------------------------------------------


def test_a_case_has_what_was_done_and_what_the_app_was_told(converted):
    case = converted(recording())
    assert case["case"] == "tiny"
    assert case["platform"] == {"grace_ms": 9_000}
    assert case["clients"] == {"alice": {"role": "publisher", "auto_subscribe": False}}
    assert case["setup_ends_ms"] == 600
    assert case["script"] == [
        {"t_ms": 1, "client": "alice", "do": "connect"},
        {"t_ms": 800, "platform": "signal", "client": "alice", "args": SAID},
        {"t_ms": 900, "client": "alice", "do": "disconnect"},
    ]
    assert [each["event"] for each in case["expect"]["alice"]] == [
        "sessionConnected",
        "connectionCreated",
        "signal",
        "signal:chat",
        "sessionDisconnected",
    ]
    assert [(each["call"], each["by"]) for each in case["completions"]] == [
        ("connect", "callback"),
        ("disconnect", "promise"),
    ]
    assert case["left"]["alice"]["session_state"] == "disconnected"


def test_events_stand_in_the_order_of_their_dispatch_and_not_of_their_times(converted):
    first, second, *_ = converted(recording())["expect"]["alice"]
    assert (first["event"], second["event"]) == ("sessionConnected", "connectionCreated")


def test_what_the_app_did_is_in_the_case(converted):
    rows = recording()
    rows[0]["story"]["clients"]["alice"] |= {
        "prevents": ["session:sessionDisconnected"],
        "listeners": [{"event": "signal", "does": "disconnect()"}],
        "suppressed": True,
    }
    assert converted(rows)["clients"]["alice"] == {
        "role": "publisher",
        "auto_subscribe": False,
        "prevent_default": ["session:sessionDisconnected"],
        "listeners": [{"event": "signal", "does": "disconnect()"}],
        "connection_events_suppressed": True,
    }


def test_networks_closed_pages_and_errors_are_in_the_case(converted):
    rows = [
        *recording(),
        server(3_000, "network kill+refuse", who="alice"),
        row(3_100, "callback", "connect", ok=False, error_name="E", code=1004),
        row(3_200, "throw", "publish", error_name="TypeError"),
        row(4_000, "call", "close page", object="app"),
    ]
    case = converted(rows)
    assert case["script"][-2:] == [
        {"t_ms": 3_000, "client": "alice", "network": "kill+refuse"},
        {"t_ms": 4_000, "client": "alice", "do": "close page"},
    ]
    *_, failed, thrown = case["completions"]
    assert (failed["ok"], failed["error"], failed["code"]) == (False, "E", 1004)
    assert (thrown["by"], thrown["ok"], thrown["error"]) == ("throw", False, "TypeError")
    assert case["left"] == {}


def test_a_file_that_is_no_recording_is_refused(converted):
    with pytest.raises(ValueError, match="does not begin with the header"):
        converted(recording()[1:])


def test_the_tiny_recording_is_a_case_that_holds(converted):
    case = case_of(converted(recording()))
    assert compare(case, reenact(case)) == []


# -- what is the same twice ------------------------------------------------------------------------


def test_a_recording_agrees_with_itself_and_with_one_that_took_longer(converted):
    case = converted(recording())
    slow = copy.deepcopy(case)
    slow["setup_ends_ms"] += 2_000
    for each in (*slow["script"], *slow["expect"]["alice"], *slow["completions"]):
        each["t_ms"] += 2_000 if each["t_ms"] > 600 else 150
    assert disagreement(case_of(case), case_of(case)) is None
    assert disagreement(case_of(case), case_of(slow)) is None


def swap(case):
    events = case["expect"]["alice"]
    events[2:4] = [events[3] | {"t_ms": events[2]["t_ms"]}, events[2]]


CHANGES = {
    "an event is missing": lambda case: case["expect"]["alice"].pop(),
    "two events are swapped": swap,
    "a reason is another": lambda case: case["expect"]["alice"][-1].update(reason="x"),
    "the page is another": lambda case: case["expect"]["alice"][-1]["page"].update(publishers=1),
    "a call ended otherwise": lambda case: case["completions"][-1].update(ok=False),
    "something else is left": lambda case: case["left"]["alice"].update(connections=3),
    "something else was done": lambda case: case["script"][-1].update(do="publish"),
    "something was not done": lambda case: case["script"].pop(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_two_recordings_do_not_agree_if(change, converted):
    case = converted(recording())
    other = copy.deepcopy(case)
    change(other)
    assert disagreement(case_of(case), case_of(other)) is not None


def write(folder, number, name, rows):
    file = folder / number / f"{name}.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")


def test_only_what_was_recorded_twice_with_the_same_result_is_kept(tmp_path):
    recordings, cases = tmp_path / "recordings", tmp_path / "cases"
    recordings.mkdir()
    shorter = [each for each in recording() if each["event"] != "signal:chat"]
    for number, other in (("1", recording()), ("2", shorter)):
        write(recordings, number, "same", recording())
        write(recordings, number, "other", other)
    write(recordings, "1", "once", recording())
    found = dict(kept(["same", "other", "once"], recordings, cases))
    assert found["same"].name == "tiny"
    assert found["other"].startswith("was not the same twice: alice (script): session signal:chat;")
    assert found["once"] == "could not be recorded twice"
    assert [each.name for each in cases.iterdir()] == ["same.json"]


# -- differences by kind ---------------------------------------------------------------------------


def wrong(case, name, client):
    """The case with another reason, under another name and about somebody else."""
    text = json.dumps(case).replace("alice", client)
    changed = json.loads(text) | {"case": name}
    changed["expect"][client][-1]["reason"] = "x"
    return case_of(changed)


def test_differences_are_put_together_by_their_kinds(converted):
    case = converted(recording())
    short = copy.deepcopy(case) | {"case": "short"}
    short["expect"]["alice"].pop()
    cases = [case_of(case), case_of(short), wrong(case, "one", "alice"), wrong(case, "two", "bob")]
    found = differing(cases)
    assert set(found) == {"short", "one", "two"}
    first, second = by_kind(found)
    assert (first.what, first.cases) == ("field", ("one", "two"))
    assert (second.what, second.recorded, second.cases) == ("events", "nothing more", ("short",))
    assert table([first]) == [
        "   2  field: reason 'x'",
        "      simulated: reason 'clientDisconnected'",
        "      one, two",
    ]


def test_people_and_numbers_do_not_make_another_kind(converted):
    case = converted(recording())
    kinds = by_kind(differing([wrong(case, "one", "alice"), wrong(case, "two", "bob")]))
    assert len(kinds) == 1


def test_what_the_simulator_has_no_word_for_is_a_difference(converted, tmp_path):
    case = converted(recording())
    case["script"][1]["platform"] = "snow"
    found = differing([case_of(case)])
    assert "snow" in found["tiny"].expected
    (kind,) = by_kind(found)
    assert kind.what == "not understood"


def test_a_case_that_cannot_be_read_is_kept_with_what_is_wrong(tmp_path):
    rows = recording()
    listeners = [{"event": "signal", "does": "dance()"}]
    rows[0]["story"]["clients"]["alice"]["listeners"] = listeners
    for number in ("1", "2"):
        write(tmp_path, number, "dance", rows)
    ((_, error),) = kept(["dance"], tmp_path, tmp_path / "cases")
    assert isinstance(error, CaseError)
    assert "says 'dance()'" in error.problems[0]
    assert (tmp_path / "cases" / "dance.json").is_file()
