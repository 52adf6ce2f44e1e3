"""What is no case, and every sentence about what is wrong with one."""

import json

import pytest
from recordings import FILES, case_of, raw

from sim.conform import CaseError, parse, read, reenact
from sim.conform.reading import LARGEST

NAME = "01b"


def problems(data):
    with pytest.raises(CaseError) as caught:
        reenact(case_of(data), "case.json")
    return caught.value.problems


def changed(*way, to):
    """The recording with one value changed; a key that is not there is added."""
    data = raw(NAME)
    parent = data
    for key in way[:-1]:
        parent = parent[key]
    parent[way[-1]] = to
    return data


def without(*way):
    data = raw(NAME)
    parent = data
    for key in way[:-1]:
        parent = parent[key]
    del parent[way[-1]]
    return data


def test_a_file_is_read():
    assert read(FILES[0]).name == FILES[0].stem


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"\x00\x93", "it is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"[]", "a case is a JSON object"),
        (b'"case"', "a case is a JSON object"),
        (b"[" * 50 + b"]" * 50, "it is nested more than 40 deep"),
        (b"[" * 100_000, "it is nested more than 40 deep"),
        (b" " * (LARGEST + 1), "it is larger than 4 MiB, the largest case allowed"),
    ],
    ids=["empty", "binary", "list", "text", "deep", "deeper", "large"],
)
def test_what_is_no_case_is_refused(data, sentence):
    with pytest.raises(CaseError) as caught:
        parse(data, "case.json")
    assert caught.value.problems == [sentence]


