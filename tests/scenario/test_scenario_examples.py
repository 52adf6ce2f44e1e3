"""The shipped scenarios, and the examples in the documentation."""

import importlib.util
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from plain_trees import plain

import sim
from sim.laws import catalogue
from sim.scenario import dump, json_schema, load, loads
from sim.scenario.syntax import tree

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))
DOCUMENTATION = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENTATION, re.DOTALL)
LAWS = list(catalogue())


def test_there_are_scenarios():
    assert len(SHIPPED) >= 8


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_in_order(path):
    scenario = load(path, LAWS)
    assert scenario.name == path.stem
    assert scenario.about
    assert scenario.expect
    assert loads(dump(scenario)) == scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_begins_by_saying_what_to_look_for(path):
    comment = re.match(r"(#.*\n)+", path.read_text(encoding="utf-8"))
    assert comment
    assert "What to look for" in comment.group()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_fits_the_schema_as_it_is_written(path):
    node, _ = tree(path.read_text(encoding="utf-8"))
    Draft202012Validator(json_schema(LAWS)).validate(plain(node))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_turns_out_as_it_expects(path):
    result = sim.run(path, keep=False)
    assert [outcome for outcome in result.expectations if not outcome.held] == []
    assert result.exit_code == 0


def test_the_schema_is_a_schema_with_a_word_on_everything():
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    tables = [schema["$defs"][name] for name in ("scenario", "person", "step", "platform")]
    for table in tables:
        assert all(spec["description"] for spec in table["properties"].values())


def test_the_schema_knows_the_laws_when_told():
    assert json_schema(["one-end"])["$defs"]["law"] == {"enum": ["one-end"]}


def test_there_are_examples():
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_documentation_is_right(number):
    given = (
        "name: example\nduration: 10min\nclients: {alice: {role: moderator}, bob: {}, carol: {}}\n"
    )
    example = EXAMPLES[number]
    present = set(re.findall(r"^(\w+):", example, re.MULTILINE))
    missing = [line for line in given.splitlines() if line.partition(":")[0] not in present]
    assert loads("\n".join(missing) + "\n" + example, "example.yaml", LAWS)


def test_the_tables_of_the_documentation_are_those_of_the_code():
    path = ROOT / "docs" / "list_language.py"
    spec = importlib.util.spec_from_file_location("list_language", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TABLES.keys() == set(re.findall(r"<!-- table: (.*) -->", DOCUMENTATION))
    assert module.page(DOCUMENTATION) == DOCUMENTATION, "run: python -m docs.list_language"


def test_the_python_example_of_the_documentation_runs():
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENTATION, re.DOTALL)
    exec(compile(example, "docs/scenarios.md", "exec"), {})
