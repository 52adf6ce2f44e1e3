"""The baseline of the benchmarks is honest: it does the work that it is said to do."""

from collections import Counter

import pytest

from benchmarks.naive import OUTAGE_EVERY, PING, simulate

HOUR = 3600.0


@pytest.fixture(scope="module")
def room():
    return simulate(HOUR)


def happened(client):
    return Counter(event.split()[0] for _, event in client.log)


def test_everybody_pings_and_is_answered_most_of_the_time(room):
    for client in room.clients.values():
        assert HOUR / PING < sum(channel.carried for channel in client.channels) < 2.1 * HOUR / PING


def test_links_fail_as_often_as_they_should(room):
    for client in room.clients.values():
        assert 0.5 < client.link.outages * OUTAGE_EVERY / HOUR < 1.5


def test_outages_are_noticed_and_end_one_way_or_the_other(room):
    for client in room.clients.values():
        seen = happened(client)
        resolved = seen["sessionReconnected"] + seen["sessionDisconnected"]
        assert seen["sessionReconnecting"] - resolved in (0, 1)
        assert seen["sessionReconnected"]
        assert seen["sessionDisconnected"]


def test_whoever_ends_is_cleaned_up_and_comes_back(room):
    for client in room.clients.values():
        assert happened(client)["destroyed"]
        assert client.state != "ended"


def test_the_same_seed_gives_the_same_story():
    logs = [[client.log for client in simulate(600.0, seed).clients.values()] for seed in (1, 1, 2)]
    assert logs[0] == logs[1] != logs[2]
