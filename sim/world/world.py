"""Puts a scenario's people, links and platform together and lets time pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from attrs import define, field

from sim.client import Client
from sim.draws.distributions import Exponential
from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import LinkSpec
from sim.platform import Platform, PlatformSettings
from sim.protocol import names
from sim.protocol.journal import STORY, Journal
from sim.protocol.names import SERVER, SIGNAL
from sim.protocol.quirks import Profile
from sim.protocol.timers import Timers
from sim.scenario.people import Person, Poisson
from sim.scenario.steps import Step
from sim.world.app import AppMaker
from sim.world.bounds import MOST_EVENTS
from sim.world.client_driver import ClientDriver
from sim.world.faults import Faults
from sim.world.kernel import SCRIPT, Kernel
from sim.world.media import Media
from sim.world.moderators import Moderator, has_policy
from sim.world.participant import Participant
from sim.world.platform_driver import PlatformDriver
from sim.world.script import Script
from sim.world.surroundings import Surroundings
from sim.world.wiretap import Wiretap

J = TypeVar("J", bound=Journal)

ClientMaker = Callable[..., Client]
"""Makes a client from what :class:`~sim.client.Client` takes: a subclass, or a function."""
PlatformMaker = Callable[[Journal, PlatformSettings], Platform]
"""Makes the platform: a subclass of :class:`~sim.platform.Platform`, or a function."""


@define(eq=False)
class _Group:
    """A person, or several who are alike; ``since`` is when they come into the story's world."""

    since: int
    members: list[Participant] = field(factory=list)
    has_pages: bool = False

    def open_pages(self) -> None:
        """Let their apps have the first page of each."""
        if not self.has_pages:
            self.has_pages = True
            for participant in self.members:
                participant.app.prepare()


