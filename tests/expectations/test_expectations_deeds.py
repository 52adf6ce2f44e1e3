"""The deeds that sentences may name are those of the script, and runs have records of them."""

import pytest

import sim
from sim.expectations.vocabulary import DEEDS
from sim.scenario.actions import ACTIONS, DO, NETWORK, PLATFORM

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
    assert set(DEEDS) == words


def test_a_sentence_may_say_of_whom_where_a_step_says_to_whom():
    assert [word for word, deed in DEEDS.items() if deed.of] == [
        word for word, action in DO.items() if {"target", "to"} & {*action.needs, *action.takes}
    ]


SENT_AWAY = """
name: sent away
duration: 30s
clients: {alice: {publish: camera}, bob: {publish: camera}}
script:
  - {at: 10s, client: bob, platform: force-disconnect}
expect:
  - bob sees sessionDisconnected(forceDisconnected) within 2s of bob's platform force-disconnect
  - alice sees connectionDestroyed of bob exactly once within 2s of bob's platform force-disconnect
  - bob sees sessionReconnecting within 2s of bob's platform force-disconnect
  - bob never sees sessionDisconnected within 2s of alice's platform force-disconnect
"""


def test_what_the_apps_own_server_does_happens_to_whom_it_names():
    outcomes = sim.run(sim.loads(SENT_AWAY)).expectations
    assert [outcome.held for outcome in outcomes] == [True, True, False, True]
    assert outcomes[0].why == "so it was after bob's platform force-disconnect, once"
    assert outcomes[3].why == "alice's platform force-disconnect never came"


@pytest.mark.parametrize("deed", DEEDS)
def test_a_run_has_a_record_of_it(deed):
    kind, _, word = deed.rpartition(" ")
    kind, who = kind or "do", "bob" if deed == "network up" else "alice"
    keys = "".join(f", {key}: {GIVEN[key]}" for key in ACTIONS[kind][word].needs)
    story = STORY.format(who=who, kind=kind, word=word, keys=keys, deed=deed)
    (outcome,) = sim.run(sim.loads(story)).expectations
    assert outcome.why.startswith("so it was after")
