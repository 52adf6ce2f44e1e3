"""The script of a scenario: a process that does each step at its time, in the order of writing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from simpy import Event as Moment

from sim.protocol.journal import Journal
from sim.world.kernel import PEOPLE
from sim.world.participant import Participant

if TYPE_CHECKING:
    from sim.scenario.steps import Step
    from sim.world.world import World

Process = Generator[Moment, Any, None]


def play(world: World[Any], steps: Sequence[Step]) -> Process:
    """Do the steps in the order of time; of two at the same time, the one written first."""
    for step in sorted(steps, key=lambda step: step.at):
        if step.at > world.kernel.now:
            yield world.kernel.sleep(step.at - world.kernel.now, PEOPLE - 1)
        for participant in world.members(step.client):
            perform(world, participant, step)


def perform(world: World[Any], who: Participant, step: Step) -> None:
    """Do one step to one person."""
    if step.do is not None:
        who.perform(step.do, step)
    elif step.network is not None:
        NETWORK[step.network](world, who, step)
    elif step.platform is not None:
        PLATFORM[step.platform](world, who, step)


Deed = Callable[["World[Any]", Participant, "Step"], object]


def _down(world: World[Any], who: Participant, step: Step) -> None:
    direction: Any = step.direction or "both"
    mode: Any = step.mode or "blackhole"
    world.faults.down(who.driver, direction, mode, step.lasting)


def _up(world: World[Any], who: Participant, step: Step) -> None:
    world.faults.up(who.driver)


def _reset(world: World[Any], who: Participant, step: Step) -> None:
    world.faults.reset(who.driver)


def _change(world: World[Any], who: Participant, step: Step) -> None:
    world.faults.change(who.driver, None if step.to is None else world.link(who.driver, step.to))


NETWORK: Final[Mapping[str, Deed]] = {
    "down": _down,
    "up": _up,
    "reset": _reset,
    "change": _change,
}


def _decide(world: World[Any], who: Participant, name: str, step: Step) -> int | None:
    data: dict[str, Any] = {"by": "script"}
    if step.code is not None:
        data["code"] = step.code
    journal: Journal = world.journal
    return journal(who.name, "platform", "decision", name, data, None)


def _close_socket(world: World[Any], who: Participant, step: Step) -> None:
    record = _decide(world, who, "close-socket", step)
    core, now, code = world.platform.core, world.kernel.now, step.code or 1000
    world.platform.do(lambda: core.close_socket(who.name, code, now, record))


def _rotate(world: World[Any], who: Participant, step: Step) -> None:
    core, now, migrate = world.platform.core, world.kernel.now, bool(step.migrate)
    world.platform.do(lambda: core.rotate(who.name, now, None, migrate=migrate))


def _expire_grace(world: World[Any], who: Participant, step: Step) -> None:
    record = _decide(world, who, "expire-grace", step)
    core, now = world.platform.core, world.kernel.now
    world.platform.do(lambda: core.expire_grace(who.name, now, record))


def _force_disconnect(world: World[Any], who: Participant, step: Step) -> None:
    core, now = world.platform.core, world.kernel.now
    world.platform.do(lambda: core.server_force_disconnect(who.name, now))


def _signal(world: World[Any], who: Participant, step: Step) -> None:
    name = world.next_server_signal()
    data: dict[str, Any] = {"signal": name, "type": step.type, "data": step.data}
    record = world.journal(who.name, "platform", "decision", "signal", data, None)
    core, now = world.platform.core, world.kernel.now
    world.platform.do(
        lambda: core.server_signal(name, now, record, to=who.name, type=step.type, data=step.data)
    )


PLATFORM: Final[Mapping[str, Deed]] = {
    "close-socket": _close_socket,
    "rotate": _rotate,
    "expire-grace": _expire_grace,
    "force-disconnect": _force_disconnect,
    "signal": _signal,
}
