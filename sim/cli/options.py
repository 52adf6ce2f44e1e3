"""Options that several verbs have, spelled and checked in one place."""

from __future__ import annotations

import re
from typing import Any, Final

import click

from sim.protocol.units import MOST
from sim.wording import quoted

_FIGURES: Final = re.compile("[-+]?[0-9]{1,4000}")
"""Of plain figures only, and not so many that reading them takes long."""


def _laws(
    ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    if value:
        from sim.laws import choose

        try:
            choose(value)
        except ValueError as problem:
            raise click.BadParameter(str(problem)) from None
    return value


def known_law(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Take the name of one law. Raises :class:`click.BadParameter`."""
    if value is not None:
        _laws(ctx, parameter, (value,))
    return value


def known_profile(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Take the name of a profile. Raises :class:`click.BadParameter`."""
    if value is not None:
        from sim.protocol.quirks import profile as known

        try:
            known(value)
        except ValueError as problem:
            raise click.BadParameter(str(problem)) from None
    return value


class Whole(click.IntRange):
    """A whole number in plain figures, from ``least`` to what any number of the program may be."""

    says = "a whole number"

    def __init__(self, least: int, most: int | None = MOST) -> None:
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it. Python's ``int`` would take other figures, too, and underscores."""
        figures: Any = self.figures(value) if isinstance(value, str) else value
        if isinstance(figures, str) and not _FIGURES.fullmatch(figures):
            self.fail(f"{quoted(value)} is not {self.says}.", param, ctx)
        return super().convert(figures, param, ctx)

    def figures(self, written: str) -> str:
        """What of a text is the number."""
        return written


class RecordNumber(Whole):
    """The number of a record, as the story shows it: ``88`` or ``#88``."""

    name = "number of a record"
    says = "the number of a record, such as 88 or #88"

    def __init__(self) -> None:
        super().__init__(1, None)

    def figures(self, written: str) -> str:
        """Without the mark."""
        return written.removeprefix("#")


def seed(command: Any) -> Any:
    """``--seed N``."""
    return click.option(
        "--seed",
        type=Whole(0),
        metavar="N",
        help="Seed of every random decision, instead of the scenario's.",
    )(command)


def jobs(command: Any) -> Any:
    """``--jobs N``."""
    return click.option(
        "--jobs",
        type=Whole(1, 1_000),
        metavar="N",
        help="Run replications by so many processes: one for each core if not said.",
    )(command)


def profile(command: Any) -> Any:
    """``--profile NAME``."""
    return click.option(
        "--profile",
        callback=known_profile,
        metavar="NAME",
        help="Which client is modelled, instead of the scenario's: documented, opentok.js-2.35.2.",
    )(command)


def permute_ties(command: Any) -> Any:
    """``--permute-ties``."""
    return click.option(
        "--permute-ties",
        is_flag=True,
        help="Shuffle, from the seed, the order of what happens at the same instant.",
    )(command)


def max_events(command: Any) -> Any:
    """``--max-events N``."""
    return click.option(
        "--max-events",
        type=Whole(1),
        metavar="N",
        help="Stop with exit code 2 when so much has happened: 100 million if not said.",
    )(command)


def trace(command: Any) -> Any:
    """``--trace FILE``, ``--trace-level`` and ``--force``."""
    level = click.option(
        "--trace-level",
        type=click.Choice(["story", "wire", "all"]),
        default="story",
        show_default=True,
        help="story: what apps are told, commands, faults, decisions; wire: messages as well; "
        "all: heartbeats and timers as well.",
    )
    file = click.option(
        "--trace",
        metavar="FILE",
        help="Write the trace there (JSON-lines); - is standard output, with nothing else on it.",
    )
    force = click.option(
        "--force",
        is_flag=True,
        help="Let trace and report replace a file that is none; never one that is read.",
    )
    return file(level(force(command)))


def report(command: Any) -> Any:
    """``--report FILE``."""
    return click.option(
        "--report",
        metavar="FILE",
        help="Explain the run at a glance there: a page, unless the suffix says another format "
        "that the verb report knows.",
    )(command)


def law(command: Any) -> Any:
    """``--law NAME``, as often as one likes."""
    return click.option(
        "--law",
        multiple=True,
        callback=_laws,
        metavar="NAME",
        help="Judge by this law only; may be given several times. See the verb laws.",
    )(command)


def as_json(command: Any) -> Any:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def unfold(command: Any) -> Any:
    """``--unfold``."""
    about = "Show every line by itself, not folded with others like it."
    return click.option("--unfold", is_flag=True, help=about)(command)


def quiet(command: Any) -> Any:
    """``--quiet``."""
    return click.option("--quiet", "-q", is_flag=True, help="Print only the verdict.")(command)
