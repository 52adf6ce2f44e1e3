"""``validate``, ``schema``, ``presets`` and ``laws``: what is right and what there is."""

from __future__ import annotations

import json

import pytest
import yaml
from cli_scenarios import KICK
from jsonschema import Draft202012Validator

from sim.laws import GOALS, catalogue
from sim.network.presets import LOSSES, NETWORKS
from sim.protocol.quirks import HARMS, QUIRKS
from sim.research.metrics import catalogue as metrics
from sim.research.tables import TABLES

BAD = """\
name: bad
duration: 10 parsecs
clients:
  alice: {rol: moderator}
"""


def test_right_files_are_said_to_be_right(sim, scenario):
    path = scenario()
    result = sim("validate", path)
    assert (result.exit_code, result.output) == (0, f"{path}: kick is right\n")
    assert sim("validate", "-q", path).output == ""


def test_every_problem_of_every_file_is_printed(sim, scenario, tmp_path):
    bad, good, missing = scenario(BAD, "bad.yaml"), scenario(), tmp_path / "missing.yaml"
    result = sim("validate", bad, good, missing)
    assert result.exit_code == 2
    lines = result.output.splitlines()
    assert [line.split(":")[:3] for line in lines[:2]] == [
        [str(bad), "2", "11"],
        [str(bad), "4", "11"],
    ]
    assert "'rol'" in lines[1]
    assert "role" in lines[1]
    assert lines[2].endswith("kick is right")
    assert str(missing) in lines[3]


def test_a_file_comes_from_standard_input(sim):
    assert sim("validate", "-", input=KICK).output == "-: kick is right\n"
    assert sim("validate", "-", input=BAD).output.startswith("<stdin>:2:11:")


def test_a_law_that_does_not_exist_is_a_mistake(sim, scenario):
    result = sim("validate", scenario(KICK + "laws: [one-ende]\n"))
    assert result.exit_code == 2
    assert "did you mean 'one-end'?" in result.output


def test_running_a_bad_file_prints_all_problems_and_runs_nothing(sim, scenario, tmp_path):
    trace = tmp_path / "t.jsonl"
    result = sim("run", scenario(BAD), "--trace", trace)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 2
    assert not trace.exists()


def test_the_schema_is_a_schema_and_accepts_a_scenario(sim):
    schema = json.loads(sim("schema").output)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(yaml.safe_load(KICK))
    assert not validator.is_valid(yaml.safe_load(BAD))


def test_presets_are_listed_with_numbers_and_sources(sim):
    lines = sim("presets").output.splitlines()
    assert [line.split()[0] for line in lines[1 : len(NETWORKS) + 1]] == list(NETWORKS)
    assert "fibre 2ms 0%" in " ".join(lines[1].split())
    assert "12.4% (p 0.08, r 0.5, h 0.9)" in sim("presets").output
    words = " ".join(" ".join(lines).split())
    sources = [preset.source for table in (NETWORKS, LOSSES) for preset in table.values()]
    assert [source for source in sources if source not in words] == []


def test_presets_as_json_have_all_numbers(sim):
    data = json.loads(sim("presets", "--json").output)
    assert list(data["networks"]) == list(NETWORKS)
    assert list(data["losses"]) == list(LOSSES)
    assert data["networks"]["g1050-h"]["outages"] == {
        "every": {"exponential": "1min"},
        "last": "3s",
    }
    assert data["networks"]["fibre"]["outages"] is None
    assert data["losses"]["wifi"]["p"] == 1 / 200


def test_a_delay_that_is_not_uniform_reads_like_a_scenario_file():
    from sim.cli.verbs.presets import _spread
    from sim.draws.distributions import Lognormal

    assert _spread(Lognormal(40_000, 0.4)) == "lognormal median 40ms, sigma 0.4"


def test_laws_are_listed_with_statement_and_source(sim):
    words = " ".join(sim("laws").output.split())
    for law in catalogue().values():
        assert f"{law.name} ({law.kind})" in words
        assert law.statement in words
        assert f"Source: {law.source}" in words


def test_laws_as_json(sim):
    rows = json.loads(sim("laws", "--json").output)
    assert [row["name"] for row in rows] == [*catalogue(), *GOALS]
    assert [row["name"] for row in rows if row["kind"] == "sometimes"] == list(GOALS)
    keys = {"name", "kind", "statement", "source", "exercised"}
    assert all(row.keys() == keys and all(row.values()) for row in rows)


