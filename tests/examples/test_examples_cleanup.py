"""No tile stays behind, whoever removes it: the SDK at once, or the app when it has faded."""

from callapp.tiles import FADE, FadingTiles, Tiles
from hypothesis import strategies as st
from hypothesis.stateful import invariant

import sim
from sim.testing import SessionMachine


class Grid(SessionMachine):
    """Calls in which everybody's tiles are made by our app, and by nothing else."""

    apps = {"alice": Tiles, "bob": Tiles}
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

    @invariant()
    def one_tile_for_each_stream(self):
        for name in self.situation.open:
            shown = [each.stream.id for each in self.simulation.client(name).subscribers]
            assert len(shown) == len(set(shown))

    def teardown(self):
        super().teardown()
        for name in self.situation.open:
            client = self.simulation.client(name)
            if client.state == "disconnected":
                assert not client.subscribers


class FadingGrid(Grid):
    apps = {"alice": FadingTiles, "bob": FadingTiles}


TestTiles = Grid.TestCase
TestFadingTiles = FadingGrid.TestCase
