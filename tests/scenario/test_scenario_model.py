"""Scenarios made in code: what a file may say, code may say, and with the same errors."""

import pickle
import subprocess
import sys

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from strategies import scenarios

import sim.scenario
from sim.draws.distributions import Constant, Exponential, Uniform
from sim.network.presets import NETWORKS
from sim.network.specs import LinkSpec
from sim.platform import PlatformSettings
from sim.protocol.quirks import Profile, profile
from sim.protocol.timers import Timers
from sim.protocol.units import MINUTE, SECOND
from sim.scenario import (
    Backoff,
    Person,
    Platform,
    Poisson,
    Policies,
    Reaction,
    Rejoin,
    RemoveAtRandom,
    Scenario,
    ScenarioError,
    Step,
    from_data,
    loads,
)
from sim.scenario.steps import step_at


def story(**changes):
    given = {"name": "x", "duration": "60s", "clients": {"bob": Person()}} | changes
    return Scenario(**given)


def refusal(make):
    with pytest.raises(ValueError) as caught:
        make()
    assert isinstance(caught.value, ScenarioError)
    return str(caught.value)


def test_code_reads_like_a_file():
    made = Scenario(
        name="x",
        duration="60s",
        networks={"cafe": {"preset": "wifi", "loss": "2%"}},
        clients={
            "bob": Person(network="fibre", publish=True, stay="4min", rejoin={"after": "3s"}),
            "guests": {"count": 3, "network": "cafe", "arrive": {"poisson": "1/min"}},
        },
        script=[
            Step(at="2s", client="bob", do="disconnect"),
            {"at": "9s", "client": "bob", "network": "up"},
        ],
        expect=["bob sees sessionConnected"],
    )
    read = loads(
        """
        name: x
        duration: 60s
        networks: {cafe: {preset: wifi, loss: 2%}}
        clients:
          bob: {network: fibre, publish: true, stay: 4min, rejoin: {after: 3s}}
          guests: {count: 3, network: cafe, arrive: {poisson: 1/min}}
        script:
          - {at: 2s, client: bob, do: disconnect}
          - {at: 9s, client: bob, network: up}
        expect: [bob sees sessionConnected]
        """
    )
    assert made == read


def test_values_that_are_already_made_are_taken_as_they_are():
    made = story(
        duration=MINUTE,
        networks={"cafe": NETWORKS["wifi"].link},
        clients={
            "bob": Person(
                network=LinkSpec(),
                arrive=Poisson(5),
                stay=Exponential(9),
                rejoin=Rejoin(backoff=Backoff(first="1s", max="9s")),
                on={"sessionReconnecting": Reaction(do="disconnect")},
            ),
            "ann": Person(
                role="moderator", policy=Policies(remove_at_random=RemoveAtRandom(every=5))
            ),
        },
        platform=Platform(grace="5s"),
        timers=Timers(turn=5),
        profile=profile("documented", {"fatal-close-skips-reconnecting": True}),
    )
    assert from_data(sim.scenario.to_data(made)) == made
    assert made.clients["ann"].policy.remove_at_random.every == Constant(5)


def test_people_are_members_of_their_groups():
    made = story(clients={"bob": Person(), "guests": Person(count=3), "one": Person(count=1)})
    assert list(made.people) == ["bob", "guests-1", "guests-2", "guests-3", "one"]
    assert made.people["guests-2"] is made.clients["guests"]
    assert made.named("guests") == ("guests-1", "guests-2", "guests-3")
    assert made.named("guests-2") == ("guests-2",)
    assert made.named("one") == ("one",)


def test_a_network_is_the_storys_own_or_a_preset_or_the_persons():
    own = LinkSpec()
    made = story(networks={"fibre": own, "cafe": own})
    assert made.link(Person(network="cafe")) is own
    assert made.link(Person()) is own
    assert made.link(Person(network="wifi")) is NETWORKS["wifi"].link
    assert made.link(Person(network={"delay": "9s"})).up.delay == Constant(9 * SECOND)


