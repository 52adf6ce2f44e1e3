"""``sim.Simulation``: what can be done by hand, what can be seen, and what is refused."""

from contextlib import suppress

import pytest
from commands import bases, begin, commands, obey, state
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.protocol.units import LONGEST, SECOND
from sim.scenario import Step

CAFE = {"cafe": {"preset": "wifi-lossy"}}


def pair(**more):
    """Alice, a moderator, and bob on a café's network, both connected."""
    s = sim.Simulation(seed=7, networks=CAFE, **more)
    s.join("alice", role="moderator", publish="camera")
    s.join("bob", network="cafe", publish="camera")
    s.advance("20s")
    return s


def names(s, client):
    return [name for _, _, name, _ in s.client(client).told]


# -- what can be done ------------------------------------------------------------------------------


def test_the_example_of_the_documentation():
    with pair() as s:
        s.do("bob", network="down", lasting="9s")
        s.advance_until(lambda s: s.client("bob").sees("sessionReconnecting"), within="10s")
        s.do("alice", do="force-disconnect", target="bob")
        s.heal()
        s.advance("60s")
        s.check()
    assert s.result.clients["bob"].sees("sessionDisconnected", "forceDisconnected")
    assert sim.run(s.scenario).digest == s.result.digest


def test_a_sentence_is_waited_for():
    s = pair()
    s.do("bob", network="down", lasting="9s")
    s.advance_until("bob sees sessionReconnecting", within="10s")
    assert names(s, "bob")[-1] == "sessionReconnecting"
    assert s.now == s.client("bob").told[-1][0] + 1


def test_only_what_is_seen_from_now_on_counts():
    s = pair()
    with pytest.raises(sim.NotReached, match="sessionConnected"):
        s.advance_until("bob sees sessionConnected", within="10s")
    assert s.now == 30 * SECOND


def test_what_was_waited_for_in_vain_is_told_with_what_came_before_and_what_the_app_threw():
    def app(app):
        app.session.on("streamDestroyed", lambda event: event.nothing)

    s = pair()
    s.join("pete", app=app)
    s.advance("1s")
    s.do("bob", do="unpublish")
    with pytest.raises(sim.NotReached) as waited:
        s.advance_until("pete sees sessionConnected", within="10s")
    said = str(waited.value)
    assert said.startswith("by 0:31.000 'pete sees sessionConnected': pete saw no sessionConnected")
    assert "; before 0:21.000 it came, at 0:20." in said
    (thrown,) = (each for each in s.records if each.name == "listenerThrew")
    assert said.endswith(
        "; pete's listener of streamDestroyed threw AttributeError: "
        f"streamDestroyed has no field 'nothing', #{thrown.seq}"
    )


def is_never(_):
    return False


def test_a_predicate_that_stays_untrue_is_told_with_how_everybody_is():
    s = pair()
    s.do("bob", do="disconnect")
    with pytest.raises(sim.NotReached) as waited:
        s.advance_until(is_never, within="10s")
    assert str(waited.value) == (
        "by 0:30.000 is_never is not true; alice is connected and bob is disconnected"
    )
    with pytest.raises(
        sim.NotReached, match=r"the lambda of test_simulation\.py, line \d+, is not"
    ):
        s.advance_until(lambda _: False, within="10s")


def test_what_is_so_already_is_not_waited_for():
    s = pair()
    s.advance_until(lambda s: True, within="10s")
    assert s.now == 20 * SECOND


def test_time_goes_on_up_to_what_happens_then():
    s = pair()
    s.do("bob", do="crash")
    s.advance(0)
    assert s.records[-1].name != "crash"
    s.advance(1)
    assert (s.now, s.records[-1].name) == (20 * SECOND + 1, "crash")


def test_two_steps_at_one_time_follow_each_other_directly():
    s = pair()
    s.do("alice", do="mute-video")
    s.do("alice", do="unmute-video")
    first, second = s.records[-2:]
    assert (first.data["active"], second.data["active"]) == (False, True)
    assert first.time == second.time == s.now


