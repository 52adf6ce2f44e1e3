"""Signals that ask the program to end: it ends as with Ctrl-C, with its files in order."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Final

from sim.cli import exits

CODES: Final[dict[str, int]] = {"SIGTERM": exits.TERMINATED, "SIGHUP": exits.HUNG_UP}
"""Name of a signal → the exit code that it gives; not every system has all."""

_MOMENT: Final = 0.02
"""Seconds until an interruption that was lost comes once more."""


class Stopped(KeyboardInterrupt):
    """The program was asked to end. Its argument is all that it is made of: SimPy makes it anew."""

    @property
    def code(self) -> int:
        """The exit code with which it ends."""
        code: int = self.args[0]
        return code


def code_of(ended: BaseException) -> int:
    """The exit code of a command that was interrupted, or has no room to write."""
    if isinstance(ended, OSError):
        return exits.BAD_INPUT
    return ended.code if isinstance(ended, Stopped) else exits.INTERRUPTED


def obey() -> None:
    """Let those signals raise :class:`Stopped`; but one that is ignored (``nohup``) stays so."""
    for name, code in CODES.items():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stopping(code))


def insist() -> None:
    """Let an interruption that Python drops come once more, until something is interrupted by it.

    It drops those that come in a function that nobody has called: in one that is told of garbage
    collections (Hypothesis has one), or that cleans up after an object. Who asks only once, as
    ``timeout`` does, would wait for ever.
    """
    sys.unraisablehook = partial(_dropped, sys.unraisablehook)


def _dropped(otherwise: Callable[[Any], object], what: Any) -> None:
    """Called with what Python drops. An interruption comes again, anything else is told."""
    if not isinstance(what.exc_value, KeyboardInterrupt):
        otherwise(what)
        return
    code = what.exc_value.code if isinstance(what.exc_value, Stopped) else None
    number = signal.SIGINT if code is None else _number(code)
    signal.signal(number, _interrupting if code is None else _stopping(code))
    _come_again(number)


def _come_again(number: int) -> None:
    """At once it would be dropped like the first: ``_dropped`` is none that was called, either."""
    _thread.start_new_thread(_send_soon, (number,))  # takes no lock that may be held by now


def _is_dropped(frame: FrameType | None) -> bool:
    """Whether what is raised here would be dropped once more: the machine is that slow."""
    while frame is not None and frame.f_code is not _dropped.__code__:
        frame = frame.f_back
    return frame is not None


def _send_soon(number: int) -> None:
    """Interrupt the main thread, also while it waits for something, where that can be done."""
    time.sleep(_MOMENT)
    if hasattr(signal, "pthread_kill") and (main := threading.main_thread().ident):
        signal.pthread_kill(main, number)
    else:
        _thread.interrupt_main(signal.Signals(number))


def _number(code: int) -> signal.Signals:
    """The signal that gives this exit code."""
    return next(signal.Signals[name] for name, each in CODES.items() if each == code)


def _stopping(code: int) -> signal._HANDLER:
    def stop(number: int, frame: FrameType | None) -> None:
        if _is_dropped(frame):
            _come_again(number)
            return
        signal.signal(number, signal.SIG_DFL)  # Who asks again does not want to wait.
        raise Stopped(code)

    return stop


def _interrupting(number: int, frame: FrameType | None) -> None:
    """As Ctrl-C does."""
    if _is_dropped(frame):
        _come_again(number)
        return
    signal.signal(number, signal.default_int_handler)
    signal.default_int_handler(number, frame)
