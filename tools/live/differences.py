"""Cases by the dozen: each is re-enacted and compared, and what differs is listed by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from sim.conform import Case, CaseError, Difference, compare, reenact

NUMBERS: Final = re.compile(r"#?\d[\d:.]*")


@frozen
class Kind:
    """One kind of difference, and the cases in which it is the first."""

    what: str
    recorded: str
    simulated: str
    cases: tuple[str, ...]


def differing(cases: Iterable[Case]) -> dict[str, Difference]:
    """The first difference of each case that has one, by the case's name."""
    found = {}
    for case in cases:
        try:
            differences = compare(case, reenact(case))
        except CaseError as error:
            found[case.name] = not_understood(error)
            continue
        if differences:
            found[case.name] = differences[0]
    return found


def not_understood(error: CaseError) -> Difference:
    """What a case says that the simulator has no word for, as a difference."""
    return Difference("", "not understood", "", error.problems[0], "nothing")


def by_kind(found: Mapping[str, Difference]) -> list[Kind]:
    """The differences by kind, the most frequent first: whose they are and when does not count."""
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for name, first in found.items():
        key = first.what, _plain(first.expected, first.client), _plain(first.got, first.client)
        kinds.setdefault(key, []).append(name)
    listed = [Kind(*key, tuple(cases)) for key, cases in kinds.items()]
    return sorted(listed, key=lambda kind: (-len(kind.cases), kind.what, kind.recorded))


def _plain(said: str, client: str) -> str:
    named = re.sub(rf"\b{re.escape(client)}\b", "itself", said) if client else said
    return NUMBERS.sub("n", named)


def table(kinds: Iterable[Kind]) -> list[str]:
    """The kinds as lines: how many cases, what they were told, what the simulator tells."""
    lines = []
    for kind in kinds:
        lines.append(f"{len(kind.cases):4}  {kind.what}: {kind.recorded}")
        lines.append(f"      simulated: {kind.simulated}")
        lines.append(f"      {', '.join(kind.cases)}")
    return lines
