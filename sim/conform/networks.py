"""When the clients' networks were whole, by the script of a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.conform.case import Case, CaseStep
from sim.conform.labels import name_of

RESTORED: Final = "restored"
TROUBLES: Final = ("sessionReconnecting", "sessionDisconnected")
"""What a Session is told when its network, or the platform, has failed it."""
_REMOVED: Final = ("grace expired", "mediaIdle", "serverRotation", "forceDisconnect")
"""What the platform does of itself that takes a client out of the session."""


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
        if step.client == name and (step.network is not None or closes(step)):
            yield step


def breaks(step: CaseStep) -> bool:
    """Whether a client's network was broken, or its sockets reset."""
    return step.network not in (None, RESTORED)


def closes(step: CaseStep) -> bool:
    """Whether the platform closed a socket."""
    return step.platform is not None and "clos" in step.platform


def removes(step: CaseStep) -> bool:
    """Whether the platform took a client out of the session."""
    return step.platform is not None and step.platform.startswith(_REMOVED)


def hits_a_socket(case: Case, step: CaseStep) -> bool:
    """Whether there was a socket for a reset: the recorder resets those of who is in the session.

    Who was removed and has not heard of it yet keeps a socket that nobody resets.
    """
    before = [s for s in case.script if s.client == step.client and s.at < step.at]
    since = max((s.at for s in before if name_of(s.do or "") == "connect"), default=0)
    about = f"connection {step.client}"
    heard = (
        told.event == "connectionDestroyed" and told.fields.get("about") == about
        for each in case.expect.values()
        for told in each
        if since <= told.at < step.at
    )
    removed = any(removes(s) for s in before if s.at >= since)
    return not removed and not any(heard)


def _lasts(network: str) -> bool:
    """Whether something is wrong with the network from then on; after ``kill+accept`` nothing."""
    return "refuse" in network or "blackhole" in network
