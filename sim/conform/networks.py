"""When the clients' networks were whole, by the script of a case."""

from __future__ import annotations

from collections.abc import Iterator

from sim.conform.case import Case, CaseStep

RESTORED = "restored"


class Networks:
    """What was done to each client's network, and to its socket, and when."""

    def __init__(self, case: Case) -> None:
        self._done = {name: list(_done(case, name)) for name in case.clients}

    def broken(self, name: str, since: int, until: int) -> int | None:
        """When a client's network was broken first in that time: at its beginning, or in it."""
        lasts = False
        for step in self._done.get(name, ()):
            if step.at > until:
                break
            if step.at >= since and (lasts or step.network != RESTORED):
                return since if lasts else step.at
            lasts = step.network is not None and _lasts(step.network)
        return since if lasts else None

    def is_whole(self, name: str, since: int, until: int) -> bool:
        """Whether whatever was sent to or by a client in that time came through at once."""
        return self.broken(name, since, until) is None


def _done(case: Case, name: str) -> Iterator[CaseStep]:
    for step in case.script:
        closes = step.platform is not None and "clos" in step.platform
        if (step.network is not None or closes) and step.client == name:
            yield step


def _lasts(network: str) -> bool:
    """Whether something is wrong with the network from then on; after ``kill+accept`` nothing."""
    return "refuse" in network or "blackhole" in network
