"""No tile stays behind, whoever removes it: the SDK at once, or the app when it has faded."""

from callapp.tiles import FADE, FadingTiles, Tiles
from hypothesis.stateful import invariant

from sim.testing import SessionMachine
