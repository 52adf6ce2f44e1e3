"""What tests of the research bench share."""

import multiprocessing
import os

import pytest

from sim.research.running import pool


@pytest.fixture
def forked(monkeypatch):
    """Processes that begin quickly, though pytest-xdist and others have threads.

    Without this they would be spawned, and each would import pytest first.
    """
    if hasattr(os, "fork"):
        monkeypatch.setattr(pool, "_context", lambda: multiprocessing.get_context("fork"))
