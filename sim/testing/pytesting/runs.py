"""One run that a test has made by ``simulate``: how it is made, named and run again."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import define, evolve

from sim.client import Client
from sim.platform import Platform
from sim.protocol.quirks import Profile, profile
from sim.result import Result, token_of
from sim.running import run
from sim.scenario import Scenario, scenario_hash
from sim.simulation.headers import said
from sim.simulation.options import Options
from sim.testing.context import Context
from sim.trace import Header, Token
from sim.trace.token import PERMUTED
from sim.version import VERSION


@define(kw_only=True)
class Run:
    """A run, made or tried: one that an app's failing assertion has stopped has no digest."""

    scenario: Scenario
    file: Path | None
    """The file that the scenario is in, as it is."""
    arguments: dict[str, Any]
    """What :func:`sim.run` is given besides."""
    digest: str | None = None

    def make(self) -> Result:
        """Run it."""
        __tracebackhide__ = True
        result = run(self.scenario, **self.arguments)
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
        options = Options(
            permute_ties=self.arguments.get("permute_ties", False),
            client_class=self.arguments.get("client", Client),
            platform_class=self.arguments.get("platform", Platform),
        )
        return said(options, self.arguments.get("apps") or {})

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
        """The line that tells the story in a shell, if a file and a token say it all."""
        if self.file is not None and set(self.own) <= {PERMUTED}:
            words = ["python", "-m", "sim", "replay", str(self.token)]
            yield shlex.join([*words, "--scenario", relative(self.file, start)])


def relative(path: Path, start: Path) -> str:
    """The path as it is written in a directory: relative if it is in there."""
    return os.path.relpath(path, start) if path.is_relative_to(start) else str(path)


def with_fault(context: Context, scenario: Scenario, given: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`sim.run` is given for a planted fault, where ``given`` leaves room for one."""
    mutant = context.mutant
    if mutant is None:
        return {}
    apps = dict(given.get("apps") or {})
    if mutant.app is not None:
        apps = dict.fromkeys(scenario.clients, mutant.app) | apps
    planted = {
        "client": mutant.client_class,
        "platform": mutant.platform_class,
        "apps": apps or None,
    }
    free = {name for name in planted if name == "apps" or given.get(name) is None}
    return {name: planted[name] for name in planted if name in free and planted[name] is not None}
