"""The stories that are drawn for the recorder."""

import json
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.conform import listeners
from tools.live.__main__ import drawn
from tools.live.needs import RECORDER
from tools.live.short import KINDS, short_story
from tools.live.stories import ACTS, CHOICES, FAULTS, PLATFORM, random_story

MANY = 400
STEPS = ({"acts"}, {"net"}, {"platform"}, {"platform", "args"}, {"page"})


def told(count=MANY, tell=random_story):
    return [tell("r", Random(number)) for number in range(count)]


def acts(stories):
    return [act for story in stories for step in story["steps"] for act in step.get("acts", ())]


def source(*path):
    return RECORDER.joinpath(*path).read_text(encoding="utf-8")


@given(st.integers(), st.sampled_from([random_story, short_story]))
def test_a_story_is_one_that_can_be_played(seed, tell):
    story = tell("r0101", Random(seed))
    assert story["name"].startswith("r0101")
    assert set(story["pubs"]) <= set(story["setup"]) <= set(story["clients"])
    assert all(step.keys() - {"at", "client"} in STEPS for step in story["steps"])
    assert all(step["client"] in story["clients"] for step in story["steps"])
    times = [step["at"] for step in story["steps"]]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] < story["ends"] <= 125_000
    assert json.loads(json.dumps(story)) == story


@given(st.integers(min_value=0), st.integers(1, 6), st.integers(1, 6))
def test_a_seed_always_tells_the_same_stories(seed, few, more):
    assert drawn(seed, few) == drawn(seed, few + more)[:few]


def test_another_seed_tells_other_stories():
    assert drawn(1, 6) != drawn(2, 6)


def test_stories_have_names_of_their_own_however_many_they_are():
    stories = drawn(1, 120) + drawn(2, 120)
    assert len({story["name"] for story in stories}) == len(stories)


def test_a_dozen_has_long_and_short_stories():
    short = [story for story in drawn(1, 12) if "_" in story["name"]]
    assert len(short) == 4


# -- everything occurs -----------------------------------------------------------------------------


def test_every_call_fault_deed_and_choice_occurs():
    stories = told()
    steps = [step for story in stories for step in story["steps"]]
    assert {act["do"] for act in acts(stories)} == set(ACTS)
    assert {step["net"] for step in steps if "net" in step} == {*FAULTS, "restored"}
    assert {step["platform"] for step in steps if "platform" in step} == set(PLATFORM)
    assert any(step.get("page") for step in steps)
    for key, values in CHOICES.items():
        assert {story["cfg"][key] for story in stories} == set(values)


def test_two_three_and_four_clients_occur_with_every_role():
    clients = [story["clients"] for story in told()]
    assert {len(each) for each in clients} == {2, 3, 4}
    roles = {client["role"] for each in clients for client in each.values()}
    assert roles == {"moderator", "publisher", "subscriber"}


def test_calls_come_in_bursts_and_after_seconds():
    gaps = [
        late["at"] - early["at"]
        for story in told()
        for early, late in zip(story["steps"], story["steps"][1:], strict=False)
    ]
    assert sum(gap <= 30 for gap in gaps) > len(gaps) / 5
    assert sum(gap >= 1_000 for gap in gaps) > len(gaps) / 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_short_story_is_told(kind):
    assert any(story["name"] == f"r_{kind}" for story in told(tell=short_story))


# -- what the recorder and the simulator understand ------------------------------------------------


def listened(stories):
    return [
        listener
        for story in stories
        for client in story["clients"].values()
        for listener in client.get("listeners", ())
    ]


def test_listeners_that_could_go_on_for_ever_act_once():
    does = [each["does"] for each in listened(told())]
    endless = [each for each in does if re.search(r"\b(connect|publish|signal)\(", each)]
    assert endless
    assert all(each.startswith("if (!again)") for each in endless)


def test_the_simulator_understands_what_listeners_do():
    for listener in listened(told() + told(tell=short_story)):
        listeners.deed(listener["does"])


def test_the_recorder_knows_every_call_fault_deed_and_choice():
    page, server, room, choices = (
        source(*path)
        for path in (("page", "client.js"), ("server.js",), ("room.js",), ("choices.js",))
    )
    for do in ACTS:
        assert re.search(rf"^    '?{do}'?: \(", page, re.MULTILINE), do
    assert all(f"'{fault}'" in server for fault in FAULTS)
    assert all(deed.split(" with ")[0] in room for deed in PLATFORM)
    chosen = {key for story in told() + told(tell=short_story) for key in story["cfg"]}
    assert all(re.search(rf"^  {key}:", choices, re.MULTILINE) for key in chosen)


def test_the_recorder_brings_no_registry_and_nothing_of_the_vendor():
    files = sorted(each.name for each in RECORDER.rglob("*") if each.is_file())
    assert not [name for name in files if "lock" in name or name.startswith("opentok")]
    assert "://" not in source("package.json")
