"""Whether media gets through from a Publisher to a Subscriber."""

from __future__ import annotations

from typing import Final, NamedTuple


class Path(NamedTuple):
    """Whether media gets through: over the Subscriber's own link, and from the Publisher."""

    near: bool = True
    far: bool = True
    """Whether there is a Publisher that sends, and its link lets media through."""
    cut: int | None = None
    """The record of what has cut it, while it is cut."""

    @property
    def carries(self) -> bool:
        """Whether media arrives."""
        return self.near and self.far


OPEN: Final = Path()
"""Media gets through."""
