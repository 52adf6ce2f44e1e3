"""Ids may be anything: nothing that runs takes one apart."""

import json
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given, settings
from stories import stories

import sim
from sim.client import Client
from sim.client.membership import Membership


def renamed(usual):
    """An id that says nothing."""
    return str(uuid5(NAMESPACE_URL, usual))


MET = {}


def noted(usual):
    """An id that says nothing instead of that one, by which a reader may find it again."""
    MET[renamed(usual)] = usual
    return renamed(usual)


class OpaqueMembership(Membership):
    """A membership whose streams, signals and sockets have ids that say nothing."""

    def next_stream(self):
        return noted(super().next_stream())

    def next_signal(self):
        return noted(super().next_signal())

    def next_socket(self):
        return noted(super().next_socket())


class Opaque(Client):
    """A client whose connections, and whatever is theirs, have ids that say nothing."""

    membership_class = OpaqueMembership

    def next_connection(self):
        return noted(super().next_connection())


def usual(written):
    """That data, with the ids that everybody knows."""
    text = json.dumps(written)
    while any(opaque in text for opaque in MET):  # one may be made of another
        for opaque, known in MET.items():
            text = text.replace(opaque, known)
    return json.loads(text)


def told(story, client):
    """What a run writes and what the laws say of it, with the ids that everybody knows."""
    MET.clear()
    result = sim.run(story, client=client)
    return usual(result.records), usual(
        {
            name: (verdict.outcome, verdict.exercised, [each.sentence for each in verdict.breaches])
            for name, verdict in result.laws.items()
        }
    )


@given(stories())
@settings(max_examples=60)
def test_a_story_and_its_verdicts_are_the_same_whatever_ids_are_called(story):
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
    records, verdicts = told(story, Client)
    assert told(story, Opaque) == (records, verdicts)
    assert any(record[3] == "subscriber(alice)" for record in records)


def chat():
    return sim.Scenario(
        name="chat",
        duration="60s",
        clients={"alice": sim.Person(publish="camera"), "bob": sim.Person()},
        script=[
            sim.Step(at="5s", client="alice", do="signal", data="x"),
            sim.Step(at="6s", client="alice", do="signal", data="y"),
            sim.Step(at="8s", client="alice", do="unpublish"),
            sim.Step(at="9s", client="bob", platform="signal", data="from the server"),
            sim.Step(at="10s", client="alice", do="disconnect"),
            sim.Step(at="20s", client="alice", do="connect"),
            sim.Step(at="25s", client="alice", do="signal", data="z"),
        ],
    )


def every(names, of):
    """A membership that hands a message of those names on as ``of`` says."""

    class Spoilt(of):
        kept = None

        def message(self, message):
            if (message.method, message.resource) not in names:
                return super().message(message)
            return self.spoil(message, super().message)

    return Spoilt


def spoils(how, *names):
    """Two clients with one fault: of the usual ids, and of those that say nothing."""

    def client(of, base):
        spoilt = type("Spoilt", (every(names, of),), {"spoil": how})
        return type("Spoils", (base,), {"membership_class": spoilt})

    return client(Membership, Client), client(OpaqueMembership, Opaque)


def twice(self, message, hand_on):
    hand_on(message)
    hand_on(message)


def once_more_later(self, message, hand_on):
    """The one before comes again."""
    hand_on(message)
    if self.kept is not None:
        hand_on(self.kept)
    self.kept = message


@pytest.mark.parametrize("how", [twice, once_more_later])
@pytest.mark.parametrize(
    ("names", "law"),
    [
        ([("create", "signal")], "signals"),
        ([("created", "stream"), ("deleted", "stream")], "no-stale-events"),
        ([("created", "connection"), ("deleted", "connection")], "no-stale-events"),
    ],
)
def test_what_is_wrong_is_found_whatever_ids_are_called(how, names, law):
    usual, opaque = spoils(how, *names)
    assert told(chat(), opaque) == told(chat(), usual)
    if law == "signals":
        assert told(chat(), opaque)[1][law][0] == "broken"
