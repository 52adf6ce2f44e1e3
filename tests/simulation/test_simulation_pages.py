"""The code of the pages on simulations and apps does what they say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def blocks(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["simulation.md", "apps.md"])
def test_the_code_of_a_page_runs(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    names = {}
    assert len(blocks(page)) > 2
    for block in blocks(page):
        exec(block, names)


def test_the_code_that_reads_a_trace_runs(tmp_path, monkeypatch):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    (block,) = blocks("records.md")
    exec(block, {})


def test_the_page_lists_every_command():
    import sim

    text = (ROOT / "docs/simulation.md").read_text(encoding="utf-8")
    public = [name for name in dir(sim.Simulation) if not name.startswith("_")]
    assert [name for name in public if f"s.{name}" not in text and f"`{name}(" not in text] == []
