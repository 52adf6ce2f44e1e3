"""Work spread over a dask cluster: one task each, as many under way as keep all workers busy.

A worker that is lost costs its tasks a second run, which dask sees to.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from distributed import Client

Task = TypeVar("Task")
Made = TypeVar("Made")

AHEAD: Final = 2
"""So many tasks a thread of the cluster are handed out."""
PATIENCE: Final = "10s"
"""How long a scheduler may take to answer."""


class SchedulerError(ConnectionError):
    """Nobody answers at the address of the scheduler."""


def spread(
    work: Callable[[Task], Made], tasks: Iterable[Task], client: Client
) -> Generator[Made, None, None]:
    """Yield what ``work`` makes of each task, in the order in which that is ready.

    Raises what ``work`` raises.
    """
    from distributed import as_completed  # noqa: PLC0415 - half a second, for clusters only

    waiting = iter(tasks)

    def submitted(count: int) -> list[Any]:
        return [client.submit(work, task, pure=False) for task in islice(waiting, count)]

    first = submitted(_wanted(client))
    running = len(first)
    under_way = as_completed(first, loop=client.loop)
    try:
        for future in under_way:
            yield future.result()
            future.release()
            running -= 1
            more = submitted(max(_wanted(client) - running, 0))  # workers may have come, or gone
            running += len(more)
            under_way.update(more)
    finally:
        client.cancel(list(under_way.futures))


def _wanted(client: Client) -> int:
    """How many tasks are to be under way: one, if there is no worker yet."""
    return max(_threads(client) * AHEAD, 1)


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Give a client of the scheduler at an address such as ``tcp://10.0.0.7:8786``.

    Raises :class:`SchedulerError` with one sentence.
    """
    from distributed import Client  # noqa: PLC0415
    from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415

    try:
        get_address_host_port(address)  # a client that cannot be begun takes long to go
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as problem:
        reason = str(problem).split("\n")[0]
        raise SchedulerError(f"no dask scheduler answers at {address}: {reason}") from None
    with client:
        yield client
