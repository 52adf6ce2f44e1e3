"""Events, reasons, errors, timers and roles: each table against the specification's data."""

import pytest
from attrs import fields
from specification import specification

from sim.protocol import reasons
from sim.protocol.errors import ERRORS, error
from sim.protocol.events import CANCELABLE, CATALOGUE, EVENTS
from sim.protocol.frames import Status
from sim.protocol.journal import LEVELS
from sim.protocol.roles import ROLES, Capability, permissions
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND

SPECIFIED_EVENTS = {(e["object"], e["event"]): e for e in specification()["events"]}

# -- events ----------------------------------------------------------------------------------


def test_the_catalogue_has_every_event_once():
    assert [(e.object, e.name) for e in EVENTS] == list(CATALOGUE)
    assert set(CATALOGUE) == set(SPECIFIED_EVENTS)


@pytest.mark.parametrize("key", SPECIFIED_EVENTS, ids="/".join)
def test_an_event_is_as_specified(key):
    ours, theirs = CATALOGUE[key], SPECIFIED_EVENTS[key]
    assert ours.event_class == theirs["class"]
    assert ours.cancelable == theirs["cancelable"]
    assert CANCELABLE[key] is bool(theirs["cancelable"])
    assert (ours.default_action is None) == (theirs["default_action"] is None)
    assert set(ours.fields) <= set(theirs["fields"])
    if ours.reasons:
        assert list(ours.reasons) == theirs["reasons"]


def test_only_cancelable_events_have_a_default_action():
    assert [e.name for e in EVENTS if e.default_action and not e.cancelable] == []


def test_every_event_names_its_source():
    assert [e.name for e in EVENTS if not e.source.startswith("L")] == []


# -- reasons -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (reasons.SESSION_DISCONNECTED, "sessionDisconnected"),
        (reasons.CONNECTION_DESTROYED, "connectionDestroyed"),
        (reasons.STREAM_DESTROYED, "session_streamDestroyed"),
        (reasons.PUBLISHER_STREAM_DESTROYED, "publisher_streamDestroyed"),
        (reasons.SUBSCRIBER_DESTROYED, "subscriber_destroyed"),
    ],
)
def test_reasons_are_spelled_and_ordered_as_specified(ours, theirs):
    assert list(ours) == specification()["reasons"][theirs]


def test_the_default_and_the_rewritten_reason_are_as_specified():
    specified = specification()["reasons"]
    assert specified["default_when_server_sends_none"] == reasons.WHEN_NONE_IS_SENT
    assert specified["rewritten"] == reasons.REWRITTEN


# -- errors --------------------------------------------------------------------------------------

OURS = {
    "no api key": "no api key",
    "missing/invalid session id": "no session id",
    "session info 400/404": "info 400, info 404",
    "session info 403": "info 403",
    "session info 409": "info 409",
    "session info 500": "info 500",
    "session info unreachable": "info unreachable",
    "websocket error": "socket refused",
    "websocket open timeout": "socket timeout",
    "create 400/403/409": "create 400, create 403, create 409",
    "create, reason connectionLimitExceeded": "create connectionLimitExceeded",
    "create 404/500/other or closed while pending": "create other, create 404, create 500",
    "no permission": "no permission",
    "bad argument / already attached": "invalid argument",
    "15 s timeout": "timeout",
    "30 s timeout": "timeout",
    "server 403/404/409/405 encryption": "status 403, status 404, status 409, status 405",
    "server other": "other, status 418, status 500",
    "cancelled by unpublish/destroy": "cancelled",
    "null/invalid stream": "invalid argument",
    "server 404": "status 404",
    "server 403": "status 403",
    "server 409 streamLimitExceeded": "streamLimitExceeded",
    "server 405 encryption / not connected": "status 405, socket lost",
    "server other (incl. 403)": "other, status 403, status 500, None",
    "stream/session ended first": "stream destroyed",
    "not connected / queued and session lost / non-retry while reconnecting": (
        "not connected, status 500"
    ),
    "invalid type/to/data/retry flag or server 400": "invalid argument, status 400",
    "type >128 or JSON data >8192 or server 413": "too large, status 413",
    "server 429/other": "status 429, other",
    "no connection id, or any server error": (
        "invalid argument, other, status 403, status 404, status 500"
    ),
    "argument undefined": "undefined argument",
    "no argument": "invalid argument",
    "bad argument": "invalid argument",
    "no permission or server 403": "no permission, status 403",
    "not connected": "not connected",
}
"""The specification's conditions and ours; one that is spelled alike needs no entry."""

NAMELESS = ("subscribe", "unsubscribed while connecting")

NOT_MODELLED = {
    ("connect", "api key does not match session"),
    ("connect", "key disabled"),
    ("connect", "bad encryption secret"),
    ("connect", "session info empty"),
    ("connect", "session info bad http status"),
    ("connect", "session info not json"),
    ("publish", "media ended"),
    ("publish", "ICE failure"),
    ("publish", "access denied"),
    ("subscribe", "target with insertDefaultUI false"),
    ("subscribe", "ICE failure"),
}
"""Keys, encryption, malformed bodies and media failures are outside the simulator's subject."""

