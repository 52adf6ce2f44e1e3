"""A run in forms for other programs: the table of formats, each a function of a timeline.

==============  ===================================================================
``looks``       colours and patterns of states
``axis``        time on a page: idle stretches are folded
``causes``      what led to a row, and which rows matter
``text``        rows of characters, for terminals
``svg``         a still, for papers and notebooks
``mermaid``     a sequence diagram, for issues
``perfetto``    a Chrome trace, for Perfetto's viewer
``junit``       laws and expectations as the test report of a build
``events``      what one app was told, to be told to another
==============  ===================================================================

A format is the module of its name with a function ``write``, imported when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from attrs import frozen

from sim.report.model.timeline import Timeline
from sim.wording import listing, not_one_of

_WIDTH: Final = "width"
_PERSON: Final = "person"


@frozen
class Format:
    """One form of a report."""

    name: str
    suffixes: tuple[str, ...]
    """Of files in this form; the first is the usual one."""
    says: str
    """What it is, for ``--help``."""
    options: tuple[str, ...] = ()
    """What ``write`` takes besides the timeline; see the ``write`` of its module."""
    home: str = ""
    """The module of its ``write``, where that is not the one of its name."""

    def write(self, timeline: Timeline, **options: Any) -> str | bytes:
        """The timeline in this form.

        Raises ``ValueError`` with one sentence for an option that the format does not have, or
        that does not fit the timeline.
        """
        for option in options:
            if option not in self.options:
                raise ValueError(self._no(option))
        module = import_module(self.home or f"{__name__}.{self.name}")
        written: str | bytes = module.write(timeline, **options)
        return written

    def _no(self, option: str) -> str:
        takers = [each.name for each in FORMATS.values() if option in each.options]
        if not takers:
            return not_one_of(option, self.options, f"an option of the format {self.name}")
        return f"the format {self.name} has no {option}: it is for {listing(takers, 'or')}"


_FORMATS: Final = (
    Format(
        "mermaid",
        (".mmd", ".mermaid"),
        "A sequence diagram that pastes into an issue: what led to a breach, or what mattered.",
    ),
    Format(
        "perfetto",
        (".perfetto.json", ".trace.json"),
        "A Chrome trace, which opens in ui.perfetto.dev.",
    ),
    Format("junit", (".xml",), "JUnit XML: a test case for each law and expectation."),
    Format("svg", (".svg",), "A still for papers.", (_WIDTH,)),
    Format("text", (".txt",), "A timeline for terminals.", (_WIDTH, "styled")),
    Format(
        "events",
        (".events.json",),
        "What the app of --person was told, as JSON, to be replayed into your own app.",
        (_PERSON,),
    ),
)

FORMATS: Final[dict[str, Format]] = {each.name: each for each in _FORMATS}
"""The formats by their names."""


def of_file(name: str) -> Format | None:
    """The format of files with such a name; None where no suffix tells.

    >>> of_file("run.events.json").name, of_file("run.json")
    ('events', None)
    """
    ends = ((each, suffix) for each in FORMATS.values() for suffix in each.suffixes)
    return next((each for each, suffix in ends if name.lower().endswith(suffix)), None)


def small(timeline: Timeline) -> str:
    """A small still, for the middle of a notebook."""
    return str(import_module(f"{__name__}.svg").small(timeline))
