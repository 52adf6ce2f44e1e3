"""What the failure of a test says: its story, how to see it again, and what led to it.

:func:`attach` adds that to an error as a note, which pytest and Hypothesis print with the error,
and saves the story as a scenario file. Of a failure that Hypothesis shrinks every attempt is saved
over the one before; the last is the smallest.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from attrs import field, frozen

from sim.expectations.sightings import numbers
from sim.laws import LawBroken
from sim.scenario import Scenario, dump
from sim.simulation.replays import quoted
from sim.telling.cast import Cast
from sim.telling.columns import wrap
from sim.telling.excerpts import around, led_to
from sim.telling.layout import chained, numbered
from sim.telling.marks import unstyled, visible
from sim.testing import context
from sim.testing.saving import file_name, named, save
from sim.testing.setups import Setup
from sim.trace import Record
from sim.trace.explain import chain

WIDTH: Final = 68
"""Columns of a note: pytest puts eight before each line, or twelve if the test is a method."""
AROUND: Final = 10
"""How many records are told around the one that broke it, itself included."""
AFTER: Final = 4
"""How many of them come after it, if there are so many."""
LONGEST: Final = 100
"""So many lines of a story are shown if all of them are in a file."""
KEPT: Final = 20
"""So many failures are remembered."""

_HEADING: Final = "The story"


@frozen(kw_only=True)
class Failure:
    """What was said of one failure, or of one attempt to make it smaller."""

    sentence: str
    """The law that broke, when and how, or what the error says: one line."""
    story: Scenario
    """The scenario that fails so."""
    path: Path | None
    """The file it is saved in, None if it could not be saved."""
    replay: str
    """The line that runs the file again."""
    note: str = field(repr=False)
    """All that the error says besides its message."""


@frozen
class _Keeping:
    """What becomes of the file."""

    line: str
    folder: Path | None
    replayable: bool


latest: Final[list[Failure]] = []
"""The failures that were told last, the last one at the end. Whoever likes may empty it."""


def attach(
    problem: BaseException,
    *,
    story: Scenario,
    records: Sequence[Record] = (),
    setup: Setup | None = None,
    name: str = "",
    keep: str = "",
    folder: Path | None = None,
    replayable: bool = True,
) -> Failure | None:
    """Let an error say in which story it came about; that is saved, and remembered in `latest`.

    ``records`` are those of the story from the first on, as far as they have come. ``setup`` is
    whose code took part, ``name`` that of the test if pytest does not say which is running.
    ``keep`` is a line of Python that makes a test of the file, with ``{file}`` for its name, which
    is relative to ``folder``, the test's. A story that is not ``replayable`` is one in which
    something was done that no scenario can say.

    Says nothing more of an error that has been told already. Never raises anything: the error
    itself is what must come out.
    """
    if any(note.lstrip().startswith(_HEADING) for note in getattr(problem, "__notes__", ())):
        return None
    try:
        failure = _failure(
            problem,
            story,
            records,
            setup or Setup.present(),
            name,
            _Keeping(keep, folder, replayable),
        )
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with us, the error must come out
        problem.add_note(f"(its story could not be told: {type(fault).__name__}: {fault})")
        return None
    problem.add_note(failure.note)
    if isinstance(problem, LawBroken):
        problem.args = (_message(problem),)
    latest[:] = [each for each in latest if each.path != failure.path][-KEPT:]
    latest.append(failure)
    return failure


def running_test(otherwise: str = "") -> str:
    """The test that pytest runs now, by the name that it gives it; or else the other name.

    pytest keeps it in the environment: https://docs.pytest.org/en/stable/example/simple.html
    """
    name, _, _ = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")
    return name or otherwise


def _failure(
    problem: BaseException,
    story: Scenario,
    records: Sequence[Record],
    setup: Setup,
    name: str,
    keeping: _Keeping,
) -> Failure:
    test = running_test(name)
    file = file_name(test, _what(problem, setup))
    path = context.present().save / file
    line = setup.line(named(path), story.clients)
    text = dump(story)
    unsaved = save(path, _comment(problem, test, setup, line) + text)
    if unsaved:
        line = setup.line(file, story.clients)
    parts = (
        _story(text, path, unsaved),
        _again(line, unsaved and file, keeping, path, isinstance(problem, LawBroken)),
        _records(problem, records),
    )
    return Failure(
        sentence=_sentence(problem),
        story=story,
        path=None if unsaved else path,
        replay=line,
        note="\n".join(line for part in parts for line in part),
    )


# -- names -----------------------------------------------------------------------------------------


def _what(problem: BaseException, setup: Setup) -> str:
    """What has failed, as a part of a file's name: a law, or where else the error came from."""
    fault = f"-{setup.mutant.name}" if setup.mutant is not None else ""
    if isinstance(problem, LawBroken):
        return f"{problem.law.name}{fault}"
    return f"{type(problem).__name__}{fault}"