class World(Generic[J]):
    """One run's people, links and platform in virtual time.

    ``recorder`` makes the journal from a clock. Add people with :meth:`add`, then :meth:`start`,
    then :meth:`run`. Who drives it by hand takes the script's turn before anything is done: people
    are let in by :meth:`enter`, then steps are done by :meth:`do`.
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
        max_events: int = MOST_EVENTS,
        keeps: bool = False,
        client_class: ClientMaker = Client,
        platform_class: PlatformMaker = Platform,
        looks_ahead: bool = False,
        describes: bool = True,
    ) -> None:
        self.draws = draws
        self.kernel = Kernel(draws.stream("world", "ties") if permute_ties else None, max_events)
        self.kernel.crowd, self.kernel.keeps = self._crowd, keeps
        self.journal: J = recorder(self._clock)
        self.faults = Faults(self.kernel, self.journal)
        self.participants: dict[str, Participant] = {}
        """Everybody by name, in the order of declaration; members of groups one by one."""
        self.networks: dict[str, LinkSpec] = {}
        """Networks that a script may move people to, by name."""
        self._looks_ahead = looks_ahead
        self._describes = describes
        self._profile = profile
        self._timers = timers
        self._client_class = client_class
        self._wiretap = Wiretap(self.journal) if level > STORY else None
        core = platform_class(self.journal, settings)
        self.platform = PlatformDriver(self.kernel, core, self._wiretap)
        self._around = Surroundings(self.kernel, self.journal, draws, self.faults)
        self._media = Media()
        self._links: dict[str, Link] = {}
        """Links that people have changed to, by person and network."""
        self._groups: dict[str, _Group] = {}
        self._outside: list[_Group] = []
        """Those who have not come yet."""
        self._here: list[Participant] = []
        self._moderators: list[Moderator] = []
        self._server_signals = 0
        self._steps = 0
        self._script = Script(self, ())

    def _clock(self) -> int:
        return self.kernel.now

    # -- people ------------------------------------------------------------------------------

    def add(
        self,
        name: str,
        person: Person,
        spec: LinkSpec,
        members: Sequence[str] = (),
        app: AppMaker | None = None,
    ) -> None:
        """Add a person on a link like ``spec``, or a group with the names of its ``members``."""
        members = members or (name,)
        arrivals = self._arrivals(name, members, person)
        group = self._groups[name] = _Group(person.since)
        self._outside.append(group)
        for member, arrival in zip(members, arrivals, strict=True):
            participant = self._participant(member, person, spec, arrival, app)
            self.participants[member] = participant
            group.members.append(participant)

    def prepare(
        self,
        name: str,
        person: Person,
        spec: LinkSpec,
        members: Sequence[str],
        app: AppMaker | None = None,
    ) -> None:
        """Add somebody, whose app has the first page already; :meth:`enter` does the rest.

        Whatever the app raises comes out of this, and then nobody has been added.
        """
        try:
            with self.kernel.tentative():
                self.add(name, person, spec, members, app)
                self._groups[name].open_pages()
        except BaseException:
            self._remove(name, person, members)
            raise

    def _remove(self, name: str, person: Person, members: Sequence[str]) -> None:
        group = self._groups.pop(name, None)
        self._outside = [each for each in self._outside if each is not group]
        for member in members:
            self.participants.pop(member, None)
            self._media.forget(member)
            if isinstance(person.network, str):
                self._links.pop(names.link(member, person.network), None)

    def _participant(
        self, name: str, person: Person, spec: LinkSpec, arrival: int, app: AppMaker | None
    ) -> Participant:
        def make(driver: ClientDriver) -> Client:
            return self._client_class(
                name,
                self.journal,
                role=person.role,
                profile=self._profile,
                timers=self._timers,
                suppressed=person.connection_events_suppressed,
                path=partial(self._media.path, name),
            )

        link = Link(name, spec, self.draws)
        if isinstance(person.network, str):
            self._links[names.link(name, person.network)] = link
        driver = ClientDriver(
            self.kernel,
            len(self.participants),
            link,
            self.platform,
            self.journal,
            self._wiretap,
            make,
            self._media,
        )
        driver.core.page.describes = self._describes
        if self._looks_ahead:
            driver.look_ahead()
        return Participant(self._around, person, driver, arrival, app)

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
        group = self._groups.get(name)
        return [self.participants[name]] if group is None else group.members

    def entrances(self) -> list[int]:
        """When those come who have not come yet."""
        return [group.since for group in self._outside]

    def enter(self) -> None:
        """Let those in whose time has come: their lives, outages and policies begin."""
        now = self.kernel.now
        for group in [each for each in self._outside if each.since <= now]:
            self._outside.remove(group)
            group.open_pages()
            for participant in group.members:
                self._enter(participant)

    def _enter(self, who: Participant) -> None:
        self._here.append(who)
        self._bring_outages(who.driver, who.driver.link)
        self.kernel.begin(who.habits.live())
        for moderator in self._moderators:
            moderator.watch(who)
        if has_policy(who.person.policy):
            self._begin_to_moderate(Moderator(self._around, who))

    def _begin_to_moderate(self, moderator: Moderator) -> None:
        moderator.begin()
        self._moderators.append(moderator)
        for other in self._here:
            moderator.watch(other)

    # -- links -------------------------------------------------------------------------------

    def link(self, driver: ClientDriver, named: str) -> Link:
        """The link of somebody who changes to one of the :attr:`networks`.

        Who comes back to a network is on the same link again: its draws go on, not anew.
        """
        name = names.link(driver.name, named)
        if name not in self._links:
            self._links[name] = Link(name, self.networks[named], self.draws)
            self._bring_outages(driver, self._links[name])
        return self._links[name]

    def _bring_outages(self, driver: ClientDriver, link: Link) -> None:
        spec = link.spec.outages
        if spec is not None:
            self.kernel.begin(self.faults.outages(driver, link, spec, self.draws))

    # -- time --------------------------------------------------------------------------------

    def start(self, steps: Sequence[Step] = ()) -> None:
        """Begin the script, which lets people in when their time comes."""
        self._script = Script(self, steps)
        self._steps = len(steps)
        self.kernel.begin(self._script.play())

    def run(self, duration: int) -> None:
        """Let ``duration`` microseconds pass; what happens exactly at the end is left out."""
        self.kernel.advance(self.kernel.now + duration)

    @property
    def next_time(self) -> int | None:
        """When something happens next, in microseconds; None when nothing ever will."""
        times = (self.kernel.next_time(self._script.is_alarm), self._script.next_time())
        return min((time for time in times if time is not None), default=None)

    # -- by hand -----------------------------------------------------------------------------

    def take_turn(self) -> None:
        """Let everything happen at this instant that comes before the script, then people come."""
        self.kernel.advance_to_turn(SCRIPT)
        self.enter()
        self.kernel.settle()

    def finish_turn(self) -> None:
        """Let the script do what it has to do at this instant."""
        self._script.turn()
        self.kernel.settle()

    def do(self, step: Step) -> None:
        """Do one more step in the script's turn, after those that are to be done at this time."""
        self._steps += 1
        self._script.turn()
        self._script.do(step)
        self.kernel.settle()

    def _crowd(self) -> tuple[int, int]:
        return len(self.participants), self._steps

    # -- for the platform --------------------------------------------------------------------

    def next_server_signal(self) -> str:
        """The id of the next signal of the app's server."""
        self._server_signals += 1
        return SIGNAL.make(SERVER, self._server_signals)
