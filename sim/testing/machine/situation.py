"""Who can do what at a moment: what the preconditions and the arguments of rules are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition
from hypothesis.strategies import SearchStrategy

from sim.platform.states import Presence
from sim.protocol.names import person_of
from sim.protocol.roles import ROLES, Capability
from sim.simulation import Simulation

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

Names = tuple[str, ...]

_UNDER_WAY = ("connecting", "disconnecting", "migrating")


class Situation:
    """What can be done in a world as it is now: people by name, in the order of their joining."""

    def __init__(self, simulation: Simulation, names: Sequence[str]) -> None:
        self._participants = simulation.world.participants
        self._platform = simulation.platform
        self._names = names

    # -- who is where --------------------------------------------------------------------------

    @cached_property
    def newcomer(self) -> Names:
        """The next who has never been here."""
        return tuple(name for name in self._names if name not in self._participants)[:1]

    @cached_property
    def people(self) -> Names:
        """Everybody who has ever joined."""
        return tuple(self._participants)

    @cached_property
    def open(self) -> Names:
        """Those whose page is open."""
        return tuple(name for name, who in self._participants.items() if who.driver.is_alive)

    @cached_property
    def away(self) -> Names:
        """Those who may connect: without a page, or with a session that is over."""
        return tuple(
            name
            for name, who in self._participants.items()
            if not who.driver.is_alive or who.session.state == "disconnected"
        )

    @cached_property
    def attending(self) -> Names:
        """Those who are connected or about to be."""
        states = ("connected", "connecting")
        return tuple(n for n in self.open if self._participants[n].session.state in states)

    @cached_property
    def speaking(self) -> Names:
        """Those who are attending; who has trouble with the link is in it twice."""
        return self.attending + tuple(name for name in self.attending if name in self.cut_off)

    @cached_property
    def connected(self) -> Names:
        """Those whose session is connected, reconnecting included."""
        return tuple(n for n in self.open if self._participants[n].session.state == "connected")

    @cached_property
    def present(self) -> Names:
        """Those of whom the platform has a connection, joined or lost."""
        return _people(self._platform.connections)

    @cached_property
    def joined(self) -> Names:
        """Those of whom the platform has a connection with a socket."""
        connections = self._platform.connections.items()
        return _people(id for id, presence in connections if presence is Presence.JOINED)

    @cached_property
    def lost(self) -> Names:
        """Those for whom the platform waits."""
        connections = self._platform.connections.items()
        return _people(id for id, presence in connections if presence is Presence.LOST)

    @cached_property
    def cut_off(self) -> Names:
        """Those whose link is down, one way at least."""
        links = ((name, who.driver.link) for name, who in self._participants.items())
        return tuple(name for name, link in links if link.up.blocked or link.down.blocked)

    @cached_property
    def restless(self) -> Names:
        """Those on the way in or out, and those whom the platform waits for, or has not missed."""
        here = self._platform.connections.items()
        people = [(name, self._participants[name]) for name in self.open]
        owned = {who.membership.own for _, who in people}
        under_way = [
            name
            for name, who in people
            if who.session.state in _UNDER_WAY or who.membership.is_reconnecting
        ]
        missed = _people(id for id, how in here if how is Presence.LOST or id not in owned)
        return (*under_way, *missed)

    @cached_property
    def in_doubt(self) -> Names:
        """Those of whom it is open what becomes of them: somebody's patience will end."""
        return self.restless + self.cut_off

    # -- who publishes, and who sees it ----------------------------------------------------------

    @cached_property
    def publishing(self) -> Names:
        """Those who have a Publisher."""
        return tuple(name for name in self.open if self._has_publisher(name))

    @cached_property
    def idle(self) -> Names:
        """Those who are connected and have no Publisher."""
        return tuple(name for name in self.connected if not self._has_publisher(name))

    def _has_publisher(self, name: str) -> bool:
        return any(each.is_alive for each in self._participants[name].driver.core.publishers)

    @cached_property
    def on_stage(self) -> Names:
        """Those whose stream the platform has."""
        return _people(self._platform.streams.values())

    @cached_property
    def unseen(self) -> dict[str, Names]:
        """By viewer: those whose stream the viewer knows and has no Subscriber for."""
        return self._by_viewer(seen=False)

    @cached_property
    def seen(self) -> dict[str, Names]:
        """By viewer: those for whose stream the viewer has a Subscriber."""
        return self._by_viewer(seen=True)

    def _by_viewer(self, *, seen: bool) -> dict[str, Names]:
        found = {}
        for name in self.connected:
            session = self._participants[name].session
            shown = {each.stream.id for each in session.subscribers}
            streams = [s for s in session.streams.values() if s.connection.client != name]
            owners = [s.connection.client for s in streams if (s.id in shown) == seen]
            if owners:
                found[name] = tuple(dict.fromkeys(owners))
        return found

    # -- who has power over whom -----------------------------------------------------------------

    @cached_property
    def mighty(self) -> Names:
        """Those who are connected: moderators first, then those who will be refused."""

        def is_weak(name: str) -> bool:
            role = self._participants[name].person.role
            return Capability.FORCE_DISCONNECT not in ROLES[role]

        return tuple(sorted(self.connected, key=is_weak))

    @cached_property
    def kickable(self) -> dict[str, Names]:
        """By who kicks: the others who are there."""
        return _others(self.mighty, self.present)

    @cached_property
    def addressable(self) -> dict[str, Names]:
        """By who signals: the others who are connected."""
        return _others(self.connected, self.connected)

    @cached_property
    def stoppable(self) -> dict[str, Names]:
        """By who ends a stream, or mutes it: the others who have one."""
        return _others(self.mighty, self.on_stage)


