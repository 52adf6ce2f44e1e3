"""What recording needs: node with npm, a Chromium, and the real client, which npm fetches.

Nothing of it is part of the repository: the packages go to the folder that is built.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from attrs import frozen

from tools.browser import finding

RECORDER: Final = Path(__file__).parent / "recorder"
CLIENT: Final = Path("node_modules", "@opentok", "client")


class MissingError(Exception):
    """Something that recording needs is not here: one sentence."""


@frozen
class Needs:
    """The programs, and the folder with the packages."""

    node: str
    npm: str
    chromium: str
    packages: Path

    @property
    def client(self) -> Path:
        """The package of the real client."""
        return self.packages / CLIENT


def find(packages: Path) -> Needs:
    """The programs on the path; ``CHROMIUM`` may name the browser. Raises :class:`MissingError`."""
    return Needs(_program("node"), _program("npm"), _browser(), packages)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MissingError(f"Recording needs {name}, which is not on the path: install Node.js.")
    return found


def _browser() -> str:
    try:
        return finding.find()
    except finding.NoBrowserError as none:
        raise MissingError(f"Recording in a browser: {none}") from none


def fetch(needs: Needs) -> None:
    """Have npm fetch the real client and what drives the browser, unless they are there.

    Raises :class:`MissingError` if npm cannot.
    """
    wanted = (RECORDER / "package.json").read_text(encoding="utf-8")
    there = needs.packages / "package.json"
    if needs.client.is_dir() and there.is_file() and there.read_text(encoding="utf-8") == wanted:
        return
    needs.packages.mkdir(parents=True, exist_ok=True)
    there.unlink(missing_ok=True)
    quietly = ("--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
    folder = str(needs.packages)
    shutil.copy(RECORDER / "package.json", there)
    fetched = subprocess.run([needs.npm, "install", *quietly], cwd=folder, check=False)
    if fetched.returncode:
        there.unlink()
        raise MissingError(f"npm could not fetch the real client into {folder}: see above.")