def test_goals_are_listed_after_the_laws(sim):
    laws, goals = sim("laws").output.split("\n\nWhat some run should reach")
    words = " ".join(goals.split())
    assert not any(name in laws for name in GOALS)
    for goal in GOALS.values():
        assert f"{goal.name} (sometimes) {goal.statement}" in words


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_listings_keep_to_the_width(sim, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    for verb in ("laws", "presets", "quirks", "quirks kept-publisher-stays-attached"):
        lines = sim(*verb.split()).output.splitlines()
        assert max(map(len, lines)) <= int(width)


def test_quirks_are_listed_by_their_harm(sim):
    told = sim("quirks").output
    places = [told.index(f"\n  {name}\n") for name in QUIRKS]
    assert places == sorted(places)
    assert all(harm.title in told for harm in HARMS)


@pytest.mark.parametrize("name", QUIRKS)
def test_a_quirk_is_told_whole(sim, name):
    result = sim("quirks", name)
    words = " ".join(result.output.split())
    assert result.exit_code == 0
    quirk = QUIRKS[name]
    assert all(text in words for text in (quirk.sees, quirk.contract, quirk.advice))
    assert all(law in words for law in quirk.laws)
    assert f"scenarios/quirks/{name}.yaml" in words


def test_quirks_as_json(sim):
    rows = json.loads(sim("quirks", "--json").output)
    assert [row["name"] for row in rows] == list(QUIRKS)
    name = list(QUIRKS)[-1]
    assert json.loads(sim("quirks", name, "--json").output) == rows[-1]


def test_a_mistyped_quirk_gets_the_nearest_right_one(sim):
    result = sim("quirks", "kept-publisher")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: Invalid value for NAME: there is no quirk 'kept-publisher';"
        " did you mean kept-publisher-stays-attached?"
    )


# -- metrics ---------------------------------------------------------------------------------------


def test_metrics_are_listed_with_units_and_definitions(sim):
    shown = sim("metrics").output
    told = json.loads(sim("metrics", "--json").output)
    assert [each["name"] for each in told] == list(metrics())
    for each in metrics().values():
        assert f"\n{each.name}" in f"\n{shown}"
        assert each.definition in " ".join(shown.split())
    assert "ghost-time (s, mean of durations)\n" in shown
    assert "detection-time (s)\n" in shown
    assert [each["durations"] for each in told] == [each.lasting for each in metrics().values()]


def test_columns_of_tables_are_listed_with_their_meanings(sim):
    shown = " ".join(sim("metrics", "--tables").output.split())
    told = json.loads(sim("metrics", "--tables", "--json").output)
    assert [each["name"] for each in told] == list(TABLES)
    for table in TABLES.values():
        for column in table.columns:
            assert column.meaning in shown
    assert 'such as "platform.grace"' in shown


# -- experiments -----------------------------------------------------------------------------------

EXPERIMENT = """\
name: graces
scenario: kick.yaml
design: {grid: {platform.grace: [15s, GRACE]}}
replications: 2
"""


def test_an_experiment_is_judged_as_one(sim, scenario):
    scenario(name="kick.yaml")
    right = scenario(EXPERIMENT.replace("GRACE", "45s"), "right.yaml")
    wrong = scenario(EXPERIMENT.replace("GRACE", "45 parsecs"), "wrong.yaml")
    assert sim("validate", right).output == f"{right}: graces is right\n"
    result = sim("validate", wrong)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert result.output.startswith(f"{wrong}:3:39: design.grid.platform.grace[1]: ")


def test_an_experiment_in_place_comes_from_standard_input(sim):
    whole = yaml.safe_load(EXPERIMENT.replace("GRACE", "45s")) | {"scenario": yaml.safe_load(KICK)}
    assert sim("validate", "-", input=json.dumps(whole)).output == "-: graces is right\n"


def test_what_is_taken_for_the_other_is_told_to_be_it(sim, scenario, tmp_path):
    path = scenario(name="kick.yaml")
    right = scenario(EXPERIMENT.replace("GRACE", "45s"), "right.yaml")
    ran, swept = sim("run", right), sim("sweep", path, "-o", tmp_path / "out")
    assert (ran.exit_code, swept.exit_code) == (2, 2)
    told = [f"{right}: this is an experiment, not a scenario: `sim sweep` runs it"]
    told += [f"{path}: this is a scenario, not an experiment: `sim run` runs it; an experiment"]
    assert ran.output.startswith(told[0])
    assert swept.output.startswith(told[1])


def test_a_scenario_that_speaks_of_a_design_is_a_scenario(sim, scenario):
    path = scenario(KICK.replace("A moderator", "A scenario by design"))
    assert sim("validate", path).output == f"{path}: kick is right\n"
