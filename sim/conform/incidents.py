"""What happened to a client's network, and what the platform did of itself, by the words used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from sim.conform.arguments import text
from sim.conform.case import Case, CaseStep
from sim.conform.networks import TROUBLES
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


def _kill(world: RecordedWorld, who: Participant) -> None:
    """The sockets are reset of who is in the session, or about to be."""
    session, present = who.membership, world.platform.core.present()
    if session.own in present or not session.is_connected():
        world.faults.reset(who.driver)


SILENCE: Final = "blackhole"
NETWORK: Final[dict[str, Callable[[RecordedWorld, Participant], object]]] = {
    "kill": _kill,
    "refuse": lambda world, who: world.faults.down(who.driver, "both", "refused"),
    "accept": lambda world, who: None,
    SILENCE: lambda world, who: world.faults.down(who.driver),
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


class Happening(NamedTuple):
    """Something that the platform did: the step, the words that say so, and what it led to."""

    step: CaseStep
    match: re.Match[str]
    troubles: bool
    """Whether the client that it is about was told at once that something is wrong."""


Deed = Callable[[RecordedWorld, Participant, Happening], object]


def _nothing(*_: object) -> None:
    """A remark of the recorder's."""


def _doing(deed: Callable[[Platform, str, int, Happening], object]) -> Deed:
    """Something that the platform's core does to a person."""

    def do(world: RecordedWorld, who: Participant, happening: Happening) -> None:
        core, now = world.platform.core, world.kernel.now
        world.platform.do(lambda: deed(core, who.name, now, happening))

    return do


def _cut_media(cut: bool) -> Deed:
    return lambda world, who, _: world.faults.cut_media(who.driver, cut)


def _expire(world: RecordedWorld, who: Participant, happening: Happening) -> None:
    """A grace period is over: of a lost connection, or of the present one if that shows it."""
    core, now, own = world.platform.core, world.kernel.now, who.membership.own
    name = own if happening.troubles and own is not None else who.name
    record = world.journal(who.name, *incidents.EXPIRE_GRACE.head, {"by": "script"}, None)
    world.platform.do(lambda: core.expire_grace(name, now, record))


def _signal(world: RecordedWorld, _: Participant, happening: Happening) -> None:
    core, now, name = world.platform.core, world.kernel.now, world.next_server_signal()
    args, to = happening.step.args or {}, happening.step.client
    kind = args.get("type") if isinstance(args.get("type"), str) else None
    data = text(args.get("data"))
    world.platform.do(lambda: core.server_signal(name, now, None, to=to, type=kind, data=data))


_PLATFORM: Final[dict[str, Deed]] = {
    r"\s*---": _nothing,
    r".*\bgrace\b.*\bexpire": _expire,
    r".*\bclos\w*\b.*?([0-9]{4})": _doing(
        lambda core, who, now, done: core.close_socket(who, int(done.match[1]), now)
    ),
    r".*\bmedia cut": _cut_media(True),
    r".*\bmedia restored": _cut_media(False),
    r".*\bmediaIdle": _doing(lambda core, who, now, _: core.remove_idle(who, now)),
    r".*\b(notif|migrat)": _doing(lambda core, who, now, _: core.rotate(who, now, migrate=True)),
    r".*\bserverRotation": _doing(lambda core, who, now, _: core.rotate(who, now)),
    r".*\bforceDisconnect": _doing(
        lambda core, who, now, _: core.server_force_disconnect(who, now)
    ),
    r".*\bsignal": _signal,
}
"""What each thing that the platform did is, by an expression for the words; the first counts."""

UNDERSTOOD: Final = (
    "grace expired, server closes with CODE, media cut, media restored, mediaIdle, serverRotation,"
    " notification (of a rotation), forceDisconnect, signal"
)


def is_understood(words: str) -> bool:
    """Whether it is known what the platform did."""
    return _deed(words) is not None


def platform(world: RecordedWorld, case: Case, step: CaseStep) -> None:
    """Let the platform do what a step says that it did of itself."""
    name, found = about(case, step), _deed(step.platform or "")
    if name is not None and found is not None:
        deed, match = found
        troubles = any(who == name for _, who in _trouble(case, step.at))
        deed(world, world.participants[name], Happening(step, match, troubles))


def _deed(words: str) -> tuple[Deed, re.Match[str]] | None:
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
            if told.event in TROUBLES and since <= told.at <= since + _SOON:
                yield told.at, name


_SOON: Final = 2 * SECOND
