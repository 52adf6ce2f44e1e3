"""What some verbs need besides the program itself."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

import click

TESTING: Final = ("hypothesis", "pytest")


def need(verb: str) -> None:
    """Refuse a verb of the testing kit where that is not installed."""
    missing = next((name for name in TESTING if find_spec(name) is None), None)
    if missing is not None:
        raise click.ClickException(
            f"{verb} needs {missing}, which is not installed: pip install 'session-sim[testing]'"
        )
