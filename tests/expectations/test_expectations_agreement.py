"""Whether everybody who is connected knows who is here, in time."""

import pytest
from witness import Witness

SENTENCE = "eventually within 10s: everyone agrees who is here"


class Room(Witness):
    """Alice and Bob in one session, both told of everything; Carol may come."""

    def __init__(self, **options):
        super().__init__(SENTENCE, people=("alice", "bob", "carol"), **options)
        self.joins("0s", "alice")
        self.joins("1s", "bob")
        self.sees("1s", "alice", "connectionCreated", connection="bob#1")
        self.sees("1s", "bob", "connectionCreated", connection="alice#1")

    def joins(self, at, client, connection=None):
        connection = connection or f"{client}#1"
        self.platform(at, client, "joined", connection)
        self.sees(at, client, "sessionConnected", own=connection)
        self.sees(at, client, "connectionCreated", connection=connection)


def test_who_is_told_in_time_agrees():
    room = Room()
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("20s", "bob", "sessionDisconnected", reason="clientDisconnected")
    room.sees("30s", "alice", "connectionDestroyed", connection="bob#1")
    outcome = room.outcome()
    assert outcome.held
    assert outcome.why == "all views agreed in time; the slowest was alice, about bob#1: 10s"


def test_who_is_told_too_late_does_not():
    room = Room()
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("30s 1us", "alice", "connectionDestroyed", connection="bob#1")
    outcome = room.outcome()
    assert not outcome.held
    assert outcome.why == (
        "at 0:30.000 alice still believed in bob#1, after 10s in which it could have learned of it"
    )


def test_who_is_never_told_does_not():
    room = Room()
    room.joins("20s", "carol")
    room.sees("20s", "carol", "connectionCreated", connection="alice#1")
    room.sees("20s", "carol", "connectionCreated", connection="bob#1")
    room.sees("21s", "alice", "connectionCreated", connection="carol#1")
    assert room.outcome("30s").held
    outcome = room.outcome("30s 1us")
    assert not outcome.held
    assert "bob did not know of carol#1" in outcome.why


def test_a_newcomer_must_learn_of_those_who_are_there():
    room = Room()
    room.joins("20s", "carol")
    for who in ("alice", "bob"):
        room.sees("20s", who, "connectionCreated", connection="carol#1")
    outcome = room.outcome()
    assert not outcome.held
    assert "carol did not know of alice#1" in outcome.why


def test_somebody_who_is_believed_in_but_not_there_is_a_ghost():
    room = Room()
    room.sees("20s", "alice", "connectionCreated", connection="ghost#1")
    assert not room.outcome().held


CUTS = {
    "link": (
        lambda room, at: room.record(at, "alice", "network", "fault", "down", direction="both"),
        lambda room, at: room.record(at, "alice", "network", "fault", "up", direction="both"),
    ),
    "socket": (
        lambda room, at: room.sees(at, "alice", "sessionReconnecting"),
        lambda room, at: room.sees(at, "alice", "sessionReconnected"),
    ),
    "platform": (
        lambda room, at: room.platform(at, "alice", "lost", "alice#1"),
        lambda room, at: room.platform(at, "alice", "back", "alice#1"),
    ),
}


@pytest.mark.parametrize("cut", CUTS)
def test_who_is_cut_off_has_the_time_again_afterwards(cut):
    cuts, heals = CUTS[cut]
    for told, held in (("99s", True), ("101s", False)):
        room = Room()
        cuts(room, "20s")
        room.platform("30s", "bob", "left", "bob#1")
        heals(room, "90s")
        room.sees(told, "alice", "connectionDestroyed", connection="bob#1")
        room.sees("31s", "bob", "sessionDisconnected")
        assert room.outcome("5min").held is held


@pytest.mark.parametrize("cut", CUTS)
def test_being_cut_off_is_no_excuse_for_what_was_due_before(cut):
    cuts, _ = CUTS[cut]
    room = Room()
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("20s", "bob", "sessionDisconnected")
    cuts(room, "31s")
    assert not room.outcome().held


