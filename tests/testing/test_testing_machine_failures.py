"""What a ``SessionMachine`` says of an example that fails, and of one that is another each time."""

import itertools
import random
import time

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.errors import FailedHealthCheck
from hypothesis.stateful import invariant, precondition, run_state_machine_as_test
from test_testing_machine import chosen, run

import sim
from sim.client import Client
from sim.scenario import loads
from sim.testing import NotDeterministic, SessionMachine, context, rule
from sim.testing.machine.determinism import difference
from sim.testing.machine.judging import breaking
from sim.testing.machine.rules import names
from sim.testing.mutants import mutant

SHIPPED = "opentok.js-2.35.2"


class Broken(SessionMachine):
    """Its clients tell the end of a session twice."""

    client_class = mutant("tells-the-end-twice").client_class


def failure(machine, examples=40, steps=20, shrinks=False, **present):
    """What a machine's test raises."""
    phases = [Phase.generate, Phase.shrink] if shrinks else [Phase.generate]
    with (
        context.using(context.Context(**present)),
        pytest.raises(Exception) as raised,
    ):
        run_state_machine_as_test(machine, settings=chosen(examples, steps, phases=phases))
    return raised.value


def single(problem):
    """The failure, or the first of several."""
    return problem.exceptions[0] if isinstance(problem, ExceptionGroup) else problem


def notes(problem):
    return "\n".join(problem.__notes__)


def of_law(problem, law):
    """The failure of that law among all."""
    problems = problem.exceptions if isinstance(problem, ExceptionGroup) else [problem]
    return next(each for each in problems if each.law.name == law)


# -- a law breaks ----------------------------------------------------------------------------------


def test_a_breach_fails_in_the_step_that_caused_it(tmp_path):
    problem = of_law(failure(Broken, save=tmp_path), "one-end")
    assert isinstance(problem, sim.LawBroken)
    assert problem.breach.record.name == "sessionDisconnected"
    steps = [line for line in notes(problem).splitlines() if line.startswith("state.")]
    assert steps[-1] == "state.teardown()"
    assert not any("laws" in step for step in steps)


def test_a_failure_has_a_story_that_breaks_the_same_law_again(tmp_path):
    problem = of_law(failure(Broken, save=tmp_path), "one-end")
    assert "law one-end" in str(problem)
    files = {file.name: file for file in tmp_path.iterdir()}
    (saved,) = [file for name, file in files.items() if "one-end" in name]
    story = sim.load(saved)
    result = sim.run(story, client=Broken.client_class)
    assert result.laws["one-end"].broken
    with pytest.raises(sim.LawBroken, match="one-end"):
        Broken.check_story(saved)
    assert not sim.run(story).laws["one-end"].broken


def test_each_law_is_a_failure_of_its_own():
    assert breaking("one-end") is breaking("one-end") is not breaking("signals")
    assert issubclass(breaking("one-end"), sim.LawBroken)


def test_what_breaks_only_in_the_end_fails_in_teardown(tmp_path):
    class Ghosts(SessionMachine):
        platform_class = mutant("never-gives-up-the-dead").platform_class
        weights = dict.fromkeys(names(SessionMachine), 0) | {"crash": 1}  # time hardly passes

    problem = of_law(failure(Ghosts, 10, 3, save=tmp_path), "ghosts-bounded")
    assert "teardown" in "".join(entry.name for entry in problem_frames(problem))


def problem_frames(problem):
    import traceback

    return traceback.extract_tb(problem.__traceback__)


def test_a_planted_fault_of_the_context_is_found_and_named_in_the_file(tmp_path):
    problem = failure(SessionMachine, mutant=mutant("subscribes-twice"), save=tmp_path)
    assert of_law(problem, "one-subscriber-per-stream")


def test_code_of_the_class_wins_over_a_planted_fault():
    class Sound(SessionMachine):
        client_class = Client

    with context.using(context.Context(mutant=mutant("tells-the-end-twice"))):
        run(Sound, 20, 20)


# -- somebody's own code fails ---------------------------------------------------------------------


def app_that_asserts(app):
    def ended(event):
        assert event.reason != "clientDisconnected", "nobody may leave"

    app.session.on("sessionDisconnected", ended)


