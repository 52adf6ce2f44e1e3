"""Every file in ``bad/`` is refused with exactly the sentences that stand beside it.

After a change of wording, ``python tests/scenario/test_scenario_bad_files.py`` writes the sentences
anew; read the difference before you keep it.
"""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from plain_trees import plain

from sim.scenario import ScenarioError, json_schema, loads
from sim.scenario.syntax import YamlError, tree

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
LAWS = ("reconnect-first", "one-end", "cleanup")

BEYOND_THE_SCHEMA = (
    "control-character-in-text",
    "expectations",
    "expectations-across-people",
    "name-of-a-member",
    "names-of-laws",
    "network-of-a-person",
    "nobody",
    "too-many-people",
    "twice-the-same-key",
    "who-is-not-there",
)
"""What a JSON Schema cannot see: grammar of sentences, names that must exist, sums."""


def refusal(path):
    with pytest.raises(ScenarioError) as caught:
        loads(path.read_bytes(), path.name, LAWS)
    return caught.value


def test_there_are_many_bad_files():
    assert len(BAD) >= 40


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_with_every_mistake_in_it(path):
    assert f"{refusal(path)}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_mistake_has_a_place_in_the_file_and_is_one_sentence(path):
    lines = path.read_bytes().split(b"\n")
    for problem in refusal(path).problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.sentence
        assert "\n" not in str(problem)
        assert not problem.sentence.endswith(".")


def as_data(path):
    """The file as other programs would see it, or None if it is no YAML of ours."""
    try:
        node, flaws = tree(path.read_bytes().decode("utf-8"))
    except (YamlError, UnicodeDecodeError):
        return None
    return plain(node) if not flaws else None


STRUCTURAL = [p for p in BAD if p.stem not in BEYOND_THE_SCHEMA and as_data(p) is not None]


@pytest.mark.parametrize("path", STRUCTURAL, ids=lambda path: path.stem)
def test_what_is_wrong_in_structure_the_schema_refuses_too(path):
    assert not Draft202012Validator(json_schema()).is_valid(as_data(path))


def test_most_bad_structure_is_bad_by_the_schema():
    assert len(STRUCTURAL) >= 20


if __name__ == "__main__":
    for path in BAD:
        path.with_suffix(".txt").write_text(f"{refusal(path)}\n", encoding="utf-8")
