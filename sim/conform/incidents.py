"""What happened to a client's network, and what the platform did of itself, by the words used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from sim.conform.arguments import text
from sim.conform.case import Case, CaseStep
from sim.platform import Platform
from sim.protocol.records import incidents
from sim.protocol.units import SECOND
from sim.trace import Recorder
from sim.world import World
from sim.world.participant import Participant

RecordedWorld = World[Recorder]

# -- the network -----------------------------------------------------------------------------------


def _restore(world: RecordedWorld, who: Participant) -> None:
    """The network is there again; the recorder's server ends the attempts that have hung."""
    world.faults.up(who.driver)
    who.driver.refuse_handshakes(who.driver.restored)


NETWORK: Final[dict[str, Callable[[RecordedWorld, Participant], object]]] = {
    "kill": lambda world, who: world.faults.reset(who.driver),
    "refuse": lambda world, who: world.faults.down(who.driver, "both", "refused"),
    "accept": lambda world, who: None,
    "blackhole": lambda world, who: world.faults.down(who.driver),
    "restored": _restore,
}
"""What each word of ``network`` does to the client's link."""


def words(network: str) -> list[str]:
    """The words of a step's ``network``, in order."""
    return [word.strip() for word in network.split("+")]


def unreachable(world: RecordedWorld, who: Participant) -> None:
    """Let the HTTP API refuse a client from now on."""
    link = who.driver.api_link
    assert link is not None
    record = world.journal(who.name, *incidents.NETWORK_DOWN.head, {"mode": "refused"}, None)
    assert record is not None
    link.fail(record, "both", "refused")


# -- the platform ----------------------------------------------------------------------------------

Deed = Callable[[RecordedWorld, Participant, CaseStep, re.Match[str]], object]


def _nothing(*_: object) -> None:
    """A remark of the recorder's."""


def _doing(deed: Callable[[Platform, str, int, CaseStep, re.Match[str]], object]) -> Deed:
    """Something that the platform's core does to a person."""

    def do(world: RecordedWorld, who: Participant, step: CaseStep, match: re.Match[str]) -> None:
        core, now = world.platform.core, world.kernel.now
        world.platform.do(lambda: deed(core, who.name, now, step, match))

    return do


def _cut_media(cut: bool) -> Deed:
    return lambda world, who, step, match: world.faults.cut_media(who.driver, cut)


def _signal(world: RecordedWorld, who: Participant, step: CaseStep, _: re.Match[str]) -> None:
    core, now, name = world.platform.core, world.kernel.now, world.next_server_signal()
    args = step.args or {}
    kind = args.get("type") if isinstance(args.get("type"), str) else None
    data = text(args.get("data"))
    world.platform.do(
        lambda: core.server_signal(name, now, None, to=step.client, type=kind, data=data)
    )


_PLATFORM: Final[dict[str, Deed]] = {
    r"\s*---": _nothing,
    r".*\bgrace\b.*\bexpire": _doing(lambda core, who, now, *_: core.expire_grace(who, now)),
    r".*\bclos\w*\b.*?([0-9]{4})": _doing(
        lambda core, who, now, _, match: core.close_socket(who, int(match[1]), now)
    ),
    r".*\bmedia cut": _cut_media(True),
    r".*\bmedia restored": _cut_media(False),
    r".*\bmediaIdle": _doing(lambda core, who, now, *_: core.remove_idle(who, now)),
    r".*\b(notif|migrat)": _doing(lambda core, who, now, *_: core.rotate(who, now, migrate=True)),
    r".*\bserverRotation": _doing(lambda core, who, now, *_: core.rotate(who, now)),
    r".*\bforceDisconnect": _doing(
        lambda core, who, now, *_: core.server_force_disconnect(who, now)
    ),
    r".*\bsignal": _signal,
}
"""What each thing that the platform did is, by an expression for the words; the first counts."""

UNDERSTOOD: Final = (
    "grace expired, server closes with CODE, media cut, media restored, mediaIdle, serverRotation,"
    " notification (of a rotation), forceDisconnect, signal"
)


def platform(words: str) -> tuple[Deed, re.Match[str]] | None:
    """What the platform did, by the words of a step; None if they are not understood."""
    for pattern, deed in _PLATFORM.items():
        match = re.match(pattern, words, re.IGNORECASE | re.DOTALL)
        if match is not None:
            return deed, match
    return None


def about(case: Case, step: CaseStep) -> str | None:
    """Whom something that the platform did is about, also where it is not said.

    That is whose Session is told something next, within a second or so, that concerns itself; else
    the first client.
    """
    if step.client is not None:
        return step.client
    told = list(_trouble(case, step.at))
    return min(told)[1] if told else next(iter(case.clients), None)


def _trouble(case: Case, since: int) -> Iterator[tuple[int, str]]:
    for name, each in case.expect.items():
        for told in each:
            if told.event in _OF_ITSELF and since <= told.at <= since + _SOON:
                yield told.at, name


_OF_ITSELF: Final = ("sessionReconnecting", "sessionDisconnected")
_SOON: Final = 2 * SECOND
