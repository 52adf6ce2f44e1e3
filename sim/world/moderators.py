"""Moderators without a script: policies that remove people. Each is a process or a watcher."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from simpy import Event as Moment

from sim.client.events import Event
from sim.protocol.records import incidents
from sim.scenario.policies import (
    Policies,
    RemoveAtRandom,
    RemoveDuringReconnection,
    RemoveReconnecting,
)
from sim.world.kernel import PEOPLE, Process
from sim.world.participant import Participant
from sim.world.surroundings import Surroundings

Watcher = Callable[[Participant, Event], object]


class Moderator:
    """A participant who removes others by policy."""

    def __init__(self, around: Surroundings, participant: Participant) -> None:
        self.around = around
        self.participant = participant
        self.watchers: list[Watcher] = []
        """What is looked at in every reconnection of anybody else, in order."""
        self._rank = PEOPLE + participant.driver.number

    @property
    def name(self) -> str:
        """The moderator's name."""
        return self.participant.name

    def begin(self) -> None:
        """Put the policies into effect."""
        policies = self.participant.person.policy
        for name, put_into_effect in POLICIES.items():
            policy = getattr(policies, name)
            if policy is not None:
                put_into_effect(self, policy)

    def watch(self, other: Participant) -> None:
        """Look at the reconnections of one who is there, or has just come."""
        if other is not self.participant:
            other.app.watchers += [partial(watcher, other) for watcher in self.watchers]

    def remove_if_away(self, who: Participant, event: Event, after: int, policy: str) -> None:
        """Remove ``who`` in ``after`` microseconds if that reconnection is not over by then."""
        mine, connection, record = who.membership, who.membership.own, event.record

        def remove(_: Moment) -> None:
            away = mine.is_reconnecting and who.app.outage == record
            if away and mine.own == connection and who.membership is mine:
                self.remove(connection, policy, record)

        kernel = self.around.kernel
        kernel.at(kernel.now + after, self._rank, remove)

    def pause(self, length: int) -> Any:
        """An event for a process to wait for."""
        return self.around.kernel.sleep(length, self._rank)

    def remove(
        self, connection: str | None, policy: str, cause: int | None, address: str | None = None
    ) -> None:
        """Decide to remove a connection, and do it."""
        data: dict[str, Any] = {"policy": policy, "target": connection}
        if address is not None:
            data["address"] = address
        record = self.around.decide(self.name, incidents.POLICY, data, cause)
        session = self.participant.session
        target = session.connections.get(connection or "", connection)
        self.participant.driver.act(
            lambda: session.force_disconnect(target, None, "policy"), record
        )


def _reconnecting(moderator: Moderator, policy: RemoveReconnecting) -> None:
    """Remove whoever has been reconnecting for so long."""
    moderator.watchers.append(
        lambda who, event: moderator.remove_if_away(who, event, policy.after, "remove-reconnecting")
    )


def _during_reconnection(moderator: Moderator, policy: RemoveDuringReconnection) -> None:
    """Remove people in the middle of a reconnection, with some probability each."""
    around, name = moderator.around, moderator.name
    pauses = around.sampler(name, "remove-during/after", policy.after)
    chances = around.draws.stream(name, "remove-during/chance")
    seen = 0

    def watcher(who: Participant, event: Event) -> None:
        nonlocal seen
        number, seen = seen, seen + 1
        if chances.uniform(number) < policy.probability:
            pause = pauses.at(number)
            moderator.remove_if_away(who, event, pause, "remove-during-reconnection")

    moderator.watchers.append(watcher)


def _at_random(moderator: Moderator, policy: RemoveAtRandom) -> None:
    """Remove one of those whom the moderator knows, again and again."""
    around, name = moderator.around, moderator.name
    pauses = around.sampler(name, "remove", policy.every)
    choices = around.draws.stream(name, "remove/choice")

    def process() -> Process:
        number = 0
        while True:
            yield moderator.pause(max(1, pauses.at(number)))
            mine = moderator.participant.membership
            known = [id for id in mine.connections if id != mine.own]
            if known:
                chosen = known[choices.below(number, len(known))]
                moderator.remove(chosen, "remove-at-random", None, choices.address(number))
            number += 1

    around.kernel.begin(process())


POLICIES: Final[Mapping[str, Callable[[Moderator, Any], None]]] = {
    "remove_reconnecting": _reconnecting,
    "remove_during_reconnection": _during_reconnection,
    "remove_at_random": _at_random,
}
"""How each policy of :class:`~sim.scenario.policies.Policies` is put into effect, in this order."""


_NONE: Final = Policies()


def has_policy(policies: Policies) -> bool:
    """Whether somebody removes people without a script."""
    return policies != _NONE
