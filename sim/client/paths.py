"""Whether media gets through between two people."""

from __future__ import annotations

from typing import NamedTuple


class Path(NamedTuple):
    """Whether media gets through: over the Subscriber's own link, and over the Publisher's."""

    near: bool = True
    far: bool = True
    cut: int | None = None
    """The record of what has cut it, while it is cut."""

    @property
    def carries(self) -> bool:
        """Whether media arrives."""
        return self.near and self.far
