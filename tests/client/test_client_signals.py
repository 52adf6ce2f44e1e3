"""Signals: what is allowed, what is refused and how, what is told."""

import json

import pytest
from harness import Stage
from hypothesis import given
from hypothesis import strategies as st
from orders import SPECIFICATION

from sim.client.signals import ABSENT, DATA_MAX, TYPE_MAX, Problem, Request

LIMITS = SPECIFICATION["signal_limits"]
TYPE_CHARACTERS = "ABCXYZabcxyz0189-._~"
INVALID, TOO_LARGE = "invalid argument", "too large"


def lone(**options):
    stage = Stage()
    stage.platform.guest("bob")
    return stage, stage.joined(**options)


def send(stage, alice, *args, **options):
    """What is told of one signal, her own event excepted."""
    at = stage.now
    stage.act(alice, lambda: alice.session.signal(*args, **options))
    stage.run("10ms")
    return [words for words in stage.story(since=at) if words.startswith("signal ")]


def text_units(value):
    """The length of the JSON text in UTF-16 units, counted another way than the product does."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


# -- what may be sent ------------------------------------------------------------------------------


def test_the_limits_are_the_specified_ones():
    assert LIMITS["type_max_chars"] == TYPE_MAX
    assert LIMITS["data_json_max_utf16_units"] == DATA_MAX


@given(st.text(TYPE_CHARACTERS, min_size=1, max_size=TYPE_MAX))
def test_a_type_of_allowed_characters_may_be_128_long(kind):
    assert Request(type=kind).problem() is None


@given(st.text(TYPE_CHARACTERS, min_size=TYPE_MAX + 1))
def test_a_longer_type_is_too_large(kind):
    assert Request(type=kind).problem().condition == TOO_LARGE


@given(
    st.text(max_size=20),
    st.characters(exclude_characters=TYPE_CHARACTERS, exclude_categories=["Lu", "Ll", "Nd", "Cs"]),
    st.text(max_size=20),
)
def test_a_type_with_another_character_is_invalid(before, wrong, after):
    assert Request(type=before + wrong + after).problem().condition == INVALID


@pytest.mark.parametrize("kind", ["", None, 7, "é", "a b", "a\n", ["chat"]])
def test_what_is_no_type_is_invalid(kind):
    assert Request(type=kind).problem().condition == INVALID


@pytest.mark.parametrize(
    ("character", "most"),
    [
        ("a", LIMITS["plain_string_max_chars"]),
        ("é", 8190),
        ("\u2028", 8190),
        ("😀", 4095),
        ('"', 4095),
        ("\\", 4095),
        ("\n", 4095),
        ("\x00", 1365),
    ],
)
def test_a_string_may_have_as_many_characters_as_its_json_text_has_room_for(character, most):
    assert Request(data=character * most).problem() is None
    assert Request(data=character * (most + 1)).problem().condition == TOO_LARGE


@given(st.text(alphabet=st.sampled_from('a"\\\n\té😀'), max_size=60), st.integers(8_000, 8_192))
def test_what_counts_is_the_length_of_the_json_text_in_utf_16_units(mixed, length):
    data = mixed + "x" * (length - len(mixed))
    fits = text_units(data) <= LIMITS["data_json_max_utf16_units"]
    problem = Request(data=data).problem()
    assert problem == (None if fits else Problem(TOO_LARGE, "data"))


JSON = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(JSON)
def test_any_other_json_value_may_be_sent(value):
    assert Request(data=value).problem() is None


@pytest.mark.parametrize("data", [None, {1, 2}, object(), float("nan")])
def test_what_is_no_json_is_invalid(data):
    assert Request(data=data).problem().condition == INVALID


@pytest.mark.parametrize("to", [None, "bob#1", 7, {"id": "bob#1"}])
def test_what_is_no_connection_cannot_be_addressed(to):
    assert Request(to=to).problem().condition == INVALID


def test_only_a_session_can_be_addressed_beside_a_connection():
    stage, alice = lone()
    publisher = stage.act(alice, alice.init_publisher)
    assert Request(to=alice.session).problem() is None
    assert Request(to=alice.session.connections["bob#1"]).problem() is None
    assert Request(to=publisher).problem().condition == INVALID


@pytest.mark.parametrize("retry", [None, "yes", 1])
def test_whether_to_retry_is_a_boolean(retry):
    assert Request(retry=retry).problem().condition == INVALID


def test_it_is_retried_unless_said_otherwise():
    assert Request().retried
    assert Request(retry=True).retried
    assert not Request(retry=False).retried


def either(good, bad, problem):
    """An option that is absent, good or bad, with the problem that it makes."""
    return st.sampled_from([(ABSENT, None), (good, None), (bad, problem)])


@given(
    either("hi", "x" * 9000, TOO_LARGE),
    either(ABSENT, "bob", INVALID),
    either("chat", "y" * 129, TOO_LARGE),
    either(True, "yes", INVALID),
)
def test_the_first_problem_of_data_to_type_and_retry_is_the_one_told(data, to, kind, retry):
    request = Request(type=kind[0], data=data[0], to=to[0], retry=retry[0])
    problems = [condition for _, condition in (data, to, kind, retry) if condition]
    found = request.problem()
    assert (found and found.condition) == (problems[0] if problems else None)


# -- what is told ----------------------------------------------------------------------------------


def test_a_signal_comes_back_as_two_events_when_it_has_a_type():
    stage, alice = lone()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    stage.run("10ms")
    assert stage.story(since=at) == [
        "signal ok",
        "signal 'hi' from alice#1",
        "signal:chat 'hi' from alice#1",
    ]


def test_both_listeners_get_the_same_event_with_the_prefixed_type():
    stage, alice = lone()
    events = []
    alice.session.on("signal", events.append)
    alice.session.on("signal:chat", events.append)
    send(stage, alice, "chat", "hi")
    first, second = events
    assert first is second
    assert (first.type, first.kind, first.data) == ("signal:chat", "chat", "hi")
    assert first.from_ is alice.session.connection
    assert not first.cancelable


def test_a_signal_without_a_type_is_one_event():
    stage, alice = lone()
    assert send(stage, alice, data="hi") == ["signal ok", "signal 'hi' from alice#1"]


def test_a_signal_with_nothing_is_sent_empty():
    stage, alice = lone()
    assert send(stage, alice) == ["signal ok", "signal - from alice#1"]


def test_a_signal_of_the_platform_comes_from_nobody():
    stage, _ = lone()
    at = stage.now
    stage.platform.signal(None, {"id": "server/s1", "type": "chat", "data": "hi"})
    stage.run("10ms")
    assert stage.story(since=at) == ["signal 'hi' from None", "signal:chat 'hi' from None"]


def test_a_signal_to_one_goes_to_that_connection():
    stage, alice = lone()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "hi", alice.session.connections["bob#1"]))
    stage.run("10ms")
    assert stage.platform.requests[-1].content["to"] == "bob#1"
    assert stage.story(since=at) == ["signal ok"]


def test_a_signal_to_the_session_goes_to_everybody():
    stage, alice = lone()
    assert send(stage, alice, data="hi", to=alice.session)[1:] == ["signal 'hi' from alice#1"]


def test_success_means_that_the_platform_has_it():
    stage, alice = lone()
    done = []
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "hi", completion=done.append))
    assert done == []
    stage.run("2ms")
    assert done == [None]
    assert stage.when("signal ok") == [at + 2_000]


def test_the_promise_continues_after_the_callback():
    stage, alice = lone()
    done = []

    def signal():
        promise = alice.session.signal(
            "a b", completion=lambda e: done.append(f"callback {e.code}")
        )
        promise.then(lambda e: done.append(f"promise {e.code}"))

    stage.act(alice, signal)
    assert done == ["callback 400", "promise 400"]


def test_signals_are_named_by_the_connection_and_counted_anew_for_the_next():
    stage, alice = lone()
    send(stage, alice, data="one")
    send(stage, alice, data="two")
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    send(stage, alice, data="three")
    assert [r.data["signal"] for r in stage.records if r.kind == "call" and r.name == "signal"] == [
        "alice#1/s1",
        "alice#1/s2",
        "alice#2/s1",
    ]


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"type": "a b"}, "signal failed OT_INVALID_PARAMETER 400"),
        ({"type": "a" * 129}, "signal failed OT_INVALID_PARAMETER 413"),
        ({"data": None}, "signal failed OT_INVALID_PARAMETER 400"),
        ({"data": "a" * 8191}, "signal failed OT_INVALID_PARAMETER 413"),
        ({"to": None}, "signal failed OT_INVALID_PARAMETER 400"),
        ({"retry_after_reconnect": "yes"}, "signal failed OT_INVALID_PARAMETER 400"),
    ],
)
def test_a_wrong_signal_fails_inside_the_call_and_is_not_sent(options, words):
    stage, alice = lone()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal(**options))
    assert stage.story(since=at) == [words]
    assert stage.requests()[1:] == []


@pytest.mark.parametrize("data", [{1, 2}, object()])
def test_the_record_of_a_wrong_signal_can_be_written_as_json(data):
    stage, alice = lone()
    send(stage, alice, data=data, type=b"chat")
    (call,) = [r for r in stage.records if r.kind == "call" and r.name == "signal"]
    assert json.loads(json.dumps(call.data))["data"] == f"<{type(data).__name__}>"
    assert call.data["type"] == "<bytes>"


@pytest.mark.parametrize("options", [{}, {"type": "a b"}])
def test_without_a_session_every_signal_fails_as_not_connected(options):
    stage = Stage()
    alice = stage.client()
    stage.act(alice, lambda: alice.session.signal(**options))
    assert stage.story() == ["signal failed OT_NOT_CONNECTED 500"]
    (call,) = [r for r in stage.records if r.kind == "call"]
    assert call.data["signal"] == "alice/s1"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "signal failed OT_INVALID_PARAMETER 400"),
        (403, "signal failed OT_PERMISSION_DENIED 403"),
        (404, "signal failed OT_NOT_FOUND 404"),
        (413, "signal failed OT_INVALID_PARAMETER 413"),
        (429, "signal failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (500, "signal failed OT_NOT_CONNECTED 500"),
        (418, "signal failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
    ],
)
def test_a_refusal_of_the_platform_is_told_with_its_name_and_code(status, words):
    stage, alice = lone()
    stage.platform.answers["create signal"] = [status]
    assert send(stage, alice, "chat", "hi") == [words]


def test_signalling_is_not_checked_against_the_own_role():
    stage, alice = lone(role="subscriber")
    assert send(stage, alice, data="hi")[0] == "signal ok"


def test_absent_is_something_else_than_none():
    assert Request(data=ABSENT).problem() is None
    assert Request(data=None).problem().condition == INVALID


# -- which option is wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"data": None}, "data"),
        ({"data": "x" * (DATA_MAX + 1)}, "data"),
        ({"to": "bob"}, "to"),
        ({"type": "a b"}, "type"),
        ({"type": "t" * (TYPE_MAX + 1)}, "type"),
        ({"retry_after_reconnect": "yes"}, "retryAfterReconnect"),
        ({"type": "a b", "data": None}, "data"),
    ],
)
def test_a_refused_signal_says_which_option_is_wrong(options, wrong):
    stage, alice = lone()
    heard = []
    stage.act(alice, lambda: alice.session.signal(**options, completion=heard.append))
    assert [problem.parameter for problem in heard] == [wrong]
    assert stage.told()[-1].data["parameter"] == wrong


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        (lambda session: session.publish("camera"), "publisher"),
        (lambda session: session.subscribe(None), "stream"),
        (lambda session: session.force_disconnect({}), "connection"),
        (lambda session: session.force_unpublish(None), "stream"),
        (lambda session: session.force_mute_stream(None), "stream"),
        (lambda session: session.force_mute_all("everybody"), "exclusion"),
    ],
)
def test_any_call_that_is_refused_for_its_argument_says_which_one(call, wrong):
    stage, alice = lone(role="moderator")
    stage.act(alice, lambda: call(alice.session))
    stage.run("10ms")
    assert stage.told()[-1].data["parameter"] == wrong


def test_a_call_that_fails_for_another_reason_names_no_argument():
    stage = Stage()
    alice = stage.client()
    stage.act(alice, lambda: alice.session.signal("a b"))
    assert "parameter" not in stage.told()[-1].data
