"""Every error and every event leads to a call, a fault, a decision or a draw."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

import sim
from sim.protocol import records
from sim.protocol.records import Trait
from tests import strategies

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(ROOT.glob("scenarios/**/*.yaml"))


def rootless(run):
    """The errors and events of a run that lead to nothing, with what they end at."""
    story = {record.seq: record for record in run.records}
    found = []
    for record in run.records:
        if record.kind == "event" or record.data.get("ok") is False:
            root = record
            while root.cause is not None:
                root = story[root.cause]
            entry = records.find(root.kind, root.object, root.name)
            if Trait.ROOT not in entry.traits:
                found.append((record.seq, record.kind, record.name, "ends at", root.name))
    return found


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_story_leads_back_to_what_somebody_did_or_chance(file):
    assert rootless(sim.run(file)) == []


@settings(max_examples=100)
@given(strategies.stories())
def test_any_story_leads_back_to_what_somebody_did_or_chance(story):
    assert rootless(sim.run(story)) == []
