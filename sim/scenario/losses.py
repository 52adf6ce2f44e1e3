"""How losses are written: ``2%``, ``{gilbert-elliott: {preset: wifi-lossy}}``, ..."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.network.presets import LOSSES, MEDIA_SPACING
from sim.network.specs import Bernoulli, GilbertElliott, GilbertElliottTime, NoLoss
from sim.scenario.compounds import Either
from sim.scenario.problems import BAD, Complaint
from sim.scenario.quantities import POSITIVE_DURATION, PROBABILITY, number
from sim.scenario.shapes import Choice, Json, Shape, Value, Word, choice
from sim.scenario.tables import Key, Table, foreign_keys, given

_STATES: Final[dict[str, tuple[Shape, str]]] = {
    "h": (PROBABILITY, "Loss in Bad."),
    "k": (PROBABILITY, "Loss in Good."),
}

# -- per packet: a preset, or the chain, or what comes of it ------------------------------------

_FORMS: Final = (("preset",), ("p", "r"), ("mean-burst", "loss"))


def _one_form(draft: Any) -> Iterator[Complaint]:
    """Complain unless the keys are those of one of the three forms."""
    parameters = {name.replace("_", "-") for name in draft.given} - {"h", "k"}
    noise = len(parameters) < len(draft.given)
    allowed = _FORMS[1:2] if noise else _FORMS
    if not any(parameters == set(form) for form in allowed):
        yield Complaint(
            (), "expected preset alone, or p and r (and maybe h and k), or mean-burst and loss"
        )


def _gilbert_elliott(
    preset: str | None = None, mean_burst: float = 0, loss: float = 0, **chain: float
) -> GilbertElliott:
    if preset is not None:
        found = LOSSES[preset].loss
        assert isinstance(found, GilbertElliott)
        return found
    return GilbertElliott(**chain) if chain else GilbertElliott.from_burst(mean_burst, loss)


def _chain(value: GilbertElliott) -> dict[str, Any]:
    for name, preset in LOSSES.items():
        if preset.loss == value:
            return {"preset": name}
    return {name: getattr(value, name) for name in given(value)}


def _forms(schema: Json) -> Json:
    return schema | {"oneOf": [{"required": list(form)} for form in _FORMS]}


_LOSS_PRESET: Final = choice(
    "a preset of a loss", {name: preset.source for name, preset in LOSSES.items()}
)
_BURST: Final = number(1, 1e9)

_PER_PACKET: Final = Table(
    "gilbert-elliott",
    "a mapping such as {preset: wifi-lossy} or {mean-burst: 4, loss: 2%}",
    {
        "preset": Key(_LOSS_PRESET, "Parameters with a source.", "", "preset", None),
        "p": Key(PROBABILITY, "Good to Bad, after a packet.", "", "p", None),
        "r": Key(PROBABILITY, "Bad to Good, after a packet.", "", "r", None),
        **foreign_keys(GilbertElliott, _STATES),
        "mean-burst": Key(_BURST, "Packets lost in a row, on average.", "", "mean_burst", None),
        "loss": Key(PROBABILITY, "The share of packets lost.", "", "loss", None),
    },
    GilbertElliott,
    _gilbert_elliott,
    _chain,
    checks=_one_form,
    refine=_forms,
)

# -- the other models ---------------------------------------------------------------------------

_TIME_FORMS: Final = (("preset",), ("good", "bad"))


def _one_time_form(draft: Any) -> Iterator[Complaint]:
    """Complain unless the keys are those of one of the two forms."""
    sojourns = set(draft.given) - {"h", "k"}
    noise = len(sojourns) < len(draft.given)
    allowed = _TIME_FORMS[1:] if noise else _TIME_FORMS
    if not any(sojourns == set(form) for form in allowed):
        yield Complaint((), "expected preset alone, or good and bad (and maybe h and k)")


def _in_time(preset: str | None = None, **sojourns: Any) -> GilbertElliottTime:
    return GilbertElliottTime(**sojourns) if preset is None else _presets_in_time()[preset]


def _presets_in_time() -> dict[str, GilbertElliottTime]:
    """The presets as a link with media has them: a voice stream moves the chain."""
    chains = {name: preset.loss for name, preset in LOSSES.items()}
    return {
        name: chain.in_time(MEDIA_SPACING)
        for name, chain in chains.items()
        if isinstance(chain, GilbertElliott)
    }


def _sojourns(value: GilbertElliottTime) -> dict[str, Any]:
    for name, chain in _presets_in_time().items():
        if chain == value:
            return {"preset": name}
    return {name: getattr(value, name) for name in given(value)}


def _time_forms(schema: Json) -> Json:
    return schema | {"oneOf": [{"required": list(form)} for form in _TIME_FORMS]}


_PER_TIME: Final = Table(
    "gilbert-elliott-time",
    "a mapping such as {preset: wifi-lossy} or {good: 20s, bad: 400ms}",
    {
        "preset": Key(_LOSS_PRESET, "Parameters with a source.", "", "preset", None),
        "good": Key(POSITIVE_DURATION, "How long Good lasts, on average.", "", "good", None),
        "bad": Key(POSITIVE_DURATION, "How long Bad lasts, on average.", "", "bad", None),
        **foreign_keys(GilbertElliottTime, _STATES),
    },
    GilbertElliottTime,
    _in_time,
    _sojourns,
    checks=_one_time_form,
    refine=_time_forms,
)


def _independent(written: Any) -> Any:
    share = PROBABILITY.parse(written)
    return BAD if share is BAD else Bernoulli(share)


_SHARE: Final = Value(
    PROBABILITY.says,
    _independent,
    lambda value: isinstance(value, Bernoulli),
    lambda value: value.p,
    PROBABILITY.json,
    PROBABILITY.title,
)

_MODELS: Final = {
    "bernoulli": (Bernoulli, _SHARE, "Every packet is lost with this probability, on its own."),
    "gilbert-elliott": (
        GilbertElliott,
        _PER_PACKET,
        "Bursts: a chain of the states Good and Bad that moves with every packet.",
    ),
    "gilbert-elliott-time": (
        GilbertElliottTime,
        _PER_TIME,
        "Bursts: Good and Bad last exponential times, however many packets are sent.",
    ),
}

_MODEL: Final = Table(
    "loss",
    "a loss model",
    {name: Key(shape, about, name, name) for name, (_, shape, about) in _MODELS.items()},
    tuple(kind for kind, _, _ in _MODELS.values()),
    lambda **chosen: chosen.popitem()[1],
    lambda value: {n: value for n, (kind, _, _) in _MODELS.items() if isinstance(value, kind)},
    one_of=tuple(_MODELS),
)

LOSS: Final = Either(
    "none, a probability such as 2%, or a model such as {gilbert-elliott: {preset: wifi-lossy}}",
    Choice("", (Word("none", NoLoss(), "Every packet gets through."),), _SHARE),
    _MODEL,
)
