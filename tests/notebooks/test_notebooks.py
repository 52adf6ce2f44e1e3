"""What the notebooks show is what they compute, wherever they are run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
(FIRST,) = (path for path in NOTEBOOKS if path.stem == "first-session")
MACHINE_PATH = re.compile(
    r"(?<![\w.:/<])/(?:home|Users|root|work|tmp|private|var|opt|usr|mnt)/|\b[A-Za-z]:\\\w|file://"
)
REMEDY = "if that is meant: python -m tests.notebooks.execute"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell):
    """What a cell shows, without pictures and warnings: those may differ between machines."""
    return [text for output in cell.outputs for text in texts(output)]


def texts(output):
    if output.output_type == "stream":
        return [output.text] if output.name == "stdout" else []
    data = output.get("data", {})
    pictured = any(kind.startswith("image/") for kind in data)
    return [] if pictured else [data[kind] for kind in sorted(data)]


def strings(node, key=""):
    """Every text in the file but the pictures, which are base64."""
    if isinstance(node, str):
        yield from [] if key.startswith("image/") else [node]
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from strings(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of what notebooks may read, and kernels that know nothing but this checkout."""
    for folder in ("notebooks", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.notebook
@pytest.mark.parametrize(
    ("path", "folder"),
    [(FIRST, "."), *((path, "notebooks") for path in NOTEBOOKS)],
    ids=lambda each: {".": "at the top", "notebooks": "in its folder"}.get(each) or each.stem,
)
def test_a_fresh_run_shows_what_is_stored(path, folder, copy):
    fresh = read(copy / "notebooks" / path.name)
    for cell in code_cells(fresh):
        cell.outputs = []
    where = {"metadata": {"path": str(copy / folder)}}
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources=where).execute()
    for stored, again in zip(code_cells(read(path)), code_cells(fresh), strict=True):
        assert shown(again) == shown(stored), f"cell {stored.id} differs; {REMEDY}"


@each_notebook
def test_it_was_run_from_top_to_bottom_without_errors_and_warnings(path):
    cells = code_cells(read(path))
    outputs = [output for cell in cells for output in cell.outputs]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert [out for out in outputs if out.output_type == "error"] == []
    assert [out.text for out in outputs if out.get("name") == "stderr"] == []


@each_notebook
def test_it_holds_no_path_of_a_machine(path):
    found = [text for text in strings(read(path)) if MACHINE_PATH.search(text)]
    assert found == []


@pytest.mark.parametrize("text", ["in /home/ann/sim", "C:\\Users\\ann", "'/tmp/x.py'", "file:///a"])
def test_a_path_of_a_machine_is_recognised(text):
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["../docs/laws.md", "docs/tmp/x", "</tmp/>", "https://a.b/home/c"])
def test_other_paths_are_left_alone(text):
    assert not MACHINE_PATH.search(text)


@each_notebook
def test_it_asks_for_the_common_kernel_and_stays_small(path):
    assert read(path).metadata.kernelspec.name == "python3"
    assert path.stat().st_size < 400_000


@each_notebook
def test_every_file_it_links_to_exists(path):
    told = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^):#]+)\)", told)
    assert [link for link in links if not (path.parent / link).exists()] == []
