"""Which laws there are. A law is a module of :mod:`sim.laws.rules` with a ``LAW``."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from sim.laws import rules
from sim.laws.goals import GOALS
from sim.laws.law import Law
from sim.protocol.quirks import QUIRKS
from sim.wording import list_item, listing, nearest, quoted


@cache
def catalogue() -> dict[str, Law]:
    """Every law by its name, in alphabetical order."""
    modules = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    laws = [import_module(f"{rules.__name__}.{module}").LAW for module in modules]
    return {law.name: law for law in sorted(laws, key=lambda law: law.name)}


def choose(names: Iterable[str] | None = None) -> tuple[Law, ...]:
    """The laws of those names, or all; raises ``ValueError`` naming the nearest right spelling."""
    laws = catalogue()
    if names is None:
        return tuple(laws.values())
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in laws:
            raise ValueError(_unknown(name))
    return tuple(laws[name] for name in wanted)


def _unknown(name: object) -> str:
    near = nearest(name, catalogue())
    hint = f"did you mean {near}?" if near else f"the laws are {', '.join(catalogue())}"
    return f"there is no law {quoted(name)}; {hint}"


def sections() -> str:
    """The laws in Markdown, a section each: kind, statement, source, what counts as exercised, on
    which promises of the platform it relies, and with which quirks it may break.
    """
    return "\n".join(map(_section, catalogue().values()))


def _section(law: Law) -> str:
    relies = listing(f"`{promise}`" for promise in law.relies_on)
    breaking = [quirk.name for quirk in QUIRKS.values() if law.name in quirk.laws]
    quirks = listing(f"[{name}](quirks.md#{name})" for name in breaking)
    items = [
        f"{law.kind.capitalize()}: {law.statement}.",
        f"Source: {law.source}.",
        f"Exercised by: {law.exercised}.",
        *([f"Relies on: {relies}."] if relies else []),
        *([f"May break with: {quirks}."] if quirks else []),
    ]
    return f"## `{law.name}`\n\n" + "".join(map(list_item, items))


_PAGE = """# The laws

What must hold in every run. Each law watches the trace as it grows and says at the end whether it
*held*, was *broken*, or was *not exercised* because its subject never occurred. A breach names the
record, says in one sentence what is wrong, and comes with the ten records around that record, or
alone if that was more than a thousand records before. If a quirk of the record's client was at
work, the sentence ends with it: with the latest that has to do with the record, or else the latest.

`always` and `never` laws look at what happens; `eventually within` laws also at what does not: a
run that ends before a bound has passed breaks nothing.

What a suite should see in some run, though no run has to, is a [goal](#goals).

The bounds are made of the durations in the trace's header: *silence* (5.9 s: a client that hears
nothing for so long is reconnecting, so a message reaches all others within it), *window* (30 s) and
*connect* timeout (15 s) of the client, *media* (5 s: a Subscriber that receives none for so long is
`disconnected`), *detection* and *grace* of the platform, and a *margin* (2 s) for the journeys of
frames.
A client is *connected throughout* while its Session is connected and not reconnecting, and the
platform has its connection as joined and not as lost.

A law that *relies on* a promise is not exercised where a scenario's settings take the promise away,
and its verdict says so: `replay` (who comes back is sent what it has missed), `memory` (the
platform knows who was removed for as long as they may come back), `ends` (the end of every stream
is told, also when its connection has ended), `presence` (the news of newcomers are as fast as other
messages), `patience` (a client's silence is longer than its ping by the margin: one whose network
is well hears something in time).

"contract" is the vendor's documented contract of SessionDisconnectEvent, "fact sheet" the observed
behaviour of OpenTok.js 2.35.2; the numbers are their sections.

"""


_GOALS = """
## Goals

What a suite should see in some run, though no run has to: a goal is of the kind `sometimes`, and
nothing can break it. There is one for each quirk, that the client does what the quirk says. The
client writes a record `quirk` of that name where it does, so that a trace tells as much as its run.
`run` and `check` say which of the quirks of the profile were at work, and how often; over
`--replications`, in how many runs. In Python they are `result.goals`: the name of each quirk that
the profile has, and how often it was at work. The gravest come first:

"""


def page() -> str:
    """The page of documentation about the laws and the goals, in Markdown."""
    goals = "".join(f"- [`{name}`](quirks.md#{name})\n" for name in GOALS)
    return _PAGE + sections() + _GOALS + goals
