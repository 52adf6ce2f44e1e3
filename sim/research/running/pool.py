"""Work spread over the cores of this machine, by the standard library's process pool.

Results come as they are ready. Only a few more tasks than there are processes are under way at any
time, so that neither tasks nor results pile up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Final, TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")

AHEAD: Final = 2
"""So many tasks a process are handed out: one that runs and one that waits."""
PATIENCE: Final = 3
"""So often in a row may processes be lost without any task being done."""


class LostWorkersError(RuntimeError):
    """Processes end again and again before their work is done."""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def processes(jobs: int | None) -> int:
    """So many processes: one for each core, if None is said. Raises ``ValueError`` below 1."""
    if jobs is None:
        return cores()
    if jobs < 1 or jobs % 1:
        raise ValueError(f"{jobs!r} is not a number of processes: it must be 1 or more")
    return int(jobs)


def spread(
    work: Callable[[Task], Made], tasks: Iterable[Task], jobs: int
) -> Generator[Made, None, None]:
    """Yield what ``work`` makes of each task, in the order in which that is ready.

    With one job it all happens here. A process that is lost (killed for lack of memory, say) costs
    its tasks a second run. Raises what ``work`` raises, and :class:`LostWorkersError`.
    """
    if jobs == 1:
        yield from map(work, tasks)
        return
    waiting = iter(tasks)
    lost: list[Task] = []
    fruitless = 0
    while True:
        first = next(chain(lost, waiting), None)
        if first is None:
            return
        again = chain([first], lost[1:], waiting) if lost else chain([first], waiting)
        lost = []
        for made in _until_lost(work, again, jobs, lost):
            fruitless = 0
            yield made
        fruitless += bool(lost)
        if fruitless > PATIENCE:
            raise LostWorkersError(
                f"processes were lost {fruitless} times in a row before anything was done: is "
                "there enough memory? Fewer at once need less: --jobs 1"
            )


def _until_lost(
    work: Callable[[Task], Made], tasks: Iterator[Task], jobs: int, lost: list[Task]
) -> Generator[Made, None, None]:
    """Yield until the tasks are over or a process is lost; ``lost`` gets what it was to do."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, _context(), _begin)
    running: dict[Future[Made], Task] = {}
    try:
        while True:
            try:
                for task in islice(tasks, jobs * AHEAD - len(running)):
                    running[_submitted(pool, work, task, lost)] = task
            except BrokenProcessPool:
                lost.extend(running.values())
                return
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                task = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    lost.append(task)
                else:
                    yield future.result()
            if lost:
                lost.extend(running.values())
                return
    finally:
        _end(pool, set(multiprocessing.active_children()) - others if running else set())


def _submitted(
    pool: ProcessPoolExecutor, work: Callable[[Task], Made], task: Task, lost: list[Task]
) -> Future[Made]:
    try:
        return pool.submit(work, task)
    except BrokenProcessPool:
        lost.append(task)
        raise


def _end(pool: ProcessPoolExecutor, still_busy: Iterable[BaseProcess]) -> None:
    """End the pool; what is still running is not waited for."""
    for process in still_busy:
        process.terminate()
    pool.shutdown(wait=True, cancel_futures=True)


def _context() -> BaseContext:
    """How processes begin. A fork is quick and needs no ``if __name__ == "__main__"``.

    It is only safe while there is one thread, and only where the system does not mind.
    """
    forks = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")


def forks() -> bool:
    """Whether processes begin as copies of this one, with all that it has."""
    return _context().get_start_method() == "fork"


def _begin() -> None:
    """A process of the pool begins: Ctrl-C is its parent's matter, and so is its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End as soon as the parent has: one that was killed cannot say so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
