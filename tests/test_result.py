"""What a run yields: for programs, for people, for notebooks."""

import json
import re
import sys
from base64 import b64decode
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from attrs import evolve

import sim
from sim.protocol.quirks import Profile
from sim.protocol.units import SECOND
from sim.scenario import scenario_hash
from sim.trace import Token

STORY = sim.Scenario(
    name="kick",
    duration="1min",
    seed=4,
    clients={"alice": sim.Person(role="moderator"), "bob": sim.Person(publish="camera")},
    script=[sim.Step(at="10s", client="alice", do="force-disconnect", target="bob")],
    expect=["bob sees sessionDisconnected(forceDisconnected)", "alice sees sessionDisconnected"],
)


@pytest.fixture(scope="module")
def result():
    return sim.run(STORY)


# -- clients ---------------------------------------------------------------------------------------


def test_a_client_s_events_are_time_object_name_and_reason(result):
    events = result.clients["bob"].events
    (ended,) = [event for event in events if event[2] == "sessionDisconnected"]
    time, *rest = ended
    assert rest == ["session", "sessionDisconnected", "forceDisconnected"]
    assert 10 * SECOND < time < 11 * SECOND
    assert [event[0] for event in events] == sorted(event[0] for event in events)


@pytest.mark.parametrize(
    ("client", "event", "saw"),
    [
        ("bob", ("sessionDisconnected",), True),
        ("bob", ("sessionDisconnected", "forceDisconnected"), True),
        ("bob", ("sessionDisconnected", "networkDisconnected"), False),
        ("alice", ("sessionDisconnected",), False),
        ("alice", ("connectionDestroyed", "forceDisconnected"), True),
        ("alice", ("sessionConnected",), True),
        ("bob", ("sessionDisconnected(forceDisconnected)",), True),
        ("bob", ("sessionDisconnected(networkDisconnected)",), False),
        ("bob", ("streamDestroyed", "forceDisconnected"), True),
        ("bob", ("publisher.streamDestroyed", "forceDisconnected"), True),
        ("bob", ("subscriber.destroyed",), False),
        ("alice", ("publisher.streamDestroyed",), False),
        ("alice", ("subscriber.destroyed(forceDisconnected)",), True),
        ("alice", ("connected",), True),
        ("alice", ("signal:chat",), False),
    ],
)
def test_what_a_client_has_seen_can_be_asked(result, client, event, saw):
    assert result.clients[client].sees(*event) is saw


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("sessionDisconected",), "not an event: did you mean 'sessionDisconnected'?"),
        (("sessionDisconnected", "networkDisconected"), "did you mean 'networkDisconnected'?"),
        (("sessionDisconnected(networkDisconected)",), "did you mean 'networkDisconnected'?"),
        (("subscriber.conected",), "did you mean 'subscriber.connected'?"),
        (("publisher.connected",), "'publisher.connected' is not an event"),
        (("sessionReconnected", "networkDisconnected"), "sessionReconnected has no reason"),
        (("signal:chat(hello)",), "signal:chat has no reason: leave 'hello' out"),
        (("sessionDisconnected(reset)", "reset"), "says its reason: leave 'reset' out"),
        (("bob sees sessionConnected",), "is not an event"),
        (("sessionConnected of bob",), "is not an event"),
        (("archiveStarted",), "'archiveStarted' is not an event"),
        (("",), "'' is not an event"),
        ((None,), "an event is text such as 'sessionConnected', not None"),
        (("sessionDisconnected", 7), "7 is not a reason of sessionDisconnected"),
    ],
)
def test_an_event_that_no_app_is_ever_told_is_refused(result, asked, sentence):
    with sim.Simulation(STORY) as s, pytest.raises(ValueError) as of_view:
        s.client("bob").sees(*asked)
    with pytest.raises(ValueError) as caught:
        result.clients["bob"].sees(*asked)
    assert sentence in str(caught.value)
    assert str(of_view.value) == str(caught.value)


