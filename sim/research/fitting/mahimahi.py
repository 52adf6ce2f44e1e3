"""Traces of mahimahi's ``mm-link``: when a link could deliver a packet.

One whole number a line: the millisecond of an opportunity to deliver 1500 bytes, counted from the
beginning; the trace starts again at its end. Where no packet can be delivered for long, the link
is out: from one opportunity to the next.

Source: Netravali et al., "Mahimahi: accurate record-and-replay for HTTP", USENIX ATC 2015.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.protocol.units import LONGEST, MILLISECOND, format_duration
from sim.research.fitting.errors import RecordingError
from sim.wording import quoted

Times = npt.NDArray[np.float64]


def looks_like_it(text: str) -> bool:
    """Whether the first line is a whole number and nothing else."""
    return text.lstrip().split("\n", 1)[0].strip().isdecimal()


def outages(text: str, source: str, gap: int) -> tuple[Times, Times]:
    """Return the times in service between outages, and the lengths of the outages (us).

    ``gap`` is how long nothing can be delivered in an outage, at least (us).
    """
    if gap < MILLISECOND:
        raise RecordingError(f"a gap must be at least 1ms, not {gap} us")
    times = MILLISECOND * _opportunities(text, source)
    steps = np.diff(times)
    at = np.flatnonzero(steps >= gap)
    if not at.size:
        raise RecordingError(
            f"{source}: no gap of this trace lasts {format_duration(gap)}, so there is no outage "
            "in it; a smaller gap may be asked for"
        )
    every = times[at[1:]] - times[at[:-1] + 1]
    return every, steps[at]


def _opportunities(text: str, source: str) -> Times:
    times: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        written = line.strip()
        if not written:
            continue
        if not (written.isascii() and written.isdecimal()) or len(written) > 12:
            raise RecordingError(
                f"{source}:{number}: expected a whole number of milliseconds as in every line of "
                f"a mahimahi trace, not {quoted(written)}"
            )
        if times and int(written) < times[-1]:
            raise RecordingError(
                f"{source}:{number}: {written} ms is before {times[-1]} ms; this is read as a "
                "mahimahi trace, as no header names columns of a CSV file"
            )
        times.append(int(written))
    if MILLISECOND * times[-1] > LONGEST:
        raise RecordingError(f"{source}: the trace is longer than 366 days")
    return np.array(times, dtype=np.float64)
