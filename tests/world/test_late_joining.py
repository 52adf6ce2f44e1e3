"""Who joins over an outage is told late: everything names what happened, and the outage."""

import pytest

import sim
from sim.trace import chain

STORY = """
name: joins over an outage
duration: 1min
clients:
  dave: {publish: camera}
  carol: {arrive: 10s, network: cellular}
  eve: {arrive: 14s, publish: camera}
script:
  - {at: 10.58s, client: carol, network: down, for: 12s, direction: down}
  - {at: 15s, client: eve, do: signal, type: chat, data: hello}
"""

ANNOUNCED_LATE = """
name: a newcomer is announced late
duration: 30s
platform: {announce-after: 2s}
clients:
  carol: {}
  eve: {arrive: 10s, publish: camera}
"""


def told(run, name, **data):
    """The one event of that name that carol was told."""
    (record,) = [
        r
        for r in run.records
        if (r.client, r.kind, r.name) == ("carol", "event", name) and data.items() <= r.data.items()
    ]
    return record


def behind(run, record):
    """Who, kind and name of what it follows from, at whatever distance."""
    return {(r.client, r.kind, r.name) for r in chain(run.records, record.seq)[:-1]}


@pytest.mark.parametrize("name", ["signal", "signal:chat"])
def test_what_was_held_during_a_join_names_what_happened_and_why_it_is_late(name):
    run = sim.run(sim.loads(STORY))
    record, (connected,) = told(run, name), [r for r in run.records if is_connected(r)]
    assert record.time == connected.time
    why = behind(run, record)
    assert {("eve", "call", "signal"), ("carol", "state", "replayed")} <= why
    assert ("carol", "fault", "down") in why


def is_connected(record):
    return (record.client, record.name) == ("carol", "sessionConnected")


@pytest.mark.parametrize(
    ("name", "data"), [("sessionConnected", {}), ("connectionCreated", {"connection": "carol#1"})]
)
def test_who_joins_late_because_of_an_outage_is_told_so(name, data):
    run = sim.run(sim.loads(STORY))
    record = told(run, name, **data)
    (down,) = [r.seq for r in run.records if (r.kind, r.name) == ("fault", "down")]
    assert record.data["besides"] == [down]
    assert behind(run, record) >= {("carol", "call", "connect"), ("carol", "fault", "down")}


def test_what_waits_for_an_announcement_names_what_happened():
    run = sim.run(sim.loads(ANNOUNCED_LATE))
    created, announced = (
        told(run, "streamCreated"),
        told(run, "connectionCreated", connection="eve#1"),
    )
    assert created.time == announced.time
    why = {record.seq: record for record in run.records}
    assert why[created.cause].name == "published"
    assert why[announced.cause].name == "joined"


def test_who_joins_without_an_outage_is_told_of_none():
    run = sim.run(sim.loads(ANNOUNCED_LATE))
    assert told(run, "sessionConnected")
    assert not [record for record in run.records if "besides" in record.data]
