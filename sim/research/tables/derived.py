"""Tables that no file has: they follow from the others and from the experiment.

``points`` says what the numbers of points in the other tables stand for: it has a column for every
path of the design. A path whose values are durations has two, one of them in microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.imported import needed
from sim.protocol.units import parse_duration

if TYPE_CHECKING:
    from sim.research.experiments import Point

POINTS: Final = "points"
ESTIMATES: Final = "estimates"

_LARGEST: Final = 1 << 63
_NUMBERS: Final = ("estimate", "low", "high", "level")


def points(design: Sequence[Point]) -> Any:
    """An Arrow table of the design points: ``point``, ``label``, and the values by path."""
    pyarrow = needed("pyarrow", "a table", "research")
    columns = {
        "point": pyarrow.array([each.number for each in design], pyarrow.int64()),
        "label": pyarrow.array([each.label for each in design], pyarrow.string()),
    }
    for path in dict.fromkeys(path for each in design for path in each.values):
        for name, values, kind in _columns(path, [each.values.get(path) for each in design]):
            columns.setdefault(name, pyarrow.array(values, pyarrow.type_for_alias(kind)))
    return pyarrow.table(columns)


def _columns(path: str, values: list[Any]) -> Iterator[tuple[str, list[Any], str]]:
    """The values of a path, in the type that suits all of them; None where there is none."""
    from sim.research.experiments.designs import written  # noqa: PLC0415 - it brings the language

    kinds = {type(each) for each in values} - {type(None)}
    if kinds == {bool}:
        yield path, values, "bool"
    elif kinds == {int} and all(each is None or abs(each) < _LARGEST for each in values):
        yield path, values, "int64"
    elif kinds <= {int, float}:
        yield path, [None if each is None else float(each) for each in values], "double"
    else:
        yield path, [None if each is None else written(each) for each in values], "string"
        times = [None if each is None else _time(each) for each in values]
        if times.count(None) == values.count(None):
            yield f"{path}_us", times, "int64"


def _time(value: Any) -> int | None:
    try:
        return parse_duration(value) if isinstance(value, str) else None
    except ValueError:
        return None


def estimates(found: Iterable[Mapping[str, Any]]) -> Any:
    """An Arrow table with a row for every metric at every point; no figure is null."""
    pyarrow = needed("pyarrow", "a table", "research")
    kinds = {"point": "int64", "metric": "string", "unit": "string"}
    kinds |= dict.fromkeys(_NUMBERS, "double")
    kinds |= {"n": "int64", "method": "string", "up_to": "double"}
    fields = [(name, pyarrow.type_for_alias(kind)) for name, kind in kinds.items()]
    return pyarrow.Table.from_pylist(list(found), schema=pyarrow.schema(fields))
