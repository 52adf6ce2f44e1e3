"""What is wrong with recorded data, in one sentence."""

from __future__ import annotations


class RecordingError(ValueError):
    """Recorded data that cannot be read or fitted: where, what is wrong, what is allowed."""
