"""Runs of which nobody wants anything but the figures: what they leave out changes nothing."""

import pickle
from collections import Counter
from unittest.mock import patch

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import stories, told

import sim
from sim.client import Client
from sim.laws import Goals
from sim.platform import Platform
from sim.protocol.events import ENDS
from sim.protocol.quirks import PROFILES
from sim.simulation import performance

BARE = {"keep": False, "laws": ()}
STORY = told(
    "1min",
    {"alice": {"role": "moderator"}, "bob": {"publish": "camera", "network": "wifi"}},
    ("10s", "alice", {"do": "force-disconnect", "target": "bob"}),
)
OPTIONS = st.fixed_dictionaries(
    {
        "profile": st.sampled_from(sorted(PROFILES)),
        "replication": st.integers(0, 1_000),
        "permute_ties": st.booleans(),
        "trace_level": st.sampled_from(("story", "wire", "all")),
    }
)


def heard(record):
    """A sink: somebody listens."""


@pytest.fixture
def again():
    """The scenarios of the runs that are made again for their digests."""
    made = []

    def noted(scenario, options):
        made.append(scenario)
        return digest_of(scenario, options)

    digest_of = performance.digest_of
    with patch.object(performance, "digest_of", noted):
        yield made


# -- the figures -----------------------------------------------------------------------------------


@given(stories(), OPTIONS)
@settings(max_examples=40)
def test_a_bare_run_yields_what_one_yields_that_somebody_hears(story, options):
    story = evolve(story, expect=())
    bare = sim.run(story, **BARE, **options)
    assert bare == sim.run(story, **BARE, **options, sinks=[heard])


@given(stories(), OPTIONS)
@settings(max_examples=40)
def test_the_figures_are_those_of_the_records(story, options):
    records = []
    result = sim.run(story, laws=(), keep=False, sinks=[records.append], **options)
    events = [record for record in records if record.kind == "event"]
    goals = Goals(result.header)
    for record in records:
        goals(record)
    assert (result.count, result.told) == (len(records), len(events))
    assert result.reasons == Counter(r.reason for r in events if r.name in ENDS and r.reason)
    assert result.goals == goals.reached


def test_the_result_tells_the_scenario_as_it_was_run():
    bare = sim.run(STORY, seed=5, profile="documented", **BARE)
    assert (bare.scenario, bare.seed, bare.profile) == (STORY, 5, "documented")
    assert (bare.records, bare.laws, bare.expectations) == ([], {}, ())
    assert bare.digest == sim.run(bare.as_run()).digest


def test_a_bare_run_makes_no_record():
    with patch("sim.trace.recorder.Record", None):  # nobody can make one
        assert sim.run(STORY, **BARE).count > 10


def test_events_are_described_for_those_who_hear_of_them():
    with patch("sim.client.events.Event.described", side_effect=LookupError):
        assert sim.run(STORY, **BARE).told > 5
        with pytest.raises(LookupError):
            sim.run(STORY, **BARE, sinks=(heard,))


LOOP = {"on": {"sessionConnected": {"do": "crash"}}, "rejoin": {"after": "0s"}}
ANSWERS = {"on": {"sessionConnected": {"do": "signal"}, "signal": {"do": "signal"}}}


@pytest.mark.parametrize(
    ("people", "options", "blamed"),
    [
        ({"a": {**LOOP, "network": {"delay": "0s"}}}, {}, "a keeps connecting"),
        (
            {"a": ANSWERS, "b": {"on": {"signal": {"do": "signal"}}}},
            {},
            "b answers its own signals",
        ),
        ({"a": {}, "b": {"publish": "camera"}}, {"max_events": 500}, "nobody in it does"),
    ],
)
def test_a_story_without_end_is_blamed_on_the_same_people(people, options, blamed):
    story = told("10min", people)
    sentences = []
    for sinks in ((), (heard,)):
        with pytest.raises(sim.StoryWithoutEnd, match=blamed) as found:
            sim.run(story, **BARE, **options, sinks=sinks)
        sentences.append(str(found.value))
    assert sentences[0] == sentences[1]


# -- the digest ------------------------------------------------------------------------------------


def test_the_digest_is_that_of_one_more_run_when_it_is_asked_for(again):
    bare = sim.run(STORY, **BARE)
    assert again == []
    assert bare.digest == bare.digest == sim.run(STORY).digest
    assert f"digest={bare.digest!r}" in repr(bare)
    assert again == [evolve(STORY, laws=())]


@pytest.mark.parametrize("at", ["0s", 59_999_999])
def test_it_is_that_of_the_story_from_its_first_instant_to_its_last(at):
    story = evolve(STORY, script=[sim.Step(at=at, client="alice", do="disconnect")])
    assert sim.run(story, **BARE).digest == sim.run(story).digest != sim.run(STORY).digest


def test_it_is_that_of_the_same_order_at_one_instant():
    story = told("5s", {"guests": {"count": 5, "network": {"delay": "10ms"}}})
    digests = [sim.run(story, permute_ties=ties, **BARE).digest for ties in (False, True)]
    assert digests == [sim.run(story, permute_ties=ties).digest for ties in (False, True)]
    assert digests[0] != digests[1]


def test_results_that_are_compared_or_copied_share_it(again):
    bare = sim.run(STORY, **BARE)
    copy = evolve(bare, trace_path=None)
    assert bare == copy
    assert bare.digest == copy.digest
    assert len(again) == 1


def test_a_bare_result_goes_to_another_process_with_its_digest(again):
    bare = sim.run(STORY, **BARE)
    sent = pickle.loads(pickle.dumps(bare))
    assert len(again) == 1
    assert (sent, sent.digest) == (bare, sim.run(STORY).digest)
    assert len(again) == 1


# -- who is not bare -------------------------------------------------------------------------------


class OwnClient(Client):
    """A client of one's own."""


class OwnPlatform(Platform):
    """A platform of one's own."""


@pytest.mark.parametrize(
    "wanted",
    [
        {"keep": True},
        {"keep": "events"},
        {"laws": None},
        {"laws": ("one-end",)},
        {"sinks": [heard]},
        {"client": OwnClient},
        {"platform": OwnPlatform},
    ],
    ids=" ".join,
)
def test_a_run_of_which_somebody_wants_more_is_not_made_again(again, wanted):
    assert sim.run(STORY, **(BARE | wanted)).digest == sim.run(STORY).digest
    assert again == []


def test_one_that_expects_something_is_not_made_again(again):
    expecting = evolve(STORY, expect=["bob sees sessionDisconnected"])
    result = sim.run(expecting, **BARE)
    assert result.digest == sim.run(STORY).digest
    assert [outcome.held for outcome in result.expectations] == [True]
    assert again == []


def test_one_that_is_written_is_not_made_again(again, tmp_path):
    result = sim.run(STORY, trace=tmp_path / "run.jsonl", **BARE)
    assert result.digest == sim.run(STORY).digest
    assert again == []


def test_apps_are_called_once_for_each_page(again):
    pages = []
    result = sim.run(STORY, apps={"bob": pages.append}, **BARE)
    assert result.digest == sim.run(STORY).digest
    assert len(pages) == 1
    assert again == []


def test_a_simulation_that_is_driven_by_hand_is_not_made_again(again):
    with sim.Simulation(STORY, **BARE) as s:
        s.advance("30s")
        s.do("alice", do="disconnect")
        s.advance("10s")
    assert s.result.digest == sim.run(s.scenario).digest
    assert again == []