def test_a_client_prints_the_latest_of_what_it_was_told(result):
    assert len(result.clients["bob"].events) == 7
    assert repr(result.clients["bob"]) == (
        "<bob was told 7 events, the latest: 0:10.004 streamDestroyed(forceDisconnected), "
        "0:10.004 destroyed, 0:10.005 sessionDisconnected(forceDisconnected); left: nothing>"
    )
    assert repr(sim.ClientResult("eve", (), {"elements": 2, "publishers": 0})) == (
        "<eve was told nothing; left: 2 elements>"
    )


def test_a_client_that_there_is_not_is_refused_with_the_nearest(result):
    with pytest.raises(KeyError, match="'bobb' is not somebody here: did you mean 'bob'"):
        result.clients["bobb"]
    assert result.clients.get("bobb") is None
    assert "bobb" not in result.clients


def test_what_is_left_is_counted(result):
    assert result.clients["bob"].left == {"elements": 0, "subscribers": 0, "publishers": 0}


# -- records ---------------------------------------------------------------------------------------


def test_events_are_the_records_of_what_apps_were_told(result):
    assert {record.kind for record in result.events} == {"event"}
    assert len(result.events) == sum(len(client.events) for client in result.clients.values())
    assert 0 < len(result.events) < len(result.records) == result.count


def test_a_run_says_what_broke(result):
    assert (result.held, result.exit_code) == (False, 1)
    assert [outcome.held for outcome in result.expectations] == [True, False]
    assert result.broken == [result.expectations[1]]


def test_what_broke_is_said_as_the_command_line_says_it(result):
    sentence = (
        "alice sees sessionDisconnected: alice saw no sessionDisconnected, "
        "but bob did at 0:10.005, #40"
    )
    assert result.why == sentence
    assert repr(result.broken) == f"[<expectation broken: {sentence}>]"
    assert repr(result.expectations[0]).startswith("<expectation held: bob sees ")


FATAL = {
    "name": "fatal",
    "duration": "1min",
    "clients": {"bob": sim.Person()},
    "script": [sim.Step(at="20s", client="bob", platform="close-socket", code=1011)],
    "profile": "opentok.js-2.35.2",
}


def test_a_law_that_broke_comes_before_expectations_that_did():
    failed = sim.run(sim.Scenario(**FATAL, expect=["bob never sees sessionDisconnected"]))
    law, outcome = failed.broken
    assert law is failed.laws["reconnect-first"]
    assert outcome is failed.expectations[0]
    first, second = failed.why.splitlines()
    assert first.startswith("law reconnect-first broke at 0:20.0")
    assert first == str(law) == repr(law)[1:-1]
    assert second == str(outcome)
    assert repr(failed.laws["one-end"]) == "<law one-end held>"
    assert repr(failed.laws["kicked-stays-out"]) == "<law kicked-stays-out was not exercised>"


def test_a_law_that_was_to_break_is_nothing_that_broke():
    held = sim.run(sim.Scenario(**FATAL, expect=["law reconnect-first breaks"]))
    assert (held.held, held.broken, held.why) == (True, [], "")
    assert held.laws["reconnect-first"].broken == 1


def test_the_words_of_the_readme_show_in_a_failure_of_pytest(result):
    with pytest.raises(AssertionError, match=r"alice saw no sessionDisconnected, but bob did"):
        assert result.held, result.why


# -- token -----------------------------------------------------------------------------------------


def test_the_token_names_the_run(result):
    token = Token.parse(result.token)
    assert token.names(scenario_hash(STORY))
    assert (token.seed, token.replication, token.version) == (4, 0, sim.__version__)
    assert token.options == ()


def test_the_token_of_a_permuted_run_says_so():
    other = sim.run(STORY, seed=9, replication=2, permute_ties=True)
    token = Token.parse(other.token)
    assert (token.seed, token.replication, token.options) == (9, 2, ("permute-ties",))


# -- forms -----------------------------------------------------------------------------------------


def test_plain_data_is_json(result):
    data = result.to_data()
    assert json.loads(json.dumps(data)) == data
    assert (data["seed"], data["digest"], data["exit_code"]) == (4, result.digest, 1)
    assert data["laws"]["kicked-stays-out"] == "held"
    assert [clause["held"] for clause in data["expect"]] == [True, False]
    assert data["clients"]["bob"]["left"]["elements"] == 0
    assert data["clients"]["bob"]["events"][0][1:] == ["session", "sessionConnected", None]


