"""What is observed of stories of which every number is known."""

import pytest
from attrs import evolve
from research_scenarios import SECOND, watched

import sim
from sim.platform import Platform
from sim.platform.settings import PlatformSettings
from sim.protocol.quirks import PROFILES
from sim.research.metrics import Ratio, catalogue
from sim.research.observing import Outage, observe
from sim.research.observing.detections import Detections
from sim.trace import Record


def story(script="", duration="3min", **people):
    extra = "\n".join(f"  {name}: {rest}" for name, rest in people.items())
    return sim.loads(f"""
name: by-hand
duration: {duration}
clients:
  alice: {{role: moderator, publish: camera}}
  bob: {{publish: camera}}
{extra}
script:
  - {{at: 1s, client: alice, do: signal, type: first}}
{script}
""")


def of(seen, person):
    return [each for each in seen.sessions if each.person == person]


def test_a_session_that_survives_an_outage():
    result, seen = watched(story("  - {at: 20s, client: bob, network: down, for: 9s}"))
    (bob,), (outage,) = of(seen, "bob"), seen.outages
    told = {name: time for time, _, name, _ in result.clients["bob"].events}
    assert (outage.began_us, outage.ended_us) == (20 * SECOND, 29 * SECOND)
    assert outage.survived
    assert outage.noticed_us == told["sessionReconnecting"]
    assert outage.recovered_us == told["sessionReconnected"]
    assert (bob.reconnections, bob.censored, bob.network) == (1, True, "fibre")
    assert bob.reconnecting_us == outage.recovered_us - outage.noticed_us


def test_an_outage_that_nobody_notices():
    _, seen = watched(story("  - {at: 20s, client: bob, network: down, for: 10ms}"))
    (outage,) = seen.outages
    assert outage.survived
    assert (outage.noticed_us, outage.recovered_us) == (None, None)


def test_an_outage_that_meets_no_session_is_noticed_by_none():
    late = story(
        "  - {at: 10.5s, client: mia, network: down, for: 8s}",
        mia="{arrive: 10s, network: {delay: 100ms}}",
    )
    result, seen = watched(late, profile="opentok.js-2.35.2")
    assert result.clients["mia"].sees("sessionReconnecting")  # while it connects: a quirk
    (outage,) = seen.outages
    assert (outage.noticed_us, outage.recovered_us, outage.survived) == (None, None, None)
    assert catalogue()["time-to-recover"].of(seen).each == ()


def test_an_outage_of_which_the_run_ends_too_soon_to_tell():
    _, seen = watched(story("  - {at: 20s, client: bob, network: down, for: 1s}", "22s"))
    assert [each.survived for each in seen.outages] == [None]


def test_a_session_whose_app_is_reconnecting_when_the_run_ends():
    _, seen = watched(story("  - {at: 20s, client: bob, network: down}", "30s"))
    (bob,), (outage,) = of(seen, "bob"), seen.outages
    assert (bob.censored, outage.survived, outage.ended_us) == (True, None, None)
    assert bob.reconnecting_us == 30 * SECOND - outage.noticed_us > 0


def test_an_outage_that_ends_a_session():
    result, seen = watched(story("  - {at: 20s, client: bob, network: down, for: 100s}"))
    (bob,), (outage,) = of(seen, "bob"), seen.outages
    told = {name: time for time, _, name, _ in result.clients["bob"].events}
    assert outage.survived is False
    assert outage.session_ended_us == bob.ended_us == told["sessionDisconnected"]
    assert (bob.end_told, bob.end_others) == ("networkDisconnected", "networkDisconnected")
    others = {name: time for time, _, name, _ in result.clients["alice"].events}
    assert bob.ghost_us == others["connectionDestroyed"] - bob.ended_us > 0
    (found,) = seen.detections
    assert (found.person, found.faulty) == ("bob", True)
    assert found.after_us == found.lost_us - 20 * SECOND > 0


SLOW = "{network: {delay: 200ms}}"


def of_mia(*outages, duration="3min"):
    script = (
        f"  - {{at: {at}, client: mia, network: down, for: {lasts}}}" for at, lasts in outages
    )
    result, seen = watched(story("\n".join(script), duration, mia=SLOW))
    return {record.time: record.name for record in result.records if record.client == "mia"}, seen


