"""List the records: writes ``records.md`` beside this file from the table in the code.

Run it after changing the table: ``python -m docs.list_records``. A test holds the page to the
table.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.protocol.journal import LEVELS
from sim.protocol.records import RECORDS, Entry, Field, Trait
from sim.protocol.records.events import OF_EVERY_EVENT

PAGE = Path(__file__).with_name("records.md")

HEAD = """\
# The records

Everything that a run can write into its trace. The page is listed from the table in
`sim/protocol/records/` (`python -m docs.list_records`): whoever writes takes a record's object,
kind and name from there, whoever judges takes the traits, and in tests nothing else can be written.

A line of a trace is `[time, seq, client, object, kind, name, data, cause]`. The object of a page
that has several of a sort carries a subject or a number (`subscriber(bob)`, `publisher1`). In the
data, `?` marks a key that may be missing, `–` one that may be null. Levels finer than the story
have no numbers of their own. "not told" is what `run` leaves to the trace file.

## To read a trace

The records of a run in memory are `result.records`; those of a file are read as they are asked
for, so that a long one does not fill the memory.

```python
import sim

sim.run("scenarios/kick.yaml", trace="kick.jsonl", force=True)
trace = sim.read_trace("kick.jsonl")
assert (trace.header.name, trace.header.level) == ("kick", "story")

records = list(trace.story())  # the numbered ones: records[0] is #1
told = [record for record in records if record.kind == "event" and record.client == "bob"]
assert told[0].name == "sessionConnected"
assert "forceDisconnected" in [record.reason for record in told]
assert (len(records), trace.warnings) == (trace.footer.records, [])
```

A record is a named tuple: `time` in microseconds, `seq` (its number), `client`, `object`, `kind`,
`name`, `data`, `cause`; `record.reason` is what its data say of it. Iterating over the trace itself
gives records of finer levels, too. A file that is no trace raises `sim.TraceError`.
"""

TITLES = {
    "event": "What apps are told",
    "call": "What people and apps do",
    "callback": "How calls end",
    "fault": "What breaks and heals",
    "decision": "What is decided",
    "state": "States",
    "message": "Messages",
    "quirk": "The client's quirks at work",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, traits(), *(section(kind) for kind in TITLES)])


def traits() -> str:
    """What each trait means, and who has it."""
    rows = (
        (words(trait), trait.value, code(entry.name for entry in RECORDS if trait in entry.traits))
        for trait in Trait
    )
    return "## Traits\n\nWhat a record means to those who judge.\n\n" + table(
        "trait|meaning|records", rows
    )


def section(kind: str) -> str:
    """The records of one kind."""
    rows = (
        (entry.role, f"`{entry.name}`", data(entry), meaning(entry), when(entry))
        for entry in RECORDS
        if entry.kind == kind
    )
    about = f"Kind `{kind}`."
    if kind == "event":
        about += f" The data of each has also: {'; '.join(map(key, OF_EVERY_EVENT))}."
    return f"## {TITLES[kind]}\n\n{about}\n\n" + table("object|name|data|traits|level", rows)


def data(entry: Entry) -> str:
    """The keys of its data with their types."""
    return "; ".join(key(each) for each in entry.data if each not in OF_EVERY_EVENT) or "–"


def key(field: Field) -> str:
    """One key of the data."""
    marks = ("?" if field.optional else "") + ("–" if field.empty else "")
    return f"`{field.name}`{marks} {field.type.about}"


def meaning(entry: Entry) -> str:
    """Its traits, the reasons it explains, the capability it needs."""
    said = [words(trait) for trait in Trait if trait in entry.traits]
    said += [f"explains `{reason}`" for reason in entry.explains]
    said += [f"needs `{entry.needs}`"] if entry.needs else []
    return ", ".join(said) or "–"


def when(entry: Entry) -> str:
    """Its level, and whether the story tells it."""
    names = {level: name for name, level in LEVELS.items()}
    return ", ".join(names[level] for level in entry.levels) + ("" if entry.told else ", not told")


def words(trait: Trait) -> str:
    """The trait's name as a word."""
    return trait.name.lower().replace("_", " ")


def code(names: Iterable[str]) -> str:
    """Names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def table(header: str, rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; ``header`` is its first line's cells, separated by bars."""
    columns = header.split("|")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
