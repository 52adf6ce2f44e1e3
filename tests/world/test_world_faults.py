"""What goes wrong with links and machines: what is written down, and who notices when."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import at, found, seen, tenths, times, told

import sim
from sim.draws.distributions import Constant
from sim.network.specs import DirectionSpec, LinkSpec, Outages
from sim.protocol.units import MILLISECOND, SECOND

PAIR = {"alice": {}, "bob": {"publish": "camera"}}
SLOW = LinkSpec(DirectionSpec(delay=Constant(SECOND)), DirectionSpec(delay=Constant(SECOND)))


def faults(result):
    return [(r.time, r.client, r.name, r.data) for r in found(result, kind="fault")]


def back(result, client="bob"):
    """How long the client's first outage lasted for its app, or None if it did not come back."""
    gone = found(result, client=client, name="sessionReconnecting")
    returned = found(result, client=client, name="sessionReconnected")
    return returned[0].time - gone[0].time if gone and returned else None


# -- down and up -----------------------------------------------------------------------------------


def test_a_link_is_down_for_as_long_as_the_script_says():
    result = sim.run(told("1min", PAIR, ("10s", "bob", {"network": "down", "lasting": "9s"})))
    assert faults(result) == [
        (
            10 * SECOND,
            "bob",
            "down",
            {"direction": "both", "mode": "blackhole", "for": 9 * SECOND},
        ),
        (19 * SECOND, "bob", "up", {"direction": "both"}),
    ]
    assert seen(result, "bob", "session")[-2:] == ["sessionReconnecting", "sessionReconnected"]
    assert "sessionReconnecting" not in seen(result, "alice")


def test_a_link_without_an_end_is_down_until_it_comes_up_by_script():
    story = told(
        "40s", PAIR, ("10s", "bob", {"network": "down"}), ("30s", "bob", {"network": "up"})
    )
    result = sim.run(story)
    assert [entry[:3] for entry in faults(result)] == [
        (10 * SECOND, "bob", "down"),
        (30 * SECOND, "bob", "up"),
    ]
    assert "for" not in found(result, name="down")[0].data
    assert back(result) is not None


def test_up_without_anything_down_is_nothing():
    assert faults(sim.run(told("20s", PAIR, ("10s", "bob", {"network": "up"})))) == []


def test_faults_overlap_and_the_link_works_again_when_the_last_is_over():
    story = told(
        "1min",
        PAIR,
        ("10s", "bob", {"network": "down", "lasting": "20s"}),
        ("11s", "bob", {"network": "down", "lasting": "1s"}),
    )
    result = sim.run(story)
    assert [(t, name) for t, _, name, _ in faults(result)] == [
        (10 * SECOND, "down"),
        (11 * SECOND, "down"),
        (12 * SECOND, "up"),
        (30 * SECOND, "up"),
    ]
    assert found(result, name="sessionReconnected")[0].time > 30 * SECOND


def test_up_by_script_ends_every_fault_of_the_link_and_each_only_once():
    story = told(
        "1min",
        PAIR,
        ("10s", "bob", {"network": "down", "lasting": "20s"}),
        ("11s", "bob", {"network": "down"}),
        ("15s", "bob", {"network": "up"}),
    )
    result = sim.run(story)
    ups = found(result, kind="fault", name="up")
    downs = found(result, kind="fault", name="down")
    assert times(ups) == [15 * SECOND, 15 * SECOND]
    assert [up.cause for up in ups] == [down.seq for down in downs]


@given(tenths(0.1, 60), st.sampled_from(("both", "up", "down")))
@settings(max_examples=40)
def test_an_outage_is_noticed_after_the_silence_or_not_at_all(length, direction):
    """The silence runs from the last frame that came in, at most a ping before the fault."""
    story = told(
        "2min", PAIR, ("10s", "bob", {"network": "down", "lasting": length, "direction": direction})
    )
    result = sim.run(story)
    noticed = found(result, client="bob", name="sessionReconnecting")
    delays = [record.time - 10 * SECOND for record in noticed]
    assert all(3 * SECOND < delay <= 5_900 * MILLISECOND for delay in delays)
    if length >= 6 * SECOND:
        assert noticed
    if length <= 2 * SECOND:
        assert not noticed


def test_a_refusing_network_is_noticed_at_once():
    result = sim.run(
        told("1min", PAIR, ("10s", "bob", {"network": "down", "mode": "refused", "lasting": "5s"}))
    )
    assert times(found(result, client="bob", name="sessionReconnecting")) == [10 * SECOND]
    assert times(found(result, client="bob", name="lost")) == [10 * SECOND]
    assert back(result) > 5 * SECOND


