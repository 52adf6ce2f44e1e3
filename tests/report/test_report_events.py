"""What one app was told, as JSON in the vendor's spelling."""

import json

import pytest
from attrs import evolve
from drawn import of_file
from hypothesis import given, settings

import sim
from sim.protocol.events import CATALOGUE
from sim.report.formats.events import event, write
from sim.report.model.building import timeline
from sim.testing import strategies as ss
from sim.trace import Record


@given(ss.scenarios(people=(1, 3), duration=("10s", "1min")))
@settings(max_examples=40)
def test_it_is_what_the_app_was_told(story):
    result = sim.run(story)
    picture = timeline(result)
    for name, client in result.clients.items():
        events = json.loads(write(picture, person=name))["events"]
        told = [(e["time_us"], e["target"], e["on"], e.get("reason")) for e in events]
        assert told == list(client.events)


@given(ss.scenarios(people=(2, 3), duration=("10s", "30s")))
@settings(max_examples=20)
def test_classes_and_names_are_the_vendors(story):
    picture = timeline(sim.run(story))
    for lane in picture.lanes[:-1]:
        for each in json.loads(write(picture, person=lane.name))["events"]:
            kind = each["target"].partition("(")[0].rstrip("0123456789").capitalize()
            name = "signal:<type>" if each["on"].startswith("signal:") else each["on"]
            spec = CATALOGUE[kind, name]
            assert (each["class"], each["cancelable"]) == (spec.event_class, spec.cancelable)
            assert each["time_ms"] == each["time_us"] / 1000


def test_streams_and_connections_are_objects_with_ids():
    events = json.loads(write(of_file("kick"), person="bob"))["events"]
    assert events[-2] == {
        "time_us": events[-2]["time_us"],
        "time_ms": events[-2]["time_us"] / 1000,
        "target": "session",
        "on": "sessionDisconnected",
        "class": "SessionDisconnectEvent",
        "type": "sessionDisconnected",
        "cancelable": True,
        "reason": "forceDisconnected",
    }
    created = next(each for each in events if each["on"] == "streamCreated")
    assert created["stream"] == {"streamId": "alice#1.1", "connection": {"connectionId": "alice#1"}}
    came = next(each for each in events if each["on"] == "connectionCreated")
    assert came["connection"] == {"connectionId": "alice#1"}


def test_a_signal_with_a_type_says_the_prefixed_form_to_both_listeners():
    data = {"type": "chat", "data": "hi", "from": "bob#1", "cancelable": False}
    told = [
        event(Record(1, 1, "alice", "session", "event", on, data, None))
        for on in ("signal", "signal:chat")
    ]
    assert [each["on"] for each in told] == ["signal", "signal:chat"]
    assert [each["type"] for each in told] == ["signal:chat", "signal:chat"]
    assert told[0]["from"] == {"connectionId": "bob#1"}
    assert told[0]["data"] == "hi"
    assert "connection" not in told[0]


def test_what_json_cannot_say_is_said_as_the_trace_says_it():
    data = {"data": float("inf"), "from": None, "cancelable": False}
    told = event(Record(1, 1, "alice", "session", "event", "signal", data, None))
    assert (told["data"], told["from"]) == ("inf", None)


def test_who_is_not_there_is_refused_with_who_is():
    with pytest.raises(ValueError, match="'bop' is not somebody here: did you mean 'bob'"):
        write(of_file("kick"), person="bop")
    with pytest.raises(ValueError, match="alice, bob, carol and dave"):
        write(of_file("kick"))


def test_the_platform_is_nobody():
    with pytest.raises(ValueError, match="'platform' is not somebody here"):
        write(of_file("kick"), person="platform")


def test_who_was_told_nothing_has_an_empty_list():
    silent = evolve(of_file("kick"), records=())
    assert json.loads(write(silent, person="alice"))["events"] == []
