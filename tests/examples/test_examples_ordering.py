"""What people read on the banner comes in an order that makes sense: reconnecting, then lost."""

from itertools import pairwise

from callapp.banner import Banner
from hypothesis import given

import sim
from sim.testing import given_scenario
from sim.testing import strategies as ss

NEXT = {
    "connecting": {"online"},
    "online": {"reconnecting", "you have left", "you were removed", "the call is over"},
    "reconnecting": {"online", "connection lost", "you have left"},
    "you have left": {"online"},
    "you were removed": {"online"},
    "connection lost": {"online"},
    "the call is over": {"online"},
}


@given(ss.scenarios(people=(1, 3), apps=False))
def test_the_banner_never_skips_a_line(simulate, story):
    banners = []
    simulate(story, apps=dict.fromkeys(story.clients, lambda app: banners.append(Banner(app))))
    for banner in banners:
        assert all(line in NEXT[before] for before, line in pairwise(banner.lines)), banner.lines


TUNNEL = sim.Scenario(
    name="tunnel",
    duration="2min",
    clients={
        "alice": sim.Person(role="moderator", publish="camera"),
        "bob": sim.Person(network="cellular", publish="camera", rejoin={"after": "3s"}),
    },
    script=[
        sim.Step(at="20s", client="bob", network="down", lasting="40s"),
        sim.Step(at="80s", client="alice", do="force-disconnect", target="bob"),
    ],
)


@given_scenario(TUNNEL)
def test_who_is_told_of_a_lost_network_was_reconnecting(result):
    for client in result.clients.values():
        told = [(name, reason) for _, who, name, reason in client.events if who == "session"]
        for before, now in pairwise(told):
            if now == ("sessionDisconnected", "networkDisconnected"):
                assert before[0] == "sessionReconnecting"
