"""Tables: what is observed, in columns; the same whatever shards the runs were cut into."""

import sys
from functools import cache
from itertools import pairwise

import pyarrow.parquet
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.research import Experiment, sweep
from sim.research.experiments import Point
from sim.research.metrics import catalogue
from sim.research.observing import observe
from sim.research.tables import TABLES, Figure, Tables, read
from sim.research.tables.columns import Kind
from sim.research.tables.derived import points
from sim.research.tables.digest import MODULUS

RUNS = 6
STORY = """
name: told
seed: 3
duration: 40s
clients:
  alice: {role: moderator, publish: camera}
  bob: {publish: camera, network: {outages: {every: {exponential: 10s}, last: 3s}}}
script:
  - {at: 30s, client: alice, do: force-disconnect, target: bob}
"""


@cache
def runs():
    scenario = sim.loads(STORY)
    return tuple(observe(scenario, replication=n, point=1, events=True) for n in range(RUNS))


def figures(seen):
    values = {name: metric.of(seen) for name, metric in catalogue().items()}
    return [Figure(*each) for each in values.items()]


def tables(of=None):
    made = Tables()
    for seen in runs() if of is None else of:
        made.add(seen, figures(seen))
    return made


@pytest.fixture
def folder(tmp_path):
    """The results of a sweep of two shards, and one that is not finished."""
    for name, part in {"a": runs()[:2], "b": runs()[2:], ".unfinished-c": runs()[:1]}.items():
        shard = tmp_path / "shards" / name
        shard.mkdir(parents=True)
        for file, content in tables(part).files().items():
            (shard / file).write_bytes(content)
    return tmp_path


# -- identity --------------------------------------------------------------------------------------


@given(st.permutations(range(RUNS)), st.lists(st.integers(0, RUNS), max_size=4))
def test_the_digest_does_not_depend_on_shards_or_order(order, cuts):
    places = [0, *sorted(cuts), RUNS]
    shards = [order[a:b] for a, b in pairwise(places)]
    parts = [tables([runs()[n] for n in shard]).digest for shard in shards]
    assert sum(parts) % MODULUS == tables().digest


def test_the_digest_changes_with_whatever_a_run_says():
    alone = tables(runs()[:1]).digest
    assert alone != tables(runs()[1:2]).digest
    assert alone != tables([runs()[0], runs()[0]]).digest
    without = Tables()
    without.add(runs()[0], figures(runs()[0])[1:])
    assert without.digest != alone


def test_the_same_runs_give_the_same_bytes():
    assert tables().files() == tables().files()


# -- forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_form_has_the_columns_and_the_rows(name):
    made, columns = tables(), [column.name for column in TABLES[name].columns]
    rows = [row for seen in runs() for row in TABLES[name].rows(seen, figures(seen))]
    assert rows
    arrow = made.to_arrow(name)
    assert arrow.column_names == columns
    assert [tuple(row.values()) for row in arrow.to_pylist()] == rows
    assert made.to_polars(name).rows() == rows
    frame = made.to_pandas(name)
    assert list(frame.columns) == columns
    shown = frame.astype(object).where(frame.notna(), None)
    assert list(shown.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_rows_are_of_the_types_of_their_columns(table):
    types = {
        Kind.TEXT: str,
        Kind.WHOLE: int,
        Kind.SEED: int,
        Kind.NUMBER: float,
        Kind.FLAG: bool,
    }
    for row in table.rows(runs()[0], figures(runs()[0])):
        for value, column in zip(row, table.columns, strict=True):
            assert type(value) is types[column.kind] or (value is None and column.empty)


def test_a_file_says_what_its_columns_mean(folder):
    schema = pyarrow.parquet.read_schema(folder / "shards" / "a" / "sessions.parquet")
    assert schema.field("ghost_us").metadata[b"unit"].decode() == "µs"
    assert b"meaning" in schema.field("person").metadata
    assert schema.field("ended_us").nullable
    assert not schema.field("person").nullable


def test_tables_without_a_run_are_there():
    empty = Tables()
    assert len(empty) == 0
    assert [empty.to_arrow(name).num_rows for name in TABLES] == [0] * len(TABLES)
    assert set(empty.files()) == {f"{name}.parquet" for name in TABLES}


@pytest.mark.parametrize("ask", ["to_arrow", "to_pandas", "to_polars"])
def test_another_table_is_refused(ask):
    with pytest.raises(ValueError, match="'session' is not a table: did you mean 'sessions'"):
        getattr(tables(), ask)("session")


# -- on disk ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_what_is_read_is_what_was_written(folder, name):
    stored = read(folder)
    assert stored.to_arrow(name).equals(tables().to_arrow(name))
    assert stored.to_pandas(name).equals(tables().to_pandas(name))
    assert stored.to_polars(name).equals(tables().to_polars(name))
    answer = stored.query(f"SELECT * FROM {name}")
    assert answer.columns == tuple(column.name for column in TABLES[name].columns)
    rows = [row for seen in runs() for row in TABLES[name].rows(seen, figures(seen))]
    assert sorted(answer.rows, key=repr) == sorted(rows, key=repr)


def test_a_folder_without_a_shard_that_is_done_has_empty_tables(tmp_path):
    (tmp_path / "shards").mkdir()
    assert list(read(tmp_path).query("SELECT * FROM sessions").rows) == []


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(ValueError, match="it has no results"):
        read(tmp_path)
    with pytest.raises(ValueError, match="there is no such folder"):
        read(tmp_path / "none")


WRONG = {
    "SELECT nobody FROM sessions": 'Referenced column "nobody" not found',
    "SELEC": 'syntax error at or near "SELEC"',
    "SELECT * FROM session": "did you mean 'sessions'? Allowed are sessions, events, runs, me",
    "": "there is no query",
    "SELECT * FROM read_text('/etc/hosts')": "disabled",
    "COPY sessions TO 'sessions.csv'": "disabled",
}


@pytest.mark.parametrize("sql", WRONG)
def test_a_wrong_query_is_one_sentence(folder, sql):
    with pytest.raises(ValueError) as refused:
        read(folder).query(sql)
    assert WRONG[sql] in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("package", "ask"), [("polars", "to_polars"), ("pandas", "to_pandas")])
