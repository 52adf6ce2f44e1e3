"""Durations that the simulator drew give back the distribution that they were drawn from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws.distributions import (
    Constant,
    Exponential,
    Lognormal,
    Normal,
    Pareto,
    Uniform,
    value,
)
from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.outages import OutageProcess
from sim.network.specs import DirectionSpec, Outages
from sim.research.fitting import RecordingError
from sim.research.fitting.spreads import fit_durations, frozen


def delays(distribution, number=1500, seed=2):
    """Delays of packets over the simulator's own link."""
    way = Direction(DirectionSpec(delay=distribution), Draws(seed), "bob", "up")
    return np.array([way.transmit(0) for _ in range(number)], dtype=float)


def figures(distribution):
    return [
        getattr(distribution, name)
        for name in ("value", "mean", "median", "sigma", "scale", "shape", "low", "high", "sd")
        if hasattr(distribution, name)
    ]


@pytest.mark.parametrize(
    "drawn",
    [
        Constant(40_000),
        Exponential(30_000),
        Exponential(30_000, minimum=20_000),
        Lognormal(40_000, 0.4),
        Pareto(20_000, 2.5),
        Uniform(10_000, 50_000),
        Normal(60_000, 9_000),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_distribution_that_was_drawn_from_is_found(drawn):
    found = fit_durations(delays(drawn), "x")
    assert type(found.model) is type(drawn)
    assert figures(found.model) == pytest.approx(figures(drawn), rel=0.1)
    if not isinstance(drawn, Constant):
        assert found.model.minimum == pytest.approx(drawn.minimum, abs=300)
        assert found.best.goodness.p > 0.01


@settings(deadline=None, max_examples=25)
@given(
    st.one_of(
        st.builds(Exponential, st.integers(1000, 10**8)),
        st.builds(Lognormal, st.integers(1000, 10**8), st.floats(0.1, 1.5)),
        st.builds(Pareto, st.integers(1000, 10**8), st.floats(1.2, 6)),
        st.builds(
            lambda low, more: Uniform(low, low + more),
            st.integers(0, 10**6),
            st.integers(10**4, 10**7),
        ),
        st.builds(Normal, st.integers(10**5, 10**6), st.integers(10**4, 10**6)),
    ),
    st.floats(0.01, 0.99),
)
def test_what_scipy_takes_it_for_is_what_the_simulator_draws(distribution, share):
    assert value(distribution, share) == pytest.approx(
        frozen(distribution).ppf(share), rel=1e-3, abs=1
    )


def test_outages_of_the_simulator_are_found():
    process = OutageProcess(
        Outages(Exponential(90_000_000), Pareto(2_000_000, 1.5)), Draws(3), "bob"
    )
    outages = [process.outage(index) for index in range(400)]
    ends = np.array([0, *(each.end for each in outages[:-1])])
    every = fit_durations(np.array([each.start for each in outages]) - ends, "every")
    last = fit_durations(np.array([float(each.duration) for each in outages]), "last")
    assert isinstance(every.model, Exponential)
    assert every.model.mean == pytest.approx(90_000_000, rel=0.15)
    assert isinstance(last.model, Pareto)
    assert figures(last.model) == pytest.approx([2_000_000, 1.5], rel=0.15)


def test_few_durations_are_taken_as_exponential():
    found = fit_durations(np.array([1e6, 2e6, 6e6]), "x")
    assert [each.model for each in found.candidates] == [Exponential(3_000_000)]


@pytest.mark.parametrize(("times", "said"), [([], "no duration is"), ([1.0], "1 duration is")])
def test_one_duration_is_not_enough(times, said):
    with pytest.raises(RecordingError, match=f"x: {said} too little to fit"):
        fit_durations(np.array(times), "x")


def test_delays_of_zero_are_fitted_by_what_may_be_zero():
    found = fit_durations(np.array([0.0, *np.linspace(0, 9_000, 40)]), "x")
    assert {each.name for each in found.candidates}.isdisjoint({"Pareto", "lognormal"})
