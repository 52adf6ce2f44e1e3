"""Whatever is drawn is valid, within its bounds, and runs; what cannot be is refused at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.network.specs import LinkSpec, NoLoss
from sim.protocol.quirks import profile
from sim.protocol.timers import Timers
from sim.protocol.units import MINUTE, SECOND
from sim.scenario import Platform, dump, loads
from sim.scenario.references import RESERVED
from sim.testing import strategies as ss
from sim.testing.strategies.scenarios import MOST_PEOPLE

FAULTS = {"close-socket", "rotate", "expire-grace"}
MODERATION = {
    "force-disconnect",
    "force-unpublish",
    "force-mute-stream",
    "force-mute-all",
    "disable-force-mute",
}


def is_fault(step):
    return (
        step.network in {"down", "reset", "change"} or step.platform in FAULTS or step.do == "crash"
    )


def broken(result):
    return [breach.sentence for verdict in result.broken for breach in verdict.breaches]


# -- what is drawn is sound ------------------------------------------------------------------------


@given(ss.scenarios())
def test_no_law_breaks_on_the_documented_client(story):
    assert broken(sim.run(story)) == []


@given(ss.scenarios(platform=ss.platforms()))
@settings(max_examples=50)
def test_nor_on_any_platform_that_keeps_its_promises(story):
    assert broken(sim.run(story)) == []


@given(ss.scenarios(networks=ss.networks(), people=(1, 3)))
@settings(max_examples=50)
def test_nor_on_any_network(story):
    assert broken(sim.run(story, permute_ties=True)) == []


@given(ss.scenarios(profile="opentok.js-2.35.2"))
@settings(max_examples=50)
def test_the_shipped_client_may_break_laws_but_never_a_run(story):
    assert sim.run(story).profile == "opentok.js-2.35.2"


@given(ss.scenarios())
@settings(max_examples=50)
def test_a_story_is_a_file_like_any_other(story):
    assert loads(dump(story)) == story


@given(st.data())
def test_what_is_drawn_lies_within_its_bounds(data):
    people = data.draw(st.tuples(st.integers(1, 4), st.integers(4, 6)))
    duration = data.draw(st.tuples(st.integers(1, MINUTE), st.integers(MINUTE, 10 * MINUTE)))
    faults = data.draw(st.tuples(st.integers(0, 2), st.integers(2, 4)))
    steps = data.draw(st.tuples(st.integers(0, 2), st.integers(2, 4)))
    given_all = {"people": people, "duration": duration, "faults": faults, "steps": steps}
    story = data.draw(ss.scenarios(**given_all, roles=("moderator",), seed=7))
    assert people[0] <= len(story.clients) <= people[1]
    assert duration[0] <= story.duration <= duration[1]
    wrong = sum(is_fault(step) for step in story.script)
    assert faults[0] <= wrong <= faults[1]
    repairs = sum(step.network in {"up", "heal"} for step in story.script)
    assert repairs <= 1
    assert steps[0] <= len(story.script) - wrong - repairs <= steps[1]
    assert {person.role for person in story.clients.values()} == {"moderator"}
    assert story.seed == 7


@given(ss.scenarios(faults=False))
def test_without_faults_nothing_goes_wrong_by_script_or_by_chance(story):
    assert not any(is_fault(step) for step in story.script)
    assert [p.network for p in story.clients.values() if story.link(p).outages] == []


@given(ss.scenarios(moderation=False))
def test_without_moderation_nobody_removes_or_mutes_others(story):
    assert MODERATION.isdisjoint({step.do or step.platform for step in story.script})
    for person in story.clients.values():
        assert person.role != "moderator"
        assert MODERATION.isdisjoint({reaction.do for reaction in person.on.values()})


@given(ss.scenarios(apps=False))
def test_without_apps_no_listener_does_anything(story):
    assert all(person.on == {} for person in story.clients.values())


@given(ss.scenarios())
def test_listeners_of_one_story_end_things_or_begin_things(story):
    done = {r.do for person in story.clients.values() for r in person.on.values()}
    begun = done & {"publish", "subscribe", "unmute-audio", "unmute-video"}
    assert not begun or done <= begun | {None, "signal"}


@given(ss.scenarios(networks=("wifi", {"delay": "40ms"}), platform=Platform(grace="20s")))
@settings(max_examples=30)
def test_networks_and_the_platform_may_be_given(story):
    own = sim.Person(network={"delay": "40ms"}).network
    assert all(person.network in ("wifi", own) for person in story.clients.values())
    assert story.platform.grace == 20 * SECOND


@given(ss.scenarios(profile=profile("documented", {"early-signal-loses-type-and-data": True})))
@settings(max_examples=5)
def test_a_profile_may_be_given(story):
    assert story.profile.quirks == {"early-signal-loses-type-and-data"}


def test_enough_names_for_everybody():
    every = ss.names(MOST_PEOPLE)
    assert len(set(every)) == MOST_PEOPLE
    assert not set(RESERVED) & set(every)


# -- the parts -------------------------------------------------------------------------------------


@given(st.data())
def test_losses_lie_within_their_bounds_and_are_never_total(data):
    least, most = sorted(data.draw(st.tuples(st.floats(0, 0.9), st.floats(0, 0.9))))
    loss = data.draw(ss.losses((least, most)))
    slack = 0.001 + 0.05 * most  # a burst lasts whole milliseconds at least
    assert least - slack <= loss.mean_loss <= most + slack < 1
    assert least == 0 or not isinstance(loss, NoLoss)


@given(st.data())
def test_durations_lie_within_their_bounds(data):
    least, most = sorted(data.draw(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))))
    assert least <= data.draw(ss.durations(least, most)) <= most


@given(ss.links(delay=("200ms", "400ms")))
def test_tcp_waits_longer_where_a_round_trip_is_long(link):
    assert link.transport.rto >= 3 * 2 * 400_000


@given(ss.networks(fails=False) | ss.networks("cellular"), ss.outages(), ss.policies(), ss.people())
@settings(max_examples=50)
def test_parts_stand_on_their_own(network, outages, policy, person):
    assert isinstance(network, str | LinkSpec)
    moderator = sim.Person(role="moderator", network=network, policy=policy)
    cut = LinkSpec(outages=outages)
    clients = {"alice": moderator, "bob": person, "carol": sim.Person(network=cut)}
    sim.run(sim.Scenario(name="parts", duration="20s", clients=clients))


@given(ss.scripts(("alice", "bob"), "1min"), ss.reactions(("alice", "bob")), ss.delays())
@settings(max_examples=50)
def test_scripts_reactions_and_delays_stand_on_their_own(script, on, delay):
    clients = {"alice": sim.Person(on=on), "bob": sim.Person(network={"delay": "10ms"})}
    assert [step.at for step in script] == sorted(step.at for step in script)
    assert delay is not None
    sim.run(sim.Scenario(name="parts", duration="1min", clients=clients, script=script))


# -- what cannot be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ss.scenarios(people=0), "people: 0 is out of range: allowed are 1 to 100"),
        (lambda: ss.scenarios(people=(3, 2)), "people: the least, 3, is more than the most, 2"),
        (lambda: ss.scenarios(people=(1, 2, 3)), "people: (1, 2, 3) has not two bounds"),
        (lambda: ss.scenarios(people="two"), "people: 'two' is not a whole number"),
        (lambda: ss.scenarios(duration="10"), "duration: '10' is not a duration"),
        (lambda: ss.scenarios(duration=(2, "1s", 3)), "duration: (2, '1s', 3) has not two bounds"),
        (lambda: ss.scenarios(duration=("2min", "10s")), "duration: the least, 2min, is more than"),
        (lambda: ss.scenarios(duration=0), "duration: 0s is out of range"),
        (lambda: ss.scenarios(duration=-1), "duration: -1 is not a duration"),
        (lambda: ss.scenarios(networks="wify"), "networks: 'wify' is not a preset"),
        (lambda: ss.scenarios(networks=()), "networks: there is nothing to choose from"),
        (lambda: ss.scenarios(networks=[{"los": 1}]), "networks: "),
        (lambda: ss.scenarios(networks=[3]), "networks: "),
        (lambda: ss.scenarios(roles="moderater"), "roles: 'moderater' is not a role: did you mean"),
        (lambda: ss.scenarios(faults=-1), "faults: -1 is out of range"),
        (lambda: ss.scenarios(faults="many"), "faults: 'many' is not a whole number"),
        (lambda: ss.scenarios(steps=(5, 1)), "steps: the least, 5, is more than the most, 1"),
        (lambda: ss.scenarios(moderation=1), "moderation: 1 is neither True nor False"),
        (lambda: ss.scenarios(apps="no"), "apps: 'no' is neither True nor False"),
        (lambda: ss.scenarios(profile="shipped"), "profile: 'shipped' is not a profile"),
        (lambda: ss.scenarios(platform="any"), "platform: 'any' is neither a PlatformSettings"),
        (lambda: ss.scenarios(timers=3), "timers: 3 is not a Timers"),
        (lambda: ss.scenarios(seed=-1), "seed: -1 is out of range"),
        (lambda: ss.losses(1.0), "losses: 1.0 is out of range: allowed are 0.0 to 0.9"),
        (lambda: ss.losses("120%"), "losses: '120%' is not a probability"),
        (lambda: ss.losses(("5%", "1%")), "losses: the least, 0.05, is more than the most, 0.01"),
        (lambda: ss.losses([None, 1]), "losses: nothing is not a probability"),
        (lambda: ss.delays("soon"), "delays: 'soon' is not a duration"),
        (lambda: ss.outages(every=0), "every: 0s is out of range"),
        (lambda: ss.scripts((), "1min"), "names: there is nobody to do anything"),
        (lambda: ss.scripts("bob", "1 minute"), "duration: '1 minute' is not a duration"),
        (lambda: ss.reactions(calls="both"), "calls: 'both' is not a kind of calls"),
        (lambda: ss.people(roles=()), "roles: there is nothing to choose from"),
    ],
)
def test_what_cannot_be_is_refused_when_the_strategy_is_made(make, sentence):
    with pytest.raises(ValueError) as refused:
        make()
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_other_timers_have_other_edges():
    assert ss.edges(Timers(silence=3 * SECOND))[0].length == 3 * SECOND
    assert ss.edges(platform=Platform(detection="1s", grace="1s"))[0].name == "detection"
