"""What is varied of a scenario: by a grid, by a list, or by a Latin hypercube."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any, Final

from attrs import field, frozen

from sim.draws.address import Address
from sim.draws.stream import Stream
from sim.research.experiments import hypercube
from sim.research.experiments.paths import parsed
from sim.research.experiments.plain import PLAIN
from sim.scenario.compounds import Named, Several
from sim.scenario.layout import flow
from sim.scenario.nodes import Listing, Mark
from sim.scenario.problems import BAD, Complaint, Path, refuse
from sim.scenario.quantities import whole_number
from sim.scenario.shapes import Value
from sim.scenario.showing import shown
from sim.scenario.tables import given, key, said, spoken, table

MOST_POINTS: Final = 10_000
"""A design may have this many points."""

Values = dict[str, Any]
"""By path, what stands there."""


@frozen
class Point:
    """One variant of a scenario: its number, from 0, and by path what is different in it."""

    number: int
    values: Values = field(factory=dict)

    @property
    def label(self) -> str:
        """What is different, in one line; "" if nothing is.

        >>> Point(1, {"platform.grace": "45s"}).label
        'platform.grace=45s'
        """
        return ", ".join(f"{path}={written(value)}" for path, value in self.values.items())


def written(value: Any) -> str:
    """A value of a design as a file would say it; a text by itself.

    >>> written("45s"), written({"uniform": {"from": "0s", "to": "1s"}}), written(None)
    ('45s', '{uniform: {from: 0s, to: 1s}}', 'null')
    """
    return value if isinstance(value, str) else flow(value)


def _path(written: Any) -> Any:
    if not isinstance(written, str):
        return BAD
    parsed(written)
    return written


def _is_path(value: object) -> bool:
    try:
        return _path(value) is not BAD
    except ValueError:
        return False


_PATH: Final = Value("the path of a parameter", _path, _is_path, json={"type": "string"})


class _Values(Several):
    """A list that is not empty."""

    def structure(self, node: Any, path: Path, reading: Any) -> Any:
        """Read a list of plain values; a single one is not a list of one."""
        if isinstance(node, Listing) and not node.items:
            mark = Mark(node.line, node.column)
            return reading.wrong(mark, path, f"the list is empty: this is to be {self.says}")
        return super().structure(node, path, reading)


_LEVELS: Final = _Values("a list of values such as [15s, 45s]", PLAIN)
_GRID: Final = Named("a mapping such as {platform.grace: [15s, 45s]}", _PATH, _LEVELS)
_ROW: Final = Named("a mapping such as {platform.grace: 15s}", _PATH, PLAIN)
_LIST: Final = _Values("a list of mappings such as {platform.grace: 15s}", _ROW)
_RANGES: Final = Named("a mapping such as {platform.grace: [5s, 60s]}", _PATH, PLAIN)


@frozen(kw_only=True, field_transformer=spoken)
class Hypercube:
    """So many points that cover some ranges evenly."""

    __repr__ = shown

    points: int = field(
        metadata=key(whole_number(2, MOST_POINTS), "How many points there are."),
    )
    ranges: dict[str, Any] = field(
        converter=said,
        metadata=key(_RANGES, "By path, the two ends: two durations or two numbers."),
    )
    seed: int = field(
        default=1, metadata=key(whole_number(0, 2**64 - 1), "What the places are drawn from.")
    )

    def __attrs_post_init__(self) -> None:
        refuse(_wrong_ranges(self))

    def rows(self) -> Iterator[Values]:
        """The points, each as what is different in it."""
        columns = [
            [ends.at(share) for share in hypercube.shares(self._stream(path), self.points)]
            for path, ends in ((path, hypercube.parsed(each)) for path, each in self.ranges.items())
        ]
        for row in zip(*columns, strict=True):
            yield dict(zip(self.ranges, row, strict=True))

    def _stream(self, path: str) -> Stream:
        return Stream(Address(self.seed, 0, path, "latin-hypercube"))


def _wrong_ranges(draft: Any) -> Iterator[Complaint]:
    if not isinstance(draft.ranges, dict):
        return
    if not draft.ranges:
        yield Complaint(("ranges",), "there is no range: name at least one path")
    for path, ends in draft.ranges.items():
        try:
            hypercube.parsed(ends)
        except ValueError as problem:
            yield Complaint(("ranges", path), str(problem))


_HYPERCUBE: Final = table(
    Hypercube,
    "latin-hypercube",
    "a mapping such as {points: 20, ranges: {platform.grace: [5s, 60s]}}",
    checks=_wrong_ranges,
)


@frozen(kw_only=True, field_transformer=spoken)
class Design:
    """What is varied: one of a grid, a list and a Latin hypercube; nothing, if none is given.

    In a grid every value of a path meets every value of the others; the last path changes fastest.
    """

    __repr__ = shown

    grid: dict[str, tuple[Any, ...]] | None = field(
        default=None,
        converter=said,
        metadata=key(_GRID, "By path, the values: each with each."),
    )
    rows: tuple[Values, ...] | None = field(
        default=None, converter=said, metadata=key(_LIST, "The points one by one.", "list")
    )
    latin_hypercube: Hypercube | None = field(
        default=None,
        converter=said,
        metadata=key(_HYPERCUBE, "Points that cover ranges evenly."),
    )

    def __attrs_post_init__(self) -> None:
        if len(given(self)) > 1:
            refuse([Complaint((), "grid, list and latin-hypercube exclude each other: keep one")])
        refuse(_too_many(self))

    @property
    def points(self) -> tuple[Point, ...]:
        """The variants in order; without a design there is one, in which nothing is different."""
        return tuple(Point(number, values) for number, values in enumerate(self._rows()))

    def _rows(self) -> Iterator[Values]:
        if self.grid is not None:
            for levels in product(*self.grid.values()):
                yield dict(zip(self.grid, levels, strict=True))
        elif self.rows is not None:
            yield from self.rows
        elif self.latin_hypercube is not None:
            yield from self.latin_hypercube.rows()
        else:
            yield {}

    def factor(self, point: Point, path: str) -> Path:
        """Where in the design a path is named."""
        return ("grid", path) if self.grid is not None else self.place(point, path)

    def entry(self, point: Point) -> Path:
        """Where in the design the values of a point are said; of several the last, if no entry of
        a list has them together.
        """
        *others, last = [self.place(point, path) for path in point.values]
        return last[:2] if others and self.rows is not None else last

    def place(self, point: Point, path: str) -> Path:
        """Where in the design the value of a path at a point is said."""
        if self.grid is not None:
            # By identity, as 1, 1.0 and true are equal.
            said = point.values[path]
            levels = self.grid[path]
            return ("grid", path, next(n for n, level in enumerate(levels) if level is said))
        if self.rows is not None:
            return ("list", point.number, path)
        return ("latin-hypercube", "ranges", path)


def _too_many(draft: Any) -> Iterator[Complaint]:
    if isinstance(draft.grid, dict):
        lists = [levels for levels in draft.grid.values() if isinstance(levels, tuple)]
        count = prod(map(len, lists))
        if count > MOST_POINTS:
            yield Complaint(
                ("grid",), f"these are {count} points: a design has at most {MOST_POINTS}"
            )
    elif isinstance(draft.rows, tuple) and len(draft.rows) > MOST_POINTS:
        count = len(draft.rows)
        yield Complaint(("list",), f"these are {count} points: a design has at most {MOST_POINTS}")


DESIGN: Final = table(
    Design,
    "design",
    "a mapping with grid, list or latin-hypercube",
    one_of=("grid", "list", "latin-hypercube"),
    checks=_too_many,
)