def _down(**keys):
    return Step(at="2s", client="bob", network="down", **keys)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Person(role="moderatr"), "role: 'moderatr' is not a role: did you mean 'moderato"),
        (lambda: Person(stay="soon"), "stay: expected forever or a duration such as 2min 7s, got "),
        (lambda: Person(stay=-5), "stay: -5 is negative: a duration cannot be"),
        (lambda: Person(network={"preset": "fiber"}), "network.preset: 'fiber' is not a preset"),
        (lambda: Person(on={"sessionConnected": {"prevent-default": True}}), "on.sessionConnected"),
        (lambda: Person(publish=1), "publish: expected false or true or camera or screen, got the"),
        (lambda: Person(policy={"remove-reconnecting": {"after": "9s"}}), "policy: a policy is fo"),
        (lambda: Person(count=True), "count: expected a whole number from 1 to 10000, got true"),
        (lambda: Step(at="2s", client="bob"), "one of the keys do, network or platform is missing"),
        (lambda: Step(at="2s", client="bob", do="crash", target="ann"), "target: 'target' does no"),
        (lambda: Step(at="2s", client="bob", do="crash", network="up"), "network: do and network "),
        (lambda: Step(at=True, client="bob", do="crash"), "at: expected a duration such as 2min 7"),
        (lambda: _down(lasting="soon"), "lasting: 'soon' is not a duration"),
        (lambda: _down(lasting=True), "lasting: expected a duration such as 2min 7s, got true"),
        (lambda: _down(to="wifi"), "to: 'to' does not belong to 'network: down': it takes lasting"),
        (lambda: Step(at=0, client="b", do="crash", lasting=9), "lasting: 'lasting' does not belo"),
        (lambda: Person(since="later"), "since: 'later' is not a duration"),
        (lambda: story(script=[{"at": "2s", "client": "bob", "network": "down", "for": "soon"}]),
            "script[0].for: 'soon' is not a duration"),
        (lambda: story(script=[{"at": "2s", "client": "bob", "do": "crash", "for": "9s"}]),
            "script[0].for: 'for' does not belong to 'do: crash'"),
        (lambda: story(clients={"bob": {"from": "later"}}), "clients.bob.from: 'later' is not"),
        (lambda: Reaction(clean_up_after="2s"), "clean-up-after: this needs 'prevent-default: tru"),
        (Rejoin, "expected one of after and backoff"),
        (lambda: Rejoin(after="1s", backoff={"first": "1s", "max": "2s"}), "expected one of after"),
        (lambda: Backoff(first="2s", max="1s"), "max: the longest pause must not be shorter than "),
        (lambda: RemoveAtRandom(every="0s"), "every: this must be more than 0s, or removing would"),
        (lambda: story(platform={"grace": "long"}), "platform.grace: 'long' is not a duration"),
        (lambda: story(platform={"connection-limit": -1}), "platform.connection-limit: -1 is out "),
        (lambda: story(platform=Platform(expired="tell")), "platform: expected a mapping such as "),
        (lambda: story(duration=0), "duration: this duration must be more than 0s"),
        (lambda: story(seed=1.5), "seed: expected a whole number"),
        (lambda: story(clients={}), "clients: there is nobody here"),
        (lambda: story(clients={"bob": Person(network="caffe")}), "clients.bob.network: 'caffe' i"),
        (lambda: story(clients={7: Person()}), "clients: the key 7 is not text"),
        (lambda: story(clients=["bob"]), "clients: expected a mapping such as"),
        (lambda: story(script=[Step(at="2min", client="bob", do="crash")]), "script[0].at: 2min i"),
        (lambda: story(expect=["bob sees nothing"]), "expect[0]: 'nothing' is not an event"),
        (lambda: story(profile=Profile("mine")), "profile: 'mine' is not a profile"),
        (lambda: story(laws="every"), "laws: expected all or a list of laws, got 'every'"),
        (lambda: story(about="\ud800"), "about: this text has control characters in it"),
        (lambda: story(networks={"a": {"delay": object()}}), "networks.a.delay: expected a durati"),
    ],
)  # fmt: skip
def test_a_wrong_value_in_code_is_a_sentence_that_names_it(make, sentence):
    assert refusal(make).startswith(sentence)


def test_everything_wrong_with_a_whole_is_told_at_once():
    wrong = refusal(
        lambda: story(
            clients={"bob": Person(network="caffe"), "law": Person()},
            script=[Step(at="2min", client="ann", do="force-disconnect", target="eve")],
        )
    )
    assert [line.split(":")[0] for line in wrong.splitlines()] == [
        "clients.law",
        "clients.bob.network",
        "script[0].at",
        "script[0].client",
        "script[0].target",
    ]


