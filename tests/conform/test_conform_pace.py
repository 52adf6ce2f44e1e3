"""What is taken from a recording: when frames arrive, what steps the apps made by themselves."""

import pytest
from recordings import NAMES, case_of, differences, observed, raw, recorded

from sim.conform import reenact
from sim.conform.habits import own_steps
from sim.protocol.units import MILLISECOND

NEAR = 20 * MILLISECOND


def times(name, client, event):
    wanted = [t.at for t in recorded(name).expect[client] if t.event == event]
    return wanted, [t.at for t in observed(name).expect[client] if t.event == event]


@pytest.mark.parametrize(
    ("name", "client", "event"),
    [
        ("03_forceDisconnect__ack-last", "third", "connectionDestroyed"),
        ("03_forceDisconnect__ack-last", "mod", "streamCreated"),
        ("05e", "bob", "streamCreated"),
        ("08a", "bob", "signal"),
        ("01b", "alice", "connected"),
    ],
)
def test_what_comes_from_others_comes_when_it_was_recorded(name, client, event):
    wanted, got = times(name, client, event)
    assert wanted
    assert all(abs(one - other) <= NEAR for one, other in zip(wanted, got, strict=True))


def test_what_a_timer_decides_is_not_taken_from_the_recording():
    wanted, got = times("06_drop_never_recovers__blackhole", "alice", "sessionDisconnected")
    assert wanted != got
    data = raw("06_drop_never_recovers__blackhole")
    for told in data["expect"]["alice"]:
        if told["t_ms"] > 30_000:
            told["t_ms"] += 5_000
    moved = reenact(case_of(data)).expect["alice"]
    assert [t.at for t in moved if t.event == "sessionDisconnected"] == got


@pytest.mark.parametrize("name", NAMES)
def test_what_an_app_did_by_itself_is_not_driven_again(name):
    case = recorded(name)
    own = {number: case.script[number] for number in own_steps(case)}
    for number, step in enumerate(case.script):
        subscribes = step.by == "auto-subscribe" and case.clients[step.client].auto_subscribe
        assert (number in own) or not subscribes


def test_a_listeners_call_is_not_driven_again_but_one_by_script_is():
    listening = recorded("11j")
    (own,) = (n for n in own_steps(listening) if listening.script[n].do == "disconnect")
    assert listening.script[own].client == "alice"
    assert not any(recorded("11d").script[n].do == "disconnect" for n in own_steps(recorded("11d")))


def test_an_app_that_subscribes_by_itself_does_so_once_for_each_stream():
    data = raw("01b")
    again = next(step for step in data["script"] if step.get("by") == "auto-subscribe")
    data["script"].append(again | {"t_ms": data["setup_ends_ms"] + 1})
    (difference, *_) = differences(data)
    assert difference.what != "events" or "subscriber" in difference.got


def test_steps_that_an_app_made_by_itself_are_known_by_their_mark():
    data = raw("01a")
    data["script"].append({"t_ms": 5, "client": "alice", "do": "disconnect", "by": "listener"})
    assert differences(data) == []


def test_a_frame_that_was_never_told_of_does_not_come_before_the_client_leaves():
    data = raw("01b")
    arrives = next(t for t in data["expect"]["alice"] if t["event"] == "streamCreated")
    data["script"] = [
        step
        for step in data["script"]
        if step["client"] == "bob" or step["do"] in {"connect", "disconnect"}
    ]
    leaves = next(step for step in data["script"] if step.get("do") == "disconnect")
    leaves["t_ms"] = arrives["t_ms"] + 1
    case = case_of(data)
    told = [t.event for t in reenact(case).expect["alice"]]
    assert told.index("streamCreated") < told.index("sessionDisconnected")
    data["expect"]["bob"] = data["expect"]["bob"][:3]
    data["script"].append(
        {"t_ms": leaves["t_ms"] - 0.5, "client": "bob", "do": "signal", "args": {"data": "late"}}
    )
    assert "signal" not in [t.event for t in reenact(case_of(data)).expect["alice"]]