def test_a_dataframe_has_a_row_for_every_record(result):
    pandas = pytest.importorskip("pandas")
    frame = result.to_dataframe()
    assert list(frame.columns) == [
        "time_us", "time_s", "seq", "client", "object", "kind", "name", "reason", "cause", "data"
    ]  # fmt: skip
    assert frame["seq"].tolist() == list(range(1, result.count + 1))
    assert frame["cause"].dtype == pandas.Int64Dtype()
    assert [None if pandas.isna(c) else c for c in frame["cause"]] == [
        record.cause for record in result.records
    ]
    ended = frame[(frame.client == "bob") & (frame.name == "sessionDisconnected")].iloc[0]
    assert (ended.reason, ended.time_us) == ("forceDisconnected", round(ended.time_s * 1e6))


def test_events_that_are_kept_without_records_are_a_frame():
    """They are the rows of a whole run's that are events, but for what was not kept of them."""
    pytest.importorskip("pandas")
    scenario = sim.load("scenarios/tunnel.yaml")
    whole, told = (sim.run(scenario, keep=keep).to_dataframe() for keep in (True, "events"))
    known = ["time_us", "time_s", "client", "object", "kind", "name", "reason"]
    events = whole[whole.kind == "event"].set_index("client", drop=False)
    assert len(told) == len(events) > 0
    for client, theirs in told.groupby("client"):
        assert theirs[known].values.tolist() == events.loc[[client], known].values.tolist()
    assert list(told.columns) == list(whole.columns)
    assert told.time_us.is_monotonic_increasing
    assert told[["seq", "cause"]].isna().all(axis=None)
    assert (told.dtypes.drop("seq") == whole.dtypes.drop("seq")).all()
    assert sim.run(scenario, keep=False).to_dataframe().empty


def test_a_run_that_kept_nothing_has_a_dataframe_without_rows():
    pytest.importorskip("pandas")
    frame = sim.run(STORY, keep=False).to_dataframe()
    assert (len(frame), frame["cause"].dtype.name) == (0, "Int64")


def test_without_pandas_the_remedy_is_said(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match="needs pandas: pip install"):
        result.to_dataframe()


class Balanced(HTMLParser):
    """Checks that every element is closed, and gathers the text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_notebooks_show_what_the_apps_were_told_and_the_laws(result):
    text = Balanced(result._repr_html_()).text
    assert any("kick, seed 4" in part for part in text)
    assert {"sessionDisconnected", "forceDisconnected", "kicked-stays-out", "held"} <= set(text)


def test_notebooks_show_a_long_story_in_part():
    crowd = sim.Scenario(name="crowd", duration="1min", clients={"g": sim.Person(count=30)})
    result = sim.run(crowd)
    assert len(result.events) > 500
    assert Balanced(result._repr_html_()).text.count("connectionCreated") <= 500


def test_notebooks_show_a_small_timeline(result):
    (coded,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', result._repr_html_())
    picture = ElementTree.fromstring(b64decode(coded))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    said = "".join(picture.itertext())
    assert "kick" in said
    assert "bob" in said


def test_notebooks_show_no_timeline_of_records_that_were_not_kept():
    assert "<img" not in sim.run(STORY, keep=False)._repr_html_()


def test_a_result_prints_in_one_line(result):
    assert result.digest in repr(result)
    assert len(repr(result)) < 300


# -- check -----------------------------------------------------------------------------------------


def test_a_check_of_a_sound_run_says_nothing(result):
    result.check()


def test_a_check_says_how_to_see_the_run_again_that_was_made_otherwise_than_the_file_says():
    story = evolve(sim.load("scenarios/fatal-close.yaml"), expect=())
    quiet = evolve(story, profile=Profile("documented", frozenset()))
    result = sim.run(quiet, seed=11, profile=story.profile)
    with pytest.raises(sim.LawBroken) as raised:
        result.check()
    line, text = raised.value.replay.split("\n", 1)
    assert line == "# save this as broken.yaml, then: python -m sim run broken.yaml"
    again = sim.run(sim.loads(text))
    assert (again.seed, again.digest) == (11, result.digest)
