"""Messages in the trace, for those who want to see more than the story."""

from collections import Counter

import pytest
from stories import told

import sim
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec
from sim.protocol.units import SECOND
from sim.trace import read

LOSSY = LinkSpec(DirectionSpec(Bernoulli(0.1)), DirectionSpec(Bernoulli(0.1)))
STORY = told(
    "1min",
    {"alice": {"role": "moderator"}, "bob": {"publish": "camera", "network": LOSSY}},
    ("10s", "bob", {"do": "signal", "type": "chat"}),
    ("20s", "bob", {"network": "down", "lasting": "9s"}),
    ("40s", "alice", {"do": "force-disconnect", "target": "bob"}),
)


def written(tmp_path, level, story=STORY):
    path = tmp_path / f"{level}.jsonl"
    sim.run(story, trace=path, trace_level=level)
    return list(read(path).levelled())


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return written(tmp_path_factory.mktemp("trace"), "all")


def messages(records, name):
    return [r for r, _ in records if (r.kind, r.name) == ("message", name)]


def test_the_story_has_no_messages(tmp_path):
    assert {level for _, level in written(tmp_path, "story")} == {0}


def test_wires_show_messages_without_heartbeats(tmp_path):
    frames = {r.data["frame"][0] for r in messages(written(tmp_path, "wire"), "sent")}
    assert frames == {"message", "status", "disconnect"}


def test_all_shows_heartbeats_too(everything):
    kinds = Counter(r.data["frame"][0] for r in messages(everything, "delivered"))
    assert kinds["ping"] > 20
    assert kinds["pong"] > 20


def test_what_is_delivered_was_sent_before_by_the_other_end_in_the_same_order(everything):
    sent, delivered = {}, {}
    for name, kept in (("sent", sent), ("delivered", delivered)):
        for record in messages(everything, name):
            sender = (
                record.data["end"] == "platform"
                if name == "sent"
                else record.data["end"] != "platform"
            )
            key = record.data["socket"], sender
            kept.setdefault(key, []).append(record.data["frame"])
    assert delivered
    for lane, frames in delivered.items():
        assert frames == sent[lane][: len(frames)]


def test_lost_packets_name_their_fault_or_their_draw(everything):
    losses = messages(everything, "lost")
    blames = [r.data["blame"] for r in losses]
    assert any(isinstance(blame, str) and blame.startswith("bob/") for blame in blames)
    by_fault = [r for r in losses if isinstance(r.data["blame"], int)]
    assert by_fault
    for record in by_fault:
        assert record.cause == record.data["blame"]
        assert 20 * SECOND <= record.time < 29 * SECOND


def test_a_message_names_what_made_it_be_sent(everything):
    numbered = {r.seq: r for r, _ in everything if r.seq}
    (signal,) = [
        r for r in messages(everything, "sent")
        if r.data["end"] == "bob" and r.data["frame"][2:4] == ["create", "signal"]
    ]  # fmt: skip
    assert numbered[signal.cause].name == "signal"


def test_states_of_sockets_and_objects_are_shown_with_the_wires(everything):
    states = {(r.object, r.name) for r, level in everything if r.kind == "state" and level}
    assert {("socket", "reconnecting"), ("publisher", "Publishing")} <= states
