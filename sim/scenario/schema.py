"""The JSON Schema of scenario files, for editors and other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sim.scenario.model import SCENARIO
from sim.scenario.shapes import Book

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema(laws: Iterable[str] = ()) -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12) of what a scenario file may say.

    Every file that loads fits it. It cannot say everything that the loader checks: names that must
    exist, parameters that must be feasible, the grammar of expectations. ``laws`` are the names of
    the laws that there are, where they are known.
    """
    book = Book()
    top = SCENARIO.schema(book)
    names = list(laws)
    if names:
        book.definitions["law"] = {"enum": names}
    return {
        "$schema": DIALECT,
        "title": "A story of the session simulator",
        **top,
        "$defs": dict(sorted(book.definitions.items())),
    }
