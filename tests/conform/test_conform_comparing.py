"""The comparison notices whatever is changed in a recording."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import NAMES, case_of, differences, raw

from sim.conform.case import Completion, Told
from sim.conform.times import late_completion
from sim.protocol.units import SECOND, format_clock

TOLD = "01b"


def kinds(data):
    return [difference.what for difference in differences(data)]


def after(data, client):
    """The events after the set-up, media apart: a list of its own."""
    ends = data["setup_ends_ms"]
    return [
        told for told in data["expect"][client] if told["t_ms"] > ends and not told.get("media")
    ]


# -- anything, anywhere ----------------------------------------------------------------------------


def chosen(data):
    """A recording with something to compare, what one of its clients was told, and the places."""
    case = raw(data.draw(st.sampled_from(NAMES)))
    clients = [each for each, told in case["expect"].items() if len(told) > 1]
    if not clients:
        return case, [], []
    client = data.draw(st.sampled_from(clients))
    return case, case["expect"][client], list(range(len(case["expect"][client])))


def but_media(told, places):
    return [place for place in places if not told[place].get("media")]


UNSAID = (
    ("r0105", "carol", 6),
    ("m12_disconnect_and_connect_at_once", "alice", 3),
    ("m17_connect_while_away_then_disconnect", "alice", 3),
    ("m8_disconnect_with_a_request_open", "alice", 2),
)
"""Events that a recording might lack: each reason is in docs/conformance.md, *Exceptions*."""


@given(st.data())
def test_a_dropped_event_is_noticed(data):
    case, told, places = chosen(data)
    mine = [n for n, each in case["expect"].items() if each is told]
    places = [place for place in places if (case["case"], *mine, place) not in UNSAID]
    if len(places) > 1:
        place = data.draw(st.sampled_from(places))
        del told[place]
        assert kinds(case)


@given(st.data())
def test_a_repeated_event_is_noticed(data):
    case, told, places = chosen(data)
    if places:
        place = data.draw(st.sampled_from(places))
        told.insert(place, dict(told[place]))
        assert kinds(case)


@given(st.data())
def test_two_events_in_each_others_place_are_noticed(data):
    case, told, places = chosen(data)
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(but_media(told, places))
        if (told[one]["object"], told[one]["event"])
        != (told[other]["object"], told[other]["event"])
        and (told[one]["t_ms"] > case["setup_ends_ms"])
        == (told[other]["t_ms"] > case["setup_ends_ms"])
    ]
    if pairs:
        one, other = data.draw(st.sampled_from(pairs))
        times = told[one]["t_ms"], told[other]["t_ms"]
        told[one], told[other] = told[other], told[one]
        told[one]["t_ms"], told[other]["t_ms"] = times
        assert kinds(case)


@given(st.data(), st.sampled_from(["reason", "about", "session_state", "cancelable", "prevented"]))
def test_a_field_that_says_something_else_is_noticed(data, field):
    case, told, places = chosen(data)
    if places:
        told[data.draw(st.sampled_from(places))][field] = "something else"
        found = set(kinds(case))
        # Frames come when what they tell was recorded: with another person they come at other
        # times, and whatever follows from them may differ, too.
        assert found & {"field", "events"} if field == "about" else found == {"field"}


@given(st.data(), st.sampled_from(["publishers", "subscribers"]))
def test_another_count_in_the_page_is_noticed(data, kind):
    case, told, places = chosen(data)
    if places:
        told[data.draw(st.sampled_from(places))]["page"][kind] += 1
        assert kinds(case) == ["field"]


@given(st.data())
def test_media_that_say_something_else_are_noticed(data):
    names = [name for name in NAMES if _of_media(raw(name))]
    case = raw(data.draw(st.sampled_from(names)))
    told = data.draw(st.sampled_from(_of_media(case)))
    told["event"] = "disconnected" if told["event"] == "connected" else "connected"
    assert kinds(case)


def _of_media(case):
    return [each for told in case["expect"].values() for each in told if each.get("media")]


# -- the ends of calls -----------------------------------------------------------------------------

NAMES_WITH_ENDS = [name for name in NAMES if raw(name)["completions"]]
UNSAID_ENDS = (
    ("11g_disconnect_while_connecting", "disconnect"),
    ("m2_newcomer_subscribes_to_a_ghost", "subscribe subscriber(alice)"),
)
"""Ends that a recording might lack: the stage that the connecting of ``11g`` had come to is only
told by which calls ended; the other is the last thing of a recording that might have ended before.
"""
JUST_BEFORE = ("m5_disconnect_while_media_are_bound", "subscribe subscriber(bob)")
"""A call that failed because the client left, and might have ended well the moment before."""
OF_THE_CLIENT = (
    "OT_NOT_CONNECTED",
    "OT_PERMISSION_DENIED",
    "OT_STREAM_DESTROYED",
    "OT_TIMEOUT",
    "OT_CANCEL",
    "Error",
    "TypeError",
)
"""Errors that the platform does not answer: when such a call ends the client decides."""


def an_end(data):
    """A recording, and the end of one of its calls."""
    case = raw(data.draw(st.sampled_from(NAMES_WITH_ENDS)))
    return case, data.draw(st.sampled_from(case["completions"]))


@given(st.data())
def test_another_error_is_noticed(data):
    case, ended = an_end(data)
    ended["error"], ended["ok"] = "OT_SOMETHING_ELSE", False
    assert "completions" in kinds(case)


@given(st.data())
def test_an_error_that_is_not_said_is_noticed(data):
    case, ended = an_end(data)
    key = data.draw(st.sampled_from(["error", "code"]))
    if ended.pop(key, None) is not None:
        assert kinds(case)


@given(st.data())
def test_a_call_that_failed_for_nothing_is_noticed(data):
    case, ended = an_end(data)
    if ended["ok"]:
        ended["ok"] = False
        assert kinds(case)


@given(st.data())
def test_a_call_that_went_well_instead_is_noticed(data):
    case, ended = an_end(data)
    if not ended["ok"] and (case["case"], ended["call"]) != JUST_BEFORE:
        ended["ok"] = True
        for key in ("error", "code"):
            ended.pop(key, None)
        assert kinds(case)


@given(st.data(), st.sampled_from(["callback", "promise", "throw"]))
def test_another_way_to_end_is_noticed(data, by):
    case, ended = an_end(data)
    if ended["by"] != by:
        ended["by"] = by
        assert kinds(case)


@given(st.data())
def test_an_end_that_was_not_recorded_is_noticed(data):
    case, ended = an_end(data)
    if (case["case"], ended["call"]) not in UNSAID_ENDS:
        case["completions"] = [each for each in case["completions"] if each is not ended]
        assert kinds(case)


def is_the_clients(ended):
    """Whether the client decides when that call ends, not the platform, a camera or media."""
    if ended["ok"]:
        return ended["call"].partition(" ")[0] in ("connect", "disconnect")
    return ended.get("error") in OF_THE_CLIENT


@given(st.data(), st.sampled_from([-10_000, -4_000, 4_000, 10_000]))
def test_another_time_of_an_end_is_noticed_where_the_client_decides_it(data, by):
    case, ended = an_end(data)
    if is_the_clients(ended) and ended["t_ms"] + by > 0:
        ended["t_ms"] += by
        assert kinds(case)


@given(st.data())
def test_something_else_that_is_left_is_noticed(data):
    case = raw(data.draw(st.sampled_from([name for name in NAMES if raw(name)["left"]])))
    left = case["left"][data.draw(st.sampled_from(sorted(case["left"])))]
    key = data.draw(st.sampled_from(sorted(left)))
    left[key] = 99
    assert kinds(case) == ["left"]


# -- one by one ------------------------------------------------------------------------------------


def test_a_difference_names_the_event_and_both_sides():
    case = raw(TOLD)
    after(case, "alice")[0]["reason"] = "networkDisconnected"
    (difference,) = differences(case)
    assert (difference.client, difference.what, difference.phase) == ("alice", "field", "script")
    assert difference.event == "session sessionDisconnected(networkDisconnected)"
    assert difference.expected == "reason 'networkDisconnected'"
    assert difference.got == "reason 'clientDisconnected'"
    assert difference.place == 0
    assert difference.record is not None


def test_a_renamed_event_ends_the_comparison_of_its_phase():
    case = raw(TOLD)
    first = after(case, "alice")[0]
    first["event"], first["reason"] = "sessionGone", "bye"
    (difference,) = differences(case)
    assert difference.expected == "session sessionGone(bye)"
    assert difference.got == "session sessionDisconnected(clientDisconnected)"


def test_the_set_up_and_the_script_are_compared_apart():
    case = raw(TOLD)
    told = case["expect"]["alice"]
    told[0]["event"] = "sessionWhatever"
    after(case, "alice")[-1]["reason"] = "whatever"
    assert [(d.phase, d.what) for d in differences(case)] == [
        ("set-up", "events"),
        ("script", "field"),
    ]


def test_the_pages_counts_are_compared_also_while_media_is_connecting():
    case = raw(TOLD)
    case["expect"]["alice"][0]["page"] = {"publishers": 7, "subscribers": 1}
    assert kinds(case) == ["field"]


def test_a_signal_that_ends_with_a_question_mark_is_compared():
    case = raw("08f")
    told = next(told for told in after(case, "alice") if told["event"] == "signal")
    told["data"] = "who ?"
    assert "field" in kinds(case)


def test_what_the_recorder_did_not_know_is_not_compared():
    case = raw(TOLD)
    after(case, "bob")[0]["about"] = "stream of ?"
    assert kinds(case) == []


def test_a_reason_that_the_recording_does_not_have_is_a_difference():
    case = raw(TOLD)
    del after(case, "alice")[0]["reason"]
    assert [d.expected for d in differences(case)] == ["reason nothing"]


def test_a_long_text_is_shortened():
    case = raw("08f")
    long = [told for told in after(case, "alice") if len(str(told.get("data"))) > 8_000]
    long[0]["data"] = "b" * 8_190
    (difference,) = differences(case)
    assert difference.expected == f"data '{'b' * 39}… (8192 characters)"
    assert difference.got == f"data '{'a' * 39}… (8192 characters)"


def test_media_events_are_compared_by_object():
    case = raw("12c")
    media = [told for told in case["expect"]["alice"] if told.get("media")]
    case["expect"]["alice"].remove(media[-1])
    (difference,) = differences(case)
    assert difference.what == "media"
    assert difference.expected == "subscriber(bob): connected, disconnected"
    assert difference.got == "subscriber(bob): connected, disconnected, connected"


def test_media_events_that_nobody_recorded_are_a_difference():
    case = raw("12c")
    case["expect"]["bob"] = [t for t in case["expect"]["bob"] if t["event"] != "disconnected"]
    assert kinds(case) == ["media"]


def test_media_events_may_come_at_another_time_among_others():
    case = raw("12c")
    told = case["expect"]["alice"]
    media = [each for each in told if each.get("media")]
    told.remove(media[0])
    told.insert(0, media[0])
    assert kinds(case) == []


def test_publishing_may_end_before_or_after_other_calls():
    case = raw("08d")
    case["completions"].reverse()
    assert kinds(case) == []


def test_the_order_in_which_other_calls_end_matters():
    case = raw("08f")
    ended = [c for c in case["completions"] if c["call"].startswith("signal")]
    one, other = (case["completions"].index(each) for each in (ended[0], ended[-1]))
    completions = case["completions"]
    completions[one], completions[other] = completions[other], completions[one]
    assert "completions" in kinds(case)


def test_a_call_that_was_never_answered_in_the_recording_must_not_be():
    case = raw(TOLD)
    case["completions"] = [c for c in case["completions"] if c["call"] != "disconnect"]
    (difference,) = differences(case)
    assert (difference.expected, difference.got) == ("nothing more", "disconnect (promise) ok")


@pytest.mark.parametrize("name", ["m6_publish_destroy_after_0ms", "m6_publish_away_destroy_0s"])
def test_no_camera_is_there_at_once_so_publish_must_have_ended(name):
    case = raw(name)
    case["completions"] = [c for c in case["completions"] if c["call"] != "publish"]
    assert kinds(case) == ["completions"]


def test_a_subscription_must_have_failed_for_a_reason():
    case = raw("11j")
    ended = next(c for c in case["completions"] if c["call"].startswith("subscribe"))
    ended |= {"ok": False, "error": "OT_STREAM_DESTROYED"}
    assert kinds(case) == ["completions"]


def test_media_are_lost_before_the_end_is_told_if_that_is_told_late():
    case = raw("m2_other_is_removed_while_away")
    told = case["expect"]["alice"]
    told.remove(next(each for each in told if each["event"] == "disconnected"))
    assert kinds(case) == ["media"]


# -- times -----------------------------------------------------------------------------------------


def later(data, client, event, by):
    """Move an event, and what the client is told with it, by some milliseconds."""
    told = data["expect"][client]
    start = next(number for number, each in enumerate(told) if each["event"] == event)
    for each in told[start:]:
        each["t_ms"] += by
    return data


@pytest.mark.parametrize(
    ("name", "client", "event", "by", "expected"),
    [
        ("06_drop_never_recovers__blackhole", "alice", "sessionDisconnected", 1_000, ["time"]),
        ("06_drop_never_recovers__blackhole", "alice", "sessionDisconnected", 500, []),
        ("06_drop_never_recovers__kill", "alice", "sessionDisconnected", 3_000, []),
        ("06_drop_never_recovers__kill", "alice", "sessionDisconnected", 5_000, ["time"]),
        ("06_drop_never_recovers__kill", "alice", "sessionDisconnected", -2_000, ["time"]),
        ("05_drop_and_recover__blackhole", "alice", "sessionReconnecting", 1_500, []),
        ("05_drop_and_recover__blackhole", "alice", "sessionReconnecting", 2_500, ["time"]),
        ("05_drop_and_recover__blackhole", "alice", "sessionReconnecting", -2_500, ["time"]),
        ("06g", "alice", "sessionReconnecting", 1_500, ["time"]),
        ("06d", "alice", "sessionDisconnected", 1_500, ["time"]),
        ("12d", "alice", "destroyed", 1_500, ["time"]),
        ("12d", "alice", "disconnected", 2_500, []),
        ("01b", "alice", "sessionDisconnected", 900, []),
    ],
)
def test_times_are_compared_where_a_timer_decides_them(name, client, event, by, expected):
    assert kinds(later(raw(name), client, event, by)) == expected


@pytest.mark.parametrize(
    ("name", "by", "expected"),
    [
        ("10_api_errors__connect_socket_blackhole", 1_500, ["time"]),
        ("10_api_errors__connect_socket_blackhole", -500, []),
        ("10_api_errors__connect_socket_refuse", 1_000, []),
        ("10_api_errors__connect_socket_refuse", 3_000, []),
        ("10_api_errors__connect_socket_refuse", 4_500, ["time"]),
        ("10_api_errors__connect_socket_refuse", -4_500, ["time"]),
        ("10_api_errors__connect_rejected_by_rumor", -2_000, ["time"]),
        ("01a", 900, []),
    ],
)
def test_the_times_of_calls_are_compared_where_attempts_decide_them(name, by, expected):
    case = raw(name)
    case["completions"][0]["t_ms"] += by
    assert kinds(case) == expected


@pytest.mark.parametrize(
    ("name", "call", "by", "expected"),
    [
        ("08f", "signal type 129", 1_500, ["time"]),
        ("08f", "signal type 129", 900, []),
        ("m8_disconnect_with_a_request_open", "signal s1", 4_000, ["time"]),
        ("01b", "disconnect", 1_500, ["time"]),
        ("01b", "publish", 1_500, []),
        ("01b", "publish", 2_500, ["time"]),
        ("01b", "subscribe subscriber(bob)", 5_000, ["time"]),
    ],
)
def test_the_times_of_ends_are_compared(name, call, by, expected):
    case = raw(name)
    ended = [c for c in case["completions"] if c["call"] == call and c["client"] == "alice"]
    ended[0]["t_ms"] += by
    assert kinds(case) == expected


@pytest.mark.parametrize(("ends", "is_late"), [(5, False), (5.9, False), (1, True), (8, True)])
def test_the_end_of_a_call_may_be_late_with_the_event_that_came_with_it(ends, is_late):
    case, failed = case_of(raw(TOLD)), {"ok": False, "error": "OT_NOT_CONNECTED"}

    def ended(at):
        return Completion(round(at * SECOND), "alice", "signal s1", "callback", failed)

    def told(at):
        return (Told(at * SECOND, "session", "sessionDisconnected", {}),)

    late = late_completion(case, (ended(ends), ended(3)), (told(5), told(3)))
    assert (late is not None) == is_late


def test_a_time_that_differs_is_told_from_what_it_is_counted_from():
    (difference,) = differences(
        later(raw("06_drop_never_recovers__blackhole"), "alice", "sessionDisconnected", 2_000)
    )
    assert difference.expected == f"sessionDisconnected after {format_clock(32_197_500)}"
    assert difference.got == f"after {format_clock(30_001_000)}"
