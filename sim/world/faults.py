"""What goes wrong with links and machines, scheduled or drawn; each fault is a record."""

from __future__ import annotations

from itertools import count
from typing import Any

from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.outages import Outage, OutageProcess
from sim.network.specs import Mode, Outages, Way
from sim.protocol.journal import Journal
from sim.protocol.records import Entry, incidents
from sim.protocol.units import FAR
from sim.world.client_driver import ClientDriver
from sim.world.kernel import FAULT, Kernel, Process


class Faults:
    """Does things to links and clients, and writes them down."""

    def __init__(self, kernel: Kernel, journal: Journal) -> None:
        self._kernel = kernel
        self._journal = journal
        self._lasting: dict[str, list[tuple[int, Way]]] = {}
        self._healed: list[Link] = []
        """Links on which chance brings no more outages."""

    def down(
        self,
        driver: ClientDriver,
        direction: Way = "both",
        mode: Mode = "blackhole",
        lasts: int | None = None,
        cause: int | None = None,
    ) -> int:
        """Take a link down, for ``lasts`` microseconds or until :meth:`up`; return the record.

        With mode ``refused`` the sockets that are open are reset, and new ones are refused.
        """
        data: dict[str, Any] = {"direction": direction, "mode": mode}
        if lasts is not None:
            data["for"] = lasts
        fault = self._write(driver, incidents.NETWORK_DOWN, data, cause)
        driver.link.fail(fault, direction, mode)
        self._lasting.setdefault(driver.name, []).append((fault, direction))
        if mode == "refused":
            driver.reset_sockets(fault)
            driver.refuse_handshakes(fault)
        driver.media_changed(fault)
        if lasts is not None:
            rank = FAULT + driver.number
            self._kernel.at(self._kernel.now + lasts, rank, lambda _: self._end(driver, fault))
        return fault

    def up(self, driver: ClientDriver, cause: int | None = None) -> None:
        """End everything that keeps a link down."""
        for fault, _ in list(self._lasting.get(driver.name, ())):
            self._end(driver, fault, cause)

    def _end(self, driver: ClientDriver, fault: int, cause: int | None = None) -> None:
        lasting = self._lasting.get(driver.name, [])
        ended = next((entry for entry in lasting if entry[0] == fault), None)
        if ended is None:
            return
        lasting.remove(ended)
        driver.link.repair(fault)
        data = {"direction": ended[1]}
        driver.restored = self._write(driver, incidents.NETWORK_UP, data, cause or fault)
        driver.media_changed(driver.restored)

    def heal(self, driver: ClientDriver) -> None:
        """End whatever is wrong with a link, media included; chance leaves it alone from now on."""
        cause = self._write(driver, incidents.NETWORK_HEAL, {}, None)
        if driver.link not in self._healed:
            self._healed.append(driver.link)
        self.up(driver, cause)
        if driver.media.cut:
            self.cut_media(driver, False, cause)

    def reset(self, driver: ClientDriver, cause: int | None = None) -> None:
        """Reset the open sockets; new ones can be opened at once."""
        driver.reset_sockets(self._write(driver, incidents.NETWORK_RESET, {}, cause))

    def change(
        self, driver: ClientDriver, to: Link | None = None, cause: int | None = None
    ) -> None:
        """Get a new address, on the link ``to`` if one is given: open sockets die, silently.

        What is being asked of the HTTP API fails at once: the browser sees that its network is
        another one.
        """
        data = {} if to is None else {"to": to.name}
        fault = self._write(driver, incidents.NETWORK_CHANGE, data, cause)
        driver.link.change()
        driver.packet_lost(fault)
        if to is not None:
            self.up(driver, fault)
            driver.link = to
        driver.fail_exchanges(fault)
        driver.media_changed(fault)

    def cut_media(self, driver: ClientDriver, cut: bool, cause: int | None = None) -> None:
        """Cut the media off while signalling goes on, or let it through again."""
        entry = incidents.MEDIA_CUT if cut else incidents.MEDIA_RESTORED
        fault = self._write(driver, entry, {}, cause)
        driver.media.cut = cut
        driver.media_changed(fault)

    def crash(self, driver: ClientDriver, cause: int | None = None) -> int:
        """The machine of a page that is open stops, without a goodbye; return the record."""
        fault = self._write(driver, incidents.CRASH, {}, cause)
        driver.crash(fault)
        driver.media_changed(fault)
        return fault

    def outages(self, driver: ClientDriver, link: Link, spec: Outages, draws: Draws) -> Process:
        """A process: the outages that chance brings to one link, while its person is on it.

        Those that began before anybody was on this link are left out.
        """
        drawn = OutageProcess(spec, draws, link.name)
        for number in count():
            outage = drawn.outage(number)
            if outage.start < self._kernel.now:
                continue
            link.calm_until = outage.start
            yield self._kernel.sleep(outage.start - self._kernel.now, FAULT + driver.number)
            if link in self._healed:
                link.calm_until = FAR
                return
            if driver.link is link:
                self._outage(driver, spec, outage)
            yield self._kernel.sleep(outage.duration, FAULT + driver.number)

    def _outage(self, driver: ClientDriver, spec: Outages, outage: Outage) -> None:
        start, length = outage.addresses
        data = {"address": start, "for": outage.duration, "length": length}
        decision = self._journal(driver.name, *incidents.OUTAGE.head, data, None)
        self.down(driver, spec.direction, spec.mode, outage.duration, decision)

    def _write(
        self,
        driver: ClientDriver,
        entry: Entry,
        data: dict[str, Any],
        cause: int | None,
    ) -> int:
        record = self._journal(driver.name, *entry.head, data, cause)
        assert record is not None
        return record
