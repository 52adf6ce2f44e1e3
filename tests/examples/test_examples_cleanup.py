"""No tile stays behind, whoever removes it: the SDK at once, or the app when it has faded."""

from callapp.tiles import FadingTiles, Tiles
from hypothesis import strategies as st
from hypothesis.stateful import invariant

import sim
from sim.testing import SessionMachine


class Calls(SessionMachine):
    """Calls in which the tiles of Alice and Bob are made by our app, and by nobody else."""

    apps = {"alice": Tiles, "bob": Tiles}
    weights = {"subscribe": 0, "unsubscribe": 0}
    max_people = 3

    @classmethod
    def person(cls, name):
        return st.builds(
            sim.Person,
            role=st.sampled_from(["publisher", "moderator"]),
            network=st.sampled_from(cls.networks),
            publish=st.just("camera"),
            subscribe=st.just("nobody"),
        )

    def tiles(self):
        """For everybody whose page is open: the Session, and the streams that have a tile."""
        for name in self.situation.open:
            client = self.simulation.client(name)
            yield client.session, [tile.stream.id for tile in client.subscribers]

    @invariant()
    def nobody_is_there_twice(self):
        for _, shown in self.tiles():
            assert len(shown) == len(set(shown))

    def at_rest(self):
        for session, shown in self.tiles():
            assert set(shown) <= set(session.streams)


class FadingCalls(Calls):
    apps = {"alice": FadingTiles, "bob": FadingTiles}
    require = {"networkDisconnected", "law:cleanup-prevented"}


TestTiles = Calls.TestCase
TestFadingTiles = FadingCalls.TestCase
