"""What of a run is told, and how: as JSON, in a line, in full, in part, or why a law broke."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import click
from attrs import fields, frozen

from sim.cli import options
from sim.protocol.units import SECOND, format_duration, parse_duration, parse_time
from sim.scenario import Scenario
from sim.telling.narrowing import KINDS, Narrowing
from sim.wording import not_one_of

WITHIN: Final = 10 * SECOND
"""How far from the time of ``--around`` is told, unless ``--within`` says."""


@frozen(kw_only=True)
class View:
    """The options that say what is told."""

    as_json: bool = False
    quiet: bool = False
    unfold: bool = False
    """Whether the story is told line by line, without folding what repeats."""
    person: tuple[str, ...] = ()
    around: int | None = None
    within: int | None = None
    kind: tuple[str, ...] = ()
    why: str | None = None

    def check(self, scenario: Scenario, laws: tuple[str, ...], otherwise: str = "") -> None:
        """Refuse what does not go together, or what there is not in this scenario.

        ``laws`` are those that judge, if not those of the scenario; ``otherwise`` is an option for
        which no story is told. Raises :class:`click.UsageError`.
        """
        if self.within is not None and self.around is None:
            raise click.UsageError("--within is for --around TIME, and there is none.")
        shorter = "--quiet" if self.quiet else "--json" if self.as_json else otherwise
        for narrowing in self._given():
            if shorter:
                raise click.UsageError(f"{narrowing} is for the story, and {shorter} tells none.")
            if self.why is not None and narrowing != "--why":
                raise click.UsageError(
                    f"--why tells what led to a breach and not the story, for which {narrowing} is."
                )
        if self.why is not None:
            _judged(self.why, scenario, laws)
        self.part(scenario)

    def _given(self) -> list[str]:
        given = {
            "--person": self.person,
            "--around": self.around is not None,
            "--kind": self.kind,
            "--why": self.why,
        }
        return [option for option, value in given.items() if value]

    def part(self, scenario: Scenario) -> Narrowing:
        """Which lines of the scenario's story are told.

        Raises :class:`click.BadParameter` for somebody or a time that it does not have.
        """
        if self.around is not None and self.around > scenario.duration:
            raise click.BadParameter(
                f"the story ends at {format_duration(scenario.duration)}.", param_hint="'--around'"
            )
        people = tuple(dict.fromkeys(one for name in self.person for one in _one(name, scenario)))
        return Narrowing(
            people=people,
            kinds=tuple(dict.fromkeys(self.kind)),
            around=self.around,
            within=WITHIN if self.within is None else self.within,
        )


def _one(name: str, scenario: Scenario) -> tuple[str, ...]:
    """The people of that name: one, or a group."""
    known = dict.fromkeys((*scenario.clients, *scenario.people))
    if name not in known:
        sentence = not_one_of(name, known, "a person of this scenario")
        raise click.BadParameter(sentence, param_hint="'--person'")
    return scenario.named(name)


def _judged(law: str, scenario: Scenario, laws: tuple[str, ...]) -> None:
    chosen = laws or (None if isinstance(scenario.laws, str) else scenario.laws)
    if chosen is not None and law not in chosen:
        whose = "--law" if laws else "the scenario"
        raise click.BadParameter(
            f"the run is not judged by {law}: {whose} chooses others.", param_hint="'--why'"
        )


# -- options ---------------------------------------------------------------------------------------


def _time(ctx: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    return None if value is None else _read(parse_time, value)


def _length(ctx: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    return None if value is None else _read(parse_duration, value)


def _read(parse: Callable[[str], int], value: str) -> int:
    try:
        return parse(value)
    except ValueError as problem:
        raise click.BadParameter(f"{problem}.") from None


def _kinds(
    ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    for kind in value:
        if kind not in KINDS:
            raise click.BadParameter(not_one_of(kind, KINDS, "a kind of line"))
    return value


_OPTIONS: Final = (
    options.as_json,
    options.quiet,
    options.unfold,
    click.option(
        "--person",
        multiple=True,
        metavar="NAME",
        help="Tell only what this person or group does and is told; may be given several times.",
    ),
    click.option(
        "--around",
        callback=_time,
        metavar="TIME",
        help="Tell only what is near that time, such as 2:07 or 127s.",
    ),
    click.option(
        "--within",
        callback=_length,
        metavar="DURATION",
        help=f"How near to --around: {format_duration(WITHIN)}, before and after, if not said.",
    ),
    click.option(
        "--kind",
        multiple=True,
        callback=_kinds,
        metavar="KIND",
        help=f"Tell only lines of this kind ({', '.join(KINDS)}); may be given several times.",
    ),
    click.option(
        "--why",
        callback=options.known_law,
        metavar="LAW",
        help="Tell what led to the first breach of this law, the root first, and not the story.",
    ),
)


def options_of_view(command: Callable[..., Any]) -> Callable[..., Any]:
    """All of these options; the command gets them as one argument, ``view``."""
    names = [each.name for each in fields(View)]

    @functools.wraps(command)
    def with_view(**given: Any) -> Any:
        view = View(**{name: given.pop(name) for name in names})
        return command(view=view, **given)

    with_options: Any = with_view
    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options  # type: ignore[no-any-return]
