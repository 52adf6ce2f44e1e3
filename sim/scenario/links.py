"""How networks are written: a preset, or loss, delay and outages, or a preset with changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrs import evolve

from sim.network.presets import NETWORKS
from sim.network.specs import MODES, WAYS, DirectionSpec, LinkSpec, Outages, Transport
from sim.scenario.compounds import Either
from sim.scenario.losses import LOSS
from sim.scenario.nodes import Node, to_python
from sim.scenario.problems import Complaint, Path, Reading
from sim.scenario.quantities import NAME, POSITIVE_DURATION, PROBABILITY, whole_number
from sim.scenario.shapes import Choice, Word, choice
from sim.scenario.spreads import SPREAD, never_passes
from sim.scenario.tables import Key, Table, foreign_keys, table

_WAYS: Final = ("From the person to the platform.", "From the platform to the person.", "Both.")
_MODES: Final = ("Packets vanish.", "Packets vanish, and new connections are refused at once.")

WAY: Final = choice("a direction", dict(zip(WAYS, _WAYS, strict=True)))
MODE: Final = choice("a mode", dict(zip(MODES, _MODES, strict=True)))

# -- outages and transport -----------------------------------------------------------------------


def _no_rest(draft: Any) -> Iterator[Complaint]:
    if never_passes(draft.up) and never_passes(draft.down):
        yield Complaint((), "every and last are both 0s: the link would fail without end at once")


OUTAGES: Final = table(
    Outages,
    "outages",
    "a mapping such as {every: {exponential: 90s}, last: 8s}",
    foreign_keys(
        Outages,
        {
            "up": (SPREAD, "Time in service before each outage."),
            "down": (SPREAD, "How long each outage lasts."),
            "direction": (WAY, "Which way is down."),
            "mode": (MODE, "What becomes of packets."),
        },
        up="every",
        down="last",
    ),
    checks=_no_rest,
)

_ROUND_TRIPS: Final = whole_number(1, 10)

TRANSPORT: Final = table(
    Transport,
    "transport",
    "a mapping such as {rto: 2s}",
    foreign_keys(
        Transport,
        {
            "rto": (POSITIVE_DURATION, "The first retransmission timeout; each is twice as long."),
            "rto_max": (POSITIVE_DURATION, "The longest retransmission timeout."),
            "round_trips": (_ROUND_TRIPS, "Round trips until a WebSocket is open."),
        },
    ),
)

# -- links -----------------------------------------------------------------------------------------

_ONE_WAY: Final = {
    "loss": (LOSS, "Which packets are lost."),
    "delay": (SPREAD, "How long the others take, one way."),
    "duplication": (PROBABILITY, "How probably a datagram arrives twice."),
}

_DIRECTION: Final = Table(
    "direction",
    "a mapping such as {loss: 2%, delay: 40ms}",
    foreign_keys(DirectionSpec, _ONE_WAY),
    dict,
    dict,
    dict,
)
"""Its value is a dict of attributes: what differs from the rest of the link."""


def _link(**chosen: Any) -> LinkSpec:
    base = NETWORKS[chosen["preset"]].link if "preset" in chosen else LinkSpec()
    both = {name: chosen[name] for name in _ONE_WAY if name in chosen}
    return LinkSpec(
        evolve(base.up, **(both | chosen.get("up", {}))),
        evolve(base.down, **(both | chosen.get("down", {}))),
        chosen.get("outages", base.outages),
        chosen.get("transport", base.transport),
    )


def _written_keys(link: LinkSpec) -> dict[str, Any]:
    for name, preset in NETWORKS.items():
        if preset.link == link:
            return {"preset": name}
    ways = {"up": _unusual(link.up), "down": _unusual(link.down)}
    return {
        **(ways["up"] if link.up == link.down else {k: way for k, way in ways.items() if way}),
        **({"outages": link.outages} if link.outages else {}),
        **({"transport": link.transport} if link.transport != Transport() else {}),
    }


def _unusual(way: DirectionSpec) -> dict[str, Any]:
    usual = DirectionSpec()
    return {n: getattr(way, n) for n in _ONE_WAY if getattr(way, n) != getattr(usual, n)}


_PRESET: Final = choice(
    "a preset of a network", {name: preset.source for name, preset in NETWORKS.items()}
)
_OUTAGES_OR_NONE: Final = Choice("", (Word("none", None, "Not even the preset's."),), OUTAGES)


class _Link(Table):
    """A network that remembers how it was said, which is what a part of it can be changed in.

    A preset says more than one key, and so does a loss for both ways.
    """

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read it, and keep what was read, unless values of code are in it."""
        link = super().structure(node, path, reading)
        said = to_python(node)
        if isinstance(link, LinkSpec) and _is_plain(said):
            object.__setattr__(link, "written", said)
        return link


def _is_plain(said: Any) -> bool:
    if isinstance(said, dict):
        return all(map(_is_plain, said.values()))
    return said is None or isinstance(said, str | int | float)


LINK: Final = _Link(
    "network",
    "a network such as {preset: fibre} or {loss: 2%, delay: 40ms}",
    {
        "preset": Key(_PRESET, "Where the other keys begin, with a source.", "", "preset", None),
        **foreign_keys(DirectionSpec, _ONE_WAY),
        "up": Key(_DIRECTION, "What is different towards the platform.", "", "up", None),
        "down": Key(_DIRECTION, "What is different towards the person.", "", "down", None),
        "outages": Key(_OUTAGES_OR_NONE, "How the link fails by chance.", "", "outages", None),
        "transport": Key(TRANSPORT, "How TCP behaves.", "", "transport", Transport()),
    },
    LinkSpec,
    _link,
    _written_keys,
)

NETWORK: Final = Either(f"the name of a network, or {LINK.says}", NAME, LINK)
"""Whose network somebody is on: a name of ``networks`` or of a preset, or one of its own."""