def test_data_nested_without_end_is_refused():
    endless = {}
    endless["delay"] = endless
    assert "nested more than" in refusal(lambda: Person(network=endless))
    assert "nested more than" in refusal(lambda: from_data(endless))


def test_scenarios_cannot_be_changed_but_copied_with_changes():
    made = story()
    with pytest.raises(AttributeError):
        made.seed = 2
    assert evolve(made, seed=2, duration="2min").duration == 2 * MINUTE


def test_scenarios_survive_pickling_and_so_do_their_errors():
    made = story(networks={"cafe": {"preset": "wifi"}})
    assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(ScenarioError) as caught:
        story(seed=-1)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_platform_section_is_the_platforms_own_settings():
    assert Platform is PlatformSettings
    assert story(platform={"grace": "5s"}).platform == PlatformSettings(grace=5 * SECOND)


def test_outages_of_a_preset_can_be_left_out():
    rough = NETWORKS["g1050-h"].link
    assert rough.outages is not None
    assert Person(network={"preset": "g1050-h"}).network == rough
    assert Person(network={"preset": "g1050-h", "outages": "none"}).network.outages is None


def test_one_direction_of_a_link_can_differ():
    link = Person(network={"delay": "9ms", "loss": "2%", "up": {"delay": "1ms"}}).network
    assert (link.up.delay, link.down.delay) == (Constant(1_000), Constant(9_000))
    assert link.up.loss == link.down.loss


def test_distributions_have_all_their_forms():
    assert Person(stay={"uniform": {"from": "1s", "to": "2s"}}).stay == Uniform(SECOND, 2 * SECOND)
    assert Person(stay={"exponential": "1s", "minimum": "1s"}).stay == Exponential(SECOND, SECOND)


@pytest.mark.parametrize("module", ["numpy", "yaml", "simpy"])
def test_the_model_imports_nothing_heavy(module):
    code = f"import sim.scenario.model, sys; print({module!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# -- how they show themselves ----------------------------------------------------------------------


@given(scenarios())
def test_what_a_scenario_shows_makes_an_equal_one(scenario):
    names = vars(sim.scenario.model)
    again = eval(repr(scenario), names)
    assert again == scenario
    assert repr(again) == repr(scenario)


def test_only_what_is_not_as_by_default_is_shown():
    bob = Person(stay="4min", network="wifi", publish=True)
    assert repr(bob) == "Person(network='wifi', publish='camera', stay='4min')"
    assert repr(Person()) == "Person()"
    step = Step(at="20s", client="bob", network="down", lasting="9s")
    assert repr(step) == "Step(at='20s', client='bob', network='down', lasting='9s')"
    story = Scenario(name="x", duration="1min", clients={"bob": bob}, script=[step])
    assert repr(story) == (
        f"Scenario(name='x', duration='1min', clients={{'bob': {bob!r}}}, script=[{step!r}])"
    )


STEPS = (
    {"do": "disconnect"},
    {"do": "signal", "type": "a", "data": "1"},
    {"do": "signal", "data": ["1"]},
    {"do": "signal", "data": {}},
    {"do": "signal", "retry_after_reconnect": True},
    {"do": "signal", "retry_after_reconnect": 1},
    {"network": "down"},
    {"network": "down", "lasting": 1},
    {"network": "down", "lasting": True},
    {"network": "down", "lasting": 1.0},
    {"network": "down", "lasting": "1us"},
    {"network": "down", "do": "connect"},
    {"platform": "close-socket", "code": 1_000},
    {"platform": "close-socket", "code": 1_000.0},
    {"platform": "close-socket", "code": "1000"},
    {},
)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(("bob", "")), st.sampled_from(STEPS))))
def test_a_step_is_the_same_whatever_has_been_checked_before(drawn):
    for time, client, known in drawn:
        assert outcome(step_at, time, client, known) == outcome(
            Step, at=time, client=client, **known
        )


def outcome(make, *arguments, **keywords):
    try:
        return make(*arguments, **keywords)
    except ValueError as problem:
        return str(problem)
