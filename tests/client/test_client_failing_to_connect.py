"""Connecting that fails: what is tried again, how often, and what is told in the end."""

import pytest
from harness import Stage
from openings import starting

from sim.protocol.units import MILLISECOND, SECOND


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"has_key": False}, "connect failed OT_AUTHENTICATION_ERROR 1004"),
        ({"has_id": False}, "connect failed OT_INVALID_SESSION_ID 1005"),
        ({"has_key": False, "has_id": False}, "connect failed OT_AUTHENTICATION_ERROR 1004"),
    ],
)
def test_without_a_key_or_a_session_id_the_network_is_not_asked(given, words):
    stage = Stage()
    alice = stage.client()
    session = alice.init_session(**given)
    stage.act(alice, session.connect)
    assert stage.story() == []
    stage.run("1min")
    assert stage.story() == [words]
    assert stage.when(words) == [1 * MILLISECOND]
    assert stage.fetches == []
    assert session.state == "disconnected"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "connect failed OT_INVALID_SESSION_ID 1005"),
        (403, "connect failed OT_AUTHENTICATION_ERROR 1004"),
        (404, "connect failed OT_INVALID_SESSION_ID 1005"),
        (409, "connect failed OT_TERMS_OF_SERVICE_FAILURE 1026"),
        (500, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
    ],
)
def test_a_final_answer_about_the_session_fails_the_connect_at_once(status, words):
    stage = Stage()
    stage.info = [status]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.story() == [words]
    assert stage.fetches == [0]
    assert alice.session.state == "disconnected"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (402, "connect failed OT_UNEXPECTED_ERROR_CODE 2001"),
        (None, "connect failed OT_CONNECT_FAILED 1006"),
    ],
)
def test_another_answer_is_asked_for_three_times_after_600_and_1200_ms(status, words):
    stage = Stage()
    stage.info = [status] * 3
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.fetches == [0, 602 * MILLISECOND, 1_804 * MILLISECOND]
    assert stage.story() == [words]
    assert stage.when(words) == [1_806 * MILLISECOND]


def test_the_second_try_may_succeed():
    stage = Stage()
    stage.info = [None]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story()[:2] == ["sessionConnected", "connect ok"]


def test_a_refused_socket_is_tried_three_times_with_starts_3_s_apart():
    stage, alice = starting()
    stage.links["alice"] = "refused"
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND, 6 * SECOND]
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_FALLBACK_CODE 4020"]
    throttled = 10 * MILLISECOND  # the page has been refused before
    assert stage.told()[0].time == 6 * SECOND + throttled + 3 * MILLISECOND
    assert alice.session.state == "disconnected"


def test_a_socket_that_never_opened_is_closed_by_its_table():
    stage, _ = starting()
    stage.links["alice"] = "refused"
    stage.run("1s")
    states = [r.name for r in stage.records if r.object == "socket"]
    assert states == ["closing", "closed"]


def test_a_hanging_socket_takes_15_s_an_attempt_and_45_s_in_all():
    stage, _ = starting()
    stage.links["alice"] = "hanging"
    stage.run("1min")
    assert [at // SECOND for at, _ in stage.dials] == [0, 15, 30]
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_TIMEOUT 4010"]
    assert stage.told()[0].time // SECOND == 45


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (400, "connect failed OT_CONNECT_FAILED 1006"),
        (403, "connect failed OT_CONNECT_FAILED 1006"),
        (409, "connect failed OT_CONNECT_FAILED 1006"),
        (404, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (500, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (418, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (
            (404, {"reason": "connectionLimitExceeded"}),
            "connect failed OT_CONNECTION_LIMIT_EXCEEDED 1027",
        ),
    ],
)
def test_a_refused_join_is_tried_three_times_and_only_then_told(answer, words):
    stage = Stage()
    stage.platform.answers["create connection"] = [answer] * 3
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND, 6 * SECOND]
    assert stage.story() == [words]
    assert alice.session.state == "disconnected"


def test_a_join_that_is_refused_once_succeeds_3_s_later_with_nothing_told_in_between():
    stage = Stage()
    stage.platform.answers["create connection"] = [500]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.story()[:2] == ["sessionConnected", "connect ok"]
    assert stage.when("sessionConnected") == [3 * SECOND + 6 * MILLISECOND]


def test_a_socket_that_fails_while_joining_resumes_without_a_word():
    stage, _ = starting()
    stage.run("5ms")
    stage.kill(then="up")
    stage.run("1s")
    assert [line.hello.reconnect for _, line in stage.dials] == [False, True]
    assert stage.story() == ["sessionConnected", "connect ok", "connectionCreated alice#1"]


@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_without_reconnection_a_socket_that_fails_while_joining_starts_the_connect_over(profile):
    stage = Stage(reconnection=False)
    alice = stage.client(profile=profile)
    stage.act(alice, alice.session.connect)
    stage.run("5ms")
    stage.kill(then="up")
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND]
    assert stage.story() == ["sessionConnected", "connect ok", "connectionCreated alice#1"]


@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_a_connect_whose_sockets_all_fail_while_joining_fails_and_no_end_is_told(profile):
    stage = Stage(reconnection=False)
    alice = stage.client(profile=profile)
    stage.act(alice, alice.session.connect)
    for _ in range(3):
        stage.run("5ms")
        stage.kill(then="up")
        stage.run("2995ms")
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND, 6 * SECOND]
    assert stage.story() == ["connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"]


def test_a_socket_that_falls_silent_for_good_while_joining_fails_that_attempt():
    stage, _ = starting()
    stage.run("5ms")
    stage.blackhole()
    stage.run("3min")
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_TIMEOUT 4010"]
    assert len(stage.fetches) == 3


def test_after_a_failed_connect_the_next_one_may_succeed():
    stage = Stage()
    stage.info = [403]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story() == [
        "connect failed OT_AUTHENTICATION_ERROR 1004",
        "sessionConnected",
        "connect ok",
        "connectionCreated alice#2",
    ]


def test_the_completion_handler_of_a_failed_connect_may_connect_again():
    stage = Stage()
    stage.info = [403]
    alice = stage.client()
    stage.act(alice, lambda: alice.session.connect(lambda error: error and alice.session.connect()))
    stage.run("1s")
    assert alice.session.connection.id == "alice#2"