def test_a_network_that_begins_to_refuse_stops_a_handshake_too():
    """Over links of 1 s each way Bob has his session's data at 11 s, and dials until 17 s."""
    story = told(
        "40s",
        {"bob": {"network": SLOW, "arrive": "5s"}},
        ("13s", "bob", {"network": "down", "mode": "refused", "lasting": "1s"}),
    )
    with_fault, without = sim.run(story), sim.run(sim.Scenario(**_without_script(story)))
    assert times(found(without, name="joined")) == [18 * SECOND]
    assert found(with_fault, name="joined")[0].time > 20 * SECOND
    assert "sessionReconnecting" not in seen(with_fault, "bob")


def _without_script(story):
    return {name: getattr(story, name) for name in ("name", "duration", "clients")}


def test_refused_connects_end_with_the_socket_s_error():
    story = told("1min", {"bob": {}}, ("0s", "bob", {"network": "down", "mode": "refused"}))
    result = sim.run(story)
    (answer,) = found(result, kind="callback", name="connect")
    assert (answer.data["ok"], answer.data["error"]) == (False, "OT_CONNECT_FAILED")


# -- reset and change ------------------------------------------------------------------------------


def test_a_reset_is_seen_by_both_ends_at_once_and_over_at_the_first_pong():
    result = sim.run(told("30s", PAIR, ("10s", "bob", {"network": "reset"})))
    (reset,) = found(result, kind="fault", name="reset")
    for name in ("sessionReconnecting", "lost"):
        (noticed,) = found(result, client="bob", name=name)
        assert (noticed.time, noticed.cause) == (reset.time, reset.seq)
    assert 2 * SECOND < back(result) < 3 * SECOND


def joining(*changes, duration="1min"):
    """Bob's link takes a second each way, so he has the session's particulars after six."""
    script = [(at, "bob", {"network": "change"}) for at in changes]
    return sim.run(told(duration, {"alice": {}, "bob": {"network": SLOW}}, *script))


@pytest.mark.parametrize(
    ("changes", "later"),
    [((), 0), (("5s",), 5_600), (("5s", "6s"), 7_200), (("7s",), None)],
    ids=["none", "one", "two", "one when it is over"],
)
def test_what_is_asked_of_the_api_fails_when_the_network_changes_and_is_asked_again(changes, later):
    def connected(result):
        return [r.time for r in found(result, client="bob", kind="event", name="sessionConnected")]

    (usual,), joined = connected(joining()), connected(joining(*changes))
    if later is not None:
        assert joined == [usual + later * MILLISECOND]
    else:
        assert joined[0] > usual


def test_the_third_change_of_the_network_fails_connecting_and_is_blamed_for_it():
    result = joining("5s", "6s", "8s")
    (failed,) = found(result, client="bob", kind="callback", name="connect")
    (*_, change) = found(result, client="bob", kind="fault", name="change")
    assert (failed.time, failed.data["error"]) == (8 * SECOND, "OT_CONNECT_FAILED")
    assert failed.cause == change.seq


def test_a_change_of_address_is_silent():
    result = sim.run(told("1min", PAIR, ("10s", "bob", {"network": "change"})))
    (change,) = found(result, kind="fault", name="change")
    (noticed,) = found(result, client="bob", name="sessionReconnecting")
    assert change.data == {}
    assert noticed.cause == change.seq
    assert 13 * SECOND < noticed.time <= 15_900 * MILLISECOND
    assert back(result) is not None


def test_a_change_to_another_network_ends_what_kept_the_old_one_down():
    story = told(
        "1min",
        PAIR,
        ("10s", "bob", {"network": "down"}),
        ("12s", "bob", {"network": "change", "to": "cellular"}),
    )
    result = sim.run(story)
    (change,) = found(result, kind="fault", name="change")
    (up,) = found(result, kind="fault", name="up")
    assert change.data == {"to": "bob@cellular"}
    assert (up.time, up.cause) == (change.time, change.seq)
    assert back(result) is not None


OUTAGES = Outages(Constant(20 * SECOND), Constant(SECOND))
SHAKY = LinkSpec(DirectionSpec(), DirectionSpec(), OUTAGES)


def test_outages_of_a_network_strike_only_those_who_are_on_it():
    story = told(
        "2min",
        {"bob": {"network": "shaky"}},
        ("25s", "bob", {"network": "change", "to": "fibre"}),
        ("70s", "bob", {"network": "change", "to": "shaky"}),
        networks={"shaky": SHAKY},
    )
    result = sim.run(story)
    decisions = found(result, name="outage")
    assert [(r.time, r.data["address"]) for r in decisions] == [
        (20 * SECOND, "bob/outage/start/0"),
        (83 * SECOND, "bob/outage/start/3"),
        (104 * SECOND, "bob/outage/start/4"),
    ]


