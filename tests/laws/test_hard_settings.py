"""Settings under which clients and the platform lose each other without a fault of theirs.

Each of these stories once broke a law. What the settings take away is not judged, and what they do
not take away holds.
"""

import pytest

import sim
from sim.laws import BROKEN, HELD

STORIES = {
    "a newcomer's stream ends before its news": (
        (),
        """
        clients: {dave: {}, alice: {publish: camera}}
        platform: {announce-after: 1s}
        script: [{at: 500ms, client: alice, do: unpublish}]
        """,
    ),
    "long before its news": (
        ("presence",),
        """
        clients: {dave: {}, alice: {publish: camera}}
        platform: {announce-after: 3.8s}
        script: [{at: 500ms, client: alice, do: unpublish}]
        """,
    ),
    "one who is forgotten joins again as the same": (
        ("memory",),
        """
        seed: 401636
        networks: {deaf: {up: {loss: 60%}}}
        clients: {carol: {network: deaf}, bob: {}}
        platform: {remember-gone: 956ms}
        """,
    ),
    "one who was idle and is forgotten": (
        ("memory",),
        """
        seed: 804658
        networks: {dull: {delay: 40ms, loss: 30%}}
        clients: {alice: {publish: camera}, carol: {network: dull}}
        platform: {media-idle: 19252ms, remember-gone: 13s}
        """,
    ),
    "one whose silence is hardly longer than a ping": (
        ("patience",),
        """
        clients: {alice: {}}
        platform: {reconnection: false}
        timers: {silence-without-reconnection: 2s}
        """,
    ),
    "whole stays of others while one is joining": (
        ("patience",),
        """
        seed: 401980
        networks: {deaf: {delay: 20ms, up: {loss: 60%}}}
        clients: {dave: {publish: true, rejoin: {after: 2300ms}}, carol: {network: deaf}}
        script: [{at: 20147222us, client: dave, do: mute-audio}]
        timers: {silence: 900ms}
        """,
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_no_law_is_broken(name):
    unkept, text = STORIES[name]
    story = "\n".join(line[8:] for line in text.splitlines())
    laws = sim.run(sim.loads(f"name: hard\nduration: 220s\n{story}")).laws
    assert {law: v.breaches[0].sentence for law, v in laws.items() if v.outcome == BROKEN} == {}
    assert {promise for verdict in laws.values() for promise in verdict.unkept} == set(unkept)


def test_with_a_newcomer_announced_in_time_the_end_of_its_stream_is_judged():
    text = STORIES["a newcomer's stream ends before its news"][1]
    story = "\n".join(line[8:] for line in text.splitlines())
    laws = sim.run(sim.loads(f"name: hard\nduration: 220s\n{story}")).laws
    assert {laws[law].outcome for law in ("converge", "seen-once", "no-stale-events")} == {HELD}
