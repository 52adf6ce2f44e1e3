"""List the tables and the metrics: writes ``metrics.md`` beside this file from those in the code.

Run it after changing one: ``python -m docs.list_metrics``. A test holds the page to the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.research.metrics import Metric, catalogue
from sim.research.tables.columns import TABLES, Column, Table

PAGE = Path(__file__).with_name("metrics.md")

HEAD = """\
# Metrics and tables

What can be asked of many runs. The page is listed from `sim/research/metrics/` and
`sim/research/tables/columns.py` (`python -m docs.list_metrics`).

## Metrics

A run says of each metric a numerator and a denominator. Over many runs its value is the sum of the
ones over the sum of the others: a share of all sessions, not the mean of the runs' shares. A run
whose denominator is 0 says nothing.

A session that has not ended when the run does is *censored*, and so is anything else that goes on
then. To leave it out would make durations too short, to count it as ended too. So of a metric of
durations (marked `*`) a run says each of them, and whether it was seen to its end; over many runs
the value is their mean by Kaplan and Meier: the area under the curve of those that last longer. If
some were not seen to their end, nothing is known beyond the longest that was seen, and the mean is
that of durations that are cut there: `method` says `Kaplan-Meier, up to 120 s`, and `compare` cuts
both sides where both are known. How sure it is goes by what each run moves it by, since what is of
one run is not independent (*pseudo-values*; [research.md](research.md#statistics)); where ends were
seen in fewer than two runs there are no limits. There is also the curve itself, with median,
quantiles and restricted means:

```python
import sim
from sim.research.metrics import catalogue
from sim.research.metrics.lasting import survival
from sim.research.observing import observe

scenario = sim.load("scenarios/flaky.yaml")
runs = [observe(scenario, replication=number) for number in range(3)]
lasting = survival(catalogue()["session-duration"], runs)
assert lasting.restricted_mean(60).estimate <= 60
```

Of a sweep, `results.survival()` gives that of the sessions of a point, and
`results.survival("ghost-time")` that of ghosts. Durations of your own are a metric, too; where one
is not over, a function says so:

```python
from sim.research import compare
from sim.research.metrics import Duration, of_durations


def lasts(seen):
    for outage in seen.outages:
        until = seen.ended_us if outage.ended_us is None else outage.ended_us
        yield Duration((until - outage.began_us) / 1e6, ended=outage.ended_us is not None)


outages = of_durations("outage", "How long outages last.", lasts)
longer = {"platform.grace": "60s"}
assert compare(scenario, longer, metric=outages, replications=2)["outage"].alike
```
"""

TABLES_HEAD = """\
## Tables

What `sweep` writes into a folder, one Parquet file a table and shard. `python -m sim query DIR
"SELECT …"` asks them in DuckDB's dialect of SQL. In Python `sim.research.read(DIR)` has them, as
has what `sweep(…)` and `sim.replicate(…)` return: `to_pandas(name)`, `to_polars(name)`,
`to_arrow(name)` and `query(sql)`. (`sim.research.tables.read(DIR)` has the tables alone, and asks
nothing of what else is in the folder.) Rows of one run have its `point` and `replication` in
common. Times are whole microseconds of virtual time; `–` marks a column that may be empty.

What a number of a point stands for is in the table `points`: `point`, `label`, and a column for
every path of the design, named by the path and empty where a point leaves it as it is. Durations
have a second one with `_us` at its end. A name with a dot in it is written in double quotes:

```sql
SELECT "platform.grace", count(*) AS sessions, avg(ghost_us) / 1e6 AS ghost_s
FROM sessions JOIN points USING (point)
GROUP BY ALL
```

In Python only there are also the `estimates`, a row for every metric at every point, as `sweep`
prints them: `point`, `metric`, `unit`, `estimate`, `low`, `high`, `level`, `n`, `method`, and
`up_to`, where durations of which some went on are cut, in seconds.

```python
import sim

runs = sim.replicate("scenarios/clean-goodbye.yaml", 2, jobs=1)
assert {"metric", "estimate", "low", "high"} <= set(runs.to_pandas("estimates"))
assert runs.to_pandas("points").label.tolist() == [""]
assert next(runs.query("SELECT count(*) FROM runs").rows) == (2,)
```

In SQL the value of a metric is a sum over a sum, `SELECT metric, sum(numerator) / sum(denominator)
FROM metrics GROUP BY 1`; those of durations have no such sums, and are not in that table.

Results are the same if their rows are: the content digest is a sum over runs of a hash of each
run's rows, so that it does not depend on shards, on workers or on the writer of the files.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, metrics(), TABLES_HEAD, *map(section, TABLES.values())])


def metrics() -> str:
    """What each metric is."""
    rows = (
        (f"`{each.name}`{'*' if each.lasting else ''}", unit(each), each.definition)
        for each in catalogue().values()
    )
    return table("metric|unit|definition", rows)


def unit(metric: Metric) -> str:
    """Its unit; shares and numbers have none."""
    return "–" if metric.unit == "1" else metric.unit


def section(of: Table) -> str:
    """The columns of a table."""
    return f"### `{of.name}`\n\n{of.about}\n\n" + table(
        "column|type|unit|meaning", map(row, of.columns)
    )


def row(column: Column) -> tuple[str, ...]:
    """One column."""
    mark = "–" if column.empty else ""
    return f"`{column.name}`{mark}", str(column.kind), column.unit or "–", column.meaning


def table(header: str, rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; ``header`` is its first line's cells, separated by bars."""
    columns = header.split("|")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
