"""Signals that ask the program to end: it ends as with Ctrl-C, with its files in order."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final

from sim.cli import exits

CODES: Final[dict[str, int]] = {"SIGTERM": exits.TERMINATED, "SIGHUP": exits.HUNG_UP}
"""Name of a signal → the exit code that it gives; not every system has all."""


class Stopped(KeyboardInterrupt):
    """The program was asked to end. Its argument is all that it is made of: SimPy makes it anew."""

    @property
    def code(self) -> int:
        """The exit code with which it ends."""
        code: int = self.args[0]
        return code


def obey() -> None:
    """Let those signals raise :class:`Stopped`; but one that is ignored (``nohup``) stays so."""
    for name, code in CODES.items():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stopping(code))


def _stopping(code: int) -> signal._HANDLER:
    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # Who asks again does not want to wait.
        raise Stopped(code)

    return stop
