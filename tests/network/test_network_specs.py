"""What may be said about a network, and what each impossible wish is told."""

from math import inf, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.draws.distributions import Constant
from sim.network.specs import (
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    LinkSpec,
    NoLoss,
    Outages,
    Transport,
)
from sim.protocol.units import SECOND

shares = st.floats(0, 1)
APART = "bursts are at least one packet apart"
SHORTER = "shorter bursts than that are independent losses to any app"
TRAPPED = (
    "GilbertElliott: p and r must not both be 0, or the chain never leaves the state it starts in "
    "and no share of time in Bad follows"
)


@given(shares, shares, shares, shares)
def test_the_mean_loss_lies_between_those_of_the_states(p, r, h, k):
    assume(p + r > 0)
    spec = GilbertElliott(p, r, h, k)
    assert min(h, k) - 1e-12 <= spec.mean_loss <= max(h, k) + 1e-12
    assert 0 <= spec.share_bad <= 1


@given(st.floats(1, 1000), st.floats(0, 0.999))
def test_a_fitted_chain_has_the_burst_and_the_loss_asked_for(mean_burst, loss):
    assume(mean_burst >= loss / (1 - loss))
    spec = GilbertElliott.from_burst(mean_burst, loss)
    assert 1 / spec.r == pytest.approx(mean_burst)
    assert spec.mean_loss == pytest.approx(loss)
    assert (spec.h, spec.k) == (1, 0)


@given(st.floats(0.51, 0.999), st.floats(0.01, 0.99))
def test_bursts_too_short_for_the_loss_are_refused(loss, fraction):
    least = loss / (1 - loss)
    mean_burst = least * fraction
    assume(mean_burst >= 1)
    with pytest.raises(ValueError, match="needs a mean burst of at least"):
        GilbertElliott.from_burst(mean_burst, loss)


def test_independent_losses_have_a_burst_a_little_over_one_packet():
    spec = GilbertElliott.from_burst(mean_burst=1 / (1 - 0.2), loss=0.2)
    assert spec.p == pytest.approx(1 - spec.r)


def test_a_burst_of_one_packet_is_anticorrelated():
    spec = GilbertElliott.from_burst(mean_burst=1, loss=0.2)
    assert 1 - spec.p - spec.r < 0


def test_the_shortest_feasible_burst_is_accepted_in_spite_of_rounding():
    for thousandths in range(500, 999):
        loss = thousandths / 1000
        assert GilbertElliott.from_burst(loss / (1 - loss), loss).p <= 1


def test_loss_models_know_their_mean():
    assert NoLoss().mean_loss == 0
    assert Bernoulli(0.3).mean_loss == 0.3
    assert GilbertElliott(0.01, 0.25).mean_loss == pytest.approx(0.03846, abs=1e-5)
    assert GilbertElliottTime(9 * SECOND, 1 * SECOND, h=0.5, k=0.1).mean_loss == pytest.approx(0.14)


def test_a_symmetric_link_is_the_same_both_ways():
    outages = Outages(Constant(60 * SECOND), Constant(SECOND))
    link = LinkSpec.symmetric(Bernoulli(0.1), Constant(5), outages, Transport(rto=SECOND // 5))
    assert link.up == link.down == DirectionSpec(Bernoulli(0.1), Constant(5))
    assert link.outages == outages
    assert link.transport.rto == SECOND // 5
    assert LinkSpec.symmetric(NoLoss(), Constant(5)).transport == Transport()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Bernoulli(1.2),
            "Bernoulli: p is a probability and must be from 0 to 1, not 1.2",
        ),
        (
            lambda: Bernoulli(nan),
            "Bernoulli: p is a probability and must be from 0 to 1, not nan",
        ),
        (
            lambda: Bernoulli(True),
            "Bernoulli: p is a probability and must be from 0 to 1, not True",
        ),
        (
            lambda: GilbertElliott(-0.1, 0.5),
            "GilbertElliott: p is a probability and must be from 0 to 1, not -0.1",
        ),
        (
            lambda: GilbertElliott(0.1, nan),
            "GilbertElliott: r is a probability and must be from 0 to 1, not nan",
        ),
        (
            lambda: GilbertElliott(0.1, 0.5, h=2),
            "GilbertElliott: h is a probability and must be from 0 to 1, not 2",
        ),
        (
            lambda: GilbertElliott(0.1, 0.5, k="0"),
            "GilbertElliott: k is a probability and must be from 0 to 1, not '0'",
        ),
        (lambda: GilbertElliott(0, 0), TRAPPED),
        (
            lambda: GilbertElliott.from_burst(1.5, 0.75),
            f"a mean loss of 0.75 needs a mean burst of at least 3 packets, not 1.5: {APART}",
        ),
        (
            lambda: GilbertElliott.from_burst(0.5, 0.1),
            "a mean burst must be a number of packets from 1 on, not 0.5",
        ),
        (
            lambda: GilbertElliott.from_burst(inf, 0.1),
            "a mean burst must be a number of packets from 1 on, not inf",
        ),
        (
            lambda: GilbertElliott.from_burst(2, 1.0),
            "a mean loss must be at least 0 and less than 1, not 1.0",
        ),
        (
            lambda: GilbertElliott.from_burst(2, nan),
            "a mean loss must be at least 0 and less than 1, not nan",
        ),
        (
            lambda: GilbertElliottTime(0, SECOND),
            "GilbertElliottTime: good must be more than 0s",
        ),
        (
            lambda: GilbertElliottTime(SECOND, 999),
            f"GilbertElliottTime: bad must be at least 1ms, not 999us: {SHORTER}",
        ),
        (
            lambda: DirectionSpec(duplication=-1),
            "DirectionSpec: duplication is a probability and must be from 0 to 1, not -1",
        ),
        (
            lambda: Outages(Constant(1), Constant(1), direction="sideways"),
            "Outages: direction must be one of up, down, both, not 'sideways'",
        ),
        (
            lambda: Outages(Constant(1), Constant(1), mode="slow"),
            "Outages: mode must be one of blackhole, refused, not 'slow'",
        ),
        (lambda: Transport(rto=0), "Transport: rto must be more than 0s"),
        (
            lambda: Transport(rto=2 * SECOND, rto_max=SECOND),
            "Transport: rto_max (1s) must not be less than rto (2s)",
        ),
        (
            lambda: Transport(round_trips=0),
            "Transport: round_trips must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, not 0",
        ),
    ],
)
def test_parameters_that_cannot_be_are_refused_in_one_sentence(make, message):
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value) == message