def test_who_joins_after_a_step_comes_a_microsecond_later():
    s = pair()
    s.join("carol")
    s.do("alice", do="mute-video")
    s.join("dora")
    assert s.now == 20 * SECOND + 1
    since = {name: person.since for name, person in s.scenario.clients.items()}
    assert since == {"alice": 0, "bob": 0, "carol": 20 * SECOND, "dora": 20 * SECOND + 1}


def test_a_group_joins_and_is_told_of_as_one():
    s = pair()
    s.join("guests", count=3, role="subscriber")
    s.advance("1s")
    s.do("guests", do="disconnect")
    s.advance("1s")
    assert all(s.client(f"guests-{n}").sees("sessionDisconnected") for n in (1, 2, 3))


def test_a_scenario_s_people_and_script_do_their_part():
    steps = [Step(at="5s", client="bob", do="disconnect"), Step(at="1h", client="bob", do="crash")]
    story = sim.Scenario(name="base", duration="2h", clients={"bob": sim.Person()}, script=steps)
    with sim.Simulation(story, seed=3) as s:
        s.join("alice")
        s.advance("10s")
    assert s.result.clients["bob"].sees("sessionDisconnected")
    assert s.scenario.script == (steps[0],)
    assert (s.scenario.seed, s.scenario.duration) == (3, 10 * SECOND)


def test_an_untouched_scenario_is_the_scenario():
    story = sim.load("scenarios/kick.yaml")
    s = sim.Simulation(story)
    s.advance(story.duration)
    assert s.close().scenario == story


def test_heal_ends_what_is_wrong_and_chance_brings_no_more():
    storm = {"outages": {"every": "5s", "last": "4s"}}
    with sim.Simulation(networks={"storm": storm}) as s:
        s.join("bob", network="storm")
        s.advance("7s")
        s.heal("bob")
        s.advance("60s")
    faults = [(r.name, r.time) for r in s.records if r.kind == "fault"]
    assert faults == [("down", 5 * SECOND), ("heal", 7 * SECOND), ("up", 7 * SECOND)]


# -- what can be seen ------------------------------------------------------------------------------


def test_clients_and_the_platform_can_be_looked_at():
    s = pair()
    bob = s.client("bob")
    assert (bob.state, bob.connection, bob.is_open) == ("connected", "bob#1", True)
    assert [each.label for each in bob.publishers] == ["publisher"]
    assert [each.stream.connection.client for each in bob.subscribers] == ["alice"]
    assert bob.page == ("publisher", "subscriber(alice)")
    assert list(s.platform.connections) == ["alice#1", "bob#1"]
    assert set(s.platform.streams.values()) == {"alice#1", "bob#1"}
    assert repr(bob) == "<bob: connected, 1 publisher, 1 subscriber>"
    assert repr(s) == "<Simulation 'simulation' at 0:20.000: alice connected, bob connected>"
    assert s.next_event_time >= s.now


def test_a_page_that_is_gone_has_nothing_in_it():
    s = pair()
    s.do("bob", do="crash")
    s.advance(1)
    bob = s.client("bob")
    assert (bob.is_open, bob.publishers, bob.subscribers, bob.page) == (False, (), (), ())


def test_a_result_is_there_at_any_time():
    s = pair()
    early = s.result
    s.do("bob", do="disconnect")
    entered = s.result
    assert (early.ended, entered.ended) == (20 * SECOND, 20 * SECOND + 1)
    s.advance("5s")
    final = s.close()
    assert [r.count for r in (early, entered, final)] == sorted(
        r.count for r in (early, entered, final)
    )
    assert s.result is final


# -- laws ------------------------------------------------------------------------------------------


