"""``presets``: networks and losses by name, with their numbers and sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click
from attrs import asdict, fields

from sim.cli import exits, options, terminal
from sim.draws.distributions import Distribution, Uniform
from sim.network.presets import LOSSES, NETWORKS, NetworkPreset
from sim.network.specs import Loss, Outages
from sim.protocol.units import format_duration
from sim.scenario.spreads import SPREAD
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading

USUAL: Final = {"h": 1.0, "k": 0.0}
"""Loss in the state Bad and in the state Good, unless a preset says otherwise."""
HEADS: Final = ("network", "one way", "loss, outages")


@click.command(
    epilog="""\b
Example:
  python -m sim presets
  python -m sim presets --json | jq '.networks.wifi'

\b
In a scenario file:
  clients: {bob: {network: wifi-lossy}}
  networks: {cafe: {loss: {gilbert-elliott: {preset: wifi}}, delay: 40ms}}"""
)
@options.as_json
def command(as_json: bool) -> int:
    """List the presets of networks and of losses: numbers, and where each is from.

    Of losses, the share of packets lost in the long run; for those in bursts also how long the
    states Good and Bad last on average, and the loss h in Bad and k in Good unless all and none.
    "out 3s per exponential 1min" is an outage of 3s after times in service of this distribution.
    """
    if as_json:
        terminal.say_json(_data(), indent=2)
    else:
        terminal.say(*_report(terminal.width()))
    return exits.HELD


def _report(width: int) -> Iterator[str]:
    networks = [_network(name, preset) for name, preset in NETWORKS.items()]
    losses = [(name, _loss(preset.loss)) for name, preset in LOSSES.items()]
    for rows in ([HEADS, *networks], [("loss", "parameters"), *losses]):
        head, *lines = columns(rows, width)
        yield heading(head)
        yield from lines
        yield ""
    yield heading("Sources")
    for source, names in _sources().items():
        yield from wrap(", ".join(names), width)
        yield from (faint("    " + line) for line in wrap(source, width - 4))


def _sources() -> dict[str, list[str]]:
    """Each source with the presets that are from there."""
    named: dict[str, list[str]] = {}
    for name, network in NETWORKS.items():
        named.setdefault(network.source, []).append(name)
    for name, loss in LOSSES.items():
        named.setdefault(loss.source, []).append(f"loss {name}")
    return named


def _network(name: str, preset: NetworkPreset) -> tuple[str, ...]:
    link = preset.link
    return name, _spread(link.up.delay), _loss(link.up.loss) + _outages(link.outages)


def _loss(loss: Loss) -> str:
    """``4.76% (good 800ms, bad 40ms)``: the share in the long run, and what is not by default."""
    share = f"{loss.mean_loss * 100:.3g}%"
    unusual = [
        f"{each.name} {_quantity(getattr(loss, each.name))}"
        for each in fields(type(loss))
        if each.name not in USUAL or getattr(loss, each.name) != USUAL[each.name]
    ]
    return f"{share} ({', '.join(unusual)})" if len(unusual) > 1 else share


def _quantity(value: float) -> str:
    """A duration, which is whole, or a probability."""
    return format_duration(value) if isinstance(value, int) else f"{value:.3g}"


def _outages(outages: Outages | None) -> str:
    if outages is None:
        return ""
    return f", out {_spread(outages.down)} per {_spread(outages.up)}"


def _spread(distribution: Distribution) -> str:
    """``5ms-25ms`` and, for anything but a uniform one, as a scenario file has it in a line."""
    if isinstance(distribution, Uniform):
        return f"{format_duration(distribution.low)}-{format_duration(distribution.high)}"
    return _flow(SPREAD.write(distribution))


def _flow(data: Any) -> str:
    """Plain data in a line, without braces."""
    if isinstance(data, dict):
        return ", ".join(f"{key} {_flow(value)}" for key, value in data.items())
    return str(data)


def _data() -> dict[str, Any]:
    return {
        "networks": {
            name: {
                "loss": _loss_data(preset.link.up.loss),
                "delay": SPREAD.write(preset.link.up.delay),
                "outages": _outages_data(preset.link.outages),
                "source": preset.source,
            }
            for name, preset in NETWORKS.items()
        },
        "losses": {
            name: _loss_data(preset.loss) | {"source": preset.source}
            for name, preset in LOSSES.items()
        },
    }


def _loss_data(loss: Loss) -> dict[str, Any]:
    return asdict(loss) | {"mean": loss.mean_loss}


def _outages_data(outages: Outages | None) -> dict[str, Any] | None:
    if outages is None:
        return None
    return {"every": SPREAD.write(outages.up), "last": SPREAD.write(outages.down)}
