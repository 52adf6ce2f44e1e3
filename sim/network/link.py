"""Somebody's way to the platform and back, with the faults that hold at the moment."""

from __future__ import annotations

from typing import Any

from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.specs import LinkSpec, Mode, Way
from sim.protocol.renaming import Renaming
from sim.protocol.units import FAR


class Link:
    """Two directions, the faults on them and the address that the platform sees.

    ``refusing`` lists the record numbers of the faults that refuse new connections.
    ``address`` counts network changes (Wi-Fi to cellular, say). A socket opened under an earlier
    one is dead but silent: its driver must lose what it sends and receives, and tell nobody.
    """

    __slots__ = (
        "_faults",
        "address",
        "calm_until",
        "down",
        "name",
        "refusing",
        "spec",
        "up",
    )

    def __init__(self, name: str, spec: LinkSpec, draws: Draws) -> None:
        self.name = name
        self.spec = spec
        self.up = Direction(spec.up, draws, name, "up")
        self.down = Direction(spec.down, draws, name, "down")
        self.refusing: list[int] = []
        self.address = 0
        self.calm_until = FAR
        """When the next outage comes by chance, where that is known."""
        self._faults: dict[int, Way] = {}

    def fail(self, fault: int, direction: Way = "both", mode: Mode = "blackhole") -> None:
        """Begin the fault with this record number: packets of these directions vanish.

        With mode ``refused``, new connections are refused besides. Connections that are open
        notice no difference: to TCP an "unreachable" is a passing error (RFC 1122, 4.2.3.9).
        Raises ``ValueError`` if the fault has begun already.
        """
        if fault in self._faults:
            raise ValueError(f"fault {fault} has begun already on the link of {self.name}")
        self._faults[fault] = direction
        for each in self._directions(direction):
            each.block(fault)
        if mode == "refused":
            self.refusing.append(fault)

    def repair(self, fault: int) -> None:
        """End a fault; others may still hold. Raises ``ValueError`` if it does not hold."""
        if fault not in self._faults:
            raise ValueError(f"fault {fault} does not hold on the link of {self.name}")
        for each in self._directions(self._faults.pop(fault)):
            each.unblock(fault)
        if fault in self.refusing:
            self.refusing.remove(fault)

    @property
    def fails(self) -> bool:
        """Whether a fault holds, in whichever direction."""
        return bool(self._faults)

    def change(self) -> int:
        """Move to another network; return the new address. Faults stay as they are."""
        self.settle()
        self.address += 1
        return self.address

    def settle(self) -> None:
        """Packets that have been taken ahead are so no more, from now on: see ``Direction``."""
        if self.up.settle is not None:
            self.up.settle()

    def snapshot(self) -> tuple[Any, ...]:
        """Everything that holds on it, as plain data."""
        directions = self.up.snapshot(), self.down.snapshot()
        return *directions, self.address, tuple(self.refusing), tuple(self._faults.items())

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Be as a link of the same name, kind and seed was."""
        up, down, self.address, refusing, faults = saved
        self.up.restore(up)
        self.down.restore(down)
        self.refusing[:] = refusing
        self._faults = dict(faults)

    def canonical(self, now: int, names: Renaming | None = None) -> tuple[Any, ...]:
        """What matters to the future. Faults and addresses are named, not counted.

        ``names`` is shared by all whose forms are compared together.
        """
        name = (names or Renaming()).name
        faults = [
            (name(("fault", fault)), way, fault in self.refusing)
            for fault, way in self._faults.items()
        ]
        directions = self.up.canonical(now), self.down.canonical(now)
        return *directions, name((self.name, "address", self.address)), tuple(faults)

    def _directions(self, direction: Way) -> tuple[Direction, ...]:
        return {"up": (self.up,), "down": (self.down,), "both": (self.up, self.down)}[direction]
