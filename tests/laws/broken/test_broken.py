"""The laws are strong enough: whatever is broken on purpose is caught, and by the right law."""

from functools import cache

import pytest
import small_stories as stories
from breakages import BREAKAGES

import sim
from sim.laws import BROKEN, catalogue

STORIES = [each for each in vars(stories).values() if isinstance(each, sim.Scenario)]


@cache
def unbroken(story_name):
    return sim.run(next(story for story in STORIES if story.name == story_name))


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda each: f"{each.name}: {each.law}")
def test_the_law_names_the_fault(breakage):
    result = sim.run(breakage.story, client=breakage.client, platform=breakage.platform)
    verdict = result.laws[breakage.law]
    assert verdict.outcome == BROKEN
    assert any(breakage.says in breach.sentence for breach in verdict.breaches)


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.name)
def test_unbroken_every_story_holds_all_laws(story):
    assert [verdict.law.name for verdict in unbroken(story.name).broken] == []


def test_there_is_no_law_that_catches_nothing():
    caught = {breakage.law for breakage in BREAKAGES}
    assert [name for name in catalogue() if name not in caught] == []
