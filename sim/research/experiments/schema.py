"""The JSON Schema of experiment files, for editors and other programs."""

from __future__ import annotations

from typing import Any

from sim.research.experiments.experiment import EXPERIMENT
from sim.scenario.schema import DIALECT
from sim.scenario.shapes import Book


def json_schema() -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12) of what an experiment file may say.

    Every file that loads fits it; it cannot say which paths a scenario has.
    """
    book = Book()
    top = EXPERIMENT.schema(book)
    return {
        "$schema": DIALECT,
        "title": "An experiment with the session simulator",
        **top,
        "$defs": dict(sorted(book.definitions.items())),
    }
