"""The deeds that sentences may name are those of the script, and runs have records of them."""

import pytest

import sim
from sim.expectations.vocabulary import DEEDS
from sim.scenario.actions import ACTIONS, DO, NETWORK, PLATFORM

NOT_OF_A_PERSON = {"platform force-disconnect"}
"""What the app's own server does has no record of the person's."""

STORY = """
name: deed
duration: 30s
clients: {{alice: {{role: moderator, publish: camera}}, bob: {{publish: camera}}}}
script:
  - {{at: 5s, client: bob, network: down}}
  - {{at: 10s, client: {who}, {kind}: {word}{keys}}}
expect:
  - alice never sees muteForced within 1us of {who}'s {deed}
"""
GIVEN = {"target": "bob", "code": "1001"}


def test_what_the_script_can_do_to_somebody_sentences_can_name():
    words = {*DO, *(f"network {word}" for word in NETWORK), *(f"platform {w}" for w in PLATFORM)}
    assert set(DEEDS) == words - NOT_OF_A_PERSON


@pytest.mark.parametrize("deed", DEEDS)
def test_a_run_has_a_record_of_it(deed):
    kind, _, word = deed.rpartition(" ")
    kind, who = kind or "do", "bob" if deed == "network up" else "alice"
    keys = "".join(f", {key}: {GIVEN[key]}" for key in ACTIONS[kind][word].needs)
    story = STORY.format(who=who, kind=kind, word=word, keys=keys, deed=deed)
    (outcome,) = sim.run(sim.loads(story)).expectations
    assert outcome.why.startswith("so it was after")
