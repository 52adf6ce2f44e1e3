"""What was fitted to recordings, and the network that a scenario may say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import evolve, fields, frozen

from sim.draws.distributions import Constant, Distribution
from sim.network.specs import (
    Bernoulli,
    GilbertElliott,
    LinkSpec,
    Loss,
    NoLoss,
    Outages,
)
from sim.protocol.units import MILLISECOND
from sim.research.fitting.candidates import Candidate, Choice, Model
from sim.research.fitting.errors import RecordingError
from sim.research.fitting.losses import fit_losses, in_time
from sim.research.fitting.recordings import Recording
from sim.research.fitting.spreads import fit_durations
from sim.scenario.layout import flow, yaml_text
from sim.scenario.links import LINK
from sim.scenario.quantities import NAME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIGURES: Final = 4
"""So many significant figures are written: no recording knows more."""


@frozen(eq=False, repr=False)
class Fit:
    """Models of recorded losses, delays and outages, each None if nothing was recorded of it.

    ``spacing`` is the time between packets in microseconds, if it is known: then the chain of
    losses moves in time, as it did in the recording, and not with every packet of the simulation.
    ``uneven`` says that packets were sent at times that are not alike, by which it is in time, too.
    """

    recordings: tuple[Recording, ...]
    losses: Choice[Loss] | None = None
    delays: Choice[Distribution] | None = None
    every: Choice[Distribution] | None = None
    last: Choice[Distribution] | None = None
    spacing: int | None = None
    uneven: bool = False

    def __repr__(self) -> str:
        sources = ", ".join(recording.source for recording in self.recordings)
        return f"<fit of {sources}: {flow(LINK.write(self.link))}>"

    @property
    def link(self) -> LinkSpec:
        """The network, with its numbers rounded to four figures."""
        loss: Loss = NoLoss() if self.losses is None else self._in_time(self.losses.model)
        delay = Constant(0) if self.delays is None else rounded(self.delays.model)
        outages = None
        if self.every and self.last:
            outages = Outages(rounded(self.every.model), rounded(self.last.model))
        return LinkSpec.symmetric(loss, delay, outages)

    @property
    def moves_in_time(self) -> bool:
        """Whether the chain of losses moves with time: see :func:`~.losses.in_time`."""
        return type(self.link.up.loss) not in {NoLoss, Bernoulli, GilbertElliott}

    def block(self, name: str = "fitted") -> str:
        """The network as YAML, to paste into a scenario, under this name.

        Raises ``ValueError`` for what cannot be a name there.
        """
        return yaml_text({"networks": {str(NAME.parse(name)): LINK.write(self.link)}})

    def plot(self) -> list[Axes]:
        """Draw what was recorded beside the models; return the axes.

        Raises ``ModuleNotFoundError`` with the remedy where matplotlib is not installed.
        """
        from sim.research.showing.fits import plot  # noqa: PLC0415 - imported when it is used

        return plot(self)

    def _repr_html_(self) -> str:
        from sim.research.showing.fits import html  # noqa: PLC0415 - imported when it is used

        return html(self)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON: what ``fit --json`` prints. Times are microseconds."""
        parts = {
            "losses": self.losses,
            "delays": self.delays,
            "every": self.every,
            "last": self.last,
        }
        return {
            "files": [recording.source for recording in self.recordings],
            "spacing_us": self.spacing,
            "uneven": self.uneven,
            **{
                name: {"cases": part.cases, "models": [_data(each) for each in part.candidates]}
                for name, part in parts.items()
                if part is not None
            },
            "network": LINK.write(self.link),
        }

    def _in_time(self, loss: Loss) -> Loss:
        if isinstance(loss, GilbertElliott) and self.spacing:
            moving = in_time(loss, self.spacing)
            if moving is not None:
                return rounded(moving)
        return rounded(loss)


def fit(*recordings: Recording, spacing: int | None = None) -> Fit:
    """Fit what recordings say of one network; each may say another part of it.

    ``spacing`` is the time between packets (us), where no file says when they were sent; if one
    does, it is taken instead of that.
    Raises :class:`RecordingError` if two say the same part, or if there is too little to fit.
    """
    if not recordings:
        raise RecordingError("there is nothing to fit: no recording is named")
    if spacing is not None and spacing < MILLISECOND:
        raise RecordingError(f"a spacing must be at least 1ms, not {spacing} us")
    found: dict[str, Any] = {}
    for recording in recordings:
        for name, part in _parts(recording, timed=spacing is None):
            if name in found:
                raise RecordingError(f"{recording.source}: another file has {name} already")
            found[name] = part
    measured = next((each.spacing for each in recordings if each.spacing), None)
    known = spacing if spacing is not None else measured and round(measured)
    uneven = spacing is None and any(each.steps is not None for each in recordings)
    return Fit(recordings, **found, spacing=known or None, uneven=uneven)


def _parts(recording: Recording, timed: bool) -> Iterator[tuple[str, Choice[Any]]]:
    """What a recording says; ``timed`` if losses go by the times at which packets were sent."""
    source = recording.source
    if recording.lost is not None:
        steps = recording.steps if timed else None
        yield "losses", fit_losses(recording.lost, source, steps)
    if recording.delays is not None and (recording.lost is None or recording.delays.size):
        yield "delays", fit_durations(recording.delays, f"{source}, delays")
    if recording.every is not None and recording.last is not None:
        yield "every", fit_durations(recording.every, f"{source}, times between outages")
        yield "last", fit_durations(recording.last, f"{source}, outages")


def rounded(model: Model) -> Model:
    """The model with its numbers to four significant figures; durations stay whole."""
    numbers = {each.name: getattr(model, each.name) for each in fields(type(model)) if each.init}
    made: Model = evolve(
        cast(Any, model), **{name: _figures(value) for name, value in numbers.items()}
    )
    return made


def _figures(number: float) -> float:
    written = float(f"{number:.{FIGURES}g}")
    return int(written) if isinstance(number, int) else written


def _data(candidate: Candidate[Any]) -> dict[str, Any]:
    model, test = candidate.model, candidate.goodness
    numbers = {each.name: getattr(model, each.name) for each in fields(type(model)) if each.init}
    bounded = abs(candidate.log_likelihood) != float("inf")
    return {
        "model": candidate.name,
        "parameters": numbers,
        "aic": candidate.aic if bounded else None,
        "log_likelihood": candidate.log_likelihood if bounded else None,
        "test": test
        and {
            "name": test.test,
            "statistic": test.statistic,
            "degrees": test.degrees,
            "p": test.p,
            "cases": test.cases,
        },
    }
