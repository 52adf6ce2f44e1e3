"""An app that forgets to clean up is found out: these tests are about the tests."""

import pytest
from callapp.forgetful import ForgetfulTiles
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from test_examples_cleanup import Calls, FadingCalls

import sim


class ForgetfulCalls(Calls):
    apps = {"alice": ForgetfulTiles, "bob": ForgetfulTiles}


def test_the_leak_is_found():
    # It is to be found, and nobody reads it: so it need not be made small.
    found = settings(ForgetfulCalls.TestCase.settings, phases=[Phase.generate])
    with pytest.raises((AssertionError, sim.LawBroken)):
        run_state_machine_as_test(ForgetfulCalls, settings=found)


def test_a_story_of_the_leak_breaks_a_law():
    with pytest.raises(sim.LawBroken) as broken:
        ForgetfulCalls.check_story("leak.yaml", invariants=False)
    assert broken.value.law.name == "kept-cleaned"


def test_the_same_story_is_one_that_our_invariant_does_not_hold_in():
    with pytest.raises(AssertionError):
        ForgetfulCalls.check_story("leak.yaml")


def test_who_cleans_up_gets_through_the_same_story():
    FadingCalls.check_story("leak.yaml")
