"""Ids may be anything: nothing that runs takes one apart."""

import json
from uuid import NAMESPACE_URL, uuid5

from hypothesis import given, settings
from stories import stories

import sim
from sim.client import Client


def renamed(usual):
    """An id that says nothing."""
    return str(uuid5(NAMESPACE_URL, usual))


class Opaque(Client):
    """A client whose connections have ids that say nothing."""

    met = {}

    def next_connection(self):
        usual = super().next_connection()
        self.met[renamed(usual)] = usual
        return renamed(usual)


def told(story, client):
    """What a run writes, with the ids that everybody knows."""
    written = json.dumps(sim.run(story, client=client, laws=[]).records)
    for opaque, usual in Opaque.met.items():
        written = written.replace(opaque, usual)
    return json.loads(written)


@given(stories())
@settings(max_examples=60)
def test_a_story_is_the_same_whatever_connections_are_called(story):
    Opaque.met.clear()
    assert told(story, Opaque) == told(story, Client)


def test_without_a_persons_name_in_it_an_id_still_has_its_person():
    story = sim.Scenario(
        name="opaque",
        duration="30s",
        clients={
            "alice": sim.Person(publish="camera", role="moderator"),
            "bob": sim.Person(publish="camera", arrive="2s", connection_events_suppressed=True),
        },
        script=[
            sim.Step(at="5s", client="bob", network="down", lasting="8s"),
            sim.Step(at="6s", client="alice", do="signal", data="x"),
            sim.Step(at="20s", client="alice", do="force-disconnect", target="bob"),
        ],
    )
    Opaque.met.clear()
    usual = told(story, Client)
    assert told(story, Opaque) == usual
    assert any(record[3] == "subscriber(alice)" for record in usual)