def test_a_broken_law_is_raised_with_all_that_is_needed():
    story = sim.load("scenarios/fatal-close.yaml")
    story = sim.Scenario(
        name="fatal",
        duration=story.duration,
        profile=story.profile,
        clients=story.clients,
        script=story.script,
    )
    s = sim.Simulation(story)
    s.check()
    s.advance(story.duration)
    with pytest.raises(sim.LawBroken, match="reconnect-first broke at") as raised:
        s.check()
    broken = raised.value
    assert (broken.law.name, broken.breach) == ("reconnect-first", s.broken[0])
    assert broken.record in s.records
    with pytest.raises(sim.LawBroken) as again:
        s.result.check()
    assert (str(again.value), again.value.replay) == (str(broken), broken.replay)
    assert [v.law.name for v in sim.run(sim.loads(broken.replay)).broken] == ["reconnect-first"]


def test_an_expected_breach_is_no_failure():
    s = sim.Simulation("scenarios/fatal-close.yaml")
    s.advance("1min")
    assert s.broken
    s.check()
    s.result.check()


def test_what_replays_a_run_of_its_own_kind_is_python():
    class Own(sim.client.Client):
        pass

    s = sim.Simulation("scenarios/fatal-close.yaml", client_class=Own, replication=2)
    from sim.simulation.replays import replay_line

    line = replay_line(s._options, {"bob": lambda app: None, "amy": Own})
    apps = "apps={'amy': Own, 'bob': ...}"
    assert line == f'sim.run("broken.yaml", replication=2, {apps}, client=Own)'


def test_who_has_an_app_is_in_the_header_also_when_they_join_later():
    base = sim.Scenario(name="base", duration="1min", clients={"carol": {}})
    s = sim.Simulation(base, apps={"carol": print})
    s.join("alice", app=print)
    s.join("bob")
    with pytest.raises(ZeroDivisionError):
        s.join("dave", app=lambda _: 1 / 0)
    s.advance("5s")
    assert s.close().header.options == ("app=alice", "app=carol")


# -- what is refused -------------------------------------------------------------------------------

BAD = (
    (lambda s: s.do("bert", do="disconnect"), "somebody in this story"),
    (lambda s: s.do("bob", do="dance"), "dance"),
    (lambda s: s.do("bob", du="disconnect"), "a key of a step"),
    (lambda s: s.do("bob"), "is missing"),
    (lambda s: s.do(7, do="disconnect"), "7"),
    (lambda s: s.do("alice", do="force-disconnect", target="bert"), "bert"),
    (lambda s: s.do("alice", do="force-disconnect"), "needs the key 'target'"),
    (lambda s: s.do("bob", network="change", to="cafee"), "did you mean 'cafe'"),
    (lambda s: s.do("bob", do="disconnect", at="5s"), "a key of a step"),
    (lambda s: s.join("bob"), "has joined already"),
    (lambda s: s.join("carol", network="cafee"), "did you mean 'cafe'"),
    (lambda s: s.join("carol", rolle="moderator"), "a key of a person"),
    (lambda s: s.join("carol", since="5s"), "a key of a person"),
    (lambda s: s.join("every one"), "every one"),
    (lambda s: s.join(7), "a name is text"),
    (lambda s: s.join("nobody"), "has a meaning of its own"),
    (lambda s: s.join("carol", app=7), "an app is a function or a class"),
    (lambda s: s.join("carol", 7), "a person is a sim.Person"),
    (lambda s: s.join("carol", sim.Person(since="5s")), "who joins comes now"),
    (lambda s: s.advance(-1), "out of range"),
    (lambda s: s.advance("-5s"), "is not a duration"),
    (lambda s: s.advance(1.5), "is no duration"),
    (lambda s: s.advance(True), "is no duration"),
    (lambda s: s.advance(LONGEST), "no longer than that"),
    (lambda s: s.advance("20"), "is not a duration"),
    (lambda s: s.advance_until("bob sees sessionConected", within="1s"), "an event"),
    (lambda s: s.advance_until("bob never sees signal", within="1s"), "at the end"),
    (lambda s: s.advance_until(7, within="1s"), "a sentence or a predicate"),
    (lambda s: s.heal("bert"), "somebody in this story"),
    (lambda s: s.client("bert"), "somebody here"),
)


