"""Presets: the published figures, and a source for each."""

import pytest

from sim.draws.distributions import Constant, Exponential, Uniform
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.presets import LOSSES, MEDIA_SPACING, NETWORKS
from sim.network.specs import Bernoulli, GilbertElliott, NoLoss
from sim.protocol.units import MILLISECOND, SECOND


@pytest.mark.parametrize(
    ("name", "mean_loss", "bad_run"),
    [
        ("wifi", 0.0099, 2),
        ("wifi-lossy", 0.048, 2),
        ("cellular", 0.020, 2),
        ("satellite", 0.029, 3),
        ("congested", 0.091, 2),
        ("in-flight-low", 0.129, 12.5),
        ("in-flight-high", 0.124, 2),
    ],
)
def test_losses_have_the_published_means(name, mean_loss, bad_run):
    loss = LOSSES[name].loss
    assert loss.mean_loss == pytest.approx(mean_loss, abs=6e-4)
    assert 1 / loss.r == pytest.approx(bad_run)


@pytest.mark.parametrize("preset", [*LOSSES.values(), *NETWORKS.values()], ids=lambda each: "")
def test_every_preset_says_where_it_comes_from(preset):
    assert any(
        word in preset.source
        for word in ("str0m", "Michel", "WebPageTest", "RFC 8868", "ITU-T G.1050")
    )


@pytest.mark.parametrize("name", ["in-flight-low", "in-flight-high", "g1050-a", "rfc8868-0-5"])
def test_our_own_choices_are_called_that(name):
    assert "our own choice" in NETWORKS[name].source.lower()


def test_every_loss_preset_has_a_link_with_that_loss_both_ways_in_time():
    for name, preset in LOSSES.items():
        link = NETWORKS[name].link
        assert link.up.loss == link.down.loss == preset.loss.in_time(MEDIA_SPACING)


def test_the_chain_in_time_loses_as_much_as_the_chain_per_packet():
    for preset in LOSSES.values():
        in_time = preset.loss.in_time(MEDIA_SPACING)
        assert in_time.mean_loss == pytest.approx(preset.loss.mean_loss, abs=1e-6)
        assert in_time.bad == pytest.approx(MEDIA_SPACING / preset.loss.r, abs=1)


@pytest.mark.parametrize("chain", [GilbertElliott(0, 0.5), GilbertElliott(0.5, 0)])
def test_a_chain_that_stays_in_a_state_is_refused_in_time(chain):
    with pytest.raises(ValueError, match="no mean sojourn"):
        chain.in_time(MEDIA_SPACING)


def test_every_network_carries_packets():
    draws = Draws(1)
    for name, preset in NETWORKS.items():
        link = Link(name, preset.link, draws)
        assert any(link.up.transmit(now) is not None for now in range(0, 10**7, 20_000))


def test_the_grid_of_rfc_8868_is_complete():
    wanted = {
        f"rfc8868-{delay}-{loss}" for delay in (0, 50, 150, 300) for loss in (0, 1, 5, 10, 20)
    }
    assert wanted == {name for name in NETWORKS if name.startswith("rfc8868")}
    corner = NETWORKS["rfc8868-150-20"].link.down
    assert corner.loss == Bernoulli(0.2)
    assert corner.delay == Constant(150 * MILLISECOND)
    assert NETWORKS["rfc8868-0-0"].link.up.delay == Uniform(0, MILLISECOND)


def test_the_severities_of_g1050_are_complete():
    wanted = {f"g1050-{severity}{far}" for severity in "abcdefgh" for far in ("", FAR)}
    assert wanted == {name for name in NETWORKS if name.startswith("g1050")}


FAR = "-intercontinental"


def test_the_worst_severity_has_the_figures_of_the_table():
    link = NETWORKS["g1050-h-intercontinental"].link
    assert link.up.loss == Bernoulli(0.01)
    assert link.up.delay == Uniform(768 * MILLISECOND, 1268 * MILLISECOND)
    assert link.outages is not None
    assert link.outages.up == Exponential(60 * SECOND)
    assert link.outages.down == Constant(3 * SECOND)


def test_the_best_severity_loses_nothing_and_never_fails():
    link = NETWORKS["g1050-a"].link
    assert link.up.loss == NoLoss()
    assert link.outages is None
    assert link.up.delay == Uniform(4 * MILLISECOND, 9 * MILLISECOND)
