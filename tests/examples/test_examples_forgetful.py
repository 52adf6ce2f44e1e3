"""An app that forgets to clean up is found out: these tests are about the tests."""

import pytest
from callapp.forgetful import ForgetfulTiles
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from test_examples_cleanup import Calls

import sim

TO_BE_FOUND = settings(phases=[Phase.generate])
"""It is to be found; nobody reads it, so it need not be made small."""


class ForgetfulCalls(Calls):
    apps = {"alice": ForgetfulTiles, "bob": ForgetfulTiles}


def test_the_leak_is_found():
    with pytest.raises((AssertionError, sim.LawBroken)):
        run_state_machine_as_test(ForgetfulCalls, settings=TO_BE_FOUND)