@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_bad_command_is_refused_with_one_sentence_and_changes_nothing(number):
    command, sentence = BAD[number]
    s = pair()
    s.do("bob", do="mute-video")
    before = state(s)
    with pytest.raises(ValueError, match=sentence) as refused:
        command(s)
    assert "\n" not in str(refused.value)
    assert state(s) == before


@given(bases(), st.lists(commands(), max_size=8), st.lists(st.integers(0, len(BAD) - 1)))
@settings(max_examples=25)
def test_whatever_is_refused_in_between_the_story_is_the_same(base, orders, bad):
    disturbed, plain = begin(base), begin(base)
    for number, order in enumerate(orders):
        assert obey(disturbed, order) == obey(plain, order)
        command, _ = BAD[bad[number % len(bad)] if bad else 0]
        before = state(disturbed)
        with suppress(ValueError):
            command(disturbed)
        if state(disturbed) != before:  # here it made sense after all
            return
    assert state(disturbed) == state(plain)


def test_an_app_cannot_drive_the_world_it_is_in():
    s = sim.Simulation()
    heard = []

    def app(app):
        def listener(_):
            for command in (lambda: s.advance(1), lambda: s.do("bob", do="crash"), s.fork):
                try:
                    command()
                except ValueError as refused:
                    heard.append(str(refused))

        app.session.on("sessionConnected", listener)

    s.join("bob", app=app)
    s.advance("1s")
    assert heard == ["the world is in the middle of something: an app cannot drive it"] * 3


def test_nothing_can_be_done_when_it_is_over():
    with pair() as s:
        pass
    for command in (lambda: s.advance(1), lambda: s.join("carol"), s.fork, s.heal):
        with pytest.raises(ValueError, match="this simulation is over"):
            command()
    assert s.close() is s.result


def test_an_error_inside_the_world_stops_it_and_leaves_it_to_be_looked_at():
    s = sim.Simulation()

    def app(app):
        def listener(_):
            raise AssertionError("not so")

        app.session.on("sessionConnected", listener)

    s.join("bob", app=app)
    with pytest.raises(AssertionError, match="not so"):
        s.advance("1s")
    with pytest.raises(ValueError, match=r"has stopped at .*not so"):
        s.advance("1s")
    assert s.client("bob").state == "connected"
    assert s.result.count == len(s.records)


def test_a_story_of_nobody_is_none():
    with sim.Simulation() as s:
        s.advance("1s")
        s.check()
        with pytest.raises(ValueError, match="nobody has joined yet"):
            s.do("bob", do="crash")
    for look in (lambda: s.scenario, lambda: s.result):
        with pytest.raises(ValueError, match="nobody has joined yet"):
            look()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"seed": -1}, "seed must be a whole number"),
        ({"networks": {"x": {"presett": "wifi"}}}, "presett"),
        ({"profile": "opentok"}, "there is no profile"),
        ({"laws": ["reconect-first"]}, "did you mean reconnect-first"),
        ({"apps": {"bert": print}}, "there is no client 'bert'"),
        ({"max_events": 0}, "max_events must be a whole number from 1 on"),
        ({"level": "everything"}, "the levels are"),
    ],
)
def test_what_cannot_begin_is_said(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        sim.Simulation(**given)


def test_without_keeping_records_a_world_can_be_driven_and_judged():
    s = pair(keep=False)
    assert (list(s.records), s.client("bob").told) == ([], ())
    s.check()
    assert s.result.digest == pair().result.digest


def test_where_events_are_kept_a_world_can_be_driven_and_judged():
    s = pair(keep="events")
    assert (list(s.records), s.client("bob").told) == ([], pair().client("bob").told)
    s.check()
    assert s.result.digest == pair().result.digest


def test_a_story_goes_on_after_the_end_that_its_scenario_says():
    kick = sim.load("scenarios/kick.yaml")
    with sim.Simulation(kick) as s:
        s.advance(kick.duration + 60 * SECOND)
        s.join("zoe", publish="camera")
        s.advance("5s")
        s.do("zoe", do="disconnect")
        s.advance("5s")
    assert names(s, "zoe").count("sessionDisconnected") == 1
    assert sim.run(s.scenario).digest == s.result.digest
