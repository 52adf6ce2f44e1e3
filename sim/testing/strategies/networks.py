"""Networks that can be: how they lose, delay and fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.draws.distributions import Constant, Distribution, Lognormal
from sim.network.presets import LOSSES, NETWORKS
from sim.network.specs import (
    MODES,
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    LinkSpec,
    Loss,
    NoLoss,
    Outages,
    Transport,
)
from sim.protocol.units import MILLISECOND, SECOND
from sim.scenario import Person
from sim.testing.strategies.bounds import Durations, Shares, durations_between, shares_between
from sim.testing.strategies.edges import lengths
from sim.testing.strategies.quantities import (
    between,
    distributions,
    now_and_then,
    shares_of,
    uniforms,
)
from sim.wording import not_one_of

COMMON: Final = ("fibre", "wifi", "wifi-lossy", "cellular", "congested", "satellite")
"""The presets that are drawn if none are named, the calmest first."""

MOST_LOSS: Final = 0.9
"""A link that loses more is not lossy but down: that is an outage."""

FAR: Final = 166 * MILLISECOND
"""One-way delays from which a round trip takes more than a third of a second, so that the first
retransmission timeout of TCP is more than its minimum of 1 s (RFC 6298, 2.2: three round trips)."""
FAR_TRANSPORT: Final = Transport(rto=3 * SECOND)
"""Three round trips of twice 500 ms."""

MOST_TWICE: Final = 0.02
"""How many datagrams arrive twice, at most. Our own choice."""

BURSTS: Final = (20 * MILLISECOND, 3 * SECOND)
"""How long bursts of losses last on average: a packet of voice (RFC 7587, 4.2), to half of the
silence that counts as a lost network (5.9 s): what is longer is an outage."""


def losses(share: Shares = (0.0, 0.3)) -> SearchStrategy[Loss]:
    """Losses whose mean share lies within bounds: none, independent ones, or bursts.

    ``share`` is at most 0.9: a link that loses everything is an outage, not a loss.
    """
    return _losses(*shares_between("losses", share, MOST_LOSS))


@cache
def _losses(least: float, most: float) -> SearchStrategy[Loss]:
    some = shares_of(least, most)
    presets = [p.loss for p in LOSSES.values() if least <= p.loss.mean_loss <= most]
    kinds: list[SearchStrategy[Any]] = [st.builds(NoLoss)] if least == 0 else []
    kinds.append(st.builds(Bernoulli, some))
    if presets:
        kinds.append(st.sampled_from(presets))
    # Bursts of that many packets are possible with any loss up to MOST_LOSS: L / (1 - L) = 9.
    burst = st.integers(max(1, round(most / (1 - most)) + 1), 10)
    kinds.append(st.builds(GilbertElliott.from_burst, mean_burst=burst, loss=some))
    if most > 0:
        kinds.append(st.builds(burst_in_time, bad=between(*BURSTS), share=_positive(least, most)))
    return st.one_of(kinds)


def _positive(least: float, most: float) -> SearchStrategy[float]:
    return shares_of(max(least, min(most, 0.001)), most)


def burst_in_time(bad: int, share: float) -> GilbertElliottTime:
    """Return bursts that last ``bad`` us on average, in which that share of packets is lost."""
    return GilbertElliottTime(max(MILLISECOND, round(bad * (1 - share) / share)), bad)


def delays(bounds: Durations = ("1ms", "400ms")) -> SearchStrategy[Distribution]:
    """One-way delays: constant, jittering evenly, or with the tail of a lognormal.

    ``bounds`` are those of constants, of the ends of a jitter and of medians. The default reaches
    from a neighbour to a geostationary orbit and a ground line (RFC 2488: at least 239.6 ms).
    """
    return _delays(*durations_between("delays", bounds))


@cache
def _delays(least: int, most: int) -> SearchStrategy[Distribution]:
    if most == 0:
        return st.builds(Constant, st.just(0))
    medians = between(max(least, 1), most)
    sigmas = st.sampled_from((0.4, 0.1, 0.7))
    return st.one_of(
        st.builds(Constant, between(least, most)),
        uniforms(least, most),
        st.builds(Lognormal, median=medians, sigma=sigmas, minimum=st.just(least)),
    )


def outages(
    every: Durations = ("5s", "2min"), last: Durations = ("100ms", "75s")
) -> SearchStrategy[Outages]:
    """How a link fails by chance: ``every`` bounds the time in service, ``last`` each outage.

    Every second kind of outages lasts about as long as one of the
    :data:`~sim.testing.strategies.EDGES`.
    """
    service = durations_between("every", every, least=1)
    least, most = durations_between("last", last)
    long = lengths(least, most)
    return st.builds(
        Outages,
        up=distributions(*service),
        down=st.builds(Constant, long) | distributions(least, most),
        direction=st.sampled_from(("both", "up", "down")),
        mode=st.sampled_from(MODES),
    )


def links(
    delay: Durations = ("1ms", "400ms"),
    loss: Shares = (0.0, 0.3),
    fails: bool = True,
) -> SearchStrategy[LinkSpec]:
    """Links made of losses and delays, each way its own; with ``fails``, some fail by chance."""
    least, most = durations_between("delay", delay)
    some = losses(loss)
    failing = now_and_then(st.none(), outages(), 3) if fails else st.none()
    kinds = []
    if least <= FAR:
        kinds.append(_link(some, least, min(most, FAR), failing, Transport()))
    if most > FAR:
        kinds.append(_link(some, max(least, FAR), most, failing, FAR_TRANSPORT))
    return st.one_of(kinds)


def _link(
    some: SearchStrategy[Loss],
    least: int,
    most: int,
    failing: SearchStrategy[Outages | None],
    transport: Transport,
) -> SearchStrategy[LinkSpec]:
    twice = now_and_then(st.just(0.0), shares_of(0.0, MOST_TWICE))
    way = st.builds(DirectionSpec, loss=some, delay=_delays(least, most), duplication=twice)
    return st.builds(LinkSpec, up=way, down=way, outages=failing, transport=st.just(transport))


Network = str | LinkSpec
Networks = str | Iterable[str | LinkSpec | Mapping[str, Any]] | SearchStrategy[Any]
"""Names of presets, networks as a scenario writes them, or a strategy that draws such."""


def networks(
    presets: Networks = COMMON,
    *,
    delay: Durations = ("1ms", "400ms"),
    loss: Shares = (0.0, 0.3),
    fails: bool = True,
) -> SearchStrategy[Network]:
    """A preset, or a link of its own with that delay and loss; with ``fails``, maybe with outages.

    Two in three are one of ``presets``, of which the first is the simplest.
    """
    return mixed(any_network("presets", presets), links(delay, loss, fails))


def mixed(named: SearchStrategy[Network], own: SearchStrategy[LinkSpec]) -> SearchStrategy[Network]:
    """Two in three are named."""
    return now_and_then(named, own, 3)


def any_network(name: str, given: Networks) -> SearchStrategy[Network]:
    """A strategy for networks that somebody gave, which are checked."""
    if isinstance(given, SearchStrategy):
        return given
    chosen = [given] if isinstance(given, str) else list(given)
    if not chosen:
        raise ValueError(f"{name}: there is nothing to choose from")
    return st.sampled_from([_checked(name, network) for network in chosen])


def _checked(name: str, network: Any) -> Network:
    if isinstance(network, str):
        if network not in NETWORKS:
            raise ValueError(f"{name}: {not_one_of(network, NETWORKS, 'a preset of a network')}")
        return network
    try:
        return Person(network=network).network
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None
