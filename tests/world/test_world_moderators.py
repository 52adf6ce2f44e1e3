"""Moderators by policy, and by the script."""

import pytest
from stories import found, seen, times, told

import sim
from sim.draws.distributions import Constant, Exponential
from sim.draws.stream import Draws
from sim.protocol.units import SECOND
from sim.scenario import Policies, RemoveAtRandom, RemoveDuringReconnection, RemoveReconnecting


def cast(policy, **bob):
    return {"alice": {"role": "moderator", "policy": policy}, "bob": bob, "carol": {}}


def policies(result):
    return found(result, kind="decision", name="policy")


# -- who has been reconnecting for too long --------------------------------------------------------

TEN_SECONDS = Policies(remove_reconnecting=RemoveReconnecting(after="10s"))
OUTAGE = ("5s", "bob", {"network": "down", "lasting": "25s"})


def test_one_who_has_been_reconnecting_for_so_long_is_removed():
    result = sim.run(told("1min", cast(TEN_SECONDS), OUTAGE))
    (away,) = found(result, client="bob", name="sessionReconnecting")
    (decision,) = policies(result)
    (call,) = found(result, kind="call", name="forceDisconnect")
    assert decision.data == {"policy": "remove-reconnecting", "target": "bob#1"}
    assert (decision.time, decision.cause) == (away.time + 10 * SECOND, away.seq)
    assert (call.client, call.cause, call.data["by"]) == ("alice", decision.seq, "policy")
    assert seen(result, "bob")[-1] == "sessionDisconnected(forceDisconnected)"


@pytest.mark.parametrize(
    "recovers",
    [
        ("5s", "bob", {"network": "down", "lasting": "9s"}),
        ("5s", "bob", {"network": "reset"}),
    ],
)
def test_one_who_is_back_by_then_is_spared(recovers):
    assert policies(sim.run(told("1min", cast(TEN_SECONDS), recovers))) == []


def test_one_who_has_given_up_by_then_is_spared():
    policy = Policies(remove_reconnecting=RemoveReconnecting(after="50s"))
    story = told("2min", cast(policy), ("5s", "bob", {"network": "down"}))
    assert policies(sim.run(story)) == []


def test_one_who_has_come_back_as_another_connection_is_spared():
    """Bob is reconnecting again, 10 s after his first outage began, but not in that outage."""
    story = told(
        "1min",
        cast(TEN_SECONDS),
        ("5s", "bob", {"network": "reset"}),
        ("6s", "bob", {"do": "disconnect"}),
        ("7s", "bob", {"do": "connect"}),
        ("13s", "bob", {"network": "down", "mode": "refused", "lasting": "6s"}),
    )
    assert policies(sim.run(story)) == []


def test_of_two_outages_each_has_a_time_of_its_own():
    """Bob is reconnecting, 10 s after his first outage began, but has been so for only 2 s."""
    story = told(
        "1min",
        cast(TEN_SECONDS),
        ("5s", "bob", {"network": "reset"}),
        ("13s", "bob", {"network": "down", "mode": "refused", "lasting": "6s"}),
    )
    assert policies(sim.run(story)) == []


def test_the_moderator_s_own_troubles_are_nobody_s_business():
    story = told("1min", cast(TEN_SECONDS), ("5s", "alice", {"network": "down", "lasting": "25s"}))
    assert policies(sim.run(story)) == []


# -- in the middle of a reconnection ---------------------------------------------------------------


def test_one_is_removed_during_a_reconnection_after_the_time_that_is_drawn():
    during = RemoveDuringReconnection(probability=1, after=Constant(3 * SECOND))
    result = sim.run(told("1min", cast(Policies(remove_during_reconnection=during)), OUTAGE))
    (away,) = found(result, client="bob", name="sessionReconnecting")
    (decision,) = policies(result)
    assert (decision.time, decision.cause) == (away.time + 3 * SECOND, away.seq)
    assert decision.data == {"policy": "remove-during-reconnection", "target": "bob#1"}