def test_two_cuts_end_when_both_have_ended():
    room = Room()
    CUTS["link"][0](room, "20s")
    CUTS["socket"][0](room, "26s")
    room.platform("30s", "bob", "left", "bob#1")
    room.sees("30s", "bob", "sessionDisconnected")
    CUTS["link"][1](room, "40s")
    assert room.outcome("5min").held
    CUTS["socket"][1](room, "60s")
    assert not room.outcome("5min").held


def test_a_reset_gives_the_time_again():
    room = Room()
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("20s", "bob", "sessionDisconnected")
    room.record("25s", "alice", "network", "fault", "reset")
    room.sees("34s", "alice", "connectionDestroyed", connection="bob#1")
    assert room.outcome().held


@pytest.mark.parametrize(
    "end",
    [
        lambda room: room.sees("25s", "alice", "sessionDisconnected"),
        lambda room: room.record("25s", "alice", "browser", "call", "closeBrowser"),
        lambda room: room.record("25s", "alice", "browser", "fault", "crash"),
    ],
)
def test_who_is_gone_need_not_know(end):
    room = Room()
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("20s", "bob", "sessionDisconnected")
    end(room)
    assert room.outcome().held


def test_who_is_not_told_of_connections_need_not_know():
    room = Room(suppressed=("alice", "carol"))
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("20s", "bob", "sessionDisconnected")
    assert room.outcome().held


def test_a_connection_whose_loss_is_noticed_is_still_here():
    room = Room()
    room.platform("20s", "bob", "lost", "bob#1")
    assert room.outcome().held


def test_the_first_disagreement_is_told():
    room = Room()
    room.platform("20s", "bob", "left", "bob#1")
    room.sees("40s", "alice", "connectionDestroyed", connection="bob#1")
    room.platform("50s", "alice", "left", "alice#1")
    assert "at 0:30.000 alice" in room.outcome().why


def test_other_events_and_states_change_nothing():
    room = Room()
    room.sees("2s", "alice", "connectionCreated", object="publisher", connection="x#1")
    room.record("2s", "alice", "platform", "state", "published", connection="alice#1", stream="s")
    room.sees("2s", "zoe", "connectionCreated", connection="x#1")
    outcome = room.outcome()
    assert outcome.held
    assert outcome.why.startswith("all views agreed in time")


def test_an_empty_room_agrees():
    assert Witness(SENTENCE).outcome().why == "all views agreed in time"


@pytest.mark.parametrize("name", ["reset", "change"])
def test_a_cut_that_comes_during_an_outage_does_not_heal_it(name):
    room = Room()
    room.record("10s", "alice", "network", "fault", "down", direction="both", mode="blackhole")
    room.record("11s", "alice", "network", "fault", name)
    room.platform("12s", "bob", "left", "bob#1")
    room.sees("12s", "bob", "sessionDisconnected", reason="clientDisconnected")
    assert room.outcome().held, "the link is still down: she cannot know"


def test_an_outage_that_was_cut_into_heals_when_it_ends():
    room = Room()
    room.record("10s", "alice", "network", "fault", "down", direction="both", mode="blackhole")
    room.record("11s", "alice", "network", "fault", "reset")
    room.platform("12s", "bob", "left", "bob#1")
    room.sees("12s", "bob", "sessionDisconnected", reason="clientDisconnected")
    room.record("20s", "alice", "network", "fault", "up", direction="both")
    assert room.outcome("30s").held
    assert not room.outcome("30s 1us").held


def test_who_comes_back_after_a_crash_must_learn_though_the_first_connection_is_lost():
    room = Room()
    room.sees("9s", "alice", "sessionReconnecting")
    room.platform("9s", "alice", "lost", "alice#1")
    room.record("10s", "alice", "browser", "fault", "crash")
    room.joins("20s", "alice", "alice#2")
    room.sees("20s", "alice", "connectionCreated", connection="bob#1")
    room.sees("20s", "alice", "connectionCreated", connection="alice#1")
    room.platform("25s", "bob", "left", "bob#1")
    assert not room.outcome().held