SPECIFIED_ERRORS = [
    (row["call"], ours, row["name"], row["code"])
    for row in specification()["api_errors"]
    if (row["call"], row["condition"]) not in NOT_MODELLED
    and (row["call"], row["condition"]) != NAMELESS
    and row["call"] in ERRORS
    for ours in OURS[row["condition"]].split(", ")
]


@pytest.mark.parametrize(("call", "condition", "name", "code"), SPECIFIED_ERRORS)
def test_an_error_has_the_specified_name_and_code(call, condition, name, code):
    found = error(call, condition) if "other" in ERRORS[call] else _connect(condition)
    assert (found.name, found.code) == (name, code)


def _connect(condition):
    table = ERRORS["connect"]
    return table.get(condition, table["create other"])


@pytest.mark.parametrize("call", ["signal", "forceDisconnect", "forceUnpublish", "forceMuteAll"])
def test_a_connected_session_without_a_socket_is_reported_as_404(call):
    (row,) = [r for r in specification()["api_errors"] if r["call"] == "moderation/signal"]
    found = error(call, "socket gone")
    assert (found.name, found.code) == (row["name"], row["code"])


def test_unsubscribing_while_connecting_reports_an_error_without_a_name_of_its_own():
    (row,) = [r for r in specification()["api_errors"] if (r["call"], r["condition"]) == NAMELESS]
    found = error("subscribe", "unsubscribed")
    assert row["name"].startswith(found.name)
    assert found.code is row["code"] is None


def test_every_condition_of_ours_is_in_the_specification():
    from_data = {(call, ours) for call, ours, _, _ in SPECIFIED_ERRORS}
    from_prose = {  # sections 3.6, 5.2 and recording 10_api_errors__connect_failures
        ("connect", "info other"),
        ("disconnect", "reconnecting"),
        ("unsubscribe", "invalid argument"),
        ("subscribe", "unsubscribed"),
        ("publish", "destroyed"),  # recording m6_publish_destroy_after_0ms
        ("disableForceMute", "invalid argument"),
        *((call, "socket gone") for call in ERRORS),
    }
    ours = {(call, condition) for call, table in ERRORS.items() for condition in table}
    assert ours - from_data - from_prose == set()


# -- timers --------------------------------------------------------------------------------------

TIMERS = {
    "ping": "ping_after_last_send",
    "silence": "no_inbound_disconnect_reconnection_on",
    "silence_without_reconnection": "no_inbound_disconnect_reconnection_off",
    "connect_timeout": "websocket_open_timeout",
    "window": "reconnect_window",
    "connect_spacing": "connect_attempt_spacing",
    "drain_poll": "drain_interval",
    "publish_timeout": "publish_timeout",
    "subscribe_timeout": "subscribe_timeout",
    "dedup": "dedup_ttl",
    "ice_failed": "ice_disconnected_to_failed",
    "subscriber_failed": "subscriber_failed_to_destroyed",
    "migration": "migration",
}
OUR_OWN = {
    "turn",
    "refused_throttle",
    "refused_throttle_max",
    "redial_spacing",
    "acquire_media",
    "prepare_publishing",
    "prepare_subscription",
    "ice_checking",
    "bind_media",
    "bind_ahead",
    "bind_fails",
    "ice_consent",
}
"""What the specification leaves to the browser: documented choices."""


@pytest.mark.parametrize(("ours", "theirs"), TIMERS.items())
def test_a_timer_is_as_specified(ours, theirs):
    assert getattr(Timers(), ours) == specification()["timers_ms"][theirs] * MILLISECOND


def test_retries_are_as_specified():
    specified, timers = specification()["timers_ms"], Timers()
    assert timers.connect_attempts == specified["connect_attempts"]
    assert list(timers.info_retries) == [ms * MILLISECOND for ms in specified["session_info_gaps"]]
    assert len(timers.info_retries) + 1 == specified["session_info_tries"]


def test_every_timer_is_specified_or_a_documented_choice():
    named = {*TIMERS, *OUR_OWN, "connect_attempts", "info_retries"}
    assert {field.name for field in fields(Timers)} == named


def test_silence_is_some_pings_less_a_tenth_of_a_second():
    timers = Timers()
    assert timers.silence == 3 * timers.ping - 100 * MILLISECOND
    assert timers.silence_without_reconnection == 25 * timers.ping - 100 * MILLISECOND


# -- roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_is_specified(role):
    specified = specification()["roles"][role]
    assert {c.value: int(c in ROLES[role]) for c in Capability} == {
        name: value for name, value in specified.items() if name != "signal"
    }


def test_permissions_are_spelled_as_on_the_wire():
    wire = specification()["roles"]["permission_strings"]
    assert {c.value: c.wire for c in Capability} == wire
    assert permissions("moderator") == list(wire.values())


def test_no_other_role_exists():
    assert {*ROLES, "permission_strings"} == set(specification()["roles"])


# -- frames and levels -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (299, True), (300, False), (500, False)]
)
def test_any_status_that_begins_with_2_is_success(status, ok):
    assert Status(1, status, {}, None).ok is ok


def test_levels_are_ordered_from_story_to_all():
    assert list(LEVELS) == sorted(LEVELS, key=LEVELS.__getitem__) == ["story", "wire", "all"]
