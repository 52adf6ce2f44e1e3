"""Moderators without a script: policies that remove people. Each is a process or a watcher."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from simpy import Event as Moment

from sim.client.events import Event
from sim.draws.sampler import Sampler
from sim.scenario.policies import Policies
from sim.world.kernel import PEOPLE
from sim.world.participant import Participant, Surroundings

Process = Generator[Moment, Any, None]


class Moderator:
    """A participant who removes others by policy."""

    def __init__(
        self, around: Surroundings, participant: Participant, others: Sequence[Participant]
    ) -> None:
        self._around = around
        self._self = participant
        self._others = [other for other in others if other is not participant]
        self._rank = PEOPLE + participant.driver.number
        self._reconnections = 0

    def start(self, policies: Policies) -> None:
        """Put the policies into effect."""
        kernel = self._around.kernel
        if policies.remove_reconnecting is not None:
            after = policies.remove_reconnecting.after
            self._watch(lambda who, event: self._remove_if_away(who, event, after))
        if policies.remove_during_reconnection is not None:
            during = policies.remove_during_reconnection
            pauses = self._sampler("remove-during/after", during.after)
            chances = self._around.draws.stream(self._self.name, "remove-during/chance")

            def watcher(who: Participant, event: Event) -> None:
                number = self._reconnections
                self._reconnections += 1
                if chances.uniform(number) < during.probability:
                    self._remove_if_away(who, event, pauses.at(number))

            self._watch(watcher)
        if policies.remove_at_random is not None:
            kernel.process(
                self._at_random(self._sampler("remove", policies.remove_at_random.every))
            )

    def _sampler(self, purpose: str, distribution: Any) -> Sampler:
        return Sampler(self._around.draws.stream(self._self.name, purpose), distribution)

    def _watch(self, watcher: Any) -> None:
        for other in self._others:
            other.watchers.append(watcher)

    def _remove_if_away(self, who: Participant, event: Event, after: int) -> None:
        """Remove ``who`` in ``after`` microseconds if that reconnection is not over by then."""
        mine, connection, record = who.membership, who.membership.own, event.record

        def remove(_: Moment) -> None:
            away = mine.is_reconnecting and who.outage == record
            if away and mine.own == connection and who.membership is mine:
                self._remove(connection, "remove-reconnecting", record)

        kernel = self._around.kernel
        kernel.at(kernel.now + after, self._rank, remove)

    def _at_random(self, pauses: Sampler) -> Process:
        """A process: remove one of those whom the moderator knows, again and again."""
        kernel = self._around.kernel
        choices = self._around.draws.stream(self._self.name, "remove/choice")
        number = 0
        while True:
            yield kernel.sleep(max(1, pauses.at(number)), self._rank)
            session = self._self.session
            known = [id for id in session.connections if id != self._self.membership.own]
            if known:
                chosen = known[choices.below(number, len(known))]
                self._remove(chosen, "remove-at-random", None, choices.address(number))
            number += 1

    def _remove(
        self, connection: str | None, policy: str, cause: int | None, address: str | None = None
    ) -> None:
        data: dict[str, Any] = {"policy": policy, "target": connection}
        if address is not None:
            data["address"] = address
        name = self._self.name
        record = self._around.journal(name, "app", "decision", "policy", data, cause)
        session = self._self.session
        target = session.connections.get(connection or "", connection)
        self._self.driver.act(lambda: session.force_disconnect(target, None, "policy"), record)
