"""Bands of a timeline: what they say is what the records say."""

from hypothesis import given
from report_stories import FEW, STORIES, lane, lasting, of_story, state_at, track

import sim
from sim.protocol.units import SECOND
from sim.report.model.building import timeline
from sim.report.model.timeline import (
    CONNECTION,
    LINK,
    MEDIA,
    PUBLISHER,
    SESSION,
    STATES,
    SUBSCRIBER,
)

SAID = {"disconnected": "ended"}
"""What an event says of the Session's state → how its band is called, if otherwise."""


@FEW
@given(STORIES)
def test_bands_of_a_track_are_in_order_and_do_not_overlap(story):
    shown = timeline(story)
    for each in (each for person in shown.lanes for each in person.tracks):
        assert {band.state for band in each.bands} <= set(STATES[each.kind])
        at = 0
        for band in each.bands:
            assert at <= band.began <= band.ended <= shown.ended
            at = band.ended


@FEW
@given(STORIES)
def test_a_band_begins_and_ends_with_its_records(story):
    shown = timeline(story)
    for number, person in enumerate(shown.lanes):
        for band in (band for each in person.tracks for band in each.bands):
            assert shown.records[band.row].time == band.began
            assert shown.lane_of[band.row] == number
            if band.until is not None:
                assert shown.records[band.until].time == band.ended
                assert shown.lane_of[band.until] == number


@FEW
@given(STORIES)
def test_bands_say_what_every_event_says_of_the_session_and_of_the_page(story):
    shown = timeline(sim.run(story))
    closed = set()
    for row, record in enumerate(shown.records):
        if record.name in ("closeBrowser", "crash"):
            closed.add(record.client)
        elif record.kind == "state" and record.name in ("connecting", "inserted"):
            closed.discard(record.client)
        if record.kind == "event" and record.client not in closed:
            said, person = record.data, lane(shown, record.client)
            state = state_at(track(person, SESSION), row)
            assert state in (SAID.get(said["state"], said["state"]), "reconnecting")
            for kind in (PUBLISHER, SUBSCRIBER):
                states = [state_at(each, row) for each in person.tracks if each.kind == kind]
                assert sum(map(bool, states)) == said["page"][f"{kind}s"]


@FEW
@given(STORIES)
def test_a_story_and_its_wire_have_the_same_bands_but_for_what_only_the_wire_knows(story):
    for told, wired in zip(timeline(sim.run(story)).lanes, timeline(story).lanes, strict=True):
        assert known(told) == known(wired)


def known(of):
    """Sessions, connections, media and faults of links; of what a page shows, that it is there."""
    return {(each.kind, each.label): bands for each in of.tracks if (bands := alike(each))}


def alike(each):
    if each.kind in (PUBLISHER, SUBSCRIBER):
        return lasting(each.bands, lambda state: "there")
    return lasting(each.bands, lambda state: "up" if state == "lossy" else state)


# -- sessions ------------------------------------------------------------------------------------


def test_who_loses_touch_is_reconnecting_until_the_app_is_told_otherwise():
    shown = of_story("""
        {name: out, duration: 2min, clients: {bob: {}, eve: {}}, script: [
          {at: 20s, client: bob, network: down, for: 15s},
          {at: 20s, client: eve, network: down, for: 90s}]}""")
    bob = track(lane(shown, "bob"), SESSION).bands
    assert [b.state for b in bob] == ["connecting", "connected", "reconnecting", "connected"]
    assert [shown.records[b.row].name for b in bob[2:]] == [
        "sessionReconnecting",
        "sessionReconnected",
    ]
    eve = track(lane(shown, "eve"), SESSION).bands
    assert [b.state for b in eve] == ["connecting", "connected", "reconnecting", "ended"]
    assert (eve[-1].ended, eve[-1].until) == (shown.ended, None)


