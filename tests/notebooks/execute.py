"""Runs the notebooks; ``python -m tests.notebooks.execute`` stores what they show now."""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"


def notebooks():
    """The notebooks that come with the product."""
    return sorted(FOLDER.glob("*.ipynb"))


def executed(path):
    """The notebook with the outputs that it has now; raises if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    return notebook


def main():
    """Execute every notebook and store its outputs."""
    for path in notebooks():
        notebook = executed(path)
        notebook.metadata.pop("widgets", None)
        notebook.metadata["language_info"] = {"name": "python"}
        nbformat.write(notebook, path)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