def _people(ids: Any) -> Names:
    return tuple(dict.fromkeys(name for name in map(person_of, ids) if name is not None))


def _others(actors: Names, people: Names) -> dict[str, Names]:
    found = {name: tuple(other for other in people if other != name) for name in actors}
    return {name: others for name, others in found.items() if others}


# -- preconditions and arguments -------------------------------------------------------------------


def there_is(*groups: str) -> Callable[[Decorated], Decorated]:
    """A precondition: somebody is in each of these groups."""

    def found(machine: Any) -> bool:
        situation = machine.situation
        return all(getattr(situation, group) for group in groups)

    found.__name__ = f"there_is_{'_and_'.join(groups)}"
    return precondition(found)


@lru_cache(maxsize=1 << 12)
def sampled(values: tuple[Any, ...]) -> SearchStrategy[Any]:
    """One of these; the same few tuples come again and again."""
    return st.sampled_from(values)


@lru_cache(maxsize=1 << 12)
def placed(names: tuple[str, ...], here: tuple[str, ...]) -> SearchStrategy[str]:
    """One of those who are here, each in the place that the name has among all ``names``.

    So that who is taken out of a story to make it smaller leaves the others in their roles: a place
    where nobody is stands for whoever comes next.
    """
    if here == names:
        return st.sampled_from(names)
    places = [*here, *[name for name in names if name not in here]]
    if len(places) != len(names):  # somebody has another name than the class gives
        return st.sampled_from(here)
    following = {
        name: next(n for n in (*names[at:], *names[:at]) if n in here)
        for at, name in enumerate(names)
    }
    return st.sampled_from(names).map(following.__getitem__)


def one_of(group: str) -> SearchStrategy[str]:
    """One of a group, as it is when the rule is drawn."""

    def draw(machine: Any) -> SearchStrategy[str]:
        return placed(machine.names, tuple(getattr(machine.situation, group)))

    return st.runner().flatmap(draw)


def actor_of(group: str) -> SearchStrategy[str]:
    """One of those who can do it to somebody; :func:`target_of` draws to whom, afterwards.

    Hypothesis draws the arguments of a rule in the order of their names.
    """

    def draw(machine: Any) -> SearchStrategy[str]:
        def chosen(name: str) -> str:
            machine.chosen = name
            return name

        return placed(machine.names, tuple(getattr(machine.situation, group))).map(chosen)

    return st.runner().flatmap(draw)


def target_of(group: str) -> SearchStrategy[str]:
    """One to whom the actor that was drawn can do it."""

    def draw(machine: Any) -> SearchStrategy[str]:
        return placed(machine.names, getattr(machine.situation, group)[machine.chosen])

    return st.runner().flatmap(draw)
