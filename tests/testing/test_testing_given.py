"""``given_scenario``: what it gives to tests, in which ways, and what it refuses."""

import re
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import example, seed, settings
from hypothesis import strategies as st

import sim
from sim.client import Client
from sim.testing import context, given_scenario
from sim.testing.failures import latest
from sim.testing.mutants import MUTANTS
from sim.trace import Record

KICK = "../../scenarios/kick.yaml"
STORY = sim.Scenario(
    name="short",
    duration="20s",
    clients={"alice": {"publish": "camera"}, "bob": {}},
    script=[sim.Step(at="10s", client="bob", do="disconnect")],
)
FEW = settings(max_examples=8, deadline=None, database=None)


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    latest.clear()
    with context.using(context.Context(save=tmp_path / "found")):
        yield
    latest.clear()


# -- what tests are given --------------------------------------------------------------------------


@FEW
@given_scenario(KICK)
def test_a_test_gets_results_of_a_file_beside_it(result):
    assert isinstance(result, sim.Result)
    assert result.scenario.name == "kick"


@given_scenario(KICK, vary=())
def test_without_anything_to_vary_it_is_an_ordinary_test(tmp_path, result):
    assert result.digest == sim.run("scenarios/kick.yaml").digest
    assert tmp_path.is_dir()


def test_an_ordinary_test_is_run_once():
    runs = []

    @given_scenario(STORY, vary=())
    def test(result):
        runs.append(result.digest)

    test()
    assert runs == [sim.run(STORY).digest]
    assert not hasattr(test, "is_hypothesis_test")


def test_variations_differ_in_what_is_named():
    seen = []

    @FEW
    @given_scenario(STORY, vary="seed", seeds=5)
    def test(result):
        seen.append(result.scenario)

    test()
    assert {each.seed for each in seen} <= set(range(STORY.seed, STORY.seed + 6))
    assert len({each.seed for each in seen}) > 1
    assert all(evolve(each, seed=STORY.seed) == STORY for each in seen)


def test_the_result_is_not_judged():
    story = evolve(sim.load("scenarios/fatal-close.yaml"), expect=())

    @given_scenario(story, vary=())
    def test(result):
        assert not result.held
        with pytest.raises(sim.LawBroken):
            result.check()

    test()


class TestMethods:
    """Methods work as functions do, with all that pytest and Hypothesis have."""

    @pytest.mark.parametrize("number", [1, 2])
    @seed(7)
    @FEW
    @given_scenario(STORY, vary=("seed", "timing"))
    def test_with_everything_above(self, number, request, result):
        assert (number, request.node.name) in [(1, f"{_N}[1]"), (2, f"{_N}[2]")]
        assert result.scenario.name == "short"

    @given_scenario(STORY, vary=("seed", "timing"))
    @FEW
    @example(KICK)
    @pytest.mark.parametrize("number", [1, 2])
    def test_with_everything_below(self, number, result):
        assert result.scenario.name in ("short", "kick")

    @pytest.mark.parametrize("number", [1, 2])
    @given_scenario(STORY, vary=())
    def test_of_one_story(self, number, tmp_path, result):
        assert result.scenario == STORY


_N = "test_with_everything_above"


@pytest.mark.parametrize("above", [True, False])
def test_an_example_is_a_story_or_a_file(above):
    seen = []

    def test(result):
        seen.append(result.scenario.name)

    two = (example(KICK), example(evolve(STORY, name="other")))
    if above:
        made = FEW(given_scenario(STORY, vary="seed")(test))
        for each in two:
            made = each(made)
    else:
        for each in two:
            test = each(test)
        made = given_scenario(STORY, vary="seed")(FEW(test))
    made()
    assert sorted(seen[:2]) == ["kick", "other"]
    assert set(seen[2:]) == {"short"}


def test_the_result_is_the_parameter_of_that_name_or_the_last():
    seen = []

    @FEW
    @given_scenario(STORY, vary="seed")
    def by_name(result, other):
        seen.append(result)

    @given_scenario(STORY, vary=())
    def by_place(other, run):
        seen.append(run)

    by_name(other=1)
    by_place(1)
    by_place(other=1)
    assert all(isinstance(each, sim.Result) for each in seen)


def test_code_of_ones_own_takes_part():
    pages, clients = [], []

    class Own(Client):
        def __init__(self, *args, **keys):
            clients.append(args[0])
            super().__init__(*args, **keys)

    @given_scenario(STORY, vary=(), apps={"bob": pages.append}, client_class=Own)
    def test(result):
        assert result.header.options == ("app=bob", "client=own")

    test()
    assert len(pages) == 1
    assert sorted(set(clients)) == ["alice", "bob"]


# -- what pytest's options say ---------------------------------------------------------------------


def seen_with(chosen, **keys):
    seen = []

    @given_scenario(STORY, vary=(), **keys)
    def test(result):
        seen.append(result)

    with context.using(evolve(context.present(), **chosen)):
        test()
    return seen[0]