def seconds(durations):
    return [(each.seconds, each.ended) for each in durations.each]


def test_an_answer_that_was_on_its_way_before_an_outage_is_no_recovery_from_it():
    told, seen = of_mia(("20s", "8s"), ("29.6s", "60s"))
    first, second = seen.outages
    assert told[29_700_000] == "sessionReconnected"
    assert (first.survived, first.recovered_us) == (True, 29_700_000)
    assert (second.survived, second.noticed_us, second.recovered_us) == (False, 35_600_000, None)
    assert seconds(catalogue()["time-to-recover"].of(seen)) == [(1.7, True)]


def row(lasts):
    script = "\n".join(
        [
            "  - {at: 20s, client: bob, network: down, for: 3.5s}",
            f"  - {{at: 23.8s, client: bob, network: down, for: {lasts}}}",
        ]
    )
    return watched(
        sim.loads(f"""
name: two
duration: 2min
clients: {{alice: {{}}, bob: {{}}}}
script:
{script}
""")
    )[1]


def test_an_app_that_notices_two_outages_at_once_loses_its_session_to_both():
    seen = row("23s")
    assert [each.survived for each in seen.outages] == [False, False]
    noticed = [each.noticed_us for each in seen.outages]
    assert noticed[0] == noticed[1] > 23.8 * SECOND


def test_an_app_that_notices_two_outages_at_once_recovers_from_both():
    seen = row("12s")
    assert [each.survived for each in seen.outages] == [True, True]
    assert [round(s, 3) for s, _ in seconds(catalogue()["time-to-recover"].of(seen))] == [
        15.448,
        3.148,
    ]


def test_an_outage_meets_a_session_of_which_the_app_is_about_to_be_told():
    _, seen = of_mia(("2.7s", "60s"))
    (outage,), (mia,) = seen.outages, of(seen, "mia")
    assert mia.joined_us < outage.began_us
    assert (mia.end_told, outage.survived) == ("networkDisconnected", False)
    assert outage.session_ended_us == mia.ended_us


def test_an_outage_on_the_way_into_a_session_is_survived_once_the_app_is_in_it():
    """Another one begins so soon that the silence between them does not tell."""
    script = """
  - {at: 10.7s, client: mia, network: down, for: 1.9s, mode: refused}
  - {at: 18.5s, client: mia, network: down, for: 40s, mode: refused}"""
    mia = "{arrive: 8s, network: {delay: 200ms}}"
    result, seen = watched(story(script, mia=mia), profile="opentok.js-2.35.2")
    told = {name: time for time, _, name, _ in result.clients["mia"].events}
    assert of(seen, "mia")[0].joined_us < 10.7 * SECOND
    assert 12.6 * SECOND < told["sessionConnected"] < 18.5 * SECOND
    assert [each.survived for each in seen.outages] == [True, False]
    names = [name for _, _, name, _ in result.clients["mia"].events]
    assert names.index("sessionReconnecting") < names.index("sessionConnected")  # a quirk
    assert of(seen, "mia")[0].reconnections == names.count("sessionReconnecting") == 2


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("lasts", "survived"), [("3s", True), ("20s", False), ("60s", False)])
def test_without_reconnection_an_outage_ends_a_session_whatever_its_app_is_told(
    profile, lasts, survived
):
    down = f"  - {{at: 20s, client: bob, network: down, for: {lasts}}}"
    signal = "  - {at: 20.5s, client: alice, do: signal, type: second}"
    scenario = evolve(story(f"{down}\n{signal}"), platform=PlatformSettings(reconnection=False))
    _, seen = watched(scenario, profile=profile)
    assert [each.survived for each in seen.outages] == [survived]
    # TCP brings it when the link is up after twenty seconds, before it brings the end.
    assert [each.lost for each in seen.signals] == [False, lasts == "60s"]


