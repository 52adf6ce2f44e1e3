"""Trying planted faults on somebody's own suite of tests: a mutation check of the tests.

The suite is a command that runs pytest, by itself or in the end (``make test``, ``tox``). What it
is to do is handed to it by the environment variable ``PYTEST_ADDOPTS``, which every pytest reads
however it was started, so that the command itself stays as it was written.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import field, frozen

from sim.testing.mutants.mutant import Mutant
from sim.wording import bare

USAGE: Final = 4
"""The exit code with which pytest refuses its options."""
NO_TESTS: Final = 5
"""The exit code of a pytest that has found no test."""

PATIENCE: Final = 10
"""A suite with a planted fault may take so many times as long as without one."""
LEAST: Final = 60.0
"""And so many seconds in any case."""

_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S[^\[\n]*?(?:\[.*?\])?)(?= - |$)", re.MULTILINE)
"""How pytest lists a test that failed, or a file that could not be collected."""
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""What a suite prints also into a pipe if it is told to, as in many a CI."""
_BORDER: Final = " \t=-"
"""What pytest draws beside what it says."""
_waited: Final = time.monotonic  # noqa: TID251 - how long a process takes, not a story
_NOBODY: Final = "no-planted-fault-has-this-name"


class SuiteError(ValueError):
    """The suite cannot be tried: one sentence says why."""


@frozen(kw_only=True)
class Check:
    """What a suite has said of one planted fault. ``tests`` are those that failed, if it is known.

    ``overtime`` says that it was stopped: it took far longer than without the fault.
    """

    mutant: Mutant
    caught: bool
    tests: tuple[str, ...] = ()
    overtime: bool = False


@frozen
class _Ended:
    code: int | None
    """None if it was stopped."""
    output: str
    seconds: float

    @property
    def last_words(self) -> str:
        """The last line that says something, for a sentence."""
        lines = [line.strip(_BORDER) for line in self.output.splitlines() if line.strip(_BORDER)]
        return bare(lines[-1], 200) if lines else "it printed nothing"


@frozen
class Suite:
    """A command that runs pytest. Raises :class:`SuiteError` for what is none."""

    command: str
    words: tuple[str, ...] = field(init=False)
    """As it is run: with the same Python as this."""

    @words.default
    def _split(self) -> tuple[str, ...]:
        try:
            words = shlex.split(self.command)
        except ValueError as problem:
            raise SuiteError(f"the suite's command cannot be read: {problem}") from None
        if not words:
            raise SuiteError("the suite's command is empty: give one such as 'pytest tests'")
        if words[0] in ("pytest", "py.test"):
            return (sys.executable, "-m", "pytest", *words[1:])
        return (sys.executable, *words[1:]) if words[0] in ("python", "python3") else (*words,)

    @contextmanager
    def trying(self) -> Iterator[Callable[[Mutant], Check]]:
        """Run the suite without a fault, and give what tries it on one.

        Raises :class:`SuiteError` when it cannot be run, fails without a fault, or does not pass
        the option on to pytest.
        """
        with TemporaryDirectory(prefix="sim-mutants-") as folder:
            sound = self._run(Path(folder), None)
            if sound.code != 0:
                raise SuiteError(self._failure(sound))
            if self._run(Path(folder), _NOBODY).code == 0:
                raise SuiteError(
                    f"{self.command!r} does not hand PYTEST_ADDOPTS on to pytest, so that no fault"
                    " can be planted"
                )
            limit = max(LEAST, PATIENCE * sound.seconds)
            yield lambda mutant: self._check(mutant, self._run(Path(folder), mutant.name, limit))

    def _failure(self, ended: _Ended) -> str:
        if ended.code == NO_TESTS:
            return f"{self.command!r} runs no tests"
        return (
            f"{self.command!r} fails without a planted fault (exit code {ended.code}), so that it"
            f" cannot be tried: {ended.last_words}"
        )

    def _check(self, mutant: Mutant, ended: _Ended) -> Check:
        if ended.code == USAGE:
            raise SuiteError(f"{self.command!r} cannot be run with a fault: {ended.last_words}")
        return Check(
            mutant=mutant,
            caught=ended.code != 0,
            tests=tuple(dict.fromkeys(_FAILED.findall(ended.output))),
            overtime=ended.code is None,
        )

    def _run(self, folder: Path, fault: str | None, limit: float | None = None) -> _Ended:
        """Run it to its end, or for ``limit`` seconds; what it keeps goes into the folder."""
        started = _waited()
        try:
            process = subprocess.Popen(  # noqa: S603 - the command that was asked for
                self.words,
                env=_environment(folder, fault),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as problem:
            why = problem.strerror or problem
            raise SuiteError(f"{self.command!r} cannot be run: {why}") from None
        code: int | None = None
        try:
            output, _ = process.communicate(timeout=limit)
            code = process.returncode
        except subprocess.TimeoutExpired:
            _stop(process)
            output, _ = process.communicate()
        except BaseException:
            _stop(process)
            process.communicate()
            raise
        return _Ended(code, _COLOURS.sub("", output), _waited() - started)


def _environment(folder: Path, fault: str | None) -> dict[str, str]:
    """What a fault leaves behind, Hypothesis's examples above all, is not for sound runs."""
    options = [os.environ.get("PYTEST_ADDOPTS", "")]
    options += [f"--sim-save {shlex.quote(str(folder / 'sim'))}"]
    if fault is not None:
        options += [f"-x --sim-mutant {fault}"]
    return {
        **os.environ,
        "PYTEST_ADDOPTS": " ".join(filter(None, options)),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / f"hypothesis-{fault}"),
    }


def _stop(process: subprocess.Popen[str]) -> None:
    """End a command and what it has started."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
