"""The list of participants is that of the platform, whatever has happened."""

from callapp.participants import Participants
from hypothesis.stateful import invariant

from sim.testing import SessionMachine


class Calls(SessionMachine):
    """Calls in which Alice and Bob see a list."""

    apps = {"alice": Participants, "bob": Participants}
    require = {"networkDisconnected", "forceDisconnected", "rule:come_back"}

    def lists(self):
        """The lists of those who have one and are in the call, by name."""
        connected = self.situation.connected
        return {name: self.app(name) for name in connected if self.app(name) is not None}

    @invariant()
    def oneself_is_on_the_list_once(self):
        for name, people in self.lists().items():
            own = self.simulation.client(name).connection
            assert own in people.here

    def at_rest(self):
        here = self.simulation.platform.connections
        for people in self.lists().values():
            assert sorted(people.here) == sorted(here)
        for name in self.situation.away:
            people = self.app(name)
            assert people is None or people.names == []


TestParticipants = Calls.TestCase
