"""What some verbs need besides the program itself."""

from __future__ import annotations

from importlib.util import find_spec

import click


def need(verb: str, *packages: str, extra: str = "testing") -> None:
    """Refuse a verb where one of these packages, which an extra brings, is not installed."""
    for package in packages:
        if find_spec(package) is None:
            raise click.ClickException(
                f"{verb} needs {package}, which is not installed: pip install"
                f" 'session-sim[{extra}]'."
            )
