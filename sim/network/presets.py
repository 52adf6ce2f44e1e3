"""Losses and links by name, each with its source.

Where a source gives no figure that a link needs, the source string says that the figure is our own
choice. What a source has and our links do not (rates, queues, route flaps) is said as well.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from sim.draws.distributions import Constant, Exponential, Uniform
from sim.network.specs import Bernoulli, GilbertElliott, LinkSpec, Loss, NoLoss, Outages
from sim.protocol.units import MILLISECOND, SECOND


@frozen
class LossPreset:
    """A loss model and where its parameters come from."""

    loss: Loss
    source: str


@frozen
class NetworkPreset:
    """A link and where its figures come from."""

    link: LinkSpec
    source: str


_STR0M_LOSS = "str0m project, crates/netem/src/loss.rs"
_MICHEL = "F. Michel's thesis on flexible erasure correction, as quoted by others"

LOSSES: Final[dict[str, LossPreset]] = {
    "wifi": LossPreset(GilbertElliott(1 / 200, 1 / 2), _STR0M_LOSS),
    "wifi-lossy": LossPreset(GilbertElliott(1 / 40, 1 / 2), _STR0M_LOSS),
    "cellular": LossPreset(GilbertElliott(1 / 100, 1 / 2), _STR0M_LOSS),
    "satellite": LossPreset(GilbertElliott(1 / 100, 1 / 3), _STR0M_LOSS),
    "congested": LossPreset(GilbertElliott(1 / 20, 1 / 2), _STR0M_LOSS),
    "in-flight-low": LossPreset(GilbertElliott(0.01, 0.08, h=1.0, k=0.02), _MICHEL),
    "in-flight-high": LossPreset(GilbertElliott(0.08, 0.50, h=0.90, k=0.0), _MICHEL),
}
"""Loss models. All of them move once per packet."""

MEDIA_SPACING: Final = 20 * MILLISECOND
"""Time between packets of a voice stream (RFC 7587, 4.2: frames of 20 ms by default)."""

_IN_TIME = (
    "; the chain moves in time, as a voice stream of a packet every 20 ms would move it (our own "
    "choice: links are never as idle as signalling)"
)


def _in_time(name: str) -> Loss:
    """Return the loss preset of that name as it is for a link that carries media."""
    chain = LOSSES[name].loss
    assert isinstance(chain, GilbertElliott)
    return chain.in_time(MEDIA_SPACING)


def _around(centre: int, jitter: int) -> Uniform:
    """Return the delay ``centre`` +- ``jitter`` milliseconds, equally likely."""
    return Uniform((centre - jitter) * MILLISECOND, (centre + jitter) * MILLISECOND)


_STR0M = (
    "str0m project, crates/netem: loss.rs for the loss, config.rs for the delay and its uniform "
    "jitter, taken each way; its rates and buffers are not modelled" + _IN_TIME
)

_ACCESS: Final[dict[str, NetworkPreset]] = {
    "fibre": NetworkPreset(
        LinkSpec.symmetric(NoLoss(), Constant(2 * MILLISECOND)),
        "WebPageTest, connectivity.ini.sample, profile FIOS: a round trip of 4 ms, no loss; "
        "half of it each way",
    ),
    "wifi": NetworkPreset(LinkSpec.symmetric(_in_time("wifi"), _around(5, 2)), _STR0M),
    "wifi-lossy": NetworkPreset(
        LinkSpec.symmetric(_in_time("wifi-lossy"), _around(15, 10)), _STR0M
    ),
    "cellular": NetworkPreset(LinkSpec.symmetric(_in_time("cellular"), _around(50, 15)), _STR0M),
    "congested": NetworkPreset(LinkSpec.symmetric(_in_time("congested"), _around(80, 40)), _STR0M),
    "satellite": NetworkPreset(
        LinkSpec.symmetric(_in_time("satellite"), _around(300, 30)),
        _STR0M + "; its 600 ms is a round trip to geostationary orbit, so half of it each way "
        "(RFC 2488, section 2: at least 239.6 ms)",
    ),
    "in-flight-low": NetworkPreset(
        LinkSpec.symmetric(_in_time("in-flight-low"), _around(300, 30)),
        f"loss: {_MICHEL}; delay: our own choice, that of the preset satellite{_IN_TIME}",
    ),
    "in-flight-high": NetworkPreset(
        LinkSpec.symmetric(_in_time("in-flight-high"), _around(300, 30)),
        f"loss: {_MICHEL}; delay: our own choice, that of the preset satellite{_IN_TIME}",
    ),
}

_G1050_SOURCE = (
    "ITU-T G.1050 / TIA-921, severity {severity}, {region}, second-hand: delay of the core, its "
    "jitter as uniform on top, its loss and its link failures. Our own choice: losses are "
    "independent and failures come at exponential intervals, both ways at once. Not modelled: the "
    "occupancy of LAN and access link, route flaps"
)

_G1050: Final = (
    # severity, regional ms, intercontinental ms, loss, jitter ms, failure every s, for ms
    ("A", 4, 16, 0.0, 5, 0, 0),
    ("B", 8, 32, 0.0001, 10, 3600, 64),
    ("C", 16, 64, 0.0002, 16, 1800, 128),
    ("D", 32, 128, 0.0004, 40, 900, 256),
    ("E", 64, 196, 0.001, 70, 480, 400),
    ("F", 128, 256, 0.002, 100, 240, 800),
    ("G", 256, 512, 0.005, 150, 120, 1600),
    ("H", 512, 768, 0.01, 500, 60, 3000),
)


def _g1050(delay: int, loss: float, jitter: int, every: int, last: int) -> LinkSpec:
    outages = None
    if every:
        outages = Outages(Exponential(every * SECOND), Constant(last * MILLISECOND))
    return LinkSpec.symmetric(
        Bernoulli(loss) if loss else NoLoss(),
        Uniform(delay * MILLISECOND, (delay + jitter) * MILLISECOND),
        outages,
    )


def _g1050_presets() -> dict[str, NetworkPreset]:
    presets = {}
    for severity, regional, intercontinental, loss, jitter, every, last in _G1050:
        for suffix, region, delay in (
            ("", "regional", regional),
            ("-intercontinental", "intercontinental", intercontinental),
        ):
            presets[f"g1050-{severity.lower()}{suffix}"] = NetworkPreset(
                _g1050(delay, loss, jitter, every, last),
                _G1050_SOURCE.format(severity=severity, region=region),
            )
    return presets


_RFC8868_SOURCE = (
    "RFC 8868, the grid of one-way delays (0-1 ms, 50, 150, 300) and loss rates; 0-1 ms is uniform "
    "by our own choice; its queues are not modelled"
)


def _rfc8868_presets() -> dict[str, NetworkPreset]:
    presets = {}
    for delay in (0, 50, 150, 300):
        spread = Constant(delay * MILLISECOND) if delay else Uniform(0, MILLISECOND)
        for percent in (0, 1, 5, 10, 20):
            loss = Bernoulli(percent / 100) if percent else NoLoss()
            presets[f"rfc8868-{delay}-{percent}"] = NetworkPreset(
                LinkSpec.symmetric(loss, spread), _RFC8868_SOURCE
            )
    return presets


NETWORKS: Final[dict[str, NetworkPreset]] = _ACCESS | _g1050_presets() | _rfc8868_presets()
"""Links: access networks, ``g1050-<severity>[-intercontinental]``, ``rfc8868-<ms>-<loss %>``."""
