"""What a case leaves unsaid and what it tells implies.

Some circumstances of a recording are not in its file: a network that was cut before it began, at
which stage of connecting a client was when it was disconnected, whether the recorder's server
carried out mutes. They are inferred from what can have no other reason; docs/conformance.md lists
each. What is still compared: everything that the client decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from attrs import frozen

from sim.conform.case import Case, CaseStep, Completion, Told
from sim.conform.labels import name_of
from sim.protocol.reasons import FORCE_DISCONNECTED, FORCE_UNPUBLISHED
from sim.protocol.units import SECOND

if TYPE_CHECKING:
    from sim.client.membership import Membership

IMPLIED: Final = {
    "OT_SOCKET_CLOSE_FALLBACK_CODE": "refuse",
    "OT_SOCKET_CLOSE_TIMEOUT": "blackhole",
}
"""Errors of ``connect`` that only a refused, or never opened, messaging socket makes."""
UNREACHABLE: Final = "api unreachable"
"""The session-info request was refused: what else makes ``connect`` end in OT_CONNECT_FAILED is
an answer to joining, which the case's ``platform`` names."""


@frozen
class Condition:
    """A network that holds for one client from the beginning."""

    client: str
    network: str


def networks(case: Case) -> Iterator[Condition]:
    """The networks that a case implies, at most one for each client."""
    told = {step.client for step in case.script if step.network is not None}
    for completion in case.completions:
        network = _network(case, str(completion.fields.get("error")))
        connects = name_of(completion.call) == "connect"
        if connects and network and completion.client not in told:
            told.add(completion.client)
            yield Condition(completion.client, network)


def _network(case: Case, error: str) -> str | None:
    if error == "OT_CONNECT_FAILED" and case.platform.get("reject_connect") is None:
        return UNREACHABLE
    return IMPLIED.get(error)


def carries_out_mutes(case: Case) -> bool:
    """Whether the server did what mute commands ask for: it did if anybody was told."""
    commanded = any(name_of(step.do or "") in _MUTES for step in case.script)
    return commanded and _told_muted(case, "")


def mutes_streams(case: Case) -> bool:
    """Whether a command to mute everybody reached each Publisher, too."""
    return _told_muted(case, "publisher")


_MUTES: Final = ("forceMuteStream", "forceMuteAll", "disableForceMute")


def _told_muted(case: Case, object: str) -> bool:
    return any(
        told.event == "muteForced" and told.object.startswith(object)
        for each in case.expect.values()
        for told in each
    )


def was_done(case: Case, step: CaseStep) -> bool:
    """Whether the server did what it refused: it did if somebody was told within two seconds."""
    about = _SHOWN_BY.get(name_of(step.do or ""))
    return about is not None and any(
        step.at <= told.at <= step.at + _SOON and about(step, told)
        for each in case.expect.values()
        for told in each
    )


_SOON: Final = 2 * SECOND
_SHOWN_BY: Final[dict[str, Callable[[CaseStep, Told], bool]]] = {
    "signal": lambda step, told: told.event == "signal" and told.fields.get("from") == step.client,
    "publish": lambda step, told: (
        told.event == "streamCreated" and told.fields.get("about") == f"stream of {step.client}"
    ),
    "forceDisconnect": lambda _, told: told.fields.get("reason") == FORCE_DISCONNECTED,
    "forceUnpublish": lambda _, told: told.fields.get("reason") == FORCE_UNPUBLISHED,
}
"""By call, what shows that it was done."""

# -- disconnecting while connecting ----------------------------------------------------------------

ASKING: Final = "asking"
"""Before there is a socket: the call of ``connect`` is never answered."""
OPENING: Final = "opening"
"""The socket is not open yet: neither call is ever answered."""
JOINING: Final = "joining"
"""The request to join is under way: ``connect`` fails."""


def stages(case: Case) -> dict[int, tuple[int, str]]:
    """Which steps disconnect a client that is connecting: number → the connect's, and the stage."""
    found = {}
    for name in case.clients:
        connecting: int | None = None
        for number, step in enumerate(case.script):
            if step.client != name or step.do is None:
                continue
            call = name_of(step.do)
            if call == "connect" and connecting is None:
                connecting = number
            elif call == "disconnect" and connecting is not None:
                begun = case.script[connecting]
                if not _connected(case, name, begun.at, step.at):
                    found[number] = connecting, _stage(case, begun, step)
                connecting = None
    return found


def is_at(stage: str, session: Membership) -> bool:
    """Whether a session that is connecting is at that stage now."""
    socket = session.socket
    if socket is None:
        return stage == ASKING
    return stage == (JOINING if socket.is_open else OPENING)


def _connected(case: Case, name: str, since: int, until: int) -> bool:
    """Whether the client was connected, or had failed to, between these times."""
    told = any(
        t.event == "sessionConnected" and since <= t.at <= until for t in case.expect.get(name, ())
    )
    ended = (c for c in case.completions if c.client == name and since <= c.at < until)
    return told or any(name_of(c.call) == "connect" for c in ended)


def _stage(case: Case, connect: CaseStep, disconnect: CaseStep) -> str:
    if not any(_ends(c, disconnect) for c in case.completions):
        return OPENING
    failed = any(_ends(c, connect) and not c.fields.get("ok") for c in case.completions)
    return JOINING if failed else ASKING


def _ends(completion: Completion, step: CaseStep) -> bool:
    same = (completion.client, completion.call) == (step.client, step.do)
    return same and completion.at >= step.at
