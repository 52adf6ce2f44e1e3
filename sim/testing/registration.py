"""What Hypothesis is told of the product's types, when it looks for them."""

from __future__ import annotations


def register() -> None:
    """Called once by Hypothesis, by its entry point."""
