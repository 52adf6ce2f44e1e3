"""What the notebooks show is what they compute, wherever they are run."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MACHINE_PATH = re.compile(
    r"(?<![\w.:/])/(?:home|Users|root|work|tmp|private|var|opt|usr|mnt)/|\b[A-Za-z]:\\\\?\w|file://"
)
REMEDY = "run it again: .venv/bin/jupyter execute --inplace notebooks/*.ipynb"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def execute(path, folder):
    """A fresh execution of a copy, with ``folder`` as the working directory."""
    notebook = read(path)
    for cell in code_cells(notebook):
        cell.outputs = []
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources)
    asyncio.run(client.async_execute())
    return notebook


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(notebook):
    """What each cell shows, without pictures and warnings: those differ between machines."""
    return {cell.id: [text for out in cell.outputs for text in texts(out)] for cell in notebook.cells_}


def texts(output):
    if output.output_type == "stream":
        return [output.text] if output.name == "stdout" else []
    data = output.get("data", {})
    return [str(data[kind]) for kind in sorted(data) if not kind.startswith("image/")]
