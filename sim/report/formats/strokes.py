"""What a still is drawn with: shapes and texts of an SVG, patterns for states.

Everything is an attribute of its element: there is no style sheet that could reach the page around
a picture, nothing to fetch, and texts are written by the serialiser, which escapes them.
"""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from attrs import define, field

from sim.report.formats.looks import HUES, LOOKS, PATTERNS, SURFACE, TILE, Look
from sim.telling.marks import visible

FONT: Final = "Helvetica, Arial, sans-serif"
WIDE: Final = 0.53
"""The width of an average character of such a font, by its size."""
_LEAST: Final = 0.6
"""Nothing is too short to be seen."""
_UNKNOWN: Final = Look("gone", "crossed")


@define
class Drawing:
    """An SVG of a width that grows downwards. Units are CSS pixels."""

    width: int
    title: str
    root: ET.Element = field(init=False)
    _looks: dict[str, Look] = field(init=False, factory=dict)
    """The patterns that are used, by their ids."""

    def __attrs_post_init__(self) -> None:
        self.root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
        ET.SubElement(self.root, "title").text = visible(self.title)
        self.root.append(ET.Element("defs"))

    def shape(self, tag: str, **attributes: str | float) -> ET.Element:
        """An element; ``_`` in the names of attributes stands for a hyphen. Numbers are rounded."""
        said = {name.replace("_", "-"): _written(each) for name, each in attributes.items()}
        return ET.SubElement(self.root, tag, said)

    def within(self, element: ET.Element, text: str) -> None:
        """Give an element a text that shows when one points to it."""
        ET.SubElement(element, "title").text = visible(text)

    def text(self, x: float, y: float, text: str, size: float, **more: str | float) -> None:
        """A line of text; ``y`` is its base line."""
        self.shape("text", x=x, y=y, font_size=size, **more).text = visible(text)

    def line(self, x1: float, y1: float, x2: float, y2: float, **more: str | float) -> None:
        """A stroke."""
        self.shape("line", x1=x1, y1=y1, x2=x2, y2=y2, **more)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, **more: str | float
    ) -> ET.Element:
        """An area; however short it lasted, it is seen."""
        return self.shape(
            "rect", x=x, y=y, width=max(width, _LEAST), height=height, fill=fill, **more
        )

    def state(
        self, x: float, y: float, width: float, height: float, kind: str, state: str
    ) -> ET.Element:
        """An area that looks like a state of that kind of track."""
        look = LOOKS.get(kind, {}).get(state, _UNKNOWN)
        hue = HUES[look.hue]
        if look.pattern == "hollow":
            fill = SURFACE
        elif look.pattern == "plain":
            fill = hue.fill
        else:
            name = f"state-{look.hue}-{look.pattern}"
            self._looks[name] = look
            fill = f"url(#{name})"
        return self.box(x, y, width, height, fill, stroke=hue.line, stroke_width=0.5)

    def finished(self, height: float) -> str:
        """The picture as text."""
        size = {"width": str(self.width), "height": _written(height)}
        size |= {"viewBox": f"0 0 {self.width} {_written(height)}", "font-family": FONT}
        self.root.attrib.update(size)
        defs = self.root.find("defs")
        assert defs is not None
        defs.extend(_pattern(name, look) for name, look in sorted(self._looks.items()))
        ET.indent(self.root, " ")
        return ET.tostring(self.root, "unicode") + "\n"


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _pattern(name: str, look: Look) -> ET.Element:
    hue, size = HUES[look.hue], {"width": str(TILE), "height": str(TILE)}
    pattern = ET.Element("pattern", {"id": name, "patternUnits": "userSpaceOnUse", **size})
    ET.SubElement(pattern, "rect", {"fill": hue.fill, **size})
    ET.SubElement(
        pattern,
        "path",
        {"d": PATTERNS[look.pattern], "stroke": hue.line, "stroke-width": "0.9", "fill": "none"},
    )
    return pattern


def fitted(text: str, room: float, size: float) -> str:
    """A text in one line, cut to fit into a room.

    >>> fitted("subscriber", 30, 8)
    'subscr…'
    """
    most = max(int(room / (WIDE * size)), 2)
    said = visible(text)
    return said if len(said) <= most else f"{said[: most - 1]}…"