def test_a_page_that_crashes_is_gone_until_the_next_one_connects():
    shown = timeline("scenarios/browser-crash-and-rejoin.yaml")
    bob = lane(shown, "bob")
    *_, connected, connecting, again = lasting(track(bob, SESSION).bands)
    assert (connected[1], connecting[0]) == (20 * SECOND, 30 * SECOND)
    assert again == (connecting[1], shown.ended, "connected")
    assert lasting(track(bob, PUBLISHER, "publisher").bands)[-1][1] == 20 * SECOND
    assert lasting(track(bob, PUBLISHER, "publisher1").bands)[-1][2] == "publishing"


def test_the_platform_has_a_track_for_each_connection():
    shown = timeline("scenarios/browser-crash-and-rejoin.yaml")
    tracks = {each.label: each for each in shown.lanes[-1].tracks}
    assert list(tracks) == ["alice#1", "bob#1", "bob#2"]
    assert [b.state for b in tracks["bob#1"].bands] == ["joined", "lost"]
    assert [b.state for b in tracks["bob#2"].bands] == ["joined"]
    assert {each.kind for each in tracks.values()} == {CONNECTION}


def test_a_connection_that_has_left_is_not_there():
    shown = timeline("scenarios/kick.yaml")
    (band,) = track(shown.lanes[-1], CONNECTION, "bob#1").bands
    assert shown.records[band.until].name == "left"
    assert band.ended < 21 * SECOND


def test_a_subscriber_is_frozen_while_no_media_come():
    world = sim.Simulation("scenarios/clean-goodbye.yaml")
    alice = world.world.participants["alice"].driver
    world.advance("10s")
    world.world.faults.cut_media(alice, True)
    world.advance("10s")
    world.world.faults.cut_media(alice, False)
    world.advance("20s")
    shown = timeline(world.close())
    states = [b[2] for b in lasting(track(lane(shown, "carol"), SUBSCRIBER).bands)]
    assert states == ["starting", "showing", "frozen", "showing"]
    assert lasting(track(lane(shown, "alice"), MEDIA).bands) == [(10 * SECOND, 20 * SECOND, "cut")]


def test_members_of_groups_have_lanes_in_their_order():
    shown = of_story("{name: many, duration: 1min, clients: {guests: {count: 11}, bob: {}}}")
    names = [f"guests-{number}" for number in range(1, 12)]
    assert [each.name for each in shown.lanes] == [*names, "bob", "platform"]
    assert [each.role for each in shown.lanes] == ["publisher"] * 12 + [""]


# -- links ---------------------------------------------------------------------------------------


def links(text):
    shown = of_story(text)
    return lasting(track(lane(shown, "bob"), LINK).bands)


def test_a_link_says_which_way_is_closed():
    strip = links("""
        {name: ways, duration: 1min, clients: {bob: {}}, script: [
          {at: 10s, client: bob, network: down, direction: up, for: 10s},
          {at: 15s, client: bob, network: down, direction: down, for: 10s},
          {at: 40s, client: bob, network: down, mode: refused},
          {at: 50s, client: bob, network: up}]}""")
    assert strip == [
        (0, 10 * SECOND, "up"),
        (10 * SECOND, 15 * SECOND, "no way out"),
        (15 * SECOND, 20 * SECOND, "out"),
        (20 * SECOND, 25 * SECOND, "no way in"),
        (25 * SECOND, 40 * SECOND, "up"),
        (40 * SECOND, 50 * SECOND, "refused"),
        (50 * SECOND, 60 * SECOND, "up"),
    ]


def test_losses_by_chance_are_bursts_on_a_link_that_is_up():
    shown = of_story(
        "{name: weak, duration: 10min, clients: {bob: {network: cellular, publish: camera}}}"
    )
    bands = track(lane(shown, "bob"), LINK).bands
    lost = [r.time for r in shown.records if r.name == "lost" and isinstance(r.data["blame"], str)]
    lossy = [band for band in bands if band.state == "lossy"]
    assert lossy
    assert all(any(b.began <= time <= b.ended for b in lossy) for time in lost)
    assert all({b.began, b.ended} <= set(lost) for b in lossy)
