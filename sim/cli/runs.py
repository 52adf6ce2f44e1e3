"""One run as the command line names it: which scenario, and what is different from its file."""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from attrs import frozen

import sim
from sim import Result, Scenario
from sim.cli.inputs import STDIN

STDOUT: Final = "-"
SCENARIOS: Final = Path("scenarios")
"""Where a token's scenario is looked for when no files are named."""
PERMUTE_TIES: Final = "permute-ties"
"""How a replay token says that ties were permuted."""


@frozen(kw_only=True)
class Run:
    """What to run. None stands for what the scenario says."""

    scenario: Scenario
    file: str | None = None
    """The name of the scenario's file as it was given, None when there is none."""
    seed: int | None = None
    replication: int = 0
    profile: str | None = None
    laws: tuple[str, ...] = ()
    permute_ties: bool = False
    trace: str | None = None
    trace_level: str = "story"

    def result(self, **changes: Any) -> Result:
        """Run it, with these arguments of :func:`sim.run` instead of ours."""
        arguments: dict[str, Any] = {
            "seed": self.seed,
            "replication": self.replication,
            "profile": self.profile,
            "trace": self.trace,
            "trace_level": self.trace_level,
            "laws": self.laws or None,
            "permute_ties": self.permute_ties,
        } | changes
        if arguments["trace"] == STDOUT:
            return self._with_trace_on_stdout(arguments)
        return sim.run(self.scenario, **arguments)

    def _with_trace_on_stdout(self, arguments: dict[str, Any]) -> Result:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "trace.jsonl")
            result = sim.run(self.scenario, **(arguments | {"trace": file}))
            with file.open("rb") as written:
                shutil.copyfileobj(written, sys.stdout.buffer)
        return result

    def again(self, result: Result) -> str:
        """The line that runs ``result`` again."""
        words = ["python", "-m", "sim", "replay", result.token]
        if self.file not in {None, STDIN} and Path(str(self.file)).parent != SCENARIOS:
            words += ["--scenario", str(self.file)]
        return shlex.join(words)
