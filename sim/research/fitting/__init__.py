"""Networks from recordings: losses, delays and outages fitted to what was measured.

=============  ===================================================================================
columns.py     the columns that a CSV file may have, by name
recordings.py  reading files; ``mahimahi.py``: traces of ``mm-link``
runs.py        lost and arrived packets as runs
hidden.py      the hidden chain behind losses: likelihood, Baum and Welch
losses.py      the models of losses; ``uneven.py``: of packets sent at uneven times
spreads.py     the distributions of durations: delays, outages, times between them
goodness.py    Kolmogorov and Smirnov, chi-square of run lengths
candidates.py  which model is taken: Akaike
fits.py        all of it: the network that a scenario may say
=============  ===================================================================================
"""

from __future__ import annotations

import os

from sim.research.fitting.errors import RecordingError
from sim.research.fitting.fits import Fit
from sim.research.fitting.fits import fit as fit_recordings
from sim.research.fitting.recordings import GAP, Recording, read

__all__ = ["Fit", "Recording", "RecordingError", "fit", "fit_recordings", "read"]


def fit(*files: str | os.PathLike[str], spacing: int | None = None, gap: int = GAP) -> Fit:
    """Fit a network to recordings: CSV files, or traces of mahimahi.

    Times are microseconds. ``spacing`` is the time between packets where no file has the times at
    which they were sent; ``gap`` is what a mahimahi trace counts as an outage. Raises
    :class:`RecordingError` in one sentence, with the line, and ``OSError`` for a file that is not
    there.
    """
    recordings = [read(os.fspath(file), gap) for file in files]
    return fit_recordings(*recordings, spacing=spacing)
