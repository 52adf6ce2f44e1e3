"""``scenarios/quirks``: one scenario for each quirk, which shows that quirk and no other."""

import re
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve
from jsonschema import Draft202012Validator

import sim
from sim.laws import BROKEN, catalogue
from sim.protocol.quirks import QUIRKS, profile
from sim.scenario import dump, json_schema, load, loads, to_data

FOLDER = Path(__file__).parents[2] / "scenarios" / "quirks"
SHIPPED = "opentok.js-2.35.2"
LAWS = list(catalogue())


@cache
def scenario(quirk):
    return load(FOLDER / f"{quirk}.yaml", LAWS)


@cache
def run(quirk, base, **switches):
    """The quirk's scenario under a profile."""
    return sim.run(evolve(scenario(quirk), profile=profile(base, switches)))


def broken(result):
    return [name for name, verdict in result.laws.items() if verdict.outcome == BROKEN]


def amiss(result):
    return [f"{outcome.text}: {outcome.why}" for outcome in result.expectations if not outcome.held]


def test_every_quirk_has_a_scenario_and_every_scenario_a_quirk():
    assert {path.name for path in FOLDER.iterdir()} == {f"{quirk}.yaml" for quirk in QUIRKS}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_scenario_is_in_order(quirk):
    story = scenario(quirk)
    assert (story.name, story.profile) == (quirk, profile(SHIPPED))
    assert story.about
    assert loads(dump(story)) == story
    Draft202012Validator(json_schema(LAWS)).validate(to_data(story))


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_scenario_is_small_and_says_what_to_look_for(quirk):
    comment = re.match(r"(#.*\n)+", (FOLDER / f"{quirk}.yaml").read_text(encoding="utf-8"))
    assert comment
    assert "What to look for" in comment.group()
    assert 10_000_000 <= scenario(quirk).duration <= 120_000_000
    assert len(scenario(quirk).clients) <= 3


@pytest.mark.parametrize("quirk", QUIRKS)
def test_the_shipped_client_does_what_its_scenario_expects(quirk):
    result = sim.run(FOLDER / f"{quirk}.yaml")
    assert (result.exit_code, amiss(result)) == (0, [])


@pytest.mark.parametrize("quirk", QUIRKS)
def test_the_documented_client_keeps_the_laws_and_not_the_expectations(quirk):
    result = run(quirk, "documented")
    assert broken(result) == []
    assert amiss(result)


@pytest.mark.parametrize("quirk", QUIRKS)
def test_the_quirk_alone_brings_it_about(quirk):
    result = run(quirk, "documented", **{quirk: True})
    assert (result.exit_code, amiss(result)) == (0, [])
    assert broken(result) == broken(run(quirk, SHIPPED))


@pytest.mark.parametrize("quirk", QUIRKS)
def test_all_the_other_quirks_do_not_bring_it_about(quirk):
    assert amiss(run(quirk, SHIPPED, **{quirk: False}))
