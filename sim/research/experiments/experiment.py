"""An experiment as data.

>>> experiment = Experiment(
...     name="grace",
...     scenario="scenarios/flaky.yaml",
...     design={"grid": {"platform.grace": ["15s", "45s"]}},
...     replications=20,
... )
>>> [point.label for point in experiment.points]
['platform.grace=15s', 'platform.grace=45s']
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

from attrs import field, frozen

from sim.protocol.units import SECOND, parse_duration
from sim.research.experiments.designs import DESIGN, Design, Point
from sim.research.experiments.measures import HALF_WIDTH, METRIC, METRICS, Measure
from sim.research.experiments.stories import STORY, WrongStory
from sim.research.experiments.varying import Variation, designs
from sim.research.metrics import Metric
from sim.research.metrics.catalogue import catalogue
from sim.research.statistics.stopping import LEAST, HalfWidth
from sim.scenario import Scenario
from sim.scenario.problems import Complaint, refuse
from sim.scenario.quantities import DURATION, TEXT, number, pattern, whole_number
from sim.scenario.showing import shown
from sim.scenario.tables import given, key, said, spoken, table
from sim.version import VERSION
from sim.wording import quoted

DEFAULT: Final = 100
"""Replications of each point, where nothing is said."""
MOST: Final = 10**9
"""Replications of each point, at most."""

_TITLE: Final = pattern(
    "a name for an experiment",
    r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}",
    "it has up to 80 letters, digits, spaces, dots, - and _, a letter or a digit first",
)


@frozen(kw_only=True, field_transformer=spoken)
class Until:
    """Replicate until a metric's interval is narrow at every point, and stays so.

    The rule is that of Hoad, Robinson and Davies: :mod:`sim.research.statistics.stopping`.
    """

    __repr__ = shown

    metric: Measure = field(converter=said, metadata=key(METRIC, "Whose interval is looked at."))
    half_width: float | str = field(
        converter=said,
        metadata=key(HALF_WIDTH, "Half of the interval, at most: in the metric's unit, or as 5%."),
    )
    at_most: int = field(
        metadata=key(whole_number(LEAST, MOST), "Replications of each point, at most."),
    )
    level: float = field(
        default=0.95,
        converter=said,
        metadata=key(number(0.5, 0.9999), "The confidence level of the interval."),
    )

    @property
    def rule(self) -> HalfWidth:
        """The stopping rule."""
        return HalfWidth(
            target=self._target,
            at_most=self.at_most,
            relative=str(self.half_width).endswith("%"),
            level=self.level,
        )

    @property
    def _target(self) -> float:
        """As a share, or in the unit of the metric."""
        written = self.half_width
        if not isinstance(written, str):
            return written
        share = written.endswith("%")
        return float(written[:-1]) / 100 if share else parse_duration(written) / SECOND


def _until_complaints(draft: Any) -> Iterator[Complaint]:
    metric, written = draft.metric, draft.half_width
    is_time = isinstance(written, str) and not written.endswith("%")
    # What a function measures only its figures will tell: a duration is taken at its word.
    if is_time and isinstance(metric, Metric) and metric.unit != "s" and metric.name in catalogue():
        of = "has no unit" if metric.unit == "1" else f"is in {metric.unit}"
        sentence = f"{quoted(written)} is a duration, and {metric.name} {of}: write a number or 5%"
        yield Complaint(("half-width",), sentence)


_UNTIL: Final = table(
    Until,
    "until",
    "a mapping such as {metric: ghost-time, half-width: 5%, at-most: 2000}",
    checks=_until_complaints,
)


@frozen(kw_only=True, field_transformer=spoken)
class Experiment:
    """A scenario, what is varied of it, how often each variant runs, and what is measured.

    ``scenario`` is a :class:`~sim.Scenario` or the name of a file. ``metrics`` are names of shipped
    metrics or functions of an :class:`~sim.research.observing.Observed`; all shipped ones, if none
    is given. All points share the scenario's seed and the numbers of the replications, so that they
    are compared under the same luck. Raises :class:`~sim.scenario.ScenarioError`, a ``ValueError``:
    if an argument cannot be read, with what is wrong with the first such, else with everything.
    """

    __repr__ = shown

    name: str = field(metadata=key(_TITLE, "What the experiment is called."))
    about: str = field(default="", metadata=key(TEXT, "What it is to find out."))
    scenario: Scenario = field(
        converter=said,
        metadata=key(STORY, "The scenario: a file, seen from this one, or in place."),
    )
    design: Design = field(
        default=Design(), converter=said, metadata=key(DESIGN, "What is varied of the scenario.")
    )
    replications: int | None = field(
        default=None,
        metadata=key(
            whole_number(1, MOST), f"How often each point runs: {DEFAULT} times if not said."
        ),
        converter=said,
    )
    until: Until | None = field(
        default=None,
        converter=said,
        metadata=key(_UNTIL, "When each point has run often enough, instead of a number."),
    )
    metrics: tuple[Measure, ...] = field(
        default=(), converter=said, metadata=key(METRICS, "What is measured: all, if not said.")
    )
    warm_up: int = field(
        default=0,
        converter=said,
        metadata=key(DURATION, "How much of each run is left out of the metrics, from its start."),
    )

    def __attrs_post_init__(self) -> None:
        refuse(_complaints(self))

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The variants, in order."""
        return self.design.points

    @cached_property
    def _variation(self) -> Variation:
        return Variation(self.scenario)

    def at(self, point: Point) -> Scenario:
        """The scenario of a point."""
        return self._variation.scenario(point)

    @property
    def measured(self) -> tuple[Measure, ...]:
        """The metrics, all shipped ones if none is named, and that of the stopping rule."""
        metrics = self.metrics or tuple(catalogue().values())
        stopping = (self.until.metric,) if self.until else ()
        return tuple({metric.name: metric for metric in (*metrics, *stopping)}.values())

    @property
    def most(self) -> int:
        """Replications of each point, at most."""
        return self.until.at_most if self.until else self.replications or DEFAULT

    @cached_property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that stand for what is run, by which version."""
        data = to_data(self)
        data.pop("about", None)
        data["version"] = VERSION
        canonical = json.dumps(_in_order(data), ensure_ascii=True, separators=(",", ":"))
        return blake2b(canonical.encode("ascii"), digest_size=16).hexdigest()


def _in_order(data: Any) -> Any:
    """Mappings as lists of pairs: the order of people and of paths makes a difference."""
    if isinstance(data, dict):
        return [[name, _in_order(each)] for name, each in data.items()]
    return [_in_order(each) for each in data] if isinstance(data, list) else data


def _complaints(draft: Any) -> Iterator[Complaint]:
    if {"replications", "until"} <= set(given(draft)):
        yield Complaint(("until",), "replications and until exclude each other: keep one")
    yield from _misnamed(draft.metrics)
    scenario, warm_up = draft.scenario, draft.warm_up
    if isinstance(scenario, Scenario | WrongStory):
        yield from dict.fromkeys(_of_points(scenario, draft.design))
    known = isinstance(scenario, Scenario) and isinstance(warm_up, int)
    if known and warm_up >= scenario.duration:
        yield Complaint(("warm-up",), "nothing is left: the scenario does not last as long")


def _misnamed(metrics: Any) -> Iterator[Complaint]:
    """Metrics of one's own that are called like shipped ones: figures of both could be mixed."""
    for place, each in enumerate(metrics if isinstance(metrics, tuple) else ()):
        if isinstance(each, Metric) and catalogue().get(each.name, each) is not each:
            sentence = f"'{each.name}' is the name of a shipped metric: call yours otherwise"
            yield Complaint(("metrics", place), sentence)


def _of_points(scenario: Scenario | WrongStory, read: Any) -> Iterator[Complaint]:
    """What is wrong with the points of a design, so far as it could be read."""
    variation = Variation(scenario)
    for design in designs(read):
        for point in design.points:
            for path, sentence in variation.complaints(design, point):
                yield Complaint(("design", *path), sentence)


EXPERIMENT: Final = table(
    Experiment, "experiment", "a mapping with name and scenario", checks=_complaints
)


def to_data(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment as plain data, with its scenario in place: what a file would say."""
    data: dict[str, Any] = EXPERIMENT.write(experiment)
    return data