def test_an_assertion_in_an_app_fails_with_its_story(tmp_path):
    class WithApp(SessionMachine):
        apps = {"bob": app_that_asserts}

    problem = single(failure(WithApp, save=tmp_path))
    assert "nobody may leave" in str(problem)
    (saved,) = tmp_path.iterdir()
    assert "do: disconnect" in saved.read_text()
    with pytest.raises(AssertionError, match="nobody may leave"):
        WithApp.check_story(saved)


def app_that_has_no_page(app):
    raise RuntimeError("at load")


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_whose_app_fails_in_its_first_page_is_in_the_story(who, tmp_path):
    class AtLoad(SessionMachine):
        apps = {"alice": lambda app: None} | {who: app_that_has_no_page}

    problem = single(failure(AtLoad, save=tmp_path, shrinks=True))
    assert "at load" in str(problem)
    (saved,) = tmp_path.iterdir()
    assert who in sim.load(saved).clients
    with pytest.raises(RuntimeError, match="at load"):
        AtLoad.check_story(saved)


def test_who_is_let_in_twice_leaves_the_story_as_it_is(tmp_path):
    class Twice(SessionMachine):
        @precondition(lambda self: self.situation.people)
        @rule()
        def again(self):
            self.let_in(self.situation.people[0], sim.scenario.Person())

    problem = single(failure(Twice, save=tmp_path))
    assert "has joined already" in str(problem)
    assert len(sim.load(next(tmp_path.iterdir())).clients) >= 1


def test_a_story_of_which_only_the_test_says_that_it_fails_says_so(tmp_path):
    class Mine(SessionMachine):
        @invariant()
        def never(self):
            assert not self.situation.people, "never"

    said = "This tells the story. That it fails, your test says."
    assert said in notes(single(failure(Mine, save=tmp_path)))
    assert said not in notes(of_law(failure(Broken, save=tmp_path), "one-end"))


def test_an_invariant_and_a_rule_of_ones_own_fail_with_their_story(tmp_path):
    class Mine(SessionMachine):
        @invariant()
        def few(self):
            assert len(self.situation.people) < 3, "too many"

    class Other(SessionMachine):
        @rule()
        def never(self):
            raise KeyError("never")

    for machine, said in ((Mine, "too many"), (Other, "never")):
        problem = single(failure(machine, save=tmp_path))
        assert said in str(problem)
        assert "clients:" in notes(problem)


def test_an_example_that_is_given_up_or_skipped_is_no_failure(tmp_path):
    class Mine(SessionMachine):
        @rule(number=st.integers(0, 3))
        def pick(self, number):
            from hypothesis import assume

            assume(number)

    with context.using(context.Context(save=tmp_path)):
        run(Mine, 10, 20)
    assert list(tmp_path.iterdir()) == []


# -- stories that were saved -----------------------------------------------------------------------

STORY = """
name: saved
duration: 40s
clients:
  alice: {role: moderator}
  bob: {publish: camera}
script:
  - {at: 10s, client: alice, do: force-disconnect, target: bob}
"""


def test_a_saved_story_is_told_again_as_a_test(tmp_path):
    file = tmp_path / "saved.yaml"
    file.write_text(STORY)
    result = SessionMachine.check_story(file)
    assert result.digest == sim.run(loads(STORY)).digest
    assert SessionMachine.check_story(result.scenario).digest == result.digest


def test_a_saved_story_is_relative_to_the_file_of_the_test():
    assert SessionMachine.check_story("../../scenarios/kick.yaml").held


def test_a_saved_story_has_the_apps_and_the_settings_of_the_class():
    seen = []

    class Mine(SessionMachine):
        apps = {"bob": lambda app: seen.append(app.name)}
        profile = SHIPPED

    result = Mine.check_story(loads(STORY))
    assert (seen, result.profile) == (["bob"], SHIPPED)


def test_a_saved_story_counts_as_a_run():
    runs = []
    with context.using(context.Context(listeners=(runs.append,))):
        SessionMachine.check_story(loads(STORY))
    assert "forceDisconnected" in runs[0]


def test_what_a_saved_story_expects_must_be_so():
    story = loads(STORY + "expect:\n  - bob never sees sessionDisconnected\n")
    with pytest.raises(AssertionError, match="bob never sees"):
        SessionMachine.check_story(story)


class Leaking:
    """Keeps the streams that are lost by network."""

    def __init__(self, app):
        self.streams = []
        app.session.on("streamCreated", lambda event: self.streams.append(event.stream.id))