def _sentence(problem: BaseException) -> str:
    said = str(problem).strip().partition("\n")[0]
    return said or type(problem).__name__


def _message(problem: LawBroken) -> str:
    """What the error says itself, where its story is told besides: after its name there is room."""
    said, law = problem.summary.split("\n", 1)
    named = len(f"{problem.__module__}.LawBroken: ")
    first = textwrap.wrap("x" * named + said, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(["\n".join(first)[named:], *wrap(law, WIDTH)])


def _comment(problem: BaseException, test: str, setup: Setup, line: str) -> str:
    """What stands on top of the file."""
    fault = setup.mutant
    said = [
        _sentence(problem),
        *([f"With a planted fault, {fault.name}: {fault.sentence}"] if fault is not None else []),
        *([f"Saved by {test}."] if test else []),
    ]
    lines = [part for each in said for part in wrap(visible(each), 98)]
    return "".join(f"# {each}\n" for each in (*lines, f"To run it again: {visible(line)}"))


# -- parts of the note -----------------------------------------------------------------------------


def _story(text: str, path: Path, unsaved: str) -> Iterator[str]:
    lines = text.splitlines()
    yield ""
    if unsaved:
        yield f"{_HEADING}, which could not be saved as {named(path)} ({unsaved}):"
    else:
        yield f"{_HEADING}, saved as {named(path)}:"
    shown = lines if unsaved or len(lines) <= LONGEST else lines[: LONGEST - 1]
    yield from (part for line in shown for part in _wrapped(line))
    if len(shown) < len(lines):
        yield f"  # and {len(lines) - len(shown)} more lines in the file"


def _wrapped(line: str) -> Iterator[str]:
    """A line of a scenario file in lines of the note, which say the same in YAML.

    A text that goes on in a line that is indented more has a blank there, in quotes or not, and
    between brackets a line may end wherever a blank is.
    """
    shown = f"  {line}".rstrip()
    if len(shown) <= WIDTH or "  " in line.strip() or "\t" in line:
        yield shown
        return
    indent = " " * (len(shown) - len(shown.lstrip()))
    yield from textwrap.wrap(
        shown.lstrip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _again(line: str, unsaved: str, keeping: _Keeping, path: Path, judged: bool) -> Iterator[str]:
    """How to see it again; unless it is ``judged`` by laws, that does not fail by itself."""
    yield ""
    what = "it" if keeping.replayable else "so much of it as a scenario can say"
    yield f"To run {what} again{f', save it as {unsaved}' if unsaved else ''}:"
    yield f"  {line}"
    if not judged:
        yield "  # This tells the story. That it fails, your test says."
    if keeping.line and keeping.replayable:
        yield "To keep it as a test:"
        yield f"  {keeping.line.format(file=quoted(named(path, keeping.folder)))}"


def _records(problem: BaseException, records: Sequence[Record]) -> Iterator[str]:
    number = _number(problem, records)
    if number is None:
        return
    told = isinstance(problem, LawBroken) or number != records[-1].seq
    cast = Cast.of_story(records)
    after = min(AFTER, records[-1].seq - number)
    near = around(records, number, AROUND - 1 - after, after)
    yield ""
    yield f"The records around #{number}:" if told else "The last records before it failed:"
    yield from _plain(numbered(near, WIDTH, "", number, cast))
    causes = chain(records, number)
    if len(causes) > 1:
        yield ""
        yield f"{led_to(number)}:"
        yield from _plain(chained(causes, WIDTH, number, cast=cast))


def _number(problem: BaseException, records: Sequence[Record]) -> int | None:
    """The record that the error is about: one that it has, or names, or else the last."""
    if not records:
        return None
    about = getattr(problem, "record", None)
    if isinstance(about, Record):
        return about.seq
    said = [each for each in numbers(str(problem)) if 0 < each <= records[-1].seq]
    return said[0] if said else records[-1].seq


def _plain(lines: Sequence[str]) -> Iterator[str]:
    return (unstyled(line) for line in lines)