@pytest.mark.parametrize("profile", PROFILES)
def test_an_outage_in_which_the_app_leaves_is_neither_survived_nor_lost(profile):
    scenario = evolve(
        story(
            "  - {at: 20s, client: bob, network: down, for: 60s}\n"
            "  - {at: 22s, client: bob, do: disconnect}"
        ),
        platform=PlatformSettings(reconnection=False),
    )
    _, seen = watched(scenario, profile=profile)
    assert [each.end_told for each in of(seen, "bob")] == ["clientDisconnected"]
    assert [each.survived for each in seen.outages] == [None]


def test_a_ghost_that_is_still_there_at_the_end():
    _, seen = watched(story("  - {at: 20s, client: bob, do: crash}", "30s"))
    (bob,) = of(seen, "bob")
    assert (bob.ended_us, bob.end_told, bob.end_others) == (20 * SECOND, None, None)
    assert bob.ghost_us == 10 * SECOND
    assert bob.ghost_censored


@pytest.mark.parametrize("profile", PROFILES)
def test_an_app_without_connection_events_sees_the_ghost_of_whom_it_has_seen(profile):
    scenario = sim.loads("""
name: suppressed
duration: 2min
clients:
  alice: {publish: camera, connection-events-suppressed: true}
  bob: {publish: camera}
  mia: {}
script:
  - {at: 30s, client: bob, do: crash}
  - {at: 30s, client: mia, do: crash}
""")
    result, seen = watched(scenario, profile=profile)
    told = {r.data["connection"]: r.time for r in result.records if r.name == "connectionDestroyed"}
    (bob,), (mia,) = of(seen, "bob"), of(seen, "mia")
    assert bob.ghost_us == told["bob#1"] - 30 * SECOND > 50 * SECOND
    assert mia.ghost_us is None  # nobody was ever told that she was there


def test_whoever_says_goodbye_is_no_ghost():
    _, seen = watched(story("  - {at: 20s, client: bob, do: disconnect}"))
    (bob,) = of(seen, "bob")
    assert (bob.end_told, bob.end_others) == ("clientDisconnected", "clientDisconnected")
    assert bob.ghost_us is None


def test_whom_the_platform_has_let_go_before_is_no_ghost():
    result, seen = watched(
        story(
            "  - {at: 20s, client: bob, network: down}\n"
            "  - {at: 28s, client: mia, network: down}\n"
            "  - {at: 30s, client: alice, do: force-disconnect, target: bob}",
            mia="{}",
        )
    )
    (bob,) = of(seen, "bob")
    told = {name: time for time, _, name, _ in result.clients["mia"].events}
    assert "connectionDestroyed" not in told  # mia holds bob to be there until her own end
    assert told["sessionDisconnected"] > bob.ended_us > 30 * SECOND
    assert bob.ghost_us is None


def test_a_kick_that_reaches_its_victim():
    kick = "  - {at: 20s, client: alice, do: force-disconnect, target: bob}"
    result, seen = watched(story(kick))
    (found,) = seen.kicks
    told = {name: time for time, _, name, _ in result.clients["bob"].events}
    assert (found.target, found.reconnecting) == ("bob", False)
    assert found.accepted_us > 20 * SECOND
    assert found.told_us == found.ended_us == told["sessionDisconnected"]
    assert of(seen, "bob")[0].ghost_us is None


def test_a_kick_that_never_reaches_its_victim():
    _, seen = watched(
        story(
            "  - {at: 20s, client: bob, network: down}\n"
            "  - {at: 30s, client: alice, do: force-disconnect, target: bob}"
        )
    )
    (found,) = seen.kicks
    assert found.reconnecting
    assert found.told_us is None
    assert found.ended_us == of(seen, "bob")[0].ended_us


def test_a_kick_of_somebody_whose_app_never_got_in_is_over_with_the_session():
    """The platform has mia from 7.6 s on, and her app never hears of it."""
    scenario = story(
        "  - {at: 7.55s, client: mia, network: down, for: 60s}\n"
        "  - {at: 10s, client: alice, do: force-disconnect, target: mia}",
        mia="{network: {delay: 200ms}, arrive: 5s}",
    )
    result, seen = watched(scenario)
    (found,) = seen.kicks
    (left,) = [record.time for record in result.records if record.name == "left"]
    assert found.told_us is None
    assert found.ended_us == of(seen, "mia")[0].ended_us == left < 11 * SECOND
    assert catalogue()["kick-time"].of(seen).each == ()
    assert catalogue()["kicks-unheard"].of(seen) == Ratio(1, 1)