def test_a_missing_package_is_named_with_the_remedy(monkeypatch, package, ask):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError, match=rf"{package}: pip install .*\[research\]"):
        getattr(tables(), ask)("runs")


# -- tables that follow from those -----------------------------------------------------------------


def designed(**grid):
    return points(Experiment(name="x", scenario=sim.loads(STORY), design={"grid": grid}).points)


def test_what_a_point_stands_for_is_in_a_table():
    delays = ["40ms", {"uniform": {"from": "0s", "to": "1s"}}]
    found = designed(
        **{
            "platform.grace": ["90s", "2min"],
            "platform.connection-limit": [3, 7],
            "platform.signal-echo": [True],
            "clients.bob.network.delay": delays,
        }
    ).to_pydict()
    assert found["point"] == list(range(8))
    assert found["platform.grace"] == ["90s"] * 4 + ["2min"] * 4
    assert found["platform.grace_us"] == [90_000_000] * 4 + [120_000_000] * 4
    assert found["platform.connection-limit"] == [3.0, 3.0, 7.0, 7.0] * 2
    assert found["platform.signal-echo"] == [True] * 8
    assert found["clients.bob.network.delay"] == ["40ms", "{uniform: {from: 0s, to: 1s}}"] * 4
    assert "clients.bob.network.delay_us" not in found


def test_where_a_point_leaves_something_as_it_is_the_table_is_empty():
    found = points([Point(0), Point(1, {"platform.grace": "1s"}), Point(2, {"seed": 2})])
    assert found.to_pydict() == {
        "point": [0, 1, 2],
        "label": ["", "platform.grace=1s", "seed=2"],
        "platform.grace": [None, "1s", None],
        "platform.grace_us": [None, 1_000_000, None],
        "seed": [None, None, 2.0],
    }


def test_points_are_joined_in_sql_and_estimates_are_a_frame(tmp_path):
    design = {"grid": {"platform.grace": ["1s", "9s"]}}
    metrics = ["kick-time", "signals-late"]
    one = Experiment(name="x", scenario=sim.loads(STORY), design=design, replications=2)
    results = sweep(evolve(one, metrics=metrics), tmp_path / "x", jobs=1)
    answer = results.query('SELECT "platform.grace_us" FROM Points JOIN runs USING (point)')
    assert sorted(answer.rows) == [(1_000_000,)] * 2 + [(9_000_000,)] * 2
    assert results.to_pandas("points").label.tolist() == ["platform.grace=1s", "platform.grace=9s"]
    assert ("points",) in results.query("SHOW TABLES").rows
    frame = results.to_polars("estimates")
    said = [(e.point.number, e.metric.name) for e in results.estimates()]
    assert frame.select("point", "metric").rows() == said
    assert (
        frame["estimate"].to_list()[::2] == [e.interval.estimate for e in results.estimates()][::2]
    )
    assert frame["estimate"].to_list()[1] is None


def test_an_answer_is_rows_or_a_frame(folder):
    def ask():
        return read(folder).query("SELECT replication, NULL AS no FROM runs ORDER BY 1")

    rows = [(n, None) for n in range(RUNS)]
    assert list(ask()) == ask().to_polars().rows() == rows
    assert ask().to_pandas().replication.tolist() == list(range(RUNS))
    assert list(ask().to_pandas().columns) == ["replication", "no"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"points": [1]}'])
def test_of_a_manifest_that_is_none_no_points_are_read(content, tmp_path):
    (tmp_path / "shards").mkdir()
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ValueError, match="is not the manifest of an experiment"):
        read(tmp_path).to_arrow("points")


def test_without_a_manifest_nobody_knows_the_points(folder):
    with pytest.raises(ValueError, match=r"without manifest.json nobody knows .* --resume"):
        read(folder).query("FROM points")
