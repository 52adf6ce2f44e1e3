"""What is verified: the simulator's own models, or others in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.handshake import Handshake
from sim.network.link import Link
from sim.network.outages import OutageProcess
from sim.network.specs import DirectionSpec, Outages, Transport
from sim.network.stream import StreamSender
from sim.platform import Platform, PlatformSettings
from sim.protocol.journal import Journal
from sim.result import Result
from sim.running import run


@frozen
class Models:
    """Makers of the models under test, and what runs a whole story.

    The defaults are what every run of the simulator is made of. A test hands in others, such as a
    direction that loses 5 % more, to see that this is found.
    """

    direction: Callable[[DirectionSpec, Draws, str, str], Direction] = Direction
    outages: Callable[[Outages, Draws, str], OutageProcess] = OutageProcess
    stream: Callable[[Direction, Transport], StreamSender[Any]] = StreamSender
    handshake: Callable[[Link], Handshake] = Handshake
    platform: Callable[[Journal, PlatformSettings], Platform] = Platform
    run: Callable[..., Result] = run


OWN: Final = Models()
"""The simulator's own."""
