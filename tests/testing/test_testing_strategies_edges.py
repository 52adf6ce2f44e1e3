"""What matters is drawn often: each edge of the table in a fair share of stories.

Counted over many draws, with bounds well below what was measured: a law that breaks at one of them
is not found by luck.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import sim
from sim.testing import strategies as ss
from sim.testing.strategies.edges import CLOSE, RETRANSMISSION

SEEDS, EACH = 50, 10
STORIES = SEEDS * EACH
"""One search of Hypothesis's keeps to what it has found: many short ones are a fairer sample."""


def lasting(story):
    """Outages of the script that end within the story: how long each is."""
    return [
        step.lasting
        for step in story.script
        if step.network == "down" and step.lasting is not None
        if step.at + step.lasting <= story.duration
    ]


def faults(story):
    words = {"down", "reset", "change", "close-socket", "rotate", "expire-grace", "crash"}
    return [step for step in story.script if {step.network, step.platform, step.do} & words]


def in_the_script(story):
    """The edges that can be seen in a story before it is run."""
    for edge in ss.EDGES:
        if any(abs(length - edge.length) <= RETRANSMISSION for length in lasting(story)):
            yield f"outage about as long as {edge.name}"
    wrong = faults(story)
    if any(abs(a.at - b.at) <= CLOSE for a in wrong for b in wrong if a is not b):
        yield "two faults at once"


def reconnections(records):
    for record in records:
        if record.kind == "event" and record.name in {"sessionReconnecting", "sessionReconnected"}:
            yield record.client, record.time


def removals(records):
    for record in records:
        accepted = (record.kind, record.name) == ("decision", "accepted")
        if accepted and record.data["command"] == "forceDisconnect":
            yield record.data["target"].partition("#")[0], record.time


def in_the_run(records):
    """Those that only show in a run."""
    turns, removed = list(reconnections(records)), list(removals(records))
    if any(a == b and abs(at - by) <= CLOSE for a, at in turns for b, by in removed):
        yield "removed within milliseconds of a reconnection"
    if any(record.kind == "call" and record.data.get("by") == "listener" for record in records):
        yield "a call in a listener"


LEAST = {
    "outage about as long as silence": 0.04,
    "outage about as long as detection": 0.01,
    "outage about as long as media": 0.002,
    "outage about as long as window": 0.015,
    "outage about as long as last-attempt": 0.005,
    "outage about as long as grace": 0.01,
    "two faults at once": 0.15,
    "removed within milliseconds of a reconnection": 0.02,
    "a call in a listener": 0.2,
}
"""The least share of stories."""


@pytest.fixture(scope="module")
def counted():
    found = Counter()

    @given(ss.scenarios())
    @settings(
        max_examples=EACH,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def count(story):
        found.update(in_the_script(story))
        found.update(in_the_run(sim.run(story, laws=()).records))

    for number in range(SEEDS):
        seed(number)(count)()
    return found


@pytest.mark.search
@pytest.mark.unmeasured
@pytest.mark.parametrize("edge", LEAST)
def test_an_edge_is_met_often(counted, edge):
    assert counted[edge] >= LEAST[edge] * STORIES


def test_the_table_of_edges_is_tried_whole():
    assert {f"outage about as long as {edge.name}" for edge in ss.EDGES} <= set(LEAST)
