"""The laws are strong enough: whatever is broken on purpose is caught, and by the right law."""

from functools import cache

import pytest
import small_stories as stories
from breakages import BREAKAGES

import sim
from sim.laws import BROKEN, catalogue
from sim.testing.mutants import MUTANTS

STORIES = [each for each in vars(stories).values() if isinstance(each, sim.Scenario)]


@cache
def unbroken(story_name):
    return sim.run(next(story for story in STORIES if story.name == story_name))


def broken(mutant, story):
    parts = {"client": mutant.client_class, "platform": mutant.platform_class}
    apps = {} if mutant.app is None else dict.fromkeys(story.clients, mutant.app)
    return sim.run(story, apps=apps, **{part: made for part, made in parts.items() if made})


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda each: f"{each.name}: {each.law}")
def test_the_law_names_the_fault(breakage):
    result = broken(breakage.mutant, breakage.story)
    verdict = result.laws[breakage.law]
    assert verdict.outcome == BROKEN
    assert any(breakage.says in breach.sentence for breach in verdict.breaches)


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.name)
def test_unbroken_every_story_holds_all_laws(story):
    assert [verdict.law.name for verdict in unbroken(story.name).broken] == []


def test_every_planted_fault_is_named_by_the_law_that_it_says():
    named = {(breakage.mutant.name, breakage.law) for breakage in BREAKAGES}
    assert [each.name for each in MUTANTS.values() if (each.name, each.law) not in named] == []


def test_there_is_no_law_that_catches_nothing():
    caught = {breakage.law for breakage in BREAKAGES}
    assert [name for name in catalogue() if name not in caught] == []
