"""One run that a test has made by ``simulate``: how it is made, named and run again."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from sim.laws import LawBroken
from sim.protocol.quirks import Profile, profile
from sim.result import Result, token_of
from sim.scenario import Scenario, scenario_hash
from sim.simulation.headers import said
from sim.simulation.options import Options
from sim.testing.failures import Failure, attach
from sim.testing.setups import Setup
from sim.testing.stories import is_failure
from sim.trace import Header, Record, Token
from sim.trace.token import PERMUTED
from sim.version import VERSION


@define(kw_only=True)
class Run:
    """A run, made or tried: one that an app's failing assertion has stopped has no digest."""

    scenario: Scenario
    file: Path | None
    """The file that the scenario is in, as it is."""
    setup: Setup
    """Whose code takes part."""
    arguments: dict[str, Any]
    """What :func:`sim.run` is given besides."""
    records: list[Record] = field(factory=list)
    """The story's records as far as they have come, unless the test does without."""
    digest: str | None = None
    failure: Failure | None = None
    """What was said of it in a failure of the test."""

    def make(self) -> Result:
        """Run it."""
        __tracebackhide__ = True
        given = dict(self.arguments)
        if given.get("keep", True):
            given["sinks"] = [*given.get("sinks", ()), self.records.append]
        result = self.setup.run(self.scenario, **given)
        self.digest = result.digest
        return result

    @property
    def seed(self) -> int:
        """The seed of the run."""
        seed: int | None = self.arguments.get("seed")
        return self.scenario.seed if seed is None else seed

    @property
    def profile(self) -> Profile:
        """Which client the run models."""
        chosen: str | Profile | None = self.arguments.get("profile")
        if chosen is None:
            return self.scenario.profile
        return profile(chosen) if isinstance(chosen, str) else chosen

    @property
    def replication(self) -> int:
        """Which of the runs with that seed it is."""
        return int(self.arguments.get("replication", 0))

    @property
    def own(self) -> tuple[str, ...]:
        """What changes the run and no scenario says, as in a token."""
        models = self.setup.arguments(self.scenario)
        apps = models.pop("apps")
        return said(Options(permute_ties=self.arguments.get("permute_ties", False), **models), apps)

    @property
    def token(self) -> Token:
        """The token of its result, also if it has none."""
        header = Header(
            version=VERSION,
            seed=self.seed,
            replication=self.replication,
            profile=self.profile.name,
            quirks=tuple(self.profile.names),
            options=self.own,
        )
        return token_of(self.scenario, header)

    def as_of(self, token: Token) -> Run:
        """The run that a token names, if it is of this scenario; or else this one."""
        if not token.names(scenario_hash(self.scenario)):
            return self
        named = {
            "seed": token.seed,
            "replication": token.replication,
            "profile": token.client(self.scenario.profile),
            "permute_ties": PERMUTED in token.options,
        }
        return evolve(self, arguments=self.arguments | named)

    # -- in words ----------------------------------------------------------------------------------

    def __str__(self) -> str:
        parts = [self.scenario.name if self.file is None else self.file.name, f"seed {self.seed}"]
        parts += [f"replication {self.replication}"] if self.replication else []
        parts += [f"profile {self.profile.name}"] if self.profile.name != "documented" else []
        parts += ["stopped" if self.digest is None else f"digest {self.digest[:12]}"]
        return ", ".join(parts)

    def story_line(self, start: Path) -> Iterator[str]:
        """The line that tells the story in a shell, if a file says all of it but for a token."""
        if not set(self.own) <= {PERMUTED}:
            return
        if self.file is not None:
            words = ["python", "-m", "sim", "replay", str(self.token)]
            yield shlex.join([*words, "--scenario", relative(self.file, start)])
        elif self.failure is not None and self.is_sayable:
            yield self.failure.replay

    @property
    def is_sayable(self) -> bool:
        """Whether a scenario can say which run it is."""
        return not self.replication and not self.arguments.get("permute_ties", False)

    def tell(self, problem: BaseException) -> None:
        """Let a failure of the test say what story this is, unless it is about another one."""
        if not is_failure(problem) or (isinstance(problem, LawBroken) and not self._broke(problem)):
            return
        self.failure = attach(
            problem,
            story=evolve(self.scenario, seed=self.seed, profile=self.profile),
            records=self.records,
            setup=self.setup,
            replayable=self.is_sayable,
        )

    def _broke(self, problem: LawBroken) -> bool:
        """Whether the law broke in this run: another one may have a record that is equal."""
        return any(each is problem.record for each in self.records)


def relative(path: Path, start: Path) -> str:
    """The path as it is written in a directory: relative if it is in there."""
    return os.path.relpath(path, start) if path.is_relative_to(start) else str(path)
