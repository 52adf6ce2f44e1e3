"""``query``: SQL over the tables of results, for people and for programs."""

import importlib.util
import json
from decimal import Decimal
from math import inf

import pytest

from sim.cli import terminal
from sim.cli.verbs import query
from sim.research.observing import observe
from sim.research.tables import Tables
from sim.scenario import load


@pytest.fixture
def results(tmp_path):
    tables = Tables()
    for replication in range(2):
        tables.add(observe(load("scenarios/kick.yaml"), replication=replication))
    shard = tmp_path / "shards" / "point-0-from-0-to-1"
    shard.mkdir(parents=True)
    for name, content in tables.files().items():
        (shard / name).write_bytes(content)
    return tmp_path


ENDS = "SELECT end_told, count(*) AS n, true AS yes FROM sessions GROUP BY ALL ORDER BY ALL"


def test_people_get_columns(sim, results):
    answer = sim("query", results, ENDS)
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "end_told           n  yes ",
        "forceDisconnected  2  true",
        "–                  6  true",
    ]


def test_rows_wider_than_the_terminal_are_told_value_by_value(sim, results, monkeypatch):
    monkeypatch.setattr(terminal, "fits", lambda columns: columns <= 21)
    assert "row 1" not in sim("query", results, "SELECT 1 AS a, repeat('x', 18) AS b").output
    answer = sim("query", results, "SELECT n AS a, repeat('x', 19) AS bc FROM range(2) t(n)")
    assert answer.output.splitlines() == [
        "row 1",
        "  a   0",
        f"  bc  {19 * 'x'}",
        "row 2",
        "  a   1",
        f"  bc  {19 * 'x'}",
    ]


def test_programs_get_the_names_and_the_rows(sim, results):
    answer = sim("query", results, ENDS, "--json")
    assert json.loads(answer.output) == {
        "columns": ["end_told", "n", "yes"],
        "rows": [["forceDisconnected", 2, True], [None, 6, True]],
    }


def test_what_json_has_no_word_for_is_said_as_it_can_be(sim, results):
    sql = "SELECT 1.5, 'nan'::DOUBLE, [1, 2.5], {'a': 1.5}, DATE '2020-01-02'"
    answer = sim("query", results, sql, "--json")
    assert json.loads(answer.output)["rows"] == [[1.5, None, [1, 2.5], {"a": 1.5}, "2020-01-02"]]


def test_an_answer_without_rows_has_its_names(sim, results):
    answer = sim("query", results, "SELECT person, point FROM sessions WHERE point = 7")
    assert answer.output.splitlines() == ["person  point"]


def test_more_rows_than_are_looked_at_for_the_widths(sim, results, monkeypatch):
    monkeypatch.setattr(query, "_FIRST", 2)
    answer = sim("query", results, "SELECT range AS n FROM range(8, 11)")
    assert answer.output.splitlines() == ["n", "8", "9", "10"]


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("SELECT nobody FROM sessions", 'Error: Referenced column "nobody" not found'),
        ("SELECT error('at last') FROM sessions", "at last"),
        ("", "Error: there is no query"),
        (";", "Error: there is no query"),
        ("SELECT 1; SELECT 2", "Error: there are 2 queries: ask one at a time"),
    ],
)
def test_a_mistake_is_one_sentence(sim, results, sql, sentence):
    answer = sim("query", results, sql)
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert len(answer.output.splitlines()) == 1


def test_a_folder_without_results_is_one_sentence(sim, tmp_path):
    answer = sim("query", tmp_path, ENDS)
    assert (answer.exit_code, len(answer.output.splitlines())) == (2, 1)
    assert "it has no results" in answer.output


def test_what_is_not_installed_is_named_with_the_remedy(sim, results, monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(
        "sim.cli.extras.find_spec", lambda name: None if name == "duckdb" else there(name)
    )
    answer = sim("query", results, ENDS)
    assert answer.exit_code == 2
    assert "query needs duckdb" in answer.output
    assert "'session-sim[research]'" in answer.output


def test_numbers_are_shown_short(sim):
    assert query._shown(1 / 3) == "0.333333"
    assert query._shown(0.0 * inf) == query._shown(None) == "–"
    assert query._plain({"a": (Decimal("0.5"), inf)}) == {"a": [0.5, None]}
