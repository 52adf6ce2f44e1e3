"""Every error, event and quirk at work leads to a call, a fault, a decision or a draw.

A chain of causes may fork on its way back (:func:`sim.trace.causes`); every end of it has to be a
root. A call is one only if nothing has made its caller call: what an app does in a listener, or by
a policy, follows from what it was told.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.draws.distributions import Constant
from sim.network.specs import DirectionSpec, LinkSpec, NoLoss
from sim.protocol import records
from sim.protocol.records import Trait
from sim.protocol.units import SECOND
from sim.scenario import Platform
from sim.trace import causes
from tests import strategies

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(ROOT.glob("scenarios/**/*.yaml"))
ANSWERING = ("listener", "policy")
"""Who calls because of something that has happened."""
REAL = "opentok.js-2.35.2"
UNREACHED = {("connect", 1006), ("connect", 4010), ("connect", 4020)}
"""Calls that fail, with these codes, because the network did not let them through."""


def is_root(record):
    """Whether a chain of causes may end at that record."""
    entry = records.find(record.kind, record.object, record.name)
    return Trait.ROOT in entry.traits and record.data.get("by") not in ANSWERING


def ends_without_root(run):
    """By record: the numbers of what its causes begin with, of what is no root.

    What a record follows from stands before it, so one look at each will do.
    """
    found = {}
    for record in run.records:
        earlier = causes(record)
        own = () if earlier or is_root(record) else (record.seq,)
        found[record.seq] = frozenset(own).union(*(found[number] for number in earlier))
    return found


def rootless(run):
    """The errors, events and quirks of a run that lead to nothing, with what they end at."""
    story, ends = {record.seq: record for record in run.records}, ends_without_root(run)
    return [
        (record.seq, record.kind, record.name, "ends at", end, story[end].kind, story[end].name)
        for record in run.records
        if record.kind in ("event", "quirk") or record.data.get("ok") is False
        for end in ends[record.seq]
    ]


def unexplained(run):
    """Calls of a run that the network has made fail and that lead to nothing but themselves."""
    return [
        (record.seq, record.name, record.data["code"])
        for record in run.records
        if record.data.get("ok") is False and (record.name, record.data["code"]) in UNREACHED
        if max(causes(record)) == record.data["call"]
    ]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_story_leads_back_to_what_somebody_did_or_chance(file):
    assert rootless(sim.run(file)) == []


@settings(max_examples=100)
@given(strategies.stories())
def test_any_story_leads_back_to_what_somebody_did_or_chance(story):
    run = sim.run(story)
    assert rootless(run) == []
    assert unexplained(run) == []


def slow(delay):
    """A link on which nothing is lost and everything takes long."""
    way = DirectionSpec(NoLoss(), Constant(delay))
    return LinkSpec(way, way)


@st.composite
def troubled(draw):
    """Stories on links of any speed, with a platform of any mind and apps that react."""
    story = draw(strategies.stories())
    people = {}
    for name, person in story.clients.items():
        link = draw(st.just(person.network) | st.builds(slow, strategies.durations(0, 6 * SECOND)))
        people[name] = evolve(
            person,
            network=link,
            on=draw(strategies.reactions(list(story.clients))),
            stay=draw(st.none() | st.just(Constant(20 * SECOND))),
            leave=draw(st.sampled_from(("disconnect", "close-browser"))),
            policy=draw(strategies.policies()) if person.role == "moderator" else person.policy,
        )
    platform = draw(st.just(Platform()) | strategies.platforms())
    return evolve(story, clients=people, platform=platform)


@settings(max_examples=100)
@given(troubled())
def test_slow_links_and_platforms_of_any_mind_lead_back_as_well(story):
    assert rootless(sim.run(story)) == []


@settings(max_examples=100)
@given(strategies.stories() | troubled())
def test_with_the_quirks_of_the_shipped_client_they_lead_back_as_well(story):
    run = sim.run(story, profile=REAL)
    assert rootless(run) == []
