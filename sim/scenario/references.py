"""What holds a scenario together: names that are used exist, times are within the story.

Everything here looks at a whole scenario, or at a :class:`~sim.scenario.drafts.Draft` of one, in
which anything may be missing, BAD, or a draft itself: so each check looks before it judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.expectations import QUANTIFIERS, Clause, people_in
from sim.network.presets import NETWORKS
from sim.protocol.names import MEMBER
from sim.protocol.quirks import PROFILES, Profile
from sim.protocol.units import format_duration
from sim.scenario.actions import DO
from sim.scenario.people import MOST_MEMBERS
from sim.scenario.problems import Complaint, Path
from sim.wording import not_one_of, quoted

RESERVED: Final = (*QUANTIFIERS, "law", "session", "platform", "server")
"""Names that mean something else in expectations or in the trace."""

Complaints = Iterator[Complaint]


def members(name: str, person: Any) -> tuple[str, ...]:
    """Return the names of the people that a client of a scenario is.

    A group of one is a person like any other and keeps the plain name.
    """
    size = _size(person)
    return (name,) if size < 2 else tuple(MEMBER.make(name, number + 1) for number in range(size))


def _size(person: Any) -> int:
    count = getattr(person, "count", 1)
    return count if isinstance(count, int) else 1


class _Cast:
    """Who is in the story, by name; members of groups are looked up, not listed."""

    def __init__(self, clients: Any) -> None:
        self.known = isinstance(clients, dict)
        self.clients: dict[str, Any] = clients if self.known else {}

    def group(self, name: str) -> str | None:
        """Return the group that a member's name belongs to, even if there is no such member."""
        member = MEMBER.parse(name)
        if member is None or _size(self.clients.get(member.origin)) < 2:
            return None
        return member.origin

    def is_member(self, name: str) -> bool:
        """Whether this is one of a group."""
        group, member = self.group(name), MEMBER.parse(name)
        if group is None or member is None:
            return False
        return member.number <= _size(self.clients[group])

    def unknown(self, name: Any, words: tuple[str, ...] = ()) -> str | None:
        """Return a sentence if the name is nobody's: no person's, no group's, no member's.

        ``words`` are what else may stand there.
        """
        if not (self.known and isinstance(name, str)) or name in self.clients:
            return None
        group = self.group(name)
        if group is None:
            return not_one_of(name, [*self.clients, *words], "somebody in this story")
        if self.is_member(name):
            return None
        size = _size(self.clients[group])
        span = f"{group}-1 to {group}-{size}"
        return f"{quoted(name)} does not exist: {group} has {size} members, {span}"

    def not_yet(self, name: Any, time: Any) -> str | None:
        """Return a sentence if that person has not come by then."""
        group = name if name in self.clients else self.group(name)
        since = getattr(self.clients.get(group or ""), "since", 0)
        if not (isinstance(since, int) and isinstance(time, int)) or time >= since:
            return None
        return f"{quoted(name)} comes only at {format_duration(since)}"

    def not_single(self, name: Any) -> str | None:
        """Return a sentence if the name is not that of one person."""
        wrong = self.unknown(name)
        if wrong or not (isinstance(name, str) and name in self.clients):
            return wrong
        if _size(self.clients[name]) > 1:
            return f"'{name}' is a group: name one of its members, such as '{name}-1'"
        return None


def complaints(draft: Any) -> Complaints:
    """Complain about everything that does not fit together."""
    cast = _Cast(draft.clients)
    yield from _profile(draft)
    yield from _people(cast)
    for name, person in cast.clients.items():
        place: Path = ("clients", name)
        yield from _network(getattr(person, "network", None), draft, (*place, "network"))
        yield from _reactions(person, cast, place)
    for index, step in enumerate(draft.script if isinstance(draft.script, tuple) else ()):
        yield from _in_time(step, draft, ("script", index))
        yield from _step(step, draft, cast, ("script", index))
    for index, clause in enumerate(draft.expect if isinstance(draft.expect, tuple) else ()):
        yield from _clause(clause, cast, ("expect", index))


def step_complaints(step: Any, scenario: Any) -> Complaints:
    """Complain about one more step that does not fit into a scenario, which it may prolong."""
    return _step(step, scenario, _Cast(scenario.clients), ())


def _profile(draft: Any) -> Complaints:
    profile = draft.profile
    if isinstance(profile, Profile) and profile.name not in PROFILES:
        yield Complaint(("profile",), not_one_of(profile.name, PROFILES, "a profile"))


def _people(cast: _Cast) -> Complaints:
    if cast.known and not cast.clients:
        yield Complaint(("clients",), "there is nobody here: a story needs at least one person")
    total = sum(_size(person) for person in cast.clients.values())
    if total > MOST_MEMBERS:
        yield Complaint(("clients",), f"{total} people are too many: allowed are {MOST_MEMBERS}")
    for name in cast.clients:
        if name in RESERVED:
            yield Complaint(("clients", name), f"'{name}' has a meaning of its own: rename it")
        if cast.is_member(name):
            group = cast.group(name)
            yield Complaint(("clients", name), f"{quoted(name)} is a member of the group '{group}'")


def _network(name: Any, draft: Any, path: Path) -> Complaints:
    """Complain about the name of a network that there is not."""
    own = draft.networks
    if isinstance(name, str) and isinstance(own, dict) and name not in own and name not in NETWORKS:
        yield Complaint(path, not_one_of(name, [*own, *NETWORKS], "a network here or a preset"))


def _reactions(person: Any, cast: _Cast, path: Path) -> Complaints:
    reactions = getattr(person, "on", None)
    for event, reaction in reactions.items() if isinstance(reactions, dict) else ():
        yield from _single(reaction, ("target", "to"), cast, (*path, "on", event))


def _single(action: Any, keys: tuple[str, ...], cast: _Cast, path: Path) -> Complaints:
    """Complain about attributes that must name one person and do not."""
    for key in keys:
        name = getattr(action, key, None)
        wrong = None if name is None else cast.not_single(name)
        if wrong:
            yield Complaint((*path, key), wrong)


def _in_time(step: Any, draft: Any, path: Path) -> Complaints:
    at = getattr(step, "at", None)
    if isinstance(at, int) and isinstance(draft.duration, int) and at > draft.duration:
        end = format_duration(draft.duration)
        yield Complaint((*path, "at"), f"{format_duration(at)} is after the story's end, {end}")


def _step(step: Any, draft: Any, cast: _Cast, path: Path) -> Complaints:
    at, client = getattr(step, "at", None), getattr(step, "client", None)
    wrong = cast.unknown(client) or cast.not_yet(client, at)
    if wrong:
        yield Complaint((*path, "client"), wrong)
    changes = getattr(step, "network", None) == "change"
    is_deed = not changes and getattr(step, "do", None) in DO
    yield from _single(step, ("target", "to") if is_deed else ("target",), cast, path)
    if changes:
        yield from _network(step.to, draft, (*path, "to"))


def _clause(clause: Any, cast: _Cast, path: Path) -> Complaints:
    for name in people_in(clause) if isinstance(clause, Clause) else ():
        subject = getattr(clause, "subject", None)
        is_subject = subject is not None and name == subject.name
        wrong = cast.unknown(name, QUANTIFIERS if is_subject else ())
        if wrong:
            yield Complaint(path, wrong)
