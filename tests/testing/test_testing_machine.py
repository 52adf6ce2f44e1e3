"""``SessionMachine``: what it does to a session, and what a class may say of itself."""

import sys
import unittest

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, precondition, run_state_machine_as_test
from hypothesis.stateful import rule as hypothesis_rule

import sim
from sim import Person, Simulation
from sim.client import Client
from sim.platform import Platform
from sim.testing import SessionMachine, context, rule
from sim.testing.goals import Tally, kind_of
from sim.testing.machine.campaign import generates
from sim.testing.machine.rules import DEFAULTS, names
from sim.testing.machine.situation import Situation

SHIPPED = "opentok.js-2.35.2"


def chosen(examples, steps=50, **more):
    """Settings under which a test is the same each time."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


def run(machine, examples=10, steps=20, **more):
    """Run a machine; return how often its examples have reached what."""
    tally = Tally()
    with context.using(context.Context(listeners=(tally.add,))):
        run_state_machine_as_test(machine, settings=chosen(examples, steps, **more))
    return tally


def worlds(machine, examples=10, steps=10):
    """The simulations of a machine, as they are in the end."""
    found = []

    class Watched(machine):
        def teardown(self):
            is_whole = sys.exception() is None  # Hypothesis gives up some in the middle
            super().teardown()
            if is_whole:
                found.append(self.simulation)

    run(Watched, examples, steps)
    return [world for world in found if world.world.participants]


# -- what it does ----------------------------------------------------------------------------------


@pytest.mark.unmeasured
def test_each_rule_is_reached_in_a_default_run():
    tally = run(SessionMachine, 100, 50)
    rules = {goal for goal in tally.reached if kind_of(goal) == "rule"}
    assert rules == {f"rule:{name}" for name in names(SessionMachine)}
    assert tally.runs >= 100


def test_the_rules_are_those_of_people_publishing_moderation_network_platform_and_time():
    assert set(names(SessionMachine)) == {
        "join", "come_back", "leave", "close_browser", "crash", "reload",
        "publish", "unpublish", "destroy_publisher", "subscribe", "unsubscribe", "signal",
        "kick", "kick_by_server", "force_unpublish", "mute", "mute_all",
        "link_down", "link_up", "link_one_way", "link_refused", "link_reset", "link_change",
        "call_into_outage", "signal_into_outage", "signal_over_outage",
        "close_socket", "expire_grace", "rotate",
        "advance", "advance_to_next", "outlast",
    }  # fmt: skip


def test_what_it_did_is_a_scenario_that_gives_the_same_digest():
    for world in worlds(SessionMachine, 10, 30):
        assert sim.run(world.scenario).digest == world.result.digest


def test_in_the_end_all_links_are_healed_and_nobody_is_on_the_way():
    for world in worlds(SessionMachine, 20, 30):
        assert world.scenario.script[-1].network == "heal"
        for name in world.scenario.people:
            client = world.client(name)
            assert not client.is_open or client.state in ("connected", "disconnected")
        assert "lost" not in world.platform.connections.values()


def test_whose_future_is_open_is_in_doubt():
    world = Simulation(seed=1)
    situation = lambda: Situation(world, ("alice", "bob"))  # noqa: E731
    assert situation().in_doubt == ()
    world.join("alice")
    world.join("bob")
    world.advance("1ms")
    assert set(situation().restless) == {"alice", "bob"}  # they are on the way in
    world.advance("5s")
    assert situation().in_doubt == ()
    world.do("bob", network="down")
    assert (situation().restless, situation().cut_off) == ((), ("bob",))
    world.advance("10s")
    assert "bob" in situation().restless  # it reconnects, and the platform will miss it
    world.advance("2min")
    assert situation().in_doubt == ("bob",)  # there is nothing left to wait for but its link
    world.do("alice", do="crash")
    world.advance(1)
    assert "alice" in situation().restless  # the platform has not missed it
    world.heal()
    world.advance("2min")
    assert situation().in_doubt == ()


def test_whoever_is_left_out_in_the_beginning_leaves_the_others_as_they_are():
    strategy = SessionMachine._first_people(("alice", "bob", "carol", "dave"))
    moderator = find(strategy, lambda people: people.get("dave", Person()).role == "moderator")
    assert moderator == {"alice": Person(), "dave": Person(role="moderator")}


@pytest.mark.unmeasured
def test_the_shipped_client_breaks_no_law_that_its_quirks_do_not_explain():
    class Shipped(SessionMachine):
        profile = SHIPPED

    tally = run(Shipped, 60, 40)
    assert any(kind_of(goal) == "quirk" for goal in tally.reached)


# -- what a class says of itself -------------------------------------------------------------------


class Few(SessionMachine):
    max_people = 2
    networks = {"tunnel": {"preset": "wifi", "delay": "70ms"}, "desk": {"preset": "fibre"}}
    seed = 77
    platform = {"grace": "20s"}
    timers = {"window": "20s"}
    laws = ("one-end", "signals")


def test_what_a_class_says_is_so_in_its_worlds():
    seen = set()
    for world in worlds(Few, 20, 20):
        story = world.scenario
        assert len(story.people) <= 2
        assert (story.seed, story.name, story.laws) == (77, "Watched", ("one-end", "signals"))
        assert (story.platform.grace, story.timers.window) == (20_000_000, 20_000_000)
        assert list(story.people) == ["alice", "bob"][: len(story.people)]
        seen |= {person.network for person in story.people.values()}
    assert seen == {"tunnel", "desk"}


def test_people_with_an_app_of_their_own_come_first_and_have_it():
    made = []

    class WithApps(SessionMachine):
        apps = {"zoe": lambda app: made.append(app.name)}
        max_people = 3

    for world in worlds(WithApps, 5, 5):
        assert "zoe" in world.scenario.people
    assert set(made) == {"zoe"}


def test_clients_and_the_platform_may_be_of_other_classes():
    made = []

    class Mine(Client):
        def __init__(self, name, *rest, **given):
            made.append(name)
            super().__init__(name, *rest, **given)

    def platform(journal, settings):
        made.append("platform")
        return Platform(journal, settings)

    class Broken(SessionMachine):
        client_class = Mine
        platform_class = platform
        max_people = 1

    run(Broken, 3, 3)
    assert set(made) == {"alice", "platform"}


def test_what_people_are_like_can_be_bounded():
    class Alike(SessionMachine):
        @classmethod
        def person(cls, name):
            return st.just(sim.Person(role="moderator" if name == "alice" else "subscriber"))

    for world in worlds(Alike, 5, 10):
        roles = [person.role for person in world.scenario.people.values()]
        assert roles == (["moderator"] + ["subscriber"] * 3)[: len(roles)]


@pytest.mark.search
def test_rules_and_invariants_of_ones_own_have_their_part():
    class Mine(SessionMachine):
        weights = {"shout": 9}
        called = 0

        @precondition(lambda self: self.situation.connected)
        @rule(data=st.sampled_from(("a", "b")))
        def shout(self, data):
            self.do(self.situation.connected[0], do="signal", type="shout", data=data)

        @hypothesis_rule()
        def plain(self):
            Mine.called += 1

        @invariant()
        def looks_on(self):
            assert self.simulation.now >= 0
            Mine.called += 1

    tally = run(Mine, 20, 20)
    assert tally.reached["rule:shout"] > 0
    assert Mine.called > 40


def test_a_rule_of_the_base_can_be_another_in_a_subclass():
    class Mine(SessionMachine):
        times = 0

        @rule()
        def advance(self):
            Mine.times += 1
            self.simulation.advance("1s")

    assert run(Mine, 5, 20).reached["rule:advance"] > 0
    assert Mine.times > 0


# -- weights ---------------------------------------------------------------------------------------


@pytest.mark.search
def test_a_rule_of_weight_0_is_never_drawn_and_heavier_ones_are_drawn_more_often():
    often = []

    class Weighed(SessionMachine):
        weights = dict.fromkeys(names(SessionMachine), 0) | {"advance": 1, "advance_to_next": 9}

        def teardown(self):
            if len(set(self.done)) == 2:  # in others, Hypothesis has switched one of them off
                often.extend(self.done)
            super().teardown()

    tally = run(Weighed, 30, 20)
    rules = {goal for goal in tally.reached if kind_of(goal) == "rule"}
    assert rules == {"rule:advance", "rule:advance_to_next"}
    assert often.count("advance_to_next") > 2 * often.count("advance")


def test_weights_are_those_of_the_subclass_and_of_defaults_otherwise():
    class Heavy(SessionMachine):
        weights = {"mute": 5}

    class Light(Heavy):
        weights = {"mute": 1, "crash": 0}

    def copies(machine, name):
        copied = [each for each in dir(machine) if each.split("__")[0] == name]
        return len([each for each in copied if getattr(machine, each) is not None])

    assert (copies(Heavy, "mute"), copies(Light, "mute")) == (5, 1)
    assert copies(Light, "advance") == DEFAULTS["advance"]
    assert copies(SessionMachine, "mute") == 1
    assert "rule:crash" not in run(Light, 10, 20).reached


# -- what pytest's options say ---------------------------------------------------------------------


def test_seed_and_profile_are_those_of_the_context_unless_the_class_chooses():
    def said(machine, **present):
        found = []

        class Watched(machine):
            def teardown(self):
                found.append((self.simulation.scenario.seed, self.simulation.scenario.profile.name))
                super().teardown()

        with context.using(context.Context(**present)):
            run_state_machine_as_test(Watched, settings=chosen(1, 1))
        return found[0]

    class Chooses(SessionMachine):
        seed = 5
        profile = "documented"

    assert said(SessionMachine) == (0, "documented")
    assert said(SessionMachine, seed=9, profile=SHIPPED) == (9, SHIPPED)
    assert said(Chooses, seed=9, profile=SHIPPED) == (5, "documented")


def test_events_name_rules_laws_and_reasons(capsys):
    from hypothesis.statistics import collector, describe_statistics

    texts = []
    with collector.with_value(lambda stats: texts.append(describe_statistics(stats))):
        run_state_machine_as_test(SessionMachine, settings=chosen(15, 30))
    for said in ("rule:advance", "law:completed-once", "Disconnected"):
        assert said in texts[0]


# -- Hypothesis, unittest, pytest ------------------------------------------------------------------


def tried(machine, **more):
    """The result of unittest for a machine's TestCase."""
    case = machine.TestCase
    case.settings = chosen(**more)
    result = unittest.TestResult()
    unittest.TestLoader().loadTestsFromTestCase(case).run(result)
    assert result.testsRun == 1
    return [text for _, text in result.failures + result.errors]