def test_an_encoding_that_is_none_of_jsons_is_refused():
    with pytest.raises(CaseError, match=r"case\.json: it is not JSON: 'utf-8' codec"):
        parse(b'{"case": "\xe9"}', "case.json")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere.json", "it cannot be read: No such file or directory"),
        (".", "it cannot be read: Is a directory"),
        ("\0", "it cannot be read: embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path, monkeypatch, name, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError) as caught:
        read(name)
    assert str(caught.value) == f"{name}: {sentence}"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (without("case"), "case.case must be a text"),
        (changed("clients", "bob", to=None), "clients.bob must be an object"),
        (
            changed("clients", "bob", "role", to="king"),
            (
                "clients.bob.role is 'king'; the roles are subscriber, publisher, publisheronly,"
                " moderator"
            ),
        ),
        (
            changed("clients", "b#b", to={"role": "publisher"}),
            (
                "case.clients has a client called 'b#b'; a name is up to 40 letters, digits, - and"
                " _, the first a letter"
            ),
        ),
        (
            changed("clients", "1b", to={"role": "publisher"}),
            (
                "case.clients has a client called '1b'; a name is up to 40 letters, digits, - and"
                " _, the first a letter"
            ),
        ),
        (
            changed("clients", "server", to={"role": "publisher"}),
            "case.clients has a client called 'server': that means something else",
        ),
        (
            changed("clients", "bob", "auto_subscribe", to="yes"),
            "clients.bob.auto_subscribe must be true or false",
        ),
        (
            changed("clients", "bob", "prevent_default", to=["page:load"]),
            (
                "clients.bob.prevent_default[0] is 'page:load'; it must be OBJECT:EVENT, the object"
                " one of session, publisher and subscriber"
            ),
        ),
        (
            changed("clients", "bob", "prevent_default", to=[7]),
            "clients.bob.prevent_default[0] must be a text",
        ),
        (
            changed("clients", "bob", "listeners", to=[{"event": "signal", "does": "dance()"}]),
            (
                "clients.bob.listeners[0].does says 'dance()'; understood are preventDefault(),"
                " disconnect(), connect(), publish(), unpublish(), subscribe(), unsubscribe(),"
                " destroy(), signal(), off() and throw, at once, in Promise.resolve().then(() =>"
                " ...), in setTimeout(() => ..., ms) or in if (!again) { again = 1; ... }"
            ),
        ),
        (
            changed(
                "clients", "bob", "listeners", to=[{"event": "load", "does": "", "object": "x"}]
            ),
            "clients.bob.listeners[0].object must be one of session, publisher and subscriber",
        ),
        (
            changed("clients", "bob", "listeners", to=[{"event": "signal", "does": "x" * 2_000}]),
            "clients.bob.listeners[0].does has 2000 characters; the most allowed is 1000",
        ),
        (
            changed("setup_ends_ms", to=-1),
            "case.setup_ends_ms must be from 0 to 43200000: milliseconds of twelve hours",
        ),
        (changed("setup_ends_ms", to=True), "case.setup_ends_ms must be a number"),
        (changed("script", to={}), "case.script must be a list"),
        (changed("script", 0, to=[]), "case.script[0] must be an object"),
        (
            changed("script", to=[{"t_ms": 0, "platform": "---"}] * 5_001),
            "case.script has 5001 steps; the most allowed is 5000",
        ),
        (changed("script", 0, "t_ms", to="0"), "case.script[0].t_ms must be a number"),
        (
            changed("script", 0, "t_ms", to=float("nan")),
            "case.script[0].t_ms must be from 0 to 43200000: milliseconds of twelve hours",
        ),
        (
            changed("script", 0, "client", to="zoe"),
            "case.script[0].client names 'zoe', who is not among the clients",
        ),
        (changed("script", 0, "args", to=[]), "case.script[0].args must be an object"),
        (
            changed("script", 0, "args", to={"subscriber": -1}),
            "case.script[0].args.subscriber must be a whole number from 0",
        ),
        (
            changed("script", 0, "args", to={"publisher": True}),
            "case.script[0].args.publisher must be a text, or a whole number from 0",
        ),
        (
            changed("script", 0, "args", to={"stream_of": None}),
            "case.script[0].args.stream_of must be a text",
        ),
        (
            changed("script", 0, "args", to={"platform_answers": "no"}),
            "case.script[0].args.platform_answers must be a status from 100 to 999",
        ),
        (
            changed("script", 0, "args", to={"data": {"repeat": "ab", "times": 10**9}}),
            "case.script[0].args.data must repeat a text, to at most 1000000 characters",
        ),
        (changed("expect", to=None), "case.expect must be an object"),
        (
            changed("expect", "zoe", to=[]),
            "case.expect names 'zoe', who is not among the clients",
        ),
        (changed("expect", "bob", 0, "object", to=1), "expect.bob[0].object must be a text"),
        (changed("expect", "bob", 0, "media", to=1), "expect.bob[0].media must be true or false"),
        (changed("completions", 0, "by", to=None), "case.completions[0].by must be a text"),
        (
            changed("completions", 0, "client", to="zoe"),
            "case.completions[0].client names 'zoe', who is not among the clients",
        ),
        (changed("left", "bob", to=[]), "left.bob must be an object"),
        (changed("left", "zoe", to={}), "case.left names 'zoe', who is not among the clients"),
        (
            changed("platform", "leave_order", to="random"),
            "case.platform.leave_order must be stream-first, connection-first or connection-only",
        ),
        (
            changed("platform", "force_ack", to="never"),
            "case.platform.force_ack must be ack-first or ack-last",
        ),
        (changed("platform", "p2p", to=True), "case.platform.p2p must be a text"),
        (
            changed("platform", "grace_ms", to=-5),
            "case.platform.grace_ms must be from 0 to a day of milliseconds",
        ),
        (
            changed("platform", "ack_status", to=True),
            "case.platform.ack_status must be a status from 100 to 999",
        ),
        (
            changed("platform", "reject_connect", to={"status": 404}),
            "case.platform.reject_connect must be {status, reason}, the reason a text",
        ),
        (
            changed("platform", "reject_connect", to={"status": "x", "reason": "y"}),
            "case.platform.reject_connect has a status that must be a status from 100 to 999",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_told_in_one_sentence(data, sentence):
    assert problems(data) == [sentence]


@pytest.mark.parametrize(
    ("clients", "sentence"),
    [
        ([], "case.clients must be an object"),
        ({}, "case.clients has nobody in it"),
        (
            {str(number): {"role": "publisher"} for number in range(51)},
            "case.clients has 51 clients; the most allowed is 50",
        ),
    ],
)
def test_without_clients_nothing_is_said_of_who_is_not_among_them(clients, sentence):
    assert problems(changed("clients", to=clients)) == [sentence]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"do": "publish"}, "names no client"),
        ({"client": "bob"}, "says neither do, network nor platform"),
        (
            {"client": "bob", "do": "dance()"},
            (
                "does 'dance()', which is no call; the calls are connect, disconnect,"
                " initPublisher, publish, unpublish, destroy, publishAudio, publishVideo,"
                " subscribe, unsubscribe, signal, forceDisconnect, forceUnpublish,"
                " forceMuteStream, forceMuteAll, disableForceMute, closeBrowser, crash"
            ),
        ),
        (
            {"client": "bob", "network": "kill+wobble"},
            (
                "has the network 'kill+wobble'; its words are kill, refuse, accept, blackhole,"
                " restored"
            ),
        ),
        (
            {"client": "bob", "platform": "explodes"},
            (
                "says that the platform did 'explodes'; understood are grace expired, server closes"
                " with CODE, media cut, media restored, mediaIdle, serverRotation, notification (of"
                " a rotation), forceDisconnect, signal"
            ),
        ),
    ],
)
def test_a_step_that_cannot_be_driven_is_told_in_one_sentence(step, sentence):
    data = raw(NAME)
    data["script"].insert(0, {"t_ms": 0} | step)
    assert problems(data) == [f"case.script[0] {sentence}"]