LEAK = loads(
    "{name: leak, duration: 10s, clients: {alice: {}, bob: {publish: camera}},"
    " script: [{at: 5s, client: bob, do: disconnect}]}"
)


def test_a_saved_story_is_looked_at_in_the_end_when_all_is_quiet():
    seen = []

    class Tidy(SessionMachine):
        apps = {"alice": Leaking}

        def at_rest(self):
            seen.append(self.simulation.platform.connections)
            assert not self.app("alice").streams, "still there"

    with pytest.raises(AssertionError, match="still there") as failed:
        Tidy.check_story(LEAK)
    assert "The story" in notes(failed.value)
    assert len(seen[0]) == 1
    assert Tidy.check_story(LEAK, invariants=False).digest == sim.run(LEAK).digest


def test_a_saved_story_is_looked_at_after_each_step():
    class Looking(SessionMachine):
        apps = {"alice": Leaking}
        times = []

        @invariant()
        @precondition(lambda self: self.app("alice"))
        def empty(self):
            self.times.append(self.simulation.now)
            assert len(self.app("alice").streams) < 1, "one is there"

    with pytest.raises(AssertionError, match="one is there"):
        Looking.check_story(LEAK)
    assert Looking.times == [5_000_001]
    assert Looking.check_story(LEAK, invariants=False).held


def test_a_saved_story_of_no_file_is_relative_to_where_we_are(tmp_path, monkeypatch):
    (tmp_path / "saved.yaml").write_text(STORY)
    monkeypatch.chdir(tmp_path)
    code = "assert machine.check_story('saved.yaml').held"
    exec(code, {"machine": SessionMachine})  # as it is typed in


# -- stories that are others each time -------------------------------------------------------------


def wavering(app):
    """Says another thing each time, as an app with randomness of its own does."""
    app.session.on("sessionConnected", lambda _: app.session.signal("dice", str(random.random())))


counted = itertools.count()


def remembering(app):
    """Says how many pages there have been: state that outlives a world."""
    app.session.on("sessionConnected", lambda _: app.session.signal("n", str(next(counted))))


def looking_at_the_clock(app):
    app.session.on("sessionConnected", lambda _: app.session.signal("t", str(time.time_ns())))


@pytest.mark.parametrize("app", [wavering, remembering, looking_at_the_clock])
def test_an_app_with_chance_of_its_own_is_named_by_the_first_record_that_differs(app, tmp_path):
    class Wavers(SessionMachine):
        apps = {"bob": app}

    problem = failure(Wavers, save=tmp_path)
    assert isinstance(problem, NotDeterministic)
    said = str(problem)
    assert "\n" not in said
    assert "Wavers is not deterministic" in said
    assert "record" in said
    assert "bob: call session.signal" in said


def test_of_two_runs_the_first_difference_is_told():
    def world(story):
        return sim.Simulation(story, apps={"bob": remembering})

    story = loads(STORY)
    first = world(story)
    first.advance(story.duration)
    told = difference("Mine", first.records, story, world)
    (record,) = [each for each in first.records if each.name == "signal" and each.kind == "call"]
    assert f"record {record.seq}" in str(told)
    assert difference("Mine", first.records, story, world) is not None
    plain = sim.Simulation(story)
    plain.advance(story.duration)
    assert difference("Mine", plain.records, story, sim.Simulation) is None


def test_rules_that_reach_into_the_world_can_say_so():
    class Reaches(SessionMachine):
        replayable = False

        @rule()
        def cut(self):
            for who in self.simulation.world.participants.values():
                self.simulation.world.faults.cut_media(who.driver, True)
                self.simulation.world.faults.cut_media(who.driver, False)

    run(Reaches, 10, 20)
    assert issubclass(NotDeterministic, FailedHealthCheck)


@pytest.mark.slow
def test_hypothesis_prints_steps_that_read_well(tmp_path):
    class Mine(SessionMachine):
        weights = {"mute_all": 60}

        @invariant()
        def nobody_is_muted(self):
            assert "mute_all" not in self.done

    said = notes(single(failure(Mine, 600, 30, shrinks=True, save=tmp_path)))
    assert "state.begin(people={'alice': Person(" in said
    assert "state.mute_all(by='alice')" in said


def test_default_settings_have_no_deadline():
    assert SessionMachine.TestCase.settings.deadline is None
