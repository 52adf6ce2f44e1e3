"""The results of a sweep at a glance: a page that opens offline, with the worst runs in it.

>>> from sim.overview import overview
>>> overview("results/grace").save("grace.html")  # doctest: +SKIP

This is where reports and the research bench meet, which know nothing of each other:
``sim.report`` draws a :class:`~sim.report.model.sweep.Sweep`, whatever that comes from.

============  ====================================================================
``building``  from results to what the page shows, its worst runs made again
``worst``     which runs those are
============  ====================================================================
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from attrs import frozen

from sim.overview.building import FEW, Told, opened, sweep
from sim.report import HTML, format_of
from sim.report.files import put
from sim.report.model.sweep import Sweep
from sim.report.page.sweeps import html
from sim.research.results import Results

__all__ = ["FEW", "Overview", "Sweep", "check_format", "opened", "overview"]


@frozen
class Overview:
    """The results of a sweep to be shown: as a page, which is the one form that they have."""

    sweep: Sweep

    def html(self) -> str:
        """One HTML file, which fetches nothing."""
        return html(self.sweep)

    def to(self, format: str, **options: Any) -> str:
        """The page. Raises ``ValueError`` with one sentence for another format, and for options."""
        check_format(format)
        if options:
            raise ValueError(f"{', '.join(options)}: the page of a sweep has no options")
        return self.html()

    def save(self, path: str | os.PathLike[str], format: str | None = None) -> Path:
        """Write the page, and return its path.

        Raises ``ValueError`` with one sentence for another format or its suffix, and ``OSError``.
        """
        file = Path(path)
        put(file, self.to(format or format_of(file.name)))
        return file


def overview(
    results: Results | str | os.PathLike[str], runs: int = FEW, told: Told | None = None
) -> Overview:
    """The results of a sweep, or of the folder of one, to be shown.

    So many ``runs`` as that, the worst ones, are made again and are in the page; ``told`` hears how
    many have been. Raises ``ValueError`` with one sentence where there are no results, or those of
    another version.
    """
    found = results if isinstance(results, Results) else opened(results)
    return Overview(sweep(found, runs, told))


def check_format(name: str) -> None:
    """Raise ``ValueError`` with one sentence for a format that the results of a sweep do not have.

    >>> check_format("svg")
    Traceback (most recent call last):
    ValueError: a sweep is shown as html, and svg is of one run: `replay` gives that with --report
    """
    if name != HTML:
        raise ValueError(
            f"a sweep is shown as {HTML}, and {name} is of one run: `replay` gives that with"
            " --report"
        )