def test_seed_and_profile_are_as_the_options_say():
    result = seen_with({"seed": 77, "profile": "opentok.js-2.35.2"})
    assert (result.seed, result.profile) == (77, "opentok.js-2.35.2")
    assert seen_with({"profile": "opentok.js-2.35.2"}, profile="documented").profile == "documented"


def test_a_planted_fault_is_at_work_where_the_test_has_no_code_of_its_own():
    chosen = {"mutant": MUTANTS["tells-the-end-twice"]}
    assert seen_with(chosen).header.options == ("client=own",)
    assert seen_with(chosen, client_class=Client).header.options == ()


def test_what_runs_reach_is_noted():
    noted = []
    seen_with({"listeners": (noted.append,)})
    assert len(noted) == 1
    assert "clientDisconnected" in noted[0]


# -- failures --------------------------------------------------------------------------------------


def failing(test):
    with pytest.raises(BaseException) as raised:
        test()
    return raised.value


def test_any_assertion_is_told_with_the_smallest_story():
    @settings(FEW, max_examples=50)
    @given_scenario(STORY, vary="seed")
    def test(result):
        assert result.seed <= 3

    problem = failing(test)
    note = problem.__notes__[0]
    assert "The story, saved as " in note
    assert latest[-1].story == evolve(STORY, seed=4)
    assert sim.load(latest[-1].path) == latest[-1].story
    assert "vary=())" in note
    assert "result=<short, seed 4, 20s, 2 people, 1 step>" in "\n".join(problem.__notes__)


def test_the_line_that_keeps_it_is_relative_to_the_test():
    @given_scenario(STORY, vary=())
    def test(result):
        raise ZeroDivisionError

    note = failing(test).__notes__[0]
    (name,) = re.findall(r'@given_scenario\("(.*)", vary', note)
    assert sim.load(Path(__file__).parent / name) == STORY


@pytest.mark.parametrize("kind", ["law", "pytest.fail", "app", "endless"])
def test_failures_of_all_kinds_are_told(kind):
    def app(_):
        if kind == "app":
            raise ZeroDivisionError("in an app")

    story = STORY
    if kind == "law":
        story = evolve(sim.load("scenarios/fatal-close.yaml"), expect=())

    @given_scenario(story, vary=(), apps={"bob": app})
    def test(result):
        if kind == "pytest.fail":
            pytest.fail("on purpose")
        result.check()
        if kind == "endless":
            raise sim.StoryWithoutEnd("for example")

    problem = failing(test)
    assert "The story, saved as " in problem.__notes__[0]
    assert len(latest) == 1


@pytest.mark.parametrize("end", [pytest.skip, pytest.xfail, st.nothing().example])
def test_what_is_no_failure_is_not_told(end):
    @given_scenario(STORY, vary=())
    def test(result):
        if end in (pytest.skip, pytest.xfail):
            end("not now")
        raise KeyboardInterrupt

    assert not getattr(failing(test), "__notes__", ())
    assert latest == []


def test_a_saved_failure_is_an_ordinary_test():
    def check(result):
        result.check()

    story = evolve(sim.load("scenarios/fatal-close.yaml"), expect=())
    first = failing(given_scenario(story, vary=())(check))
    again = failing(given_scenario(latest[-1].path, vary=())(check))
    assert (type(first), first.breach) == (type(again), again.breach)


# -- what is refused -------------------------------------------------------------------------------


def plain(result):
    """A test."""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"vary": "time"}, "'time' is not something that can vary"),
        ({"jiter": "1s"}, "'jiter' is not a bound of variations: did you mean 'jitter'?"),
        ({"jitter": "x"}, "x"),
        ({"apps": {"bobb": print}}, "there is no client 'bobb' for an app"),
        ({"apps": {"bob": 7}}, "an app is a function or a class that gets the App, not 7"),
        ({"client_class": 7}, "client_class must be a class or a function"),
        ({"profile": "opentok"}, "opentok"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(arguments, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as raised:
        given_scenario(STORY, **arguments)
    assert "\n" not in str(raised.value)


def test_a_file_that_cannot_be_read_is_one_error_at_once(tmp_path):
    with pytest.raises((sim.ScenarioError, OSError), match=r"nowhere\.yaml"):
        given_scenario("nowhere.yaml")
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: x\nduration: 1min\nclients: {bob: {rol: publisher}}\n")
    with pytest.raises(sim.ScenarioError, match=r"bad\.yaml:3:.*did you mean 'role'"):
        given_scenario(bad)
    with pytest.raises(ValueError, match=r"a scenario is a sim\.Scenario or the name of a file"):
        given_scenario(7)


async def asynchronous(result):
    """No test."""


def generator(result):
    """Nor this."""
    yield


def nothing():
    """Nor this."""


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        (asynchronous, "asynchronous is async"),
        (generator, "generator is a generator"),
        (nothing, "nothing has no parameter for the result: write nothing(result)"),
        (Record, "given_scenario is for functions and methods"),
    ],
)
@pytest.mark.parametrize("vary", [(), "seed"])
def test_what_is_no_test_is_refused(test, sentence, vary):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        given_scenario(STORY, vary=vary)(test)
