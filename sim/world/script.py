"""The script of a scenario: who comes when, and what is done at its time, in the order of writing.

The script is a process. Whoever drives the world by hand does the same things between its steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from simpy import Event

from sim.protocol.journal import Journal
from sim.protocol.records import Entry, incidents
from sim.protocol.units import FAR
from sim.world.kernel import SCRIPT, Process
from sim.world.participant import Participant

if TYPE_CHECKING:
    from sim.scenario.steps import Step
    from sim.world.world import World


class Script:
    """The steps that are still to come, and the people. At one time people come before steps."""

    def __init__(self, world: World[Any], steps: Sequence[Step]) -> None:
        self._world = world
        self._steps = deque(sorted(steps, key=lambda step: step.at))
        self._alarm: Event | None = None

    def play(self) -> Process:
        """A process: do everything at its time; of two steps, the one written first."""
        kernel = self._world.kernel
        while (time := self.next_time()) is not None:
            self._alarm, kernel.script_at = kernel.sleep(time - kernel.now, SCRIPT), time
            yield self._alarm
            self.turn()
        kernel.script_at = FAR

    def turn(self) -> None:
        """Do what is to be done at this time, if it has not been done."""
        world = self._world
        world.enter()
        while self._steps and self._steps[0].at <= world.kernel.now:
            self.do(self._steps.popleft())

    def do(self, step: Step) -> None:
        """Do one step now: to one person, or to all of a group."""
        for participant in self._world.members(step.client):
            _perform(self._world, participant, step)

    def is_alarm(self, event: Event) -> bool:
        """Whether the process waits for that event."""
        return event is self._alarm

    def next_time(self) -> int | None:
        """When there is something to do next, by this process or by hand."""
        times = [*self._world.entrances(), *(step.at for step in islice(self._steps, 1))]
        return min(times, default=None)


def _perform(world: World[Any], who: Participant, step: Step) -> None:
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


def _heal(world: World[Any], who: Participant, step: Step) -> None:
    world.faults.heal(who.driver)


def _reset(world: World[Any], who: Participant, step: Step) -> None:
    world.faults.reset(who.driver)


def _change(world: World[Any], who: Participant, step: Step) -> None:
    world.faults.change(who.driver, None if step.to is None else world.link(who.driver, step.to))


NETWORK: Final[Mapping[str, Deed]] = {
    "down": _down,
    "up": _up,
    "heal": _heal,
    "reset": _reset,
    "change": _change,
}


def _decide(world: World[Any], who: Participant, entry: Entry, step: Step) -> int | None:
    data: dict[str, Any] = {"by": "script"}
    if step.code is not None:
        data["code"] = step.code
    journal: Journal = world.journal
    return journal(who.name, *entry.head, data, None)


def _close_socket(world: World[Any], who: Participant, step: Step) -> None:
    record = _decide(world, who, incidents.CLOSE_SOCKET, step)
    core, now, code = world.platform.core, world.kernel.now, step.code or 1000
    world.platform.do(lambda: core.close_socket(who.name, code, now, record))


def _rotate(world: World[Any], who: Participant, step: Step) -> None:
    core, now, migrate = world.platform.core, world.kernel.now, bool(step.migrate)
    world.platform.do(lambda: core.rotate(who.name, now, None, migrate=migrate))


def _expire_grace(world: World[Any], who: Participant, step: Step) -> None:
    record = _decide(world, who, incidents.EXPIRE_GRACE, step)
    core, now = world.platform.core, world.kernel.now
    world.platform.do(lambda: core.expire_grace(who.name, now, record))


def _force_disconnect(world: World[Any], who: Participant, step: Step) -> None:
    core, now = world.platform.core, world.kernel.now
    world.platform.do(lambda: core.server_force_disconnect(who.name, now))


def _signal(world: World[Any], who: Participant, step: Step) -> None:
    name = world.next_server_signal()
    data: dict[str, Any] = {"signal": name, "type": step.type, "data": step.data}
    record = world.journal(who.name, *incidents.SERVER_SIGNAL.head, data, None)
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
