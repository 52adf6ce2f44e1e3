"""Puts a scenario's people, links and platform together and lets time pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sim.client import Client
from sim.client.paths import Path
from sim.draws.distributions import Exponential
from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import LinkSpec
from sim.platform import Platform, PlatformSettings
from sim.protocol.journal import STORY, Journal
from sim.protocol.names import SERVER, SIGNAL
from sim.protocol.quirks import Profile
from sim.protocol.timers import Timers
from sim.scenario.people import Person, Poisson
from sim.scenario.steps import Step
from sim.world.client_driver import ClientDriver
from sim.world.faults import Faults
from sim.world.kernel import Kernel
from sim.world.moderators import Moderator
from sim.world.participant import Hook, Participant, Surroundings
from sim.world.platform_driver import PlatformDriver
from sim.world.script import play
from sim.world.wiretap import Wiretap

J = TypeVar("J", bound=Journal)


class World(Generic[J]):
    """One run's people, links and platform in virtual time.

    ``recorder`` makes the journal from a clock. Add people with :meth:`add`, then
    :meth:`start`, then :meth:`run`.
    """

    def __init__(
        self,
        draws: Draws,
        *,
        recorder: Callable[[Callable[[], int]], J],
        settings: PlatformSettings = PlatformSettings(),
        profile: Profile = Profile(),
        timers: Timers = Timers(),
        level: int = STORY,
        permute_ties: bool = False,
        client_class: Callable[..., Client] = Client,
        platform_class: type[Platform] = Platform,
    ) -> None:
        self.draws = draws
        self.kernel = Kernel(draws.stream("world", "ties") if permute_ties else None)
        self.journal: J = recorder(self._clock)
        self.faults = Faults(self.kernel, self.journal, self._media_changed)
        self.participants: dict[str, Participant] = {}
        """Everybody by name, in the order of declaration; members of groups one by one."""
        self._profile = profile
        self._timers = timers
        self._client_class = client_class
        self._wiretap = Wiretap(self.journal) if level > STORY else None
        core = platform_class(self.journal, settings)
        self.platform = PlatformDriver(self.kernel, core, self._wiretap, self._explain_silence)
        self._around = Surroundings(self.kernel, self.journal, draws, self.faults)
        self.networks: dict[str, LinkSpec] = {}
        """Networks that a script may move people to, by name."""
        self._links: dict[str, Link] = {}
        """Links that people have changed to, by person and network."""
        self._groups: dict[str, list[Participant]] = {}
        self._server_signals = 0

    def _clock(self) -> int:
        return self.kernel.now

    def add(
        self,
        name: str,
        person: Person,
        spec: LinkSpec,
        members: Sequence[str] = (),
        hook: Hook | None = None,
    ) -> None:
        """Add a person on a link like ``spec``, or a group with the names of its ``members``."""
        members = members or (name,)
        arrivals = self._arrivals(name, members, person)
        group = self._groups.setdefault(name, [])
        for member, arrival in zip(members, arrivals, strict=True):
            participant = self._participant(member, person, spec, arrival, hook)
            self.participants[member] = participant
            group.append(participant)

    def _participant(
        self, name: str, person: Person, spec: LinkSpec, arrival: int, hook: Hook | None
    ) -> Participant:
        def make(driver: ClientDriver) -> Client:
            return self._client_class(
                name,
                self.journal,
                role=person.role,
                profile=self._profile,
                timers=self._timers,
                suppressed=person.connection_events_suppressed,
                path=lambda other: Path(driver.carries, self._carries(other)),
            )

        link = Link(name, spec, self.draws)
        number = len(self.participants)
        driver = ClientDriver(
            self.kernel,
            number,
            link,
            self.platform,
            self.journal,
            self._wiretap,
            make,
            self._media_changed,
        )
        return Participant(self._around, person, driver, arrival, hook)

    def _arrivals(self, name: str, members: Sequence[str], person: Person) -> list[int]:
        """When each opens the page: for a Poisson group the gaps are drawn in turn."""
        arrive = person.arrive
        if isinstance(arrive, Poisson):
            gaps = Sampler(self.draws.stream(name, "arrive"), Exponential(arrive.gap))
            times: list[int] = []
            for number in range(len(members)):
                times.append((times[-1] if times else 0) + gaps.at(number))
            return times
        return [Sampler(self.draws.stream(m, "arrive"), arrive).at(0) for m in members]

    def members(self, name: str) -> Sequence[Participant]:
        """The people whom a name in the script means: one, or all of a group."""
        return self._groups.get(name) or [self.participants[name]]

    def link(self, driver: ClientDriver, named: str) -> Link:
        """The link of somebody who changes to one of the :attr:`networks`.

        Who comes back to a network is on the same link again: its draws go on, not anew.
        """
        name = f"{driver.name}@{named}"
        if name not in self._links:
            self._links[name] = Link(name, self.networks[named], self.draws)
            self._bring_outages(driver, self._links[name])
        return self._links[name]

    def _bring_outages(self, driver: ClientDriver, link: Link) -> None:
        spec = link.spec.outages
        if spec is not None:
            self.kernel.process(self.faults.outages(driver, link, spec, self.draws))

    def next_server_signal(self) -> str:
        """The id of the next signal of the app's server."""
        self._server_signals += 1
        return SIGNAL.make(SERVER, self._server_signals)

    def start(self, steps: Sequence[Step] = ()) -> None:
        """Begin everybody's life, the outages, the policies and the script."""
        people = list(self.participants.values())
        for who in people:
            self._bring_outages(who.driver, who.driver.link)
            self.kernel.process(who.live())
            if who.person.policy is not None:
                Moderator(self._around, who, people).start(who.person.policy)
        if steps:
            self.kernel.process(play(self, steps))

    def run(self, duration: int) -> None:
        """Let ``duration`` microseconds pass; what happens exactly at the end is left out."""
        self.kernel.run(until=duration)

    def _carries(self, name: str) -> bool:
        who = self.participants.get(name)
        return who is not None and who.driver.carries

    def _media_changed(self, driver: ClientDriver, cause: int | None) -> None:
        """Tell everybody whose media path has changed with that of one client."""
        if driver.carries == driver.carried:
            return
        driver.carried = driver.carries
        driver.paths_changed(None, cause)
        if not driver.has_published:
            return
        for who in self.participants.values():
            if who.driver is not driver:
                who.driver.paths_changed(driver.name, cause)

    def _explain_silence(self, client: str) -> int | None:
        who = self.participants.get(client)
        return None if who is None else who.driver.silence_cause()
