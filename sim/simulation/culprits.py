"""Who is behind a story without end, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from sim.protocol.units import MILLISECOND, format_duration
from sim.trace import Record
from sim.trace.recorder import DEEDS

REMEMBERED: Final = 10_000
"""So many of the latest records are looked at."""
OFTEN: Final = 10
"""Whoever does something more seldom does not keep doing it."""
SHORTEST: Final = MILLISECOND
"""Whoever sends heartbeats more often than that does nothing else."""
_NAMED: Final = 3

_DEEDS: Final = {
    "connect": "connecting",
    "disconnect": "disconnecting",
    "publish": "publishing",
    "unpublish": "unpublishing",
    "subscribe": "subscribing",
    "unsubscribe": "unsubscribing",
    "closeBrowser": "closing the browser",
    "crash": "crashing",
}
_NETWORK: Final = ("fault", "network")
"""What breaks a network and what mends it, together."""


def culprits(latest: Sequence[Record], beating: Sequence[str] = (), ping: int = SHORTEST) -> str:
    """Say who does what again and again, from the latest records of a story.

    Heartbeats are not in it: ``beating`` are those who send one whenever ``ping`` microseconds have
    passed.

    >>> culprits([])
    'nothing of it is in the story'
    """
    deeds = Counter((_deed(record), record.client) for record in latest if record.kind in DEEDS)
    often = {each: times for each, times in deeds.most_common() if times >= OFTEN}
    if not often and beating and ping < SHORTEST:
        send = "sends" if len(beating) == 1 else "send"
        return f"{_together([*beating])} {send} a heartbeat every {format_duration(ping)}"
    if not deeds:
        return "nothing of it is in the story"
    if not often:
        return "nobody in it does one thing over and over"
    together: Counter[tuple[str, str]] = Counter()
    for (deed, _), times in often.items():
        together[deed] += times
    most = together.most_common(1)[0][0]
    people = [name for deed, name in often if deed == most]
    if most == ("call", "signal") and _are_answers(latest):
        return _answering(people)
    if most == _NETWORK:
        return f"the network of {_together(people)} fails again and again"
    keep = "keeps" if len(people) == 1 else "keep"
    return f"{_together(people)} {keep} {_DEEDS.get(most[1], f'calling {most[1]}')}"


def _deed(record: Record) -> tuple[str, str]:
    if (record.kind, record.object) == _NETWORK:
        return _NETWORK
    return record.kind, record.name


def _are_answers(latest: Iterable[Record]) -> bool:
    """Whether most signals are sent because of a signal."""
    heard = {r.seq for r in latest if r.kind == "event" and r.name.startswith("signal")}
    sent = [r.cause in heard for r in latest if _deed(r) == ("call", "signal")]
    return 2 * sum(sent) > len(sent)


def _answering(people: list[str]) -> str:
    if len(people) == 1:
        return f"{people[0]} answers its own signals"
    return f"{_together(people)} answer each other's signals"


def _together(people: list[str]) -> str:
    named = people[:_NAMED]
    if len(people) > len(named):
        named.append(f"{len(people) - len(named)} more")
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