def test_who_is_let_in_again_before_the_platform_has_noticed_is_there_once():
    """The app never got into the first session, which the platform keeps for five minutes."""
    scenario = evolve(
        story(
            "  - {at: 7.55s, client: mia, network: down, for: 40s}",
            "10min",
            mia="{network: {delay: 200ms}, arrive: 5s, rejoin: {after: 1s}}",
        ),
        platform=PlatformSettings(grace=300 * SECOND),
    )
    _, seen = watched(scenario)
    first, second = of(seen, "mia")
    assert first.joined_us < second.joined_us < first.ended_us < seen.ended_us
    assert (first.end_told, second.censored) == (None, True)
    seen = evolve(seen, sessions=(first, second), attended=(first, second))
    there = (seen.ended_us - first.joined_us) / SECOND
    assert catalogue()["presence"].of(seen) == Ratio(there, 600)
    assert catalogue()["ended-untold"].of(seen) == Ratio(1, 1)


def test_signals_that_are_got_late_and_lost():
    down = "  - {at: 20s, client: bob, network: down, for: 9s}"
    late = "  - {at: 21s, client: alice, do: signal, type: second}"
    _, seen = watched(story(f"{down}\n{late}"))
    first, second = seen.signals
    assert (first.sender, first.to, first.late, first.lost) == ("alice", "bob", False, False)
    assert (second.sent_us, second.late, second.lost) == (21 * SECOND, True, False)
    _, seen = watched(story(f"{down.replace('9s', '100s')}\n{late}"))
    assert [each.lost for each in seen.signals] == [False, True]


def not_passing_signals_on(journal, settings):
    return Platform(journal, evolve(settings, ack_status=404))


@pytest.mark.parametrize("platform", [Platform, not_passing_signals_on])
@pytest.mark.parametrize("profile", PROFILES)
def test_a_signal_that_the_platform_refuses_is_on_no_way(platform, profile):
    """Whoever sends it is told so some milliseconds later, or is gone then."""
    scenario = sim.loads(f"""
name: refused
duration: 1min
profile: {profile}
platform: {{subscriber-may-signal: false}}
clients:
  alice: {{role: subscriber}}
  bob: {{role: subscriber, network: {{delay: 50ms}}}}
script:
  - {{at: 10s, client: bob, do: signal, type: first}}
  - {{at: 11s, client: bob, do: signal, type: second, to: alice}}
  - {{at: 12s, client: bob, network: down, for: 9s}}
  - {{at: 12.01s, client: bob, do: signal, type: third}}
  - {{at: 40s, client: bob, do: signal, type: fourth}}
  - {{at: 40.06s, client: bob, do: crash}}
""")
    result, seen = watched(scenario, platform=platform)
    refused = [record for record in result.records if record.name == "refused"]
    assert {record.data["command"] for record in refused} == {"signal"}
    assert len(refused) == 4
    assert seen.signals == ()


def test_a_signal_sent_before_the_app_is_back_is_refused_likewise():
    """The shipped client sends it as soon as a socket is open: a quirk between call and answer."""
    down = "  - {at: 20s, client: mia, network: down, for: 9s}"
    again = [
        f"  - {{at: {millis}ms, client: mia, do: signal, type: x, retry-after-reconnect: false}}"
        for millis in range(29_000, 38_000, 100)
    ]
    mia = "{role: subscriber, network: {delay: 200ms}}"
    scenario = evolve(
        story("\n".join([down, *again]), mia=mia),
        platform=PlatformSettings(subscriber_may_signal=False),
    )
    result, seen = watched(scenario, profile="opentok.js-2.35.2")
    quirks = {record.seq for record in result.records if record.kind == "quirk"}
    refused = [record.cause for record in result.records if record.name == "refused"]
    assert quirks & set(refused)
    assert {each.sender for each in seen.signals} == {"alice"}


