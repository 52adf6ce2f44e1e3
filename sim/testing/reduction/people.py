"""Doing without people: with them goes what the story does to them and expects of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sim.expectations import parse, people_in
from sim.protocol.names import MEMBER
from sim.testing.reduction.pieces import Data, Trying, fewer, replaced

Gone = Callable[[str], bool]
"""Whether nobody has that name any more."""


def fewer_people(data: Data) -> Trying:
    """Try to do without people and groups."""

    def made_of(names: list[str]) -> Data:
        left = {name: data["clients"][name] for name in names}
        return _consistent(data | {"clients": left}, lambda name: _origin(data, name) not in left)

    yield from fewer(list(data["clients"]), made_of)


def fewer_members(data: Data) -> Trying:
    """Try smaller groups, at last a single person instead of one."""
    for name, person in data["clients"].items():
        count = person.get("count", 1)
        tried = 1
        while tried < count:
            smaller = _group_of(data, name, tried)
            if (yield smaller):
                data, count = smaller, tried
            tried = max(tried + 1, (tried + count) // 2)


def _group_of(data: Data, group: str, count: int) -> Data:
    person = {key: value for key, value in data["clients"][group].items() if key != "count"}
    if count > 1:
        person["count"] = count
    smaller = data | {"clients": data["clients"] | {group: person}}

    def gone(name: str) -> bool:
        member = MEMBER.parse(name)
        mine = member is not None and member.origin == group and name not in data["clients"]
        return mine and member is not None and member.number > count

    kept = _consistent(smaller, gone)
    return _renamed(kept, MEMBER.make(group, 1), group) if count == 1 else kept


def _origin(data: Data, name: str) -> str:
    """The client of a scenario that a name belongs to, if it is a member's."""
    member = MEMBER.parse(name)
    return member.origin if member and name not in data["clients"] else name


def _consistent(data: Data, gone: Gone) -> Data:
    """Without what names somebody who has gone."""
    clients = {name: _person(person, gone) for name, person in data["clients"].items()}
    script = [step for step in data.get("script", []) if not any(map(gone, _named(step)))]
    expect = [each for each in data.get("expect", []) if not any(map(gone, _expected(each)))]
    return replaced(data, clients=clients, script=script, expect=expect)


def _person(person: dict[str, Any], gone: Gone) -> dict[str, Any]:
    if "on" not in person:
        return person
    on = {event: r for event, r in person["on"].items() if not any(map(gone, _named(r)))}
    return replaced(person, on=on)


def _named(action: dict[str, Any]) -> Iterator[str]:
    """Whom a step or a reaction names."""
    keys = ("client", "target") if action.get("network") else ("client", "target", "to")
    yield from (action[key] for key in keys if key in action)


def _expected(sentence: str) -> tuple[str, ...]:
    return people_in(parse(sentence))


def _renamed(data: Data, old: str, new: str) -> Data:
    """The data where somebody has another name."""
    whole = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    clients = {
        name: person
        if "on" not in person
        else person | {"on": {event: _called(r, old, new) for event, r in person["on"].items()}}
        for name, person in data["clients"].items()
    }
    script = [_called(step, old, new) for step in data.get("script", [])]
    expect = [whole.sub(new, sentence) for sentence in data.get("expect", [])]
    return replaced(data, clients=clients, script=script, expect=expect)


def _called(action: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    keys = [key for key in ("client", "target", "to") if action.get(key) == old]
    return action | dict.fromkeys(keys, new)
