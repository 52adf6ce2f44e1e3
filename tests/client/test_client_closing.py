"""Closing the browser, and a crash."""

from harness import Stage
from openings import meeting
from orders import ORDERS

from sim.protocol.frames import Disconnect, Message

LEFT_NOTHING = {"elements": 0, "subscribers": 0, "publishers": 0}


# -- closing the browser ---------------------------------------------------------------------------


def closing():
    stage, alice, publisher, subscriber = meeting()
    at = stage.now
    alice.close_browser(at, None)
    stage.flush()
    return stage, alice, publisher, subscriber, at


def test_closing_the_browser_tells_only_the_publishers():
    stage, alice, _, _, at = closing()
    stage.run("1min")
    assert stage.order(since=at) == ORDERS["page_unload"]
    assert alice.session.state == "disconnecting"
    assert alice.left() == LEFT_NOTHING
    assert alice.page.document.elements == {}


def test_closing_the_browser_says_goodbye_to_the_platform():
    stage, _, _, _, at = closing()
    assert stage.requests(since=at) == [
        "delete stream alice#1.1",
        "delete subscriber subscriber(bob)",
    ]
    assert isinstance(stage.sent[-1][2], Disconnect)
    assert stage.hangups == [(at, "alice", 1000)]


def test_closing_the_browser_is_written_down_as_a_call_and_causes_what_follows():
    stage, _, _, _, _ = closing()
    (call,) = [r for r in stage.records if r.name == "closeBrowser"]
    assert (call.object, call.kind, call.data) == ("browser", "call", {"by": "script"})
    (told,) = [r for r in stage.records if r.name == "streamDestroyed"]
    assert told.cause == call.number


def test_a_closed_browser_is_not_closed_again():
    stage, alice, _, _, _ = closing()
    alice.close_browser(stage.now, None)
    assert [r.name for r in stage.records].count("closeBrowser") == 1


def test_closing_the_browser_without_a_session_tells_nothing():
    stage = Stage()
    alice = stage.client()
    stage.act(alice, alice.init_publisher)
    alice.close_browser(0, None)
    assert stage.story() == []
    assert not alice.alive


def test_closing_the_browser_while_connecting_ends_the_connecting():
    stage = Stage()
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    alice.close_browser(0, None)
    stage.run("1min")
    assert stage.dials == []
    assert stage.story() == []


# -- a crash ---------------------------------------------------------------------------------------


def test_a_crash_tells_nobody_anything():
    stage, alice, _, _ = meeting()
    at = stage.now
    alice.crash()
    stage.run("1min")
    assert stage.story(since=at) == []
    assert [frame for t, _, frame in stage.sent if t >= at] == []
    assert alice.left() == LEFT_NOTHING


def test_what_arrives_after_a_crash_is_not_heard():
    stage, alice, _, _ = meeting()
    at = stage.now
    alice.crash()
    alice.receive(3, Message(99, "created", "connection", {}, None), at, None)
    alice.opened(3, at, None)
    alice.closed(3, 1006, at, None)
    alice.wake(at)
    assert stage.story(since=at) == []


def test_an_answer_about_the_session_after_a_crash_makes_no_socket():
    stage = Stage()
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    alice.crash()
    stage.run("1min")
    assert stage.dials == []


def test_after_a_crash_the_same_person_can_come_back_as_a_new_connection():
    stage, alice, _, _ = meeting()
    alice.crash()
    alice.reload()
    assert alice.alive
    at = stage.now
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert alice.session.connection.id == "alice#2"
    assert stage.story(since=at)[:2] == ["sessionConnected", "connect ok"]
