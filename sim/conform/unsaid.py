"""What a case leaves unsaid and what it tells implies.

Some circumstances of a recording are not in its file: a network that was cut before it began,
whether the recorder's server carried out mutes. They are inferred from what can have no other
reason; docs/conformance.md lists each. What is still compared: everything that the client decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from sim.conform.case import Case, CaseStep, Told
from sim.conform.labels import name_of
from sim.conform.machine import HOPS
from sim.conform.networks import breaks
from sim.protocol.reasons import FORCE_DISCONNECTED, FORCE_UNPUBLISHED, RESET
from sim.protocol.units import SECOND

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

# -- closing a page --------------------------------------------------------------------------------


def closes_at(case: Case, step: CaseStep) -> int:
    """When a page was gone that the recorder closed: when it spoke last, or others were told.

    A browser takes its time for it.
    """
    told = (
        told.at if name == step.client else _before_a_break(case, name, step.at, told.at) - HOPS
        for name, each in case.expect.items()
        for told in each
        if step.at <= told.at <= step.at + _SOON and _shows_gone(step, name, told)
    )
    return max(step.at, min(told, default=step.at))


def _before_a_break(case: Case, name: str, since: int, told: int) -> int:
    """When somebody was told, or else when its network failed meanwhile: it had come before."""
    broken = (step.at for step in case.script if step.client == name and breaks(step))
    return next((at for at in broken if since <= at <= told), told)


def _shows_gone(step: CaseStep, name: str, told: Told) -> bool:
    if name == step.client:
        return told.event == "streamDestroyed" and told.fields.get("reason") == RESET
    about = f"stream of {step.client}", f"connection {step.client}"
    ended = told.event in ("streamDestroyed", "connectionDestroyed")
    return ended and told.fields.get("about") in about
