"""A machine knows the apps of its people, and asks at the end what must be so then."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from sim.testing import AppThrew, SessionMachine

FEW = settings(max_examples=20, phases=[Phase.generate])


class Page:
    def __init__(self, app):
        self.app = app


def test_the_app_of_somebody_is_that_of_the_present_page():
    seen = []

    class Machine(SessionMachine):
        apps = {"zoe": Page}

        @invariant()
        def app_and_page_belong_together(self):
            is_there = "zoe" in self.situation.open
            assert (self.app("zoe") is not None) == is_there
            assert self.app("alice") is None
            if is_there:
                seen.append(self.app("zoe").app)
                assert seen[-1].session is self.simulation.client("zoe").session

    run_state_machine_as_test(Machine, settings=FEW)
    assert seen


def is_away(who):
    return who.driver.is_alive and who.membership.is_reconnecting


def test_what_must_be_so_in_the_end_is_asked_when_all_is_healed():
    asked = []

    class Machine(SessionMachine):
        def at_rest(self):
            people = self.simulation.world.participants.values()
            asked.append(self.situation.cut_off)
            asked.append([who.name for who in people if is_away(who)])

    run_state_machine_as_test(Machine, settings=FEW)
    assert asked
    assert not any(asked)


def test_what_must_be_so_in_the_end_can_fail():
    class Machine(SessionMachine):
        def at_rest(self):
            raise AssertionError("this is how it ends")

    with pytest.raises(AssertionError, match="this is how it ends"):
        run_state_machine_as_test(Machine, settings=FEW)


def throws_in_a_listener(app):
    app.session.on("streamCreated", lambda event: event.stream.owner)


def throws_in_a_timeout(app):
    app.timeout(1_000, lambda: {}["nothing"])


@pytest.mark.parametrize(
    ("app", "said", "thrown"),
    [
        (
            throws_in_a_listener,
            "zoe's listener of streamCreated threw AttributeError",
            AttributeError,
        ),
        (throws_in_a_timeout, "a timeout of zoe's app threw KeyError: 'nothing'", KeyError),
    ],
)
def test_an_app_that_throws_fails_an_example(app, said, thrown):
    class Machine(SessionMachine):
        apps = {"zoe": app}

    with pytest.raises(AppThrew, match=said) as caught:
        run_state_machine_as_test(Machine, settings=FEW)
    assert type(caught.value.__cause__) is thrown
    assert caught.value.record.name == "listenerThrew"
    assert f"-> #{caught.value.record.seq}" in "\n".join(caught.value.__notes__)


def test_an_app_may_be_allowed_to_throw():
    class Machine(SessionMachine):
        apps = {"zoe": throws_in_a_listener}
        apps_may_throw = True

    run_state_machine_as_test(Machine, settings=FEW)


def test_whether_apps_may_throw_is_yes_or_no():
    with pytest.raises(ValueError, match="apps_may_throw is True or False, not 'yes'"):

        class Machine(SessionMachine):
            apps_may_throw = "yes"
