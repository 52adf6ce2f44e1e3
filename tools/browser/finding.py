"""Which Chromium is used: the one that ``CHROMIUM`` names, or the first on the path."""

from __future__ import annotations

import os
import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """There is no Chromium: one sentence."""


def find() -> str:
    """The path of a Chromium. Raises :class:`NoBrowserError`."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if found is None:
        raise NoBrowserError(
            f"A Chromium is needed, and CHROMIUM names {named!r}, which cannot be run."
            if named
            else f"A Chromium is needed, and none of {', '.join(NAMES)} is on the path:"
            " install one, or name it with CHROMIUM=/path/to/it."
        )
    return found
