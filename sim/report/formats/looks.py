"""How states look in a still: a colour and a pattern each, so that either alone would do.

The hues are those of the page (``assets/picture/looks.js``): every line has a contrast of at least
3 to what is behind it, every ink of 4.5. Calm states are plain, trouble is hatched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from sim.report.model.timeline import CONNECTION, LINK, MEDIA, PUBLISHER, SESSION, SUBSCRIBER

SURFACE: Final = "#ffffff"
STRIPE: Final = "#f5f7f9"
RULE: Final = "#d3d9e0"
INK: Final = "#1a1f26"
MUTED: Final = "#56606c"
ARROW: Final = "#5d6f86"
CHAIN: Final = "#b0127b"
FAULT: Final = "#c42d1e"
BREACH: Final = "#b3261e"


@frozen
class Hue:
    """The colour of an area, and of its border and what is drawn in it."""

    fill: str
    line: str


HUES: Final[Mapping[str, Hue]] = {
    "calm": Hue("#a9dfd2", "#0a6f61"),
    "busy": Hue("#d6e8ff", "#2f78d0"),
    "trouble": Hue("#ffd694", "#9a5200"),
    "moving": Hue("#dcc6f8", "#5b1fa6"),
    "gone": Hue("#eceef1", "#717a85"),
    "broken": Hue("#f9b9b0", "#b3261e"),
}

PATTERNS: Final[Mapping[str, str]] = {
    "plain": "",
    "hollow": "",
    "rising": "M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5",
    "falling": "M-1 -1 L7 7 M-1 5 L1 7 M5 -1 L7 1",
    "crossed": "M-1 7 L7 -1 M-1 -1 L7 7",
    "dotted": "M1 1.5 h1 M4 4.5 h1",
    "barred": "M1.5 0 V6 M4.5 0 V6",
}
"""Pattern → what is drawn in a tile of 6 by 6, as the data of an SVG path."""

TILE: Final = 6


@frozen
class Look:
    """One state: the names of its hue and of its pattern."""

    hue: str
    pattern: str


_STARTING: Final = Look("busy", "rising")
_CALM: Final = Look("calm", "plain")
_TROUBLE: Final = Look("trouble", "falling")
_ENDED: Final = Look("gone", "hollow")

LOOKS: Final[Mapping[str, Mapping[str, Look]]] = {
    SESSION: {
        "connecting": _STARTING,
        "connected": _CALM,
        "reconnecting": _TROUBLE,
        "migrating": Look("moving", "dotted"),
        "disconnecting": Look("gone", "barred"),
        "ended": _ENDED,
    },
    PUBLISHER: {"starting": _STARTING, "publishing": _CALM, "ended": _ENDED},
    SUBSCRIBER: {"starting": _STARTING, "showing": _CALM, "frozen": _TROUBLE, "ended": _ENDED},
    CONNECTION: {"joined": _CALM, "lost": _TROUBLE},
    LINK: {
        "up": Look("gone", "plain"),
        "no way in": Look("trouble", "rising"),
        "no way out": Look("trouble", "falling"),
        "out": Look("broken", "crossed"),
        "refused": Look("broken", "barred"),
        "lossy": Look("trouble", "dotted"),
    },
    MEDIA: {"cut": Look("broken", "barred")},
}
"""Kind of track → state → how it looks; the states of :data:`~sim.report.model.timeline.STATES`."""