def test_every_mistake_is_told_at_once_and_very_many_are_counted():
    data = raw(NAME)
    data["setup_ends_ms"], data["left"] = "soon", []
    assert len(problems(data)) == 2
    data["script"] = [{"t_ms": "now"}] * 100
    assert problems(data)[-1] == "and 72 more mistakes"
    assert len(problems(data)) == 31


def test_keys_that_decide_nothing_are_passed_over():
    data = raw(NAME)
    data["platform"] |= {"udpRelay": True, "ack_status": None, "moon": {}}
    data["clients"]["bob"] |= {"listeners": None}
    data["script"][0] |= {"args": None}
    data["expect"]["bob"][0] |= {"weather": "fine"}
    assert case_of(data).name == data["case"]


def test_a_mistyped_key_is_refused_with_the_right_one():
    data = raw(NAME) | {"script_": []}
    data["clients"]["bob"] |= {"prevent_defaults": []}
    data["script"][0] |= {"targett": "bob"}
    client = "role, auto_subscribe, prevent_default, listeners and connection_events_suppressed"
    case, bob, step = problems(data)
    assert case.startswith("case: 'script_' is not one of its keys: did you mean 'script'?")
    assert bob == (
        "clients.bob: 'prevent_defaults' is not one of its keys:"
        f" did you mean 'prevent_default'? Allowed are {client}"
    )
    assert "did you mean 'target'?" in step


def test_a_mistyped_event_is_refused_with_the_right_one():
    data = raw(NAME)
    does = {"event": "sesionDisconnected", "does": "connect()"}
    data["clients"]["bob"] |= {
        "prevent_default": ["publisher:streamDestroy"],
        "listeners": [does, {"event": "signal:chat", "does": "connect()"}],
    }
    prevented, listened = problems(data)
    assert prevented.startswith(
        "clients.bob.prevent_default[0]: 'streamDestroy' is not an event of a publisher:"
        " did you mean 'streamDestroyed'?"
    )
    assert "clients.bob.listeners[0].event" in listened
    assert "did you mean 'sessionDisconnected'?" in listened


def test_the_text_of_an_error_names_the_file_in_each_line():
    data = raw(NAME)
    data["setup_ends_ms"], data["left"] = "soon", []
    with pytest.raises(CaseError) as caught:
        parse(json.dumps(data).encode(), "case.json")
    assert str(caught.value).splitlines() == [
        "case.json: case.setup_ends_ms must be a number",
        "case.json: case.left must be an object",
    ]
