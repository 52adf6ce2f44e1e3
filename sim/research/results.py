"""The results of an experiment: what is in a folder, and what it says."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from attrs import define, field

from sim.research.experiments import Experiment
from sim.research.experiments.reading import from_data
from sim.research.running.store import StoreError, manifest


@define
class Results:
    """The results of an experiment, in a folder."""

    folder: Path
    experiment: Experiment = field(repr=False)
    _temporary: Any = field(default=None, repr=False)

    @classmethod
    def within(cls, folder: str | os.PathLike[str] | None, experiment: Experiment) -> Results:
        if folder is not None:
            return cls(Path(folder), experiment)
        temporary = tempfile.TemporaryDirectory(prefix="sim-")
        return cls(Path(temporary.name), experiment, temporary)

    @property
    def manifest(self):
        return manifest(self.folder)

    @property
    def runs(self):
        return self.manifest["runs"]