def test_it_is_a_test_case_of_unittest():
    class Mine(SessionMachine):
        pass

    assert tried(Mine, examples=5, steps=5) == []
    assert Mine.TestCase.__name__ == "Mine.TestCase"
    assert Mine.TestCase.runTest.is_hypothesis_test
    assert Mine.TestCase is Mine.TestCase is not SessionMachine.TestCase


def test_settings_may_decorate_the_class():
    @settings(chosen(3, 4))
    class Mine(SessionMachine):
        runs = 0

        def teardown(self):
            Mine.runs += 1
            assert len(self.done) <= 4
            super().teardown()

    assert Mine.TestCase("runTest").run().wasSuccessful()
    assert Mine.runs == 3


@pytest.mark.parametrize("direct", [True, False])
def test_goals_that_no_example_has_reached_fail_the_test_once(direct):
    class Asks(SessionMachine):
        require = {"rule:advance_to_next", "networkDisconnected", "law:one-end"}
        weights = dict.fromkeys(names(SessionMachine), 0) | {"advance_to_next": 1}

    said = "Asks requires law:one-end and networkDisconnected, which 4 examples together never"
    if direct:
        with pytest.raises(AssertionError, match=said):
            run(Asks, 4, 3)
    else:
        (text,) = tried(Asks, examples=4, steps=3)
        assert said in text
        assert "Failing test case" not in text


