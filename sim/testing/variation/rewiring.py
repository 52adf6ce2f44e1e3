"""Other networks for the people of a scenario: slower, with losses, with outages by chance."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.draws.distributions import Constant, Distribution, Exponential, Uniform
from sim.network.specs import MODES, WAYS, Bernoulli, Loss, Outages
from sim.protocol.units import MILLISECOND, MINUTE, SECOND
from sim.scenario import Scenario
from sim.testing.variation.changes import Relinked
from sim.testing.variation.durations import outage_lengths, spans


def relinked(
    scenario: Scenario, delay: int, loss: float, outages: tuple[int, int]
) -> SearchStrategy[Relinked]:
    """One thing of the network of one client becomes another.

    ``delay`` (us) and ``loss`` are the most there may be, ``outages`` how long they last; of what
    may be 0 at most, nothing changes.
    """
    whose = st.sampled_from(list(scenario.clients))
    kinds = []
    if delay:
        kinds.append(st.builds(Relinked, client=whose, delay=delays(delay)))
    if loss:
        kinds.append(st.builds(Relinked, client=whose, loss=losses(loss)))
    if outages[1]:
        kinds.append(st.builds(Relinked, client=whose, outages=failures(scenario, *outages)))
    return st.one_of(kinds)


def delays(most: int) -> SearchStrategy[Distribution]:
    """Delays one way: the same for every packet, or anything up to a most."""
    constant = st.builds(Constant, spans(0, most))
    return constant | st.builds(Uniform, st.just(0), spans(0, most))


def losses(most: float) -> SearchStrategy[Loss]:
    """Independent losses, by whole thousandths."""
    least = min(1, int(most * 1000))
    return st.integers(least, int(most * 1000)).map(lambda share: Bernoulli(share / 1000))


def failures(scenario: Scenario, least: int, most: int) -> SearchStrategy[Outages]:
    """Outages by chance, at exponential times."""
    lasting = outage_lengths(scenario, max(least, MILLISECOND), max(most, MILLISECOND))
    return st.builds(
        Outages,
        spans(10 * SECOND, 5 * MINUTE).map(Exponential),
        lasting.map(Constant),
        st.sampled_from((WAYS[2], *WAYS[:2])),
        st.sampled_from(MODES),
    )
