"""What is done of an experiment, on disk: whole shards, and a manifest.

::

    DIR/manifest.json                        the experiment, the version, and what is there
    DIR/shards/point-0-from-0-to-39/         one shard
        runs.parquet, sessions.parquet, ...  its tables
        shard.json                           its digest, and what it says in short

A shard is written under another name and renamed, so that it is there as a whole or not at all,
whenever the program is stopped; so is the manifest. One that was damaged later is not what
``shard.json`` says of its files, and is run again. The digest of the whole is the sum of those of
its runs: how they were cut into shards, and in which order they came, makes no difference.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from platform import node
from typing import Any, Final

from attrs import evolve, field, frozen

from sim.research.experiments import Experiment
from sim.research.experiments.experiment import to_data
from sim.research.metrics import metric
from sim.research.metrics.metric import Said
from sim.research.running.shards import Made, Plan, Shard
from sim.research.tables.digest import of_runs, shown
from sim.research.tables.manifests import FORM, MANIFEST, StoreError, check_form, manifest
from sim.version import VERSION

SHARDS: Final = "shards"
SHARD: Final = "shard.json"
UNFINISHED: Final = ".unfinished-"


@frozen
class Done:
    """What is told of a shard that is done."""

    shard: Shard
    digest: int
    failed: int
    breaches: dict[str, int]
    figures: dict[str, list[Said]] = field(repr=False)

    @classmethod
    def of(cls, made: Made, metrics: Iterable[str]) -> Done:
        """What is kept in short of a shard: of its figures those of these metrics."""
        figures = {name: list(made.figures[name]) for name in metrics}
        return cls(made.shard, made.digest, made.failed, dict(made.breaches), figures)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "point": self.shard.point,
            "first": self.shard.first,
            "count": self.shard.count,
            "digest": shown(self.digest),
            "failed": self.failed,
            "breaches": self.breaches,
            "figures": {name: [*map(metric.to_data, f)] for name, f in self.figures.items()},
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Done:
        """Read what :meth:`to_data` gave."""
        return cls(
            Shard(data["first"], data["point"], data["count"]),
            int(data["digest"], 16),
            data["failed"],
            data["breaches"],
            {name: [*map(metric.from_data, f)] for name, f in data["figures"].items()},
        )


@frozen
class Store:
    """The folder of an experiment's results."""

    folder: Path
    experiment: Experiment = field(repr=False)

    # -- beginning and ending ----------------------------------------------------------------------

    def begin(self, *, resume: bool, shared: bool) -> None:
        """Take the folder. With ``resume`` it may have results of this experiment.

        Then what was damaged of them is removed: it is to be run again.

        ``shared``: others may be writing to it. Raises :class:`StoreError` and ``OSError``.
        """
        found = self._found()
        if found is not None and not (resume or shared):
            raise StoreError(
                f"{self.folder} has results already: go on with them by --resume, or name another "
                "folder"
            )
        if found is None and not _is_free(self.folder):
            raise StoreError(f"{self.folder} has something else in it: name an empty folder")
        (self.folder / SHARDS).mkdir(parents=True, exist_ok=True)
        if not shared:
            for left in (self.folder / SHARDS).glob(f"{UNFINISHED}*"):
                shutil.rmtree(left)
            for left in self.folder.glob(f"{UNFINISHED}*"):
                left.unlink()
        if resume:
            for shard in (self.folder / SHARDS).glob("point-*"):
                if not _is_whole(shard):
                    shutil.rmtree(shard)
        if found is None:
            self._write(self._manifest([], complete=False))

    def _found(self) -> dict[str, Any] | None:
        """The manifest that is there. Raises :class:`StoreError` if it is of something else."""
        found = manifest(self.folder)
        if found is None:
            return None
        if found.get("version") != VERSION:
            raise StoreError(
                f"{self.folder} has results of version {found.get('version')}, and this is "
                f"{VERSION}: name another folder"
            )
        check_form(self.folder, found)
        if found.get("fingerprint") != self.experiment.fingerprint:
            raise StoreError(
                f"{self.folder} has results of another experiment, or of this one before it was "
                "changed: name another folder"
            )
        return found

    @property
    def complete(self) -> bool:
        """Whether everything was done when the manifest was written, and is there."""
        found = manifest(self.folder)
        if found is None or not found["complete"]:
            return False
        there = {done.shard for done in self.done()}
        return all(Shard(d["first"], d["point"], d["count"]) in there for d in found["shards"])

    def finish(self, plan: Plan) -> bool:
        """Write the manifest for what is done of the plan; return whether that is all.

        What is not wanted, because a stopping rule had seen enough before, is removed. Others may
        have done some more while it was written, and say less of it than is there by then: whoever
        is the last to write looks once more.
        """
        count = -1
        while True:
            kept = []
            for done in self._briefly():
                if done.shard in plan:
                    kept.append(done)
                else:
                    shutil.rmtree(self.folder / SHARDS / done.shard.name)
            complete = sum(each.shard.count for each in kept) == plan.runs
            if len(kept) == count:
                return complete
            count = len(kept)
            self._write(self._manifest(kept, complete=complete))

    def interrupt(self) -> None:
        """Write the manifest for what is done so far."""
        self._write(self.so_far())

    def so_far(self) -> dict[str, Any]:
        """The manifest of what is done by now, by what there is on the disk."""
        return self._manifest(self._briefly(), complete=False)

    # -- shards ------------------------------------------------------------------------------------

    def save(self, made: Made, done: Done) -> None:
        """Put a shard there as a whole. Raises ``OSError``, and then it is not there at all."""
        target = self.folder / SHARDS / done.shard.name
        unfinished = target.with_name(f"{UNFINISHED}{_mine()}-{done.shard.name}")
        try:
            shutil.rmtree(unfinished, ignore_errors=True)  # of one that had our number before us
            unfinished.mkdir()
            for name, content in made.files.items():
                _put(unfinished / name, content)
            said = done.to_data() | {"files": {n: _checksum(c) for n, c in made.files.items()}}
            _put(unfinished / SHARD, json.dumps(said).encode("ascii"))
            if not target.exists():  # somebody else may have been as quick: it is the same
                unfinished.rename(target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def done(self) -> Iterator[Done]:
        """The shards that are there."""
        for file in sorted((self.folder / SHARDS).glob(f"[!.]*/{SHARD}")):
            yield Done.from_data(json.loads(file.read_bytes()))

    def _briefly(self) -> list[Done]:
        """The same in order, without figures: those of all are more than memory may have."""
        briefly = (evolve(each, figures={}) for each in self.done())
        return sorted(briefly, key=lambda each: each.shard)

    # -- the manifest ------------------------------------------------------------------------------

    def _manifest(self, done: list[Done], *, complete: bool) -> dict[str, Any]:
        experiment = self.experiment
        breaches: dict[str, int] = {}
        for each in done:
            for law, times in each.breaches.items():
                breaches[law] = breaches.get(law, 0) + times
        return {
            "name": experiment.name,
            "version": VERSION,
            "form": FORM,
            "fingerprint": experiment.fingerprint,
            "complete": complete,
            "digest": shown(of_runs(each.digest for each in done)) if complete else None,
            "seed": experiment.scenario.seed,
            "replications": max((d.shard.first + d.shard.count for d in done), default=0),
            "runs": sum(each.shard.count for each in done),
            "failed": sum(each.failed for each in done),
            "breaches": dict(sorted(breaches.items())),
            "points": [
                {"point": point.number, "values": point.values} for point in experiment.points
            ],
            "experiment": to_data(experiment),
            "metrics": [metric.described(each) for each in experiment.measured],
            "shards": [
                {
                    "point": each.shard.point,
                    "first": each.shard.first,
                    "count": each.shard.count,
                    "digest": shown(each.digest),
                }
                for each in done
            ],
        }

    def _write(self, data: dict[str, Any]) -> None:
        target = self.folder / MANIFEST
        unfinished = target.with_name(f"{UNFINISHED}{_mine()}-{MANIFEST}")
        try:
            _put(unfinished, json.dumps(data, indent=1).encode("ascii") + b"\n")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def _is_free(folder: Path) -> bool:
    """Whether it may be taken: it is empty, or somebody has begun to take it and was stopped."""
    if not folder.exists():
        return True
    return all(each.name == SHARDS or each.name.startswith(UNFINISHED) for each in folder.iterdir())


def _is_whole(shard: Path) -> bool:
    """Whether its files are as they were written."""
    try:
        said = json.loads((shard / SHARD).read_bytes())
        files = said["files"]
        return Done.from_data(said).shard.name == shard.name and all(
            _checksum((shard / name).read_bytes()) == files[name] for name in files
        )
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return False


def _checksum(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _mine() -> str:
    """What no other process calls its files, on this machine or another of a batch system."""
    return f"{node()}-{os.getpid()}"


def _put(file: Path, content: bytes) -> None:
    """Write a file, and wait until the disk has it."""
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
