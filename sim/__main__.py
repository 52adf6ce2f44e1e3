"""``python -m sim``: the command line."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Final

NEEDED: Final = ("attr", "click", "numpy", "simpy", "yaml")
"""The modules of the packages that ``pyproject.toml`` says are needed."""


def main() -> None:
    """Run the command line, or say in a sentence why this Python cannot."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"session-sim is not installed in this Python, {sys.executable}, which has no module "
            f"{missing[0]}: use .venv/bin/python -m sim (`make run` makes .venv)\n"
        )
        sys.exit(2)
    from sim.cli import main as program

    program()


if __name__ == "__main__":
    main()
