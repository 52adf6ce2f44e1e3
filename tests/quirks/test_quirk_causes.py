"""A quirk names what made it, what follows names the quirk, and broken laws point to it."""

import pytest
from test_quirk_scenarios import SHIPPED, run

import sim
from sim.protocol import quirks
from sim.trace import causes, chain

MADE_BY = {
    quirks.END_UNTOLD: {"publish", "sessionReconnecting", "down"},
    quirks.UNANSWERED_PUBLISH: {"publish", "destroy"},
    quirks.STUCK: {"disconnect", "sessionReconnecting", "reset"},
    quirks.LIVES_ON: {"connect", "down"},
    quirks.SWALLOWED: {"disconnect", "connect"},
    quirks.OPENING_STUCK: {"connect", "disconnect"},
    quirks.UNANSWERED: {"connect", "disconnect"},
    quirks.REMOVED: {"forceDisconnect"},
    quirks.STREAM_LEFT: {"publish", "destroy"},
    quirks.SPOILT: {"publish", "unpublish", "preventDefault"},
    quirks.LEFT_BEHIND: {"down"},
    quirks.HALF_BOUND: {"disconnect", "preventDefault"},
    quirks.KEPT_PUBLISHER: {"disconnect", "preventDefault"},
    quirks.BARE_SIGNAL: {"signal"},
    quirks.SILENCE_IS_CLIENT: {"down"},
    quirks.CLEAN_CLOSE_IS_CLIENT: {"close-socket"},
    quirks.FATAL_CLOSE: {"close-socket"},
    quirks.UNANNOUNCED: {"reset"},
    quirks.EARLY: {"connect", "reset"},
    quirks.SENT_EARLY: {"signal", "sessionReconnecting", "reset"},
    quirks.FORGETFUL: {"signal", "replayed"},
}
"""What must be among the causes of each quirk's record in its scenario."""
BRINGS = {
    quirks.REMOVED: "sessionDisconnected",
    quirks.LEFT_BEHIND: "destroyed",
    quirks.HALF_BOUND: "destroyed",
    quirks.BARE_SIGNAL: "signal",
    quirks.SILENCE_IS_CLIENT: "sessionDisconnected",
    quirks.CLEAN_CLOSE_IS_CLIENT: "sessionDisconnected",
    quirks.FATAL_CLOSE: "sessionDisconnected",
    quirks.UNANNOUNCED: "sessionDisconnected",
    quirks.EARLY: "sessionReconnecting",
    quirks.FORGETFUL: "signal",
}
"""What the app is told because of the quirk."""


def shown(quirk):
    """The records of a quirk's scenario, and the first in which it is at work."""
    records = run(quirk, SHIPPED).records
    return records, next(each for each in records if each.name == quirk)


@pytest.mark.parametrize("quirk", quirks.QUIRKS)
def test_a_quirks_record_names_what_made_it(quirk):
    records, at_work = shown(quirk)
    assert MADE_BY[quirk] <= {each.name for each in chain(records, at_work.seq)}


@pytest.mark.parametrize("quirk", BRINGS)
def test_what_the_app_is_told_because_of_a_quirk_names_it(quirk):
    records, at_work = shown(quirk)
    told = next(e for e in records[at_work.seq :] if e.name == BRINGS[quirk])
    assert at_work in chain(records, told.seq)


def back_too_soon():
    """Bob disconnects and connects again 20 ms later: his new session ends with the old socket."""
    with sim.Simulation(profile=SHIPPED) as world:
        world.join("alice", publish="camera")
        world.join("bob", publish="camera")
        world.advance("10s")
        world.do("bob", do="disconnect")
        world.advance("20ms")
        world.do("bob", do="connect")
        world.advance("40s")
        return world.result


def test_the_end_of_a_session_with_the_socket_of_the_last_names_the_quirk_and_both_calls():
    result = back_too_soon()
    end = next(each for each in result.records if each.name == "sessionDisconnected")
    assert end.data["own"] == "bob#2"
    names = [each.name for each in chain(result.records, end.seq)]
    assert names == ["disconnect", "connect", quirks.SWALLOWED, "sessionDisconnected"]


def test_a_law_that_breaks_by_a_quirk_points_to_its_record():
    result = back_too_soon()
    quirk = next(each for each in result.records if each.name == quirks.SWALLOWED)
    said = f"; quirk {quirk.name} was at work: #{quirk.seq}"
    assert result.laws["reason-has-cause"].breaches[0].sentence.endswith(said)


@pytest.mark.parametrize(
    ("quirk", "law"),
    [
        (quirks.UNANSWERED_PUBLISH, "completed-once"),
        (quirks.UNANSWERED, "completed-once"),
        (quirks.STREAM_LEFT, "fed-streams"),
    ],
)
def test_a_breach_points_to_the_quirk_that_has_to_do_with_what_it_names(quirk, law):
    _, at_work = shown(quirk)
    breach = run(quirk, SHIPPED).laws[law].breaches[0]
    about = {breach.record.seq, *causes(breach.record)}
    assert about.intersection(causes(at_work))
    assert breach.sentence.endswith(f"quirk {quirk} was at work: #{at_work.seq}")


def test_a_stream_that_was_left_says_where_its_publisher_ended():
    records, _ = shown(quirks.STREAM_LEFT)
    breach = run(quirks.STREAM_LEFT, SHIPPED).laws["fed-streams"].breaches[0]
    ended = next(each for each in records if each.name == "streamDestroyed")
    assert f"no Publisher any more since #{ended.seq}, " in breach.sentence