@pytest.mark.parametrize(
    ("step", "signal"),
    {
        "its sender loses touch": (
            "{at: 20s, client: bob, network: down, for: 9s}",
            "{at: 21s, client: bob, do: signal, type: x, retry-after-reconnect: false}",
        ),
        "the platform lets its receiver go meanwhile": (
            "{at: 21s, client: alice, platform: expire-grace}",
            "{at: 20.999s, client: bob, do: signal, type: x, to: alice}",
        ),
    }.values(),
)
def test_a_signal_that_fails_otherwise_is_lost(step, signal):
    result, seen = watched(story(f"  - {step}\n  - {signal}"))
    answers = [record for record in result.records if record.kind == "callback"]
    answers = [record for record in answers if record.name == "signal"]
    assert [record.data["ok"] for record in answers] == [True, False]
    assert [(each.sender, each.lost) for each in seen.signals][1:] == [("bob", True)]


NOT_AGAIN = PlatformSettings(replay=False)
MISSED = """\
  - {at: 20s, client: bob, network: down, for: 10s}
  - {at: 25s, client: alice, do: signal, type: second}
"""


@pytest.mark.parametrize(
    "end", ["do: disconnect", "do: close-browser", "do: crash", "network: down"]
)
@pytest.mark.parametrize("when", ["50s", "4min"])
def test_a_signal_that_somebody_missed_is_lost_however_they_leave_later(end, when):
    script = f"{MISSED}  - {{at: {when}, client: bob, {end}}}"
    _, seen = watched(evolve(story(script, "5min"), platform=NOT_AGAIN))
    assert [each.lost for each in seen.signals] == [False, True]


def test_a_signal_that_somebody_missed_is_lost_also_if_they_leave_while_reconnecting():
    script = f"""{MISSED}
  - {{at: 2min, client: bob, network: down}}
  - {{at: 130s, client: bob, do: disconnect}}"""
    _, seen = watched(evolve(story(script, "5min"), platform=NOT_AGAIN))
    assert [each.lost for each in seen.signals] == [False, True]


def test_of_a_signal_whose_receiver_leaves_before_its_sender_is_back_nothing_is_known():
    script = """
  - {at: 20s, client: alice, network: down, for: 25s}
  - {at: 21s, client: alice, do: signal, type: second}
  - {at: 43s, client: bob, do: disconnect}"""
    _, seen = watched(story(script))
    assert [each.sent_us for each in seen.signals] == [SECOND]


@pytest.mark.parametrize("duration", ["25s", "1min"])
def test_of_a_signal_to_somebody_who_is_away_nothing_is_known_yet(duration):
    gone = "crash" if duration == "1min" else "signal, type: x"
    down = "  - {at: 20s, client: bob, network: down}"
    late = "  - {at: 21s, client: alice, do: signal, type: second}"
    _, seen = watched(story(f"{down}\n{late}\n  - {{at: 22s, client: bob, do: {gone}}}", duration))
    assert [each.sent_us for each in seen.signals if each.sender == "alice"] == [SECOND]


def test_a_picture_of_one_who_comes_back_before_the_ghost_has_gone():
    crash = "  - {at: 20s, client: bob, do: crash}\n  - {at: 22s, client: bob, do: connect}"
    result, seen = watched(story(crash))
    assert [each.connection for each in of(seen, "bob")] == ["bob#1", "bob#2"]
    assert seen.duplicate_pictures == 1
    (added,) = seen.duplicates_us
    shown = [record.time for record in result.records if record.name == "inserted"]
    assert 22 * SECOND < added < 23 * SECOND
    assert added in shown


def test_subscribers_that_an_app_keeps_outlive_the_session():
    on = "{publish: camera, on: {sessionDisconnected: {prevent-default: true}}}"
    _, seen = watched(story("  - {at: 20s, client: mia, do: disconnect}", mia=on))
    assert [(each.person, each.leftovers) for each in seen.sessions if each.leftovers] == [
        ("mia", 2)
    ]


def test_a_false_alarm_is_no_detection_of_a_fault():
    lossy = "{network: {loss: 45%, delay: 100ms}}"
    found = [
        each
        for replication in range(4)
        for each in observe(story("", "5min", mia=lossy), replication=replication).detections
    ]
    assert found
    assert not any(each.faulty for each in found)
    assert {each.person for each in found} == {"mia"}