def test_who_comes_back_to_a_network_meets_the_draws_after_those_he_has_had():
    story = told(
        "4min",
        PAIR,
        *((f"{at}s", "bob", {"network": "change", "to": to})
          for at, to in ((10, "wifi"), (60, "fibre"), (110, "wifi"), (160, "fibre"))),
    )  # fmt: skip
    links = sim.run(story)
    assert seen(links, "bob", "session").count("sessionReconnected") == 4
    waits = [
        record.time - change.time
        for change, record in zip(
            found(links, name="change"), found(links, name="sessionReconnected"), strict=True
        )
    ]
    assert waits[0] != waits[2]


# -- drawn outages ---------------------------------------------------------------------------------


def test_a_drawn_outage_names_its_draws_and_is_followed_by_its_fault():
    result = sim.run(told("50s", {"bob": {"network": SHAKY}}))
    decisions = found(result, name="outage")
    downs, ups = found(result, name="down"), found(result, kind="fault", name="up")
    assert [r.data for r in decisions] == [
        {"address": f"bob/outage/start/{n}", "length": f"bob/outage/length/{n}", "for": SECOND}
        for n in (0, 1)
    ]
    assert times(downs) == times(decisions) == [20 * SECOND, 41 * SECOND]
    assert times(ups) == [21 * SECOND, 42 * SECOND]
    assert [down.cause for down in downs] == [decision.seq for decision in decisions]


# -- machines --------------------------------------------------------------------------------------


def test_after_a_crash_nothing_more_comes_and_the_others_hear_of_it_when_the_grace_is_over():
    result = sim.run(told("2min", PAIR, ("10s", "bob", {"do": "crash"})))
    (crash,) = found(result, kind="fault", name="crash")
    own = [r for r in found(result, client="bob") if r.seq > crash.seq]
    assert [(r.object, r.name) for r in own] == [
        ("platform", "lost"),
        ("platform", "unpublished"),
        ("platform", "left"),
    ]
    (left,) = found(result, name="left")
    assert at("10s") + at("53s") < left.time <= at("10s") + at("55s")
    assert seen(result, "alice", "session")[-2:] == [
        "streamDestroyed(networkDisconnected)",
        "connectionDestroyed(networkDisconnected)",
    ]
    assert result.clients["bob"].left == {"elements": 0, "subscribers": 0, "publishers": 0}


def test_a_closed_browser_says_goodbye_but_is_told_nothing():
    result = sim.run(told("1min", PAIR, ("10s", "bob", {"do": "close-browser"})))
    assert seen(result, "bob")[-1] == "streamDestroyed(reset)"
    assert "sessionDisconnected" not in {name for _, _, name, _ in result.clients["bob"].events}
    assert seen(result, "alice", "session")[-2:] == [
        "streamDestroyed(clientDisconnected)",
        "connectionDestroyed(clientDisconnected)",
    ]


@pytest.mark.parametrize("word", ["crash", "close-browser"])
def test_a_page_that_is_gone_cannot_go_again(word):
    story = told("30s", PAIR, ("10s", "bob", {"do": word}), ("20s", "bob", {"do": word}))
    result = sim.run(story)
    assert len(found(result, client="bob", name="crash")) == (word == "crash")
    assert len(found(result, client="bob", name="closeBrowser")) == (word == "close-browser")


@pytest.mark.parametrize("word", ["disconnect", "publish", "signal", "unpublish"])
def test_an_app_without_a_page_does_nothing(word):
    story = told("30s", PAIR, ("10s", "bob", {"do": "crash"}), ("20s", "bob", {"do": word}))
    assert not [r for r in found(sim.run(story), client="bob", kind="call") if r.time > at("10s")]


def test_a_crash_during_the_handshake_leaves_no_trace_on_the_platform():
    story = told("30s", {"bob": {"network": SLOW}}, ("3s", "bob", {"do": "crash"}))
    assert found(sim.run(story), object="platform") == []


def test_time_goes_on_for_one_who_is_let_in_and_turned_away_over_a_link_without_delay():
    """The platform has given him up and closes each socket that he opens, at once."""
    story = told(
        "1min",
        {"bob": {"network": LinkSpec()}},
        ("10s", "bob", {"network": "down", "mode": "refused", "lasting": "2s"}),
        platform={"grace": "0s", "when-gone": "close"},
        timers={"window": "3s"},
    )
    result = sim.run(story)
    assert seen(result, "bob")[-1] == "sessionDisconnected(networkDisconnected)"


def test_who_comes_back_to_the_first_network_is_on_its_link_again():
    often = {"home": {"delay": "5ms", "outages": {"every": "5s", "last": "1s"}}}
    with sim.Simulation(networks=often) as s:
        s.join("bob", network="home")
        first = s.world.participants["bob"].driver.link
        s.advance("7s")
        s.heal("bob")
        s.do("bob", network="change", to="fibre")
        s.advance("5s")
        s.do("bob", network="change", to="home")
        s.advance("30s")
        assert s.world.participants["bob"].driver.link is first
        assert [r for r in s.records if r.name == "outage" and r.time > 7 * SECOND] == []
