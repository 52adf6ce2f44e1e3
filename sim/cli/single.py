"""One run told: the story, what held, where the trace is and how to see it again."""

from __future__ import annotations

from collections.abc import Iterator

from sim import Result
from sim.cli import exits, summaries, terminal, verdicts
from sim.cli.inputs import STDIN
from sim.cli.runs import Run
from sim.cli.view import View
from sim.expectations import expected_breaches
from sim.expectations.sightings import numbers
from sim.laws import BROKEN, HELD
from sim.protocol.units import format_clock, format_duration
from sim.telling import layout
from sim.telling.cast import Cast
from sim.telling.columns import columns, wrap
from sim.telling.excerpts import led_to
from sim.telling.marks import faint, heading
from sim.telling.story import LEGEND, NUMBERED, OF_QUIRKS, lines
from sim.trace import chain
from sim.wording import listing


def tell(run: Run, result: Result, view: View) -> None:
    """Print a run: as JSON, in a line, or in full. A trace on standard output stands alone."""
    beside = run.trace == STDIN
    if view.as_json:
        terminal.say_json(result.to_data() | {"replay": run.again(result)}, err=beside)
    elif view.quiet or beside:
        terminal.say(*verdict(run, result), err=beside)
    elif view.why is not None:
        terminal.say(*why(run, result, view.why, view, terminal.width()))
    else:
        terminal.say(*report(run, result, view, terminal.width()))


def report(run: Run, result: Result, view: View, width: int) -> Iterator[str]:
    """Everything there is to say, in lines of at most ``width`` characters.

    What failed stands before the story, in a sentence each; after it, with what was around it.
    """
    yield from _title(result, width)
    yield ""
    expected = expected_breaches(result.scenario.expect)
    failed = list(verdicts.failures(result.laws.values(), result.expectations, width, expected))
    yield from (*failed, "") if failed else ()
    yield from _legend(result, width)
    yield ""
    yield from _story(result, view, width)
    yield ""
    yield from verdicts.laws(summaries.outcomes(result), width, expected)
    yield from verdicts.unkept(result.laws.values(), width)
    yield from verdicts.goals(result.goals, width)
    yield from verdicts.expectations(result.expectations, width)
    yield from map(faint, _unshown(result, width))
    yield from verdicts.breaches(result.laws.values(), width, expected)
    yield ""
    yield from _closing(run, result, view, width)


def verdict(run: Run, result: Result) -> Iterator[str]:
    """The verdict in a line, and how to see a failure again."""
    expected = expected_breaches(result.scenario.expect)
    broken = [name for name, each in result.laws.items() if each.broken and name not in expected]
    missed = [outcome.text for outcome in result.expectations if not outcome.held]
    details = "; ".join([*broken, *missed])
    said = exits.VERDICT[result.exit_code]
    yield f"{result.scenario.name}: {said}" + (f": {details}" if details else "")
    if result.exit_code:
        yield f"  {run.again(result)}"


def _title(result: Result, width: int) -> Iterator[str]:
    scenario = result.scenario
    about = f": {scenario.about}" if scenario.about else ""
    first, *rest = wrap(f"{scenario.name}{about}", width)
    yield heading(first)
    yield from map(heading, rest)
    facts = (
        f"{format_duration(result.ended)} simulated",
        f"seed {result.seed}",
        *([f"replication {result.replication}"] if result.replication else []),
        f"profile {summaries.client(result)}",
    )
    yield from map(faint, wrap(", ".join(facts), width))


def _legend(result: Result, width: int) -> Iterator[str]:
    legend = f"{LEGEND}   {OF_QUIRKS}" if result.goals else LEGEND
    yield from map(faint, wrap(legend, width))
    yield from map(faint, wrap(NUMBERED, width))


def _story(result: Result, view: View, width: int) -> Iterator[str]:
    """The story, or that part of it which is asked for, with how much that is."""
    part = view.part(result.scenario)
    if part:
        told = [part.shows(line) for line in lines(result.records)]
        said = f"{sum(told) or 'none'} of the {len(told)} lines of the story: {part}"
        yield from map(faint, wrap(said, width))
    yield from layout.told(result.records, width, view.unfold, part)


def why(run: Run, result: Result, law: str, view: View, width: int) -> Iterator[str]:
    """What led to the first breach of a law, the root first; or that it was not broken."""
    broke = result.laws[law]
    yield from _title(result, width)
    yield ""
    if broke.breaches:
        number = broke.breaches[0].record.seq
        causes = chain(result.records, number)
        yield from verdicts.first_breach(broke, width)
        yield ""
        yield heading(led_to(number))
        cast = Cast.of_chain(result.records, causes)
        yield from layout.chained(causes, width, number, view.unfold, cast)
    else:
        yield from columns([(verdicts.styled(broke.outcome), heading(law))], width)
        yield from (f"  {line}" for line in wrap("there is no breach to tell of", width - 2))
    yield ""
    yield from _closing(run, result, view, width)


def _unshown(result: Result, width: int) -> Iterator[str]:
    """A word on the records that broken expectations and laws name and the story does not show."""
    missed = [outcome for outcome in result.expectations if not outcome.held]
    named = {number for outcome in missed for number in numbers(outcome.why)}
    for verdict in result.laws.values():
        named.update(breach.record.seq for breach in verdict.breaches[: verdicts.SHOWN])
    if not named:
        return
    unshown = named.difference(*(line.numbers for line in lines(result.records)))
    if unshown:
        said = listing(f"#{number}" for number in sorted(unshown))
        has, it = ("has", "it") if len(unshown) == 1 else ("have", "them")
        text = f"{said} {has} no line in the story; explain tells of {it}"
        yield from (f"  {line}" for line in wrap(text, width - 2))


def _closing(run: Run, result: Result, view: View, width: int) -> Iterator[str]:
    said = exits.VERDICT[result.exit_code]
    facts = (
        f"{result.count} records until {format_clock(result.ended)}, digest {result.digest[:12]}"
    )
    yield from columns(
        [(verdicts.styled(BROKEN if result.exit_code else HELD, said), facts)], width
    )
    if run.trace:
        yield f"trace:   {run.trace}"
    if run.report:
        yield f"report:  {run.report}"
    again, expected = run.again(result), expected_breaches(result.scenario.expect)
    yield f"again:   {again}"
    broken = [name for name, each in result.laws.items() if each.broken and name not in expected]
    if broken and view.why is None:
        yield f"why:     {again} --why {broken[0]}"