@pytest.mark.parametrize("direct", [True, False])
def test_goals_that_examples_have_reached_together_fail_nothing(direct):
    class Asks(SessionMachine):
        require = {"rule:advance", "law:completed-once", "clientDisconnected"}

    if direct:
        run(Asks, 20, 20)
        run(Asks, 20, 20)
    else:
        assert tried(Asks, examples=20, steps=20) == []


@pytest.mark.search
def test_goals_are_counted_for_each_test_alone():
    class Asks(SessionMachine):
        require = {"rule:link_down"}

    run(Asks, 15, 20)
    with pytest.raises(AssertionError, match="requires rule:link_down"):
        run(Asks, 2, 1)


def test_a_test_that_makes_no_examples_of_its_own_requires_nothing():
    assert generates(settings())
    assert not generates(settings(phases=[Phase.explicit, Phase.reuse]))


# -- what is refused when the class is made --------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("require", {"rule:kik"}, "did you mean 'rule:kick'"),
        ("require", {"networkDisconected"}, "did you mean 'networkDisconnected'"),
        ("require", {"quirk:early-signal-loses-type-and-data"}, "not a goal"),
        ("require", "rule:kick", "a set of goals"),
        ("weights", {"kik": 1}, "did you mean 'kick'"),
        ("weights", {"kick": -1}, "from 0 to 100"),
        ("weights", {"kick": True}, "from 0 to 100"),
        ("weights", ["kick"], "weights are a dict"),
        ("max_people", 0, "from 1 on"),
        ("max_people", 9, "at most 8"),
        ("networks", ("wify",), "did you mean 'wifi'"),
        ("networks", (), "none at all"),
        ("networks", "wifi", "names of presets"),
        ("apps", ["bob"], "a dict"),
        ("apps", {"bob": 7}, "an app is a function"),
        ("apps", dict.fromkeys("abcde", print), "max_people is 4, and 5 people"),
        ("apps", {5: print}, "apps: 5 is not text"),
        ("apps", {"b b": print}, "apps: 'b b' is not a name"),
        ("networks", [[]], "networks: .* is not a preset"),
        ("client_class", 5, "client_class"),
        ("platform_class", "mine", "platform_class"),
        ("seed", "7", "seed must be a whole number"),
        ("profile", "documentd", "documented"),
        ("laws", ("one-edn",), "one-end"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_when_the_class_is_made(attribute, value, said):
    with pytest.raises(ValueError, match=said) as refused:
        type("Mine", (SessionMachine,), {attribute: value})
    assert "\n" not in str(refused.value)


def test_what_a_rule_returns_is_in_its_bundle():
    class Keeping(SessionMachine):
        things = Bundle("things")
        require = ("rule:use",)
        weights = {"make": 60, "use": 60}

        @rule(target=things)
        def make(self):
            return 5

        @rule(thing=things)
        def use(self, thing):
            assert thing == 5

    run(Keeping, 40)
