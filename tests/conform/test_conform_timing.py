"""What the recorder's machine took: gates, tasks, guards, cameras and stages of connecting."""

from types import SimpleNamespace

import pytest
from recordings import case_of, observed, raw, recorded, words

from sim.conform import reenact
from sim.conform.case import Told
from sim.conform.gate import Gate
from sim.conform.leavings import Leavings
from sim.conform.listeners import deed
from sim.conform.networks import hits_a_socket
from sim.conform.pace import Pace
from sim.conform.silences import last_heard
from sim.conform.tasks import tasks
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND
from sim.world.kernel import Kernel


def told(name, client):
    case = recorded(name)
    return [words(each) for each in observed(name).expect[client] if each.at > case.setup_ends]


def test_nothing_overtakes_in_a_gate_and_what_is_due_lets_through_what_came_before():
    kernel, let = Kernel(), []
    gate = Gate(kernel, 0, lambda item: let.append((kernel.now, item)))
    gate.put("at once", None)
    for item, due in (("late", 900), ("due", 300), ("behind", None), ("last", 400)):
        gate.put(item, due)
    kernel.advance(1_000)
    expected = [(0, "at once"), (300, "late"), (300, "due"), (300, "behind"), (400, "last")]
    assert let == expected


def test_what_is_dropped_from_a_gate_holds_nothing_up():
    kernel, let = Kernel(), []
    gate = Gate(kernel, 0, let.append)
    gate.put("dropped", 900)
    gate.put("behind", None)
    gate.drop(lambda item: item == "dropped")
    kernel.advance(1)
    assert let == ["behind"]
    assert not gate


def test_what_comes_while_the_camera_opens_is_told_before_the_stream():
    assert told("a1_", "alice") == ["signal", "signal:chat", "publisher.streamCreated"]


def test_a_network_that_is_cut_while_joining_meets_a_client_that_nobody_knows_yet():
    assert told("a4", "bob") == []


def test_what_a_given_up_socket_holds_reaches_the_platform_once():
    case = recorded("a6")
    heard = [
        each.fields["data"]
        for each in observed("a6").expect["bob"]
        if each.event == "signal" and each.at > case.setup_ends
    ]
    assert heard == ["down", "up-retry", "up-once"]


def test_the_others_see_a_stream_whose_request_had_gone_out_before_it_was_given_up():
    assert "streamCreated" in told("m9_blackhole", "bob")


def test_calls_of_one_task_come_before_their_promises():
    grouped = tasks(recorded("a11"), (), _answers(recorded("a11")))
    labels = [[step.do for step in steps] for _, steps in grouped]
    assert ["signal s6b", "signal s6c"] in [names[-2:] for names in labels]


def _answers(case):
    from sim.conform.answers import Answers

    return {name: Answers(case, name, lambda _: None) for name in case.clients}


def test_a_reset_of_one_who_was_removed_hits_nothing():
    data = raw("01a")
    data["script"].append({"t_ms": 9_000, "client": "alice", "platform": "mediaIdle"})
    for at in (8_000, 9_001):
        data["script"].append({"t_ms": at, "client": "alice", "network": "kill+accept"})
    case = case_of(data)
    assert [hits_a_socket(case, step) for step in case.script if step.network] == [True, False]


@pytest.mark.parametrize(
    ("script", "times"),
    [
        ("if (!again) { again = 1; signal({type: 'x'}) }", 1),
        ("if (!window.again) { window.again = true; signal({type: 'x'}) }", 1),
        ("if (n++ < 2) { signal({type: 'x'}) }", 2),
        ("if (++n <= 2) signal({type: 'x'})", 2),
        ("if (!n++) { signal({type: 'x'}) }", 1),
    ],
)
def test_a_guard_lets_something_happen_only_so_often(script, times):
    data = raw("01b")
    ends = data["setup_ends_ms"]
    data["clients"]["bob"]["listeners"] = [{"event": "signal:go", "does": script}]
    data["script"] = [step for step in data["script"] if step["t_ms"] <= ends]
    data["expect"] = {n: [e for e in t if e["t_ms"] <= ends] for n, t in data["expect"].items()}
    data["completions"] = [each for each in data["completions"] if each["t_ms"] <= ends]
    data["script"] += [
        {"t_ms": ends + 500 * n, "client": "alice", "do": "signal", "args": {"type": "go"}}
        for n in range(1, 5)
    ]
    heard = [each.event for each in reenact(case_of(data)).expect["alice"]]
    assert heard.count("signal:x") == times


@pytest.mark.parametrize(
    "script",
    ["if (x) { publish() }", "if (!x < 3) publish()", "if (!x) { y = 1 }", "if (!x) { dance() }"],
)
def test_a_guard_that_is_not_understood_is_refused(script):
    with pytest.raises(ValueError, match="understood are"):
        deed(script)


def _silence(*noticed, cut=10 * SECOND):
    told = [Told(at, "session", "sessionReconnecting", {}, False) for at in noticed]
    socket = SimpleNamespace(silence=Timers().silence)
    return last_heard(socket, told, cut, Timers()) - cut


def test_a_silence_is_counted_from_where_the_recording_says():
    assert _silence(15 * SECOND) == -900 * MILLISECOND
    assert _silence(13 * SECOND) == -2 * SECOND  # one ping before the cut at most
    assert _silence() == 0  # it was over before its time was
    assert _silence(60 * SECOND) == 0


@pytest.mark.parametrize(("away", "noticed"), [(True, 0), (False, 40 * MILLISECOND)])
def test_who_is_away_notices_a_reset_at_once(away, noticed):
    """It has nothing to read, as that would have been the end of the outage."""
    ended = Told(40 * MILLISECOND, "session", "sessionDisconnected", {}, False)
    pace = Pace([ended], _answers(recorded("01a"))["alice"], Leavings(recorded("01a"), "alice"))
    assert pace.noticed(0, away) == noticed


def test_an_end_of_publish_is_that_of_the_publisher_of_which_something_was_told():
    data = raw("01a")
    data["script"] += [{"t_ms": at, "client": "alice", "do": "publish"} for at in (8_000, 8_100)]
    for at, publisher in ((9_000, "publisher"), (9_500, "publisher1")):
        told = {"t_ms": at, "object": publisher, "event": "streamCreated", "page": {}}
        data["expect"]["alice"].append(told)
        ended = {"t_ms": at + 1, "client": "alice", "call": "publish", "by": "callback", "ok": True}
        data["completions"].append(ended)
    case = case_of(data)
    answers = _answers(case)["alice"]
    first, second = answers.publishing("publisher"), answers.publishing("publisher1")
    assert (first.at, second.at) == (8_000 * MILLISECOND, 8_100 * MILLISECOND)
    ends = [answers.end_of(step).at for step in (first, second)]
    assert ends == [9_001 * MILLISECOND, 9_501 * MILLISECOND]


def test_streams_are_told_in_the_order_in_which_their_publishers_were_told():
    """In r0342 others hear of the first of two streams before its own Publisher does."""
    created = [
        [(told.object, told.at) for told in side if told.event == "streamCreated"]
        for side in (recorded("r0342").expect["bob"], observed("r0342").expect["bob"])
    ]
    assert [each for each, _ in created[0]] == [each for each, _ in created[1]]
