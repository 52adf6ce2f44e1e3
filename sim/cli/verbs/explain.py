"""``explain``: why something happened, back to its root."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli import exits, options, terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.expectations.cast import Cast as Names
    from sim.trace import Record


@click.command(
    epilog="""\b
Examples:
  python -m sim run scenarios/flaky.yaml --trace flaky.trace.jsonl
  python -m sim explain flaky.trace.jsonl 120
  python -m sim explain t.jsonl --person bob --event sessionDisconnected"""
)
@click.argument("trace", metavar="TRACE")
@click.argument("record", metavar="[RECORD]", type=options.RecordNumber(), required=False)
@click.option("--person", metavar="NAME", help="Whose app was told.")
@click.option(
    "--event",
    metavar="EVENT",
    help="Of what it was told, such as streamDestroyed or publisher.streamDestroyed.",
)
@click.option(
    "--nth",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which time that was: 1, the first, unless given.",
)
@options.unfold
@options.as_json
def command(
    trace: str,
    record: int | None,
    person: str | None,
    event: str | None,
    nth: int | None,
    unfold: bool,
    as_json: bool,
) -> int:
    """Tell why something is in the TRACE: the chain of its causes, root first.

    It is the RECORD of that number, or what a person's app was told: --person and --event.
    The number is that after # in a line of the story, of `diff` or of a broken law, and the second
    element of a line of the trace. An event is written as in an expectation; its name alone may
    be that of any object. `-` reads standard input.

    What is told is the cause, not the delay: why it happened, and not why only then.
    """
    from sim.cli import inputs
    from sim.expectations.cast import Cast as Names
    from sim.telling.cast import Cast
    from sim.telling.layout import chained
    from sim.trace import chain

    if (record is None) == (event is None):
        raise click.UsageError("Name either the number of a RECORD or an --event.")
    if record is not None and (person is not None or nth is not None):
        raise click.UsageError(
            "--person and --nth belong to --event, not to the number of a RECORD."
        )
    recorded = inputs.trace(trace)
    story = recorded if recorded.rereadable else list(recorded.story())
    if record is None:
        names = Names(recorded.header.people)
        record = _told(story, names, person, str(event), nth or 1)
    try:
        causes = chain(story, record)
    except LookupError as problem:
        raise click.BadParameter(str(problem), param_hint="RECORD") from None
    if as_json:
        terminal.say_json([cause._asdict() for cause in causes])
    else:
        cast = Cast.of_chain(story, causes)
        terminal.say(*chained(causes, terminal.width(), record, unfold, cast))
    return exits.HELD


def _told(story: Iterable[Record], names: Names, person: str | None, event: str, nth: int) -> int:
    """The number of the record in which the person, or anybody, is told of the event, nth time."""
    people: dict[str, None] = {}
    told: dict[str, None] = {}
    times = 0
    for each in story:
        people[each.client] = None
        names.see(each)
        if each.kind == "event" and person in (None, each.client):
            spellings = names.spellings(each)
            told[spellings[0]] = None
            times += event in spellings
            if times == nth and event in spellings:
                return each.seq
    raise _untold(person, event, times, people, told)


def _untold(
    person: str | None, event: str, times: int, people: Iterable[str], told: Iterable[str]
) -> click.BadParameter:
    from sim.wording import not_one_of

    if person is not None and person not in people:
        sentence = not_one_of(person, filter(None, people), "a person of this trace")
        return click.BadParameter(sentence, param_hint="--person")
    whom = "anybody" if person is None else person
    if not times:
        sentence = not_one_of(event, told, f"what {whom} is told of")
        return click.BadParameter(sentence, param_hint="--event")
    often = "once" if times == 1 else f"{times} times"
    return click.BadParameter(f"{whom} is told of it {often}.", param_hint="--nth")
