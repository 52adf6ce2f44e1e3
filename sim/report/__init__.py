"""A run explained at a glance: a page that opens offline, and forms for other programs.

>>> from sim.report import report
>>> shown = report("scenarios/kick.yaml", seed=7)
>>> shown.timeline.title
'kick'

``model`` makes the data of the picture, ``page`` and ``formats`` draw it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from sim.report.files import put
from sim.report.formats import FORMATS, of_file, small
from sim.report.model.building import Source, timeline
from sim.report.model.timeline import Timeline
from sim.report.page.assembling import html
from sim.wording import not_one_of

__all__ = ["Report", "Source", "Timeline", "report", "timeline"]

HTML: Final = "html"
"""The page; the other formats are those of :data:`sim.report.formats.FORMATS`."""
_SUFFIXES: Final = (".html", ".htm")


@frozen
class Report:
    """A run to be shown, in whatever form."""

    timeline: Timeline

    def html(self, against: Report | None = None) -> str:
        """One HTML file, which fetches nothing; with a second run, that shows where they part."""
        return html(self.timeline, None if against is None else against.timeline)

    def to(self, format: str, **options: Any) -> str | bytes:
        """The report in a format of that name, with the options that the format has.

        Raises ``ValueError`` with one sentence for a format or an option that there is not.
        """
        if format == HTML:
            return self.html(**options)
        if format not in FORMATS:
            raise ValueError(not_one_of(format, (HTML, *FORMATS), "a format"))
        return FORMATS[format].write(self.timeline, **options)

    def save(self, path: str | os.PathLike[str], format: str | None = None, **options: Any) -> Path:
        """Write the file, in the format that its suffix says unless one is given; return its path.

        Raises ``ValueError`` with one sentence for a suffix that says none, and ``OSError``.
        """
        file = Path(path)
        put(file, self.to(format or format_of(file.name), **options))
        return file

    def _repr_html_(self) -> str:
        return small(self.timeline)


def report(source: Source, **options: Any) -> Report:
    """The report of a run: of a trace, of a result, of a scenario, or of a file with one of them.

    A scenario is run, with ``options`` as :func:`sim.run` takes them. Raises what
    :func:`sim.report.timeline` raises.
    """
    return Report(timeline(source, **options))


def format_of(name: str) -> str:
    """The format of a file of that name. Raises ``ValueError`` with one sentence.

    >>> format_of("kick.html")
    'html'
    """
    if name.lower().endswith(_SUFFIXES):
        return HTML
    found = of_file(name)
    if found is None:
        known = (".html", *(each.suffixes[0] for each in FORMATS.values()))
        raise ValueError(
            f"{name!r} does not say which format it is to have: end it in one of {', '.join(known)}"
        )
    return found.name
