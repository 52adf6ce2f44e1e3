"""Whatever a file holds, the answer is differences or sentences about the file."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import NAMES, raw

from sim.conform import CaseError, compare, parse, reenact

SMALL = [name for name in NAMES if len(json.dumps(raw(name))) < 12_000]

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10_000),
    st.floats(),
    st.sampled_from(
        ["", "alice", "bob", "publish", "kill+refuse", "blackhole", "connect", "destroy", "204",
         "server closes with 1011", "disconnect()", "setTimeout(() => connect(), 5)", "x" * 300]
    ),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just({"repeat": "a", "times": 10}),
    st.just({"json": [1]}),
)  # fmt: skip
ARGS = st.dictionaries(
    st.sampled_from(
        ["value", "connection_of", "stream_of", "subscriber", "publisher", "platform_answers",
         "type", "data", "to", "retry_after_reconnect", "or_if_nobody_is_known"]
    ),
    ODD | st.just({"id": "nobody"}) | st.just({"id": [1]}) | st.just("alice"),
    max_size=3,
)  # fmt: skip
CALLS = st.sampled_from(
    ["connect", "disconnect", "publish", "unpublish", "unpublish()", "publisher.destroy()",
     "subscribe", "subscribe subscriber(bob)", "unsubscribe", "signal", "signal server=403",
     "forceDisconnect", "forceUnpublish server=404", "forceMuteStream", "forceMuteAll()",
     "disableForceMute", "publishVideo(false)", "publishAudio", "close page", "crash",
     "initPublisher", 'OT.initSession(key, "").connect']
)  # fmt: skip
STEPS = st.fixed_dictionaries(
    {"t_ms": st.floats(0, 9_000), "client": st.integers(0, 5)},
    optional={
        "do": CALLS,
        "args": ARGS,
        "target": st.sampled_from(["alice", "bob", "nobody"]),
        "network": st.sampled_from(["kill+refuse", "kill+accept", "blackhole", "restored"]),
        "platform": st.sampled_from(
            ["grace expired", "server closes with 1011", "mediaIdle", "serverRotation",
             "serverRotation notification", "forceDisconnect", "server signal", "media cut", "---"]
        ),
        "by": st.sampled_from(["auto-subscribe", "listener"]),
    },
)  # fmt: skip


def judged(data):
    """Differences, or the sentences about the file."""
    try:
        case = parse(json.dumps(data).encode(), "case.json")
        return compare(case, reenact(case))
    except CaseError as error:
        return error.problems


def places(data, found=()):
    """Every place in the JSON, as the keys that lead there."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        yield (*found, key)
        if isinstance(value, dict | list):
            yield from places(value, (*found, key))


@settings(max_examples=150)
@given(st.data())
def test_a_case_in_which_anything_is_changed_is_refused_or_differs(data):
    changed = copy.deepcopy(raw(data.draw(st.sampled_from(SMALL))))
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(list(places(changed))))
        parent = changed
        for key in way:
            parent = parent[key]
        if data.draw(st.booleans()):
            parent[last] = copy.deepcopy(data.draw(ODD))
        else:
            del parent[last]
    assert all(judged(changed))


@settings(max_examples=100)
@given(st.sampled_from(SMALL), st.lists(STEPS, min_size=1, max_size=6))
def test_a_case_in_which_anything_is_done_besides_is_refused_or_differs(name, steps):
    changed = raw(name)
    people = list(changed["clients"])
    for step in steps:
        changed["script"].append(step | {"client": people[step["client"] % len(people)]})
    assert all(judged(changed))


@given(st.binary(max_size=200) | st.text(max_size=50).map(str.encode))
def test_what_is_no_case_is_refused_with_sentences(data):
    with pytest.raises(CaseError) as caught:
        parse(data, "case.json")
    lines = [f"case.json: {problem}" for problem in caught.value.problems]
    assert str(caught.value) == "\n".join(lines)
    assert lines
