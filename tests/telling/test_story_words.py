"""Records become words a person understands; what is no news stays in the trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.records import RECORDS
from sim.telling import phrases, story
from sim.telling.cast import Cast
from sim.telling.folding import fold
from sim.trace import Record


def record(kind, object, name, client="bob", time=1_000_000, cause=None, **data):
    data = {key.rstrip("_"): value for key, value in data.items()}
    return Record(time, 1, client, object, kind, name, data, cause)


SAYINGS = [
    (record("event", "session", "sessionConnected"), "sessionConnected", "is in the session"),
    (
        record("event", "session", "sessionDisconnected", reason="networkDisconnected"),
        "sessionDisconnected",
        "networkDisconnected (could not come back)",
    ),
    (
        record("event", "session", "streamDestroyed", stream="al#2.1", reason="forceDisconnected"),
        "streamDestroyed",
        "al#2's stream: forceDisconnected",
    ),
    (
        record("event", "subscriber(alice)#1", "destroyed", reason="somethingNew"),
        "subscriber destroyed",
        "of alice: somethingNew",
    ),
    (
        record("event", "publisher", "streamDestroyed", reason=None),
        "streamDestroyed",
        "own stream: no reason given",
    ),
    (
        record("fault", "network", "down", direction="both", mode="blackhole", for_=9_000_000),
        "network down",
        "nothing in or out for 9s",
    ),
    (
        record("fault", "network", "down", direction="up", mode="refused"),
        "network down",
        "connections are refused",
    ),
    (
        record("call", "session", "forceDisconnect", connection="bob#1", by="script"),
        "forceDisconnect",
        "of bob",
    ),
    (
        record("call", "session", "signal", signal="bob#1/s1", type="chat", to="alice#1"),
        "signal",
        "a signal of type chat to alice",
    ),
    (record("call", "session", "signal", signal="bob#1/s1"), "signal", "a signal to everyone"),
    (record("event", "session", "signal", from_="alice#1"), "signal", "a signal from alice"),
    (
        record("event", "session", "signal", from_="alice#1", type="chat"),
        "signal",
        "a signal of type chat from alice",
    ),
    (
        record("call", "session", "signal", signal="bob#1/s1", type="<NoneType>", to="<NoneType>"),
        "signal",
        "a signal of no valid type to nobody",
    ),
    (
        record("event", "publisher1", "streamCreated", stream="bob#2.1"),
        "streamCreated",
        "own stream begins (2nd publisher)",
    ),
    (record("event", "publisher1", "destroyed"), "publisher destroyed", "(2nd publisher)"),
    (record("event", "publisher", "destroyed"), "publisher destroyed", ""),
    (record("call", "session", "forceDisconnect", connection=None), "forceDisconnect", "of nobody"),
    (
        record("call", "session", "unsubscribe", subscriber=None),
        "unsubscribe",
        "from no Subscriber",
    ),
    (
        record("call", "session", "unsubscribe", subscriber="subscriber(mod)#1", by="script"),
        "unsubscribe",
        "from mod's stream",
    ),
    (record("call", "session", "subscribe", stream=None, by="script"), "subscribe", "to no stream"),
    (record("call", "session", "connect", by="script"), "connect", "to the session"),
    (
        record("call", "session", "connect", by="script", ignored=True),
        "connect",
        "to the session: ignored, as it is connecting or connected",
    ),
    (record("fault", "network", "change", to="bob@wifi"), "network change", "now on wifi"),
    (record("fault", "network", "change"), "network change", "a new address"),
    (
        record(
            *("event", "session", "streamPropertyChanged"),
            stream="alice#1.1",
            changedProperty="hasAudio",
            newValue=False,
        ),
        "property changed",
        "alice's stream: hasAudio is false",
    ),
    (
        record(
            *("event", "session", "streamPropertyChanged"),
            stream="alice#1.1",
            changedProperty="videoDimensions",
            newValue={"width": 640, "height": 480},
        ),
        "property changed",
        'alice\'s stream: videoDimensions is {"width": 640, "height": 480}',
    ),
    (record("decision", "platform", "close-socket", code=4001), "close-socket", "with code 4001"),
    (
        record("decision", "platform", "expire-grace"),
        "expire-grace",
        "the lost connection is given up",
    ),
    (
        record("decision", "platform", "accepted", command="forceMuteAll", target="session"),
        "platform accepts",
        "forceMuteAll of everyone",
    ),
    (
        record("callback", "session", "signal", ok=False, error="OT_X", code=400, parameter="type"),
        "signal",
        "fails: OT_X (400) for its type",
    ),
    (record("event", "session", "signal", from_=None), "signal", "a signal from the platform"),
    (
        record("callback", "session", "publish", ok=False, error="OT_PERMISSION_DENIED", code=1500),
        "publish",
        "fails: OT_PERMISSION_DENIED (1500)",
    ),
    (
        record("callback", "session", "publish", ok=False, error="OT_CANCEL", code=None),
        "publish",
        "fails: OT_CANCEL",
    ),
    (
        record("decision", "platform", "refused", command="forceUnpublish", status=403),
        "platform refuses",
        "forceUnpublish: status 403",
    ),
    (
        record("decision", "platform", "accepted", command="forceUnpublish", target="bob#1.1"),
        "platform accepts",
        "forceUnpublish of bob's stream",
    ),
    (
        record("decision", "publisher", "withdrawal", stream="bob#1.1", besides=[1]),
        "client cleans up",
        "publishing failed, so the platform is to end bob's stream",
    ),
    (
        record("callback", "session", "listenerThrew", event="signal", error="KeyError: 'to'"),
        "app throws",
        "in a listener of signal: KeyError: 'to'",
    ),
    (
        record("callback", "session", "listenerThrew", event="timeout", error="KeyError: 'to'"),
        "app throws",
        "in a timeout: KeyError: 'to'",
    ),
    (
        record("callback", "session", "listenerThrew", event="then of signal", error="E: x"),
        "app throws",
        "in then of signal: E: x",
    ),
    (record("decision", "app", "rejoin", after=3_000_000), "rejoin", "in 3s"),
    (
        record("state", "platform", "back", connection="bob#1", missed=2),
        "back",
        "is sent 2 missed messages",
    ),
    (
        record("state", "platform", "back", connection="bob#1", missed=1),
        "back",
        "is sent 1 missed message",
    ),
    (record("call", "publisher", "switch", channel="audio1", active=False), "switch", "sound off"),
    (
        record("decision", "platform", "serverRotation", connection="bob#1", migrate=True),
        "serverRotation",
        "bob is asked to move: its server is taken down",
    ),
    (
        record("decision", "network", "loss", address="bob/up/loss/3"),
        "packet loss",
        "on the way out",
    ),
]


@pytest.mark.parametrize(("told", "label", "words"), SAYINGS, ids=[s[2][:40] for s in SAYINGS])
def test_a_record_reads_in_plain_words(told, label, words):
    line = story.line(told)
    assert line is not None
    assert (line.label, line.words) == (label, words)


@pytest.mark.parametrize(
    "silent",
    [
        record("callback", "session", "publish", ok=True),
        record("call", "session", "subscribe", by="app", stream="alice#1.1"),
        record("call", "session", "unsubscribe", by="app", subscriber="subscriber(alice)"),
        record("call", "session", "connect", by="app"),
        record("event", "session", "signal:chat", from_="alice#1", type="chat"),
        record("event", "session", "connectionCreated", connection="bob#1", own="bob#1"),
        record("state", "page", "inserted", element="publisher"),
        record("state", "platform", "back", connection="bob#1", missed=0),
    ],
    ids=lambda r: r.name,
)
def test_what_is_no_news_is_left_to_the_trace(silent):
    assert story.line(silent) is None


def test_news_of_others_is_told():
    other = record("event", "session", "connectionCreated", connection="alice#1", own="bob#1")
    told = story.line(other)
    assert told is not None
    assert told.words == "alice is here"


def test_a_call_of_a_script_is_told():
    assert story.line(record("call", "session", "publish", by="script")) is not None


def test_every_sentence_says_something_even_without_a_phrase():
    silent = record("state", "page", "inserted", element="publisher", after=None)
    assert story.sentence(silent) == "page inserted (element publisher)"
    assert story.sentence(record("state", "page", "inserted")) == "page inserted"
    assert story.sentence(record("decision", "app", "stay", for_=90_000_000)) == (
        "app stay (for 1min 30s)"
    )


def test_every_kind_with_a_phrase_has_a_mark_and_a_colour():
    kinds = {kind for kind, _, _ in phrases.PHRASES}
    assert kinds <= story.MARKS.keys()
    assert kinds <= story.COLOURS.keys()


def test_every_record_of_the_table_is_told_or_marked_as_untold():
    told = {entry.key for entry in RECORDS if entry.told}
    assert told == phrases.PHRASES.keys()


values = st.none() | st.integers(-(10**12), 10**12) | st.text(max_size=20)


@given(
    st.sampled_from(sorted(phrases.PHRASES)),
    st.dictionaries(
        st.sampled_from(
            [
                "reason",
                "stream",
                "connection",
                "from",
                "to",
                "target",
                "type",
                "by",
                "own",
                "event",
                "command",
                "status",
                "after",
                "policy",
                "ok",
                "error",
                "code",
            ]
        ),
        values,
    ),
)
def test_no_data_whatever_stops_the_telling(key, data):
    kind, role, name = key
    told = Record(0, 1, "bob", role, kind, name, data, None)
    said = story.sentence(told)
    assert isinstance(said, str)
    assert "None" not in said or any("None" in str(value) for value in data.values() if value)


def numbered(*records):
    return [each._replace(seq=number) for number, each in enumerate(records, start=1)]


def test_the_broken_network_of_somebody_who_is_not_there_is_no_part_of_the_story():
    outage = record("decision", "network", "outage", address="bob/outage/start/0")
    down = record("fault", "network", "down", direction="both", cause=1)
    up = record("fault", "network", "up", direction="both", cause=2)
    arriving = record("call", "session", "connect", by="script")
    assert list(story.lines(numbered(outage, down, up))) == []
    told = story.lines(numbered(outage, down, arriving, up._replace(cause=2)))
    assert [each.label for each in told] == ["connect"]
    present = story.lines(numbered(arriving, outage, down._replace(cause=2), up._replace(cause=3)))
    assert [each.label for each in present] == ["connect", "network down", "network up"]


@pytest.mark.parametrize(
    "leaving",
    [
        record("event", "session", "sessionDisconnected", reason="clientDisconnected"),
        record("call", "browser", "closeBrowser"),
        record("fault", "browser", "crash"),
    ],
    ids=lambda r: r.name,
)
def test_who_has_left_is_not_there(leaving):
    arriving = record("call", "session", "connect", by="script")
    down = record("fault", "network", "down", direction="both", cause=1)
    told = list(story.lines(numbered(arriving, leaving, down)))
    assert [each.kind for each in told] == [arriving.kind, leaving.kind]


def test_what_the_script_breaks_is_always_told():
    (told,) = story.lines([record("fault", "network", "down", direction="both")])
    assert told.scripted


def test_one_who_has_been_there_twice_is_told_apart():
    first = record("state", "platform", "joined", connection="bob#1")
    second = first._replace(data={"connection": "bob#2"})
    seen = record("event", "session", "connectionCreated", client="alice", connection="bob#1")
    told = [*story.lines(numbered(first, seen, second, seen))]
    assert [each.words for each in told] == ["bob is here", "bob#1 is here"]


def test_what_the_platform_refuses_of_a_clean_up_is_no_command_of_anybody():
    withdrawal = record("decision", "publisher", "withdrawal", stream="bob#1.1")
    refused = record(
        "decision", "platform", "refused", cause=1, command="forceUnpublish", status=403
    )
    told = story.line(refused._replace(seq=2), Cast.of_story([withdrawal]))
    assert told.words == "to end what did not come about: status 403"


def test_a_person_is_who_the_records_say_whatever_the_connection_is_called():
    cast = Cast()
    for number, connection in enumerate(("5f2c", "77aa"), start=1):
        assert cast.person(connection) == connection
        cast.see(record("state", "platform", "joined", connection=connection))
        cast.see(record("state", "platform", "published", connection=connection, stream="s-1"))
        assert cast.person(connection) == ("bob" if number == 1 else "bob#2")
    assert cast.picture("s-1") == "bob#2's stream"
    assert cast.target("5f2c") == "bob#1"


def test_a_subscriber_shows_the_connection_whose_stream_it_has():
    cast = Cast()
    for connection in ("bob#1", "bob#2"):
        cast.see(record("state", "platform", "joined", connection=connection))
    asked = record(
        "call", "session", "subscribe", "alice", subscriber="subscriber(bob)#1", stream="bob#2.1"
    )
    cast.see(asked)
    assert cast.subject("alice", "subscriber(bob)#1") == "bob#2"
    assert cast.subject("carol", "subscriber(bob)#1") == "bob"


def test_what_was_asked_for_is_told_as_what_it_was():
    asked = record("call", "session", "unpublish", publisher="publisher", by="script")
    refused = record("decision", "platform", "refused", command="forceUnpublish", status=403)
    kick = record("call", "session", "forceUnpublish", stream="alice#1.1", by="script")
    for call, words in ((asked, "unpublish: status 403"), (kick, "forceUnpublish: status 403")):
        *_, told = story.lines(numbered(call, refused._replace(cause=1)))
        assert told.words == words


def test_one_naming_goes_through_records_that_know_of_two_connections():
    left = record("state", "platform", "left", connection="bob#1", reason="clientDisconnected")
    seen = record("event", "session", "connectionCreated", client="alice", connection="bob#2")
    cast = Cast.of_excerpt([left, seen])
    assert story.sentence(left, cast).startswith("platform left (connection bob#1")
    assert story.sentence(seen, cast) == "connectionCreated: bob#2 is here"
    assert Cast.of_excerpt([left]).person("bob#1") == "bob"


def test_a_call_that_fails_says_whom_it_was_about():
    cast = Cast()
    told = []
    calls = (
        record("call", "session", "subscribe", "bob", stream="alice#1.1", by="app"),
        record("call", "session", "forceDisconnect", "bob", connection="alice#1", by="app"),
        record("call", "session", "signal", "bob", signal="bob#1/s1"),
    )
    for number, call in enumerate(calls, start=1):
        cast.see(call._replace(seq=number))
        failed = record("callback", "session", call.name, ok=False, error="OT_X", call=number)
        told.append(story.line(failed, cast).words)
    assert told == ["to alice's stream fails: OT_X", "of alice fails: OT_X", "fails: OT_X"]


JOINED = record("state", "platform", "joined", connection="bob#1", role="publisher")
LOST = record("state", "platform", "lost", connection="bob#1")
LEFT = record("state", "platform", "left", connection="bob#1", reason="clientDisconnected")
BACK = record("state", "platform", "back", connection="bob#1", missed=0)
CLOSING = record("decision", "platform", "close-socket", by="script", code=4001)
EXPIRY = record("decision", "platform", "expire-grace", by="script")
SIGNAL = record("decision", "platform", "signal", signal="server/s1", type=None, data=None)


@pytest.mark.parametrize(
    ("before", "step", "words"),
    [
        ([], CLOSING, "with code 4001, but bob is not in the session"),
        ([JOINED], CLOSING, "with code 4001"),
        ([JOINED, LOST], CLOSING, "with code 4001, but bob has no socket now"),
        ([JOINED, LOST, BACK], CLOSING, "with code 4001"),
        ([JOINED, LEFT], CLOSING, "with code 4001, but bob is not in the session"),
        ([], EXPIRY, "nothing to give up: bob is not in the session"),
        ([JOINED], EXPIRY, "the connection is given up"),
        ([JOINED, LOST], EXPIRY, "the lost connection is given up"),
        (
            [JOINED, LEFT],
            SIGNAL,
            "the app's own server sends a signal, but bob is not in the session",
        ),
        ([JOINED], SIGNAL, "the app's own server sends a signal"),
    ],
)
def test_what_the_platform_does_to_somebody_says_whether_anybody_is_there(before, step, words):
    story_so_far = numbered(*before, step)
    assert [*story.lines(story_so_far)][-1].words == words
    later = numbered(*before, step, JOINED, LOST, LEFT)
    assert story.line(later[len(before)], Cast.of_story(later)).words == words


def test_arrivals_together_are_one_line_and_what_the_script_says_is_another():
    connect = record("call", "session", "connect", by="script")
    told = [*story.lines(numbered(connect, connect._replace(client="carol"), connect))]
    assert [each.scripted for each in told] == [False, False, True]
    assert [each.who for each in fold(told)] == [("bob", "carol"), ("bob",)]
