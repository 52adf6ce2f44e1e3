"""The notebooks run from top to bottom, and show what is stored in them."""

import nbformat
import pytest

pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")

from execute import executed, notebooks

RENEW = "python -m tests.notebooks.execute stores what the notebooks show now"
LARGEST = 400_000
"""Bytes of a notebook with its outputs: pictures are to stay small."""


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def said(notebook):
    """What is printed, and the runs that are shown: with their digests. Not pictures and tables."""
    printed = [output.text for output in outputs(notebook) if output.output_type == "stream"]
    shown = [output.get("data", {}).get("text/html", "") for output in outputs(notebook)]
    return printed + [html for html in shown if "digest" in html]


def test_there_are_notebooks():
    assert [path.name for path in notebooks()] == ["first-session.ipynb"]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_is_stored_with_its_outputs_and_small(path):
    notebook = nbformat.read(path, as_version=4)
    pictures = [o for o in outputs(notebook) if "image/png" in o.get("data", {})]
    assert pictures
    assert [o for o in outputs(notebook) if o.output_type == "error"] == []
    assert path.stat().st_size < LARGEST


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_a_notebook_runs_and_shows_what_is_stored(path):
    stored = nbformat.read(path, as_version=4)
    assert said(executed(path)) == said(stored), RENEW
