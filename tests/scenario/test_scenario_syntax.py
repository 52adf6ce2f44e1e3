"""YAML 1.2 and nothing that surprises, whichever of PyYAML's parsers is there."""

import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from plain_trees import plain

from sim.scenario import ScenarioError, loads, syntax
from sim.scenario.loading import LARGEST, load
from sim.scenario.nodes import Pairs
from sim.scenario.syntax import YamlError, plain_value, tree
from sim.wording import bare

MINIMAL = "{name: x, duration: 60s, clients: {bob: {}}}"


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request, monkeypatch):
    """Each of the two parsers in turn."""
    monkeypatch.setattr(syntax, "_LOADER", getattr(yaml, request.param))


def data(text):
    node, flaws = tree(text)
    assert not flaws
    return plain(node)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        ("+1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
        ("0b11", "0b11"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_words_mean_what_the_core_schema_says(parser, word, meaning):
    found = data(f"a: {word}")["a"]
    assert (found, type(found)) == (meaning, type(meaning))


def test_not_a_number_is_a_number():
    assert plain_value(".nan") != plain_value(".nan")


def test_what_is_in_quotes_is_text(parser):
    assert data("""{a: "true", b: '12', c: "", d: |\n}""".replace("d: |\n", "d: x")) == {
        "a": "true",
        "b": "12",
        "c": "",
        "d": "x",
    }


def test_an_alias_stands_for_the_same_thing(parser):
    assert data("{a: &x {b: [1]}, c: *x}") == {"a": {"b": [1]}, "c": {"b": [1]}}


def test_places_count_from_one(parser):
    node, _ = tree("a: 1\nbb:\n  - é: 2\n")
    assert isinstance(node, Pairs)
    (_, one), (key, items) = node.entries
    assert (one.line, one.column, key.line, key.column) == (1, 4, 2, 1)
    assert (items.line, items.column) == (3, 3)
    inner = items.items[0].entries[0][1]
    assert (inner.line, inner.column) == (3, 8)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "{a: " * 200_000,
        "- " * 10_000,
        "? " * 10_000,
        "&a [" * 1_000,
    ],
)
def test_depth_and_repetition_are_refused_before_they_cost_anything(parser, text):
    with pytest.raises(YamlError):
        tree(text)


@given(st.integers(2, 30), st.integers(2, 30), st.integers(1, 8))
def test_aliases_may_not_blow_up(width, breadth, depth):
    lines = ["- &a0 [" + ", ".join("x" * 1 for _ in range(width)) + "]"]
    lines += [f"- &a{n + 1} [" + ", ".join([f"*a{n}"] * breadth) + "]" for n in range(depth)]
    expanded = 1 + sum(_size(width, breadth, n) for n in range(depth + 1))
    if expanded > syntax.MOST_VALUES:
        with pytest.raises(YamlError, match="aliases written out"):
            tree("\n".join(lines))
    else:
        assert tree("\n".join(lines))[0].size == expanded


def _size(width, breadth, depth):
    return 1 + (width if depth == 0 else breadth * _size(width, breadth, depth - 1))


def test_every_flaw_that_leaves_a_tree_is_told():
    _, flaws = tree("{a: 1, a: 2, <<: {}, 7: x, b: !!int 3, [c]: d}")
    assert [flaw.sentence.split(":")[0] for flaw in flaws] == [
        "the key 'a' stands here twice, first in line 1",
        "merge keys (<<) are not part of YAML 1.2",
        "a key must be text, and the number 7 is not",
        "the tag 'tag",
        "a key must be text, and a list is not",
    ]


@pytest.mark.parametrize("sentence", ["a:\n\t- x", "a: 1\n\tb: 2"])
def test_a_tab_that_indents_is_called_a_tab(parser, sentence):
    with pytest.raises(YamlError, match="a tab cannot indent"):
        tree(sentence)


def test_a_byte_order_mark_is_passed_over():
    assert loads(b"\xef\xbb\xbf" + MINIMAL.encode()) == loads("\ufeff" + MINIMAL) == loads(MINIMAL)


def test_a_file_of_more_than_a_mebibyte_is_refused(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_text(MINIMAL + "\n#" + "x" * LARGEST, encoding="utf-8")
    for refuse in (
        lambda: load(file),
        lambda: loads(file.read_bytes()),
        lambda: loads(file.read_text()),
    ):
        with pytest.raises(ScenarioError, match="larger than 1 MiB"):
            refuse()


def test_a_file_of_a_mebibyte_loads(tmp_path):
    file = tmp_path / "full.yaml"
    text = MINIMAL + "\n#"
    file.write_text(text + "x" * (LARGEST - len(text)), encoding="utf-8")
    assert load(file) == loads(MINIMAL)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.yaml", "no such file"),
        (".", "is a directory"),
        ("nul\0.yaml", "null character"),
        ("\x1b[31mred\u202e.yaml", "no such file"),
        ("\ud800.yaml", "not text"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, name, sentence):
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / name)
    (problem,) = caught.value.problems
    assert sentence in problem.sentence
    assert problem.line == 0
    assert str(problem).startswith(f"{bare(str(tmp_path / name), 400)}: cannot read the file: ")
    assert str(problem).isprintable()


@pytest.mark.parametrize("name", [7, None, b"x.yaml", ["x.yaml"], "x" * 10_000])
def test_what_names_no_file_is_one_short_sentence(name):
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert len(caught.value.problems) == 1
    assert len(str(caught.value)) < 500


def test_without_libyaml_the_slow_parser_reads_the_same():
    code = (
        "import yaml; del yaml.CSafeLoader\n"
        "from sim.scenario import load\n"
        "print(load('scenarios/flaky.yaml').name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("flaky\n", "")
