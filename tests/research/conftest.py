"""What tests of the research bench share."""

import multiprocessing
import os

import pytest
from research_scenarios import experiment

from sim.research import sweep
from sim.research.running import pool


@pytest.fixture
def forked(monkeypatch):
    """Processes that begin quickly, though pytest-xdist and others have threads.

    Without this they would be spawned, and each would import pytest first.
    """
    if hasattr(os, "fork"):
        monkeypatch.setattr(pool, "_context", lambda: multiprocessing.get_context("fork"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The experiment of ``research_scenarios``, run at once in this process."""
    return sweep(experiment(), tmp_path_factory.mktemp("whole") / "results", jobs=1)