def test_a_loss_in_the_silence_of_an_outage_is_of_it_whatever_packet_was_lost_last():
    scenario = story(
        "  - {at: 50.8s, client: mia, network: down, for: 3.5s}",
        "70s",
        mia="{network: {loss: 10%, delay: 30ms}, publish: camera}",
    )
    blamed = []
    for replication in range(60):
        result, seen = watched(scenario, replication=replication)
        names = {record.seq: record.name for record in result.records}
        causes = {r.time: names[r.cause] for r in result.records if r.name == "lost"}
        for each in seen.detections:
            if 50.8 * SECOND < each.lost_us < 64.3 * SECOND:
                blamed.append(causes[each.lost_us])
                assert each.faulty
                assert each.after_us == each.lost_us - 50.8 * SECOND
            else:
                assert not each.faulty
    assert "loss" in blamed


def test_detection_counts_from_the_outage_that_began_the_silence():
    """The second outage begins before anything can be heard again."""
    scenario = story(
        "  - {at: 20s, client: bob, network: down, for: 3s}\n"
        "  - {at: 23.001s, client: bob, network: down, for: 20s}"
    )
    result, seen = watched(scenario)
    (lost,) = [record for record in result.records if record.name == "lost"]
    causes = [record.time for record in result.records if record.seq == lost.cause]
    assert causes == [23_001_000]
    (found,) = seen.detections
    assert (found.lost_us, found.faulty) == (lost.time, True)
    assert found.after_us == lost.time - 20 * SECOND


@pytest.mark.parametrize(
    ("ended", "back", "cause", "after"),
    [
        (30, 0, None, None),  # ten seconds before the loss, and in them it was heard
        (30.000001, 0, None, 20),
        (None, 0, None, 20),
        (33, 33, None, None),  # it came back since
        (33, 32.999999, None, 20),  # the other direction was down still
        (33, 34, 35, 5),
        (30, 0, 35, 5),
        (31, 0, 35, 20),
        (31, 0, 15, 25),
    ],
)
def test_an_outage_counts_that_lasted_into_the_silence(ended, back, cause, after):
    bob = {"connection": "bob#1"}
    records = [Record(round(back * SECOND), 2, "bob", "platform", "state", "back", bob, None)]
    if cause is not None:
        records.append(Record(cause * SECOND, 1, "bob", "network", "fault", "reset", {}, None))
    records.append(Record(40 * SECOND, 3, "bob", "platform", "state", "lost", bob, cause and 1))
    detections = Detections()
    for record in sorted(records):
        Detections.HANDLERS[record.kind, record.name](detections, record)
    over = None if ended is None else round(ended * SECOND)
    outages = [
        Outage(person, began * SECOND, until, None, None)
        for person, began, until in [
            ("bob", 1, 2 * SECOND),
            ("mia", 3, 60 * SECOND),
            ("bob", 20, over),
            *([] if ended is None else [("bob", 40, 50 * SECOND), ("bob", 60, None)]),
        ]
    ]
    (found,) = detections.finish(outages, 10 * SECOND)
    assert found.faulty == (after is not None)
    assert found.after_us == (None if after is None else after * SECOND)


@pytest.mark.parametrize("step", ["close-socket, code: 4001", "expire-grace"])
def test_what_the_platform_is_told_to_do_is_no_detection(step):
    result, seen = watched(story(f"  - {{at: 30s, client: bob, platform: {step}}}"))
    assert "lost" in {record.name for record in result.records}
    assert seen.detections == ()


def test_the_servers_signal_is_for_one_person():
    _, seen = watched(story("  - {at: 20s, client: bob, platform: signal, data: x}"))
    (sent,) = [each for each in seen.signals if each.sent_us == 20 * SECOND]
    assert (sent.to, sent.got_us is not None, sent.lost) == ("bob", True, False)


def test_the_end_of_a_page_is_a_fault_also_if_its_link_is_down_later():
    script = "\n".join(
        [
            "  - {at: 20s, client: mia, do: crash}",
            "  - {at: 22s, client: mia, network: down, for: 6s}",
        ]
    )
    _, seen = watched(story(script, mia="{rejoin: {after: 5s}}"))
    found = [each for each in seen.detections if each.person == "mia"]
    assert found[0].after_us == found[0].lost_us - 20 * SECOND
