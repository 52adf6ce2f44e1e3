"""The verb ``verify``: the whole quick comparison once, and single detectors and channels."""

from __future__ import annotations

import json

import pytest

from sim.research import verification
from sim.research.verification.estimates import Estimate
from sim.research.verification.finding import Finding, judged

FAMILY = 70
"""What the tests of planted errors take for the number of findings, or more."""


@pytest.mark.slow
@pytest.mark.unmeasured  # the loops of a channel and a detector, for minutes if they are measured
def test_the_simulator_agrees_with_theory(sim):
    result = sim("verify")
    lines = result.output.splitlines()
    assert result.exit_code == 0, result.output
    assert max(map(len, lines)) <= 80
    assert "agree with theory" in lines[-2]
    assert 40 <= len(lines) - 4 <= FAMILY


@pytest.fixture
def found(monkeypatch):
    """Let the comparison find one thing right and one far off."""
    right = Finding("right", "all is well", 1.0, Estimate(1.1, 0.1, 1000, 99), "", "a form")
    off = Finding("off", "something of two", 2.0, Estimate(1.0, 0.1, 1000, 99), "s")
    monkeypatch.setattr(verification, "verify", lambda **_: judged([right, off]))


def test_what_is_off_is_named_with_exit_code_1(sim, found):
    result = sim("verify")
    assert result.exit_code == 1
    assert "Off:\n  off  something of two\n" in result.output
    assert "1 of 2 are off" in result.output


def test_json_says_theory_interval_and_z(sim, found):
    result = sim("verify", "--json")
    said = json.loads(result.output)
    assert (result.exit_code, said["exit_code"], said["level"]) == (1, 1, 0.01)
    right, off = said["findings"]
    assert (right["off"], off["off"]) == (False, True)
    assert right["subject"] == "a form"
    assert right["low"] < right["theory"] < right["high"]
    assert off["z"] == pytest.approx(-10)


def lines(sim, *arguments):
    result = sim("verify", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return {line["name"]: line for line in json.loads(result.output)["lines"]}


def agrees(line):
    return abs(line["measured"] - line["theory"]) <= 2 * line["half_width"]


def test_a_detector_with_parameters_of_ones_own(sim):
    said = lines(sim, "--nfd-s", "1,0.7,0.2,0.4")
    assert [*said] == ["E[T_MR]", "E[T_M]", "P_A"]
    assert all(map(agrees, said.values()))


@pytest.mark.unmeasured
def test_a_channel_with_parameters_of_ones_own(sim):
    said = lines(sim, "--gilbert-elliott", "0.1,0.5,0.2,0.01")
    assert [*said] == ["loss", "burst", "lag 1", "var(50)"]
    assert all(map(agrees, said.values()))


def test_a_channel_that_loses_nothing_has_no_bursts(sim):
    said = lines(sim, "--gilbert-elliott", "0,1,1,0")
    assert (said["loss"]["theory"], said["loss"]["measured"]) == (0, 0)
    assert said["burst"]["theory"] is said["burst"]["measured"] is None


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--nfd-s", "1,2,.1", "'1,2,.1' is not four numbers ETA,DELTA,LOSS,MEAN_DELAY."),
        ("--nfd-s", "0,2,.1,1", "eta is 0; it must be a time of more than 0."),
        ("--nfd-s", "1,2,1,1", "loss is 1; it must be at least 0 and less than 1"),
        ("--nfd-s", "1,2,.1,inf", "mean_delay is inf; it must be a finite time of at least 0."),
        ("--nfd-s", "1,nan,.1,1", "delta is nan; it must be a finite time of at least 0."),
        ("--gilbert-elliott", "0,0,1,0", "p and r must not both be 0"),
        ("--gilbert-elliott", "2,.1,1,0", "p is a probability and must be from 0 to 1"),
        ("--gilbert-elliott", "a,b,c,d", "is not four numbers P,R,H,K."),
    ],
)
def test_what_cannot_be_gets_one_sentence(sim, option, value, sentence):
    result = sim("verify", option, value)
    assert result.exit_code == 2
    assert sentence in result.output


def test_one_thing_at_a_time(sim):
    assert sim("verify", "--nfd-s", "1,1,0,1", "--gilbert-elliott", "1,1,1,0").exit_code == 2
    assert sim("verify", "--thorough", "--nfd-s", "1,1,0,1").exit_code == 2
