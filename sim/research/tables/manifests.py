"""The manifest of a folder of results: whether there is one, and whether this version reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = "manifest.json"
FORM: Final = 2
"""Of the tables and of what ``shard.json`` says: counted on when they change."""


class StoreError(ValueError):
    """The folder cannot be used for this experiment: one sentence."""


def manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it has none. Raises :class:`StoreError` for a bad one."""
    file = folder / MANIFEST
    try:
        data = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise StoreError(f"{folder} is not a folder") from None
    except ValueError:
        data = None
    if not isinstance(data, dict) or not {"version", "fingerprint", "complete"} <= data.keys():
        raise StoreError(f"{file} is not the manifest of an experiment")
    return data


def check_form(folder: object, found: Mapping[str, Any]) -> None:
    """Raise :class:`StoreError` unless the results are in a form that is read here."""
    if found.get("form") != FORM:
        raise StoreError(
            f"{folder} has results from before the tables were changed: name another folder, and "
            "run the experiment again"
        )
