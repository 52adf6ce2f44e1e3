"""docs/states.md, docs/protocol.md and docs/records.md are what the tables generate."""

import importlib.util
import re
from pathlib import Path

import pytest

from sim.protocol.errors import ERRORS
from sim.protocol.events import EVENTS
from sim.protocol.quirks import QUIRKS
from sim.protocol.records import RECORDS, Trait
from sim.protocol.states import MACHINES

DOCS = Path(__file__).parents[2] / "docs"
GENERATORS = {
    "states.md": "draw_states",
    "protocol.md": "list_protocol",
    "records.md": "list_records",
}


def generator(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("page", "name"), GENERATORS.items())
def test_a_page_is_what_the_tables_generate(page, name):
    module = generator(name)
    assert DOCS / page == module.PAGE
    committed = module.PAGE.read_text(encoding="utf-8")
    assert committed == module.page(), f"run: python -m docs.{name}"


@pytest.mark.parametrize("name", MACHINES)
def test_a_picture_has_every_transition_of_its_table(name):
    drawn = re.findall(
        r"^    (\w+) --> (\w+)$", generator("draw_states").diagram(name), re.MULTILINE
    )
    table, _ = MACHINES[name]
    assert drawn == [(before, after) for before in table for after in table[before]]


def test_every_machine_has_its_picture():
    module = generator("draw_states")
    assert set(module.ABOUT) == set(MACHINES)
    assert module.page().count("```mermaid\nstateDiagram-v2\n") == len(MACHINES) + 1


@pytest.mark.parametrize("name", MACHINES)
def test_a_picture_begins_and_ends(name):
    picture = generator("draw_states").diagram(name)
    table, initial = MACHINES[name]
    assert f"    [*] --> {initial}\n" in picture
    assert re.findall(r"(\w+) --> \[\*\]", picture) == [s for s in table if not table[s]]


def test_the_protocol_page_lists_every_event_error_and_quirk():
    page = generator("list_protocol").page()
    cells = {cell.strip() for line in page.splitlines() for cell in line.split("|")}
    assert [e.name for e in EVENTS if f"`{e.name}`" not in cells] == []
    assert [c for table in ERRORS.values() for c in table if c not in cells] == []
    assert [quirk for quirk in QUIRKS if f"`{quirk}`" not in cells] == []


@pytest.mark.parametrize("page", ["list_protocol", "list_records"])
def test_every_row_of_a_page_has_as_many_cells_as_its_header(page):
    for block in generator(page).page().split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in rows}) <= 1, block


def test_the_records_page_lists_every_record():
    page = generator("list_records").page()
    assert page.count("\n| ") == len(RECORDS) + len(Trait) + 9, "with a header for each table"