def test_each_reconnection_has_its_own_chance():
    during = RemoveDuringReconnection(probability=0.5, after=Constant(0))
    story = told(
        "1min",
        cast(Policies(remove_during_reconnection=during)),
        *(
            (f"{10 * n}s", name, {"network": "reset"})
            for n in (1, 2, 3)
            for name in ("bob", "carol")
        ),
    )
    for seed in range(6):
        result = sim.run(story, seed=seed)
        chances = Draws(seed).stream("alice", "remove-during/chance")
        outages = found(result, name="sessionReconnecting")
        chosen = [r.seq for n, r in enumerate(outages) if chances.uniform(n) < 0.5]
        assert [decision.cause for decision in policies(result)] == chosen


# -- at random -------------------------------------------------------------------------------------


def test_somebody_whom_the_moderator_knows_is_removed_now_and_then():
    policy = Policies(remove_at_random=RemoveAtRandom(every=Constant(10 * SECOND)))
    result = sim.run(told("35s", cast(policy)))
    assert times(policies(result)) == [10 * SECOND, 20 * SECOND]
    assert sorted(r.data["target"] for r in policies(result)) == ["bob#1", "carol#1"]
    assert [r.data["address"] for r in policies(result)] == [
        "alice/remove/choice/0",
        "alice/remove/choice/1",
    ]
    assert "sessionDisconnected" not in seen(result, "alice")


def test_a_moderator_who_is_alone_removes_nobody():
    policy = Policies(remove_at_random=RemoveAtRandom(every=Constant(10 * SECOND)))
    alone = told("35s", {"alice": {"role": "moderator", "policy": policy}})
    assert policies(sim.run(alone)) == []


def test_the_choice_and_the_pauses_are_drawn():
    policy = Policies(remove_at_random=RemoveAtRandom(every=Exponential(5 * SECOND)))
    story = told("20s", cast(policy))
    firsts = {tuple((r.time, r.data["target"]) for r in policies(sim.run(story, seed=s))[:1])
              for s in range(10)}  # fmt: skip
    assert len(firsts) == 10
    assert {target for ((_, target),) in filter(None, firsts)} == {"bob#1", "carol#1"}


def test_policies_add_up():
    during = RemoveDuringReconnection(probability=1, after=Constant(0))
    policy = Policies(
        remove_at_random=RemoveAtRandom(every=Constant(40 * SECOND)),
        remove_during_reconnection=during,
        remove_reconnecting=RemoveReconnecting(after="10s"),
    )
    result = sim.run(told("1min", cast(policy), OUTAGE))
    assert [r.data["policy"] for r in policies(result)] == [
        "remove-during-reconnection",
        "remove-reconnecting",
        "remove-at-random",
    ]


def test_a_moderator_without_a_session_decides_but_is_not_heard():
    story = told("1min", cast(TEN_SECONDS), OUTAGE, ("6s", "alice", {"do": "disconnect"}))
    result = sim.run(story)
    assert len(policies(result)) == 1
    (answer,) = found(result, kind="callback", name="forceDisconnect")
    assert answer.data["error"] == "OT_NOT_CONNECTED"


def test_one_who_is_removed_before_he_knows_that_he_has_joined_stays_out():
    """Nothing reaches Bob from the moment he joins on. He tries again, as the same connection."""
    story = told(
        "3min",
        {"alice": {"role": "moderator"}, "bob": {}},
        ("25ms", "bob", {"network": "down", "direction": "down", "lasting": "60s"}),
        ("5s", "alice", {"do": "force-disconnect", "target": "bob"}),
    )
    result = sim.run(story)
    assert [r.data["connection"] for r in found(result, name="joined")] == ["alice#1", "bob#1"]
    refused = found(result, client="bob", kind="decision", name="refused")
    assert refused
    assert all(r.data["status"] == 409 for r in refused)
    (answer,) = found(result, client="bob", kind="callback", name="connect")
    assert answer.data["error"] == "OT_CONNECT_FAILED"
    assert result.broken == []
