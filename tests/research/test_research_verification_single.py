"""One detector or channel beside its theory: what is shown, and what was seen too seldom."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.network.specs import GilbertElliott
from sim.research.verification import single
from sim.research.verification.channel import Counts, Losses
from sim.research.verification.nfd import Detector
from sim.research.verification.single import gilbert_elliott

OUTCOMES = st.lists(st.lists(st.booleans(), min_size=60, max_size=60), min_size=2, max_size=9)


@given(OUTCOMES)
def test_runs_are_those_of_the_rarer_kind(batches):
    counts = [Counts.of(np.flatnonzero(each), len(each)) for each in batches]
    kinds = [bool(kind) for each in batches for kind, _ in groupby(each)]
    found = single._runs(Losses(np.array(counts, dtype=float)))
    assert found == min(kinds.count(True), kinds.count(False))


RARE, NEVER = "too rare to be counted", "cannot be otherwise"


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ((0.01, 0.25), None),
        ((0.3, 0.001, 1, 0.9), None),
        ((1e-9, 1e-9), None),  # in each batch everything is lost or nothing: many batches tell
        ((1e-300, 0.5), RARE),
        ((0.5, 0.5, 1e-9, 1e-9), RARE),
        ((0.5, 1e-300), RARE),  # that gets through of which there is hardly any
        ((0, 0.5), NEVER),
        ((0.5, 0, 0, 1), NEVER),
        ((0.5, 0.5, 1, 1), NEVER),
    ],
)
def test_a_share_of_losses_has_an_interval_if_it_was_seen_often_enough_or_must_be(
    parameters, shown, monkeypatch
):
    for name, number in (("_PACKETS", 100_000), ("_LOSSES", 1_000), ("_CHANGES", 1_000)):
        monkeypatch.setattr(single, name, number)
    monkeypatch.setattr(single, "_MOST_PACKETS", 100_000)
    lines = {line.name: line for line in gilbert_elliott(GilbertElliott(*parameters))}
    for name in ("loss", "var(50)"):
        line = lines[name]
        assert (line.data()["half_width"] is None) == (shown is RARE)
        if shown is NEVER:
            assert line.measured.value == line.theory
            assert line.measured.error == 0
        elif shown is None:
            assert abs(line.measured.z(line.theory)) < 3.5


@pytest.mark.parametrize(
    ("parameters", "few"),
    [
        ((1e-7, 1e-4, 1, 0.01), ["burst", "lag 1", "loss", "var(50)"]),
        ((1e-4, 1e-7, 0.9, 0), ["lag 1", "var(50)"]),
        ((1e-7, 0.5, 1, 0.01), []),  # two packets at a time: that is as good as nothing
        ((1e-9, 1e-9, 0.5, 0.2), []),  # batches begin in either
        ((0, 0.5, 1, 0.01), []),
    ],
)
def test_a_state_that_was_hardly_visited_is_not_passed_over(parameters, few, monkeypatch):
    """Losses in the other one are many, and say with a narrow interval what is not so."""
    monkeypatch.setattr(single, "_batches", lambda _: (100, 2_000))
    lines = gilbert_elliott(GilbertElliott(*parameters))
    assert sorted(line.name for line in lines if line.data()["half_width"] is None) == few
    for line in lines:
        assert line.name in few or abs(line.measured.z(line.theory)) < 3.5


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ((1, 1.5, 0.1, 0.3), None),
        ((1.55, 6.4, 0, 1.215), RARE),
        ((1, 4, 0.01, 0.1), RARE),
        ((1, 1.5, 0, 1e-4), RARE),  # so rare that no number says it
        ((1, 2, 0, 0), NEVER),
    ],
)
def test_a_share_of_time_trusted_likewise(parameters, shown, monkeypatch):
    monkeypatch.setattr(single, "_FIRST_HEARTBEATS", 20_000)
    monkeypatch.setattr(single, "_MOST_HEARTBEATS", 20_000)
    of = Detector(*parameters)
    line = single.failure_detector(of)[-1]
    assert (line.name, of.certain) == ("P_A", shown is NEVER)
    assert (line.data()["half_width"] is None) == (shown is RARE)
    if shown is not RARE:
        assert abs(line.measured.z(of.accuracy)) < 3.5
