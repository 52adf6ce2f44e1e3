"""Our own log, exp and normal quantile: the same bits singly and in arrays, and accurate."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import elementary, vectors

positive = st.floats(min_value=2.0**-1022, max_value=1e300)
probabilities = st.one_of(
    st.floats(min_value=2.0**-53, max_value=1 - 2.0**-53),
    st.integers(0, 2**52 - 1).map(lambda k: (k + 0.5) * 2.0**-52),
    st.integers(1, 52).map(lambda k: 2.0**-k),
    st.integers(1, 52).map(lambda k: 1 - 2.0**-k),
)
exponents = st.floats(min_value=-700, max_value=700)


def units_apart(value: float, truth: float) -> float:
    return abs(value - truth) / math.ulp(truth)


@given(st.lists(positive, min_size=1, max_size=100))
def test_log_has_the_same_bits_in_an_array(values):
    assert vectors.log(np.array(values)).tolist() == [elementary.log(each) for each in values]


@given(st.lists(exponents, min_size=1, max_size=100))
def test_exp_has_the_same_bits_in_an_array(values):
    assert vectors.exp(np.array(values)).tolist() == [elementary.exp(each) for each in values]


@given(st.lists(probabilities, min_size=1, max_size=100))
def test_the_normal_quantile_has_the_same_bits_in_an_array(values):
    together = vectors.normal_quantile(np.array(values)).tolist()
    assert together == [elementary.normal_quantile(each) for each in values]


@pytest.mark.parametrize("name", ["log", "exp", "normal_quantile"])
def test_a_million_bits_agree_singly_and_in_arrays(name):
    u = (np.arange(20_000) + 0.5) / 20_000
    values = {"log": u * 3, "exp": (u - 0.5) * 1400, "normal_quantile": u}[name]
    singly = [getattr(elementary, name)(each) for each in values.tolist()]
    assert getattr(vectors, name)(values).tolist() == singly


@given(positive)
def test_log_is_within_two_units_in_the_last_place(x):
    assert units_apart(elementary.log(x), math.log(x)) <= 2 or x == 1


@given(exponents)
def test_exp_is_within_two_units_in_the_last_place(x):
    assert units_apart(elementary.exp(x), math.exp(x)) <= 2


@given(probabilities)
def test_the_normal_quantile_agrees_with_the_standard_library(u):
    truth = NormalDist().inv_cdf(u)
    assert elementary.normal_quantile(u) == pytest.approx(truth, rel=4e-15, abs=1e-16)


@given(st.integers(0, 2**52 - 1))
def test_the_normal_quantile_is_odd(k):
    u = (k + 0.5) * 2.0**-52
    assert elementary.normal_quantile(1 - u) == -elementary.normal_quantile(u)


@given(st.floats(min_value=-10, max_value=10))
def test_the_normal_distribution_function_agrees_with_erfc(z):
    truth = 0.5 * math.erfc(-z / math.sqrt(2))
    assert elementary.normal_cdf(z) == pytest.approx(truth, abs=1e-15)


@given(st.floats(min_value=0, max_value=1, exclude_max=True))
def test_the_log_of_a_complement_is_accurate_for_small_arguments_too(p):
    assert elementary.log_complement(p) == pytest.approx(math.log1p(-p), rel=1e-15, abs=0)


def test_log_of_one_is_zero():
    assert elementary.log(1.0) == 0.0


@pytest.mark.parametrize(
    ("function", "argument", "bits"),
    [
        (elementary.log, 0.1, "-0x1.26bb1bbb55515p+1"),
        (elementary.log, 1e300, "0x1.5963447f87fb5p+9"),
        (elementary.exp, -1.5, "0x1.c8f87724b5c1dp-3"),
        (elementary.exp, 700.0, "0x1.d945df4f8ec8ep+1009"),
        (elementary.normal_quantile, 0.001, "-0x1.8b8cbb7204470p+1"),
        (elementary.normal_quantile, 2.0**-53, "-0x1.06b48528cea51p+3"),
        (elementary.normal_quantile, 0.975, "0x1.f5c0331eeff82p+0"),
    ],
)
def test_golden_bits(function, argument, bits):
    assert function(argument).hex() == bits
