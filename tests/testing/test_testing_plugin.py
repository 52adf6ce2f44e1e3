"""The fixture ``simulate``, and the options that say how runs are made."""

import re
import shlex

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.protocol.quirks import QUIRKS, profile
from sim.scenario import Person, Step
from sim.testing import context
from sim.testing.pytesting.runs import Run
from sim.testing.setups import Setup
from tests.testing import suites

PRINTS = """
def test_short(simulate):
    print(f"\\ndigest={simulate('short.yaml').digest}")
"""
"""Shows with -s which run it was."""
FAILS = """
def test_short(simulate):
    assert simulate("short.yaml").digest == ""
"""

# -- simulate --------------------------------------------------------------------------------------


def test_a_file_is_relative_to_that_of_the_test_and_the_run_is_that_of_sim_run(pytester):
    suites.write(pytester, "")
    folder = pytester.mkdir("deep")
    (pytester.path / "short.yaml").rename(folder / "own.yaml")
    (folder / "test_deep.py").write_text(PRINTS.replace("short.yaml", "own.yaml"))
    result = suites.run(pytester, "-s")
    assert suites.digests(result) == [sim.run(folder / "own.yaml").digest]


def test_a_scenario_is_run_with_changes_of_scenario_and_run_and_is_not_judged(pytester):
    suites.write(
        pytester,
        """
        import pytest
        import sim
        from sim.client import Client

        STORY = sim.Scenario(
            name="story",
            duration="20s",
            clients={"bob": sim.Person(network="cafe")},
            networks={"cafe": {"preset": "wifi"}},
            expect=["bob sees sessionReconnecting"],
        )

        def test_unjudged(simulate):
            assert simulate(STORY).why

        def test_scenario(simulate):
            changed = simulate(STORY, duration="30s", networks={"cafe": {"preset": "cellular"}})
            assert changed.scenario.duration == 30_000_000
            assert changed.scenario.networks != STORY.networks

        def test_run(simulate):
            made, pages = [], []
            def client(*args, **given):
                made.append(args[0])
                return Client(*args, **given)
            result = simulate(
                STORY, seed=7, replication=2, client_class=client, apps={"bob": pages.append}
            )
            assert (result.seed, result.replication) == (7, 2)
            assert made == ["bob"]
            assert len(pages) == 1
        """,
    )
    suites.run(pytester).assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("'short.yaml', durations='5s'", "'durations' is not something to change: did you mean"),
        ("'short.yaml', client=int", "did you mean 'client_class'"),
        ("'short.yaml', profile='documentd'", "there is no profile 'documentd'"),
        ("'short.yaml', replication=-1", "replication must be a whole number from 0 on, not -1"),
        ("'short.yaml', duration='soon'", "'soon'"),
        ("'short.yaml', apps={'zoe': print}", "there is no client 'zoe' for an app"),
        ("'short.yaml', trace='no/x.jsonl'", "no/x.jsonl: the trace cannot be written: No such"),
        ("'short.yaml', sinks=5", "sinks are a list of functions that get each record, not 5"),
        ("'long.yaml'", "long.yaml: cannot read the file: no such file or directory"),
        ("{}", "a scenario is a sim.Scenario or the name of a file, not {}"),
    ],
)
def test_a_mistake_in_a_call_is_told_in_a_sentence_at_the_line_of_the_test(
    pytester, call, sentence
):
    suites.write(pytester, f"def test_it(simulate):\n    simulate({call})\n")
    result = suites.run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*E  *{sentence.replace('[', '[[]')}*"])
    assert set(re.findall(r"^\S+\.py:\d+", result.stdout.str(), re.MULTILINE)) == {
        "test_suite.py:2"
    }
    assert suites.replay_lines(result) == []


def test_it_can_be_used_in_properties_and_in_fixtures_of_a_wider_scope(pytester):
    suites.write(
        pytester,
        """
        import pytest
        from hypothesis import given, settings, strategies as st

        @pytest.fixture(scope="module")
        def short(simulate):
            return simulate("short.yaml")

        @settings(max_examples=5)
        @given(seed=st.integers(0, 9))
        def test_property(simulate, seed):
            assert simulate("short.yaml", seed=seed).seed == seed

        def test_fixture(short):
            assert short.seed == 1
        """,
    )
    suites.run(pytester).assert_outcomes(passed=2)


# -- seed, profile, mutant -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "ini", "seed"),
    [
        ([], "", 1),
        (["--sim-seed", "7"], "", 7),
        ([], "sim_seed = 8", 8),
        (["--sim-seed", "7"], "sim_seed = 8", 7),
        (["--sim-seed", ""], "sim_seed = 8", 1),
        (["--sim-seed", str(2**64 - 1)], "", 2**64 - 1),
    ],
)
def test_a_seed_is_that_of_runs_whose_test_gives_none(pytester, options, ini, seed):
    more = PRINTS + "def test_own(simulate):\n    assert simulate('short.yaml', seed=3).seed == 3\n"
    suites.write(pytester, more, pytest_ini=f"[pytest]\n{ini}\n")
    result = suites.run(pytester, "-s", *options)
    result.assert_outcomes(passed=2)
    assert suites.digests(result) == [suites.digest(pytester, seed=seed)]


def test_the_header_says_version_and_seed(pytester):
    suites.write(pytester, PRINTS)
    suites.run(
        pytester, "--sim-seed", "7", "--sim-profile", "opentok.js-2.35.2"
    ).stdout.fnmatch_lines([f"session-sim: {sim.__version__}, seed 7, profile opentok.js-2.35.2"])


def test_the_last_seed_is_that_of_the_run_that_failed_last(pytester):
    suites.write(
        pytester,
        """
        def test_fails(simulate):
            assert simulate("short.yaml").seed in (7, 1)
        def test_passes(simulate):
            simulate("short.yaml", seed=9)
        """,
    )
    suites.run(pytester, "--sim-seed", "7").assert_outcomes(passed=2)
    suites.run(pytester, "--sim-seed", "5").assert_outcomes(passed=1, failed=1)
    suites.run(pytester).assert_outcomes(passed=2)
    result = suites.run(pytester, "--sim-seed", "last")
    result.stdout.fnmatch_lines(["session-sim: *, seed 5 of test_suite.py::test_fails"])
    result.assert_outcomes(passed=1, failed=1)


def test_a_profile_is_that_of_runs_whose_test_gives_none(pytester):
    suites.write(
        pytester,
        """
        def test_none(simulate):
            assert simulate("short.yaml").profile == "opentok.js-2.35.2"
        def test_own(simulate):
            assert simulate("short.yaml", profile="documented").profile == "documented"
        """,
        pytest_ini="[pytest]\nsim_profile = opentok.js-2.35.2\n",
    )
    suites.run(pytester).assert_outcomes(passed=2)


def test_what_the_kit_is_told_holds_until_pytest_ends(pytester):
    before = context.present()
    suites.write(
        pytester,
        """
        from pathlib import Path
        from sim.testing import context

        def test_it(pytestconfig):
            assert context.present().seed == 5
            assert context.present().profile == "documented"
            assert context.present().save == Path(pytestconfig.rootpath, "kept")
        """,
    )
    options = ["--sim-seed", "5", "--sim-profile", "documented", "--sim-save", "kept"]
    suites.run(pytester, *options).assert_outcomes(passed=1)
    assert context.present() is before


# -- bad options -----------------------------------------------------------------------------------

TOKEN = sim.run(suites.KICK, seed=3).token


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--sim-seed x", "--sim-seed: a seed is a whole number from 0 to *, or last, not 'x'"),
        ("--sim-seed -1", "--sim-seed: a seed is a whole number from 0 *, not '-1'"),
        (f"--sim-seed {2**64}", "--sim-seed: a seed is a whole number from 0 *"),
        ("--sim-seed last", "--sim-seed: no run has failed yet, *: give a number"),
        ("--sim-seed last -p no:cacheprovider", "--sim-seed: *cache, which is switched off"),
        ("-o sim_seed=x", "sim_seed of the configuration file: a seed is *"),
        ("--sim-profile document", "--sim-profile: 'document' is not a profile: did you mean *"),
        ("--sim-replay sim1-abc", "--sim-replay: the replay token is mistyped or cut off: *"),
        ("--sim-require reset,resett", "--sim-require: 'resett' is not a goal: did you mean *"),
        ("--sim-save short.yaml", "--sim-save: 'short.yaml' is not a directory"),
        ("--sim-save ~nobody-here/x", "--sim-save: '~nobody-here/x': there is no such home *"),
        (f"--sim-save {'x' * 300}", "--sim-save: 'xxx*: File name too long"),
        ("--sim-replay=", "--sim-replay: it is empty, as of a variable that is not set"),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_start_in_a_sentence(pytester, options, sentence):
    suites.write(pytester, PRINTS)
    result = suites.run(pytester, *options.split())
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}"])
    assert len(result.stderr.lines) <= 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"--sim-replay {TOKEN}", "--sim-seed 3"),
        (f"--sim-replay {TOKEN}", "--sim-profile documented"),
        (f"--sim-replay {TOKEN}", "--sim-require reset"),
        ("--sim-mutant any", "--sim-require reset"),
    ],
)
def test_what_contradicts_each_other_is_refused(pytester, one, other):
    suites.write(pytester, PRINTS)
    result = suites.run(pytester, *other.split(), *one.split())
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    both = f"{one.split()[0]} and {other.split()[0]}"
    result.stderr.fnmatch_lines([f"ERROR: {both} do not go together: *"])


@pytest.mark.parametrize(
    "said", ["sim_seed = 4", "sim_profile = documented", "sim_require = reset"]
)
def test_the_command_line_wins_over_a_file_that_it_contradicts(pytester, said):
    suites.write(pytester, PRINTS, pytest_ini=f"[pytest]\n{said}\n")
    token = sim.run(pytester.path / "short.yaml", seed=3).token
    result = suites.run(pytester, "-s", "--sim-replay", token)
    assert result.ret == 0
    assert suites.digests(result) == [suites.digest(pytester, seed=3)]


# -- replay ----------------------------------------------------------------------------------------


def test_the_replay_line_makes_the_same_run_again(pytester):
    suites.write(pytester, FAILS)
    options = ["--sim-seed", "12", "--sim-profile", "opentok.js-2.35.2"]
    first = suites.run(pytester, *options)
    [line] = suites.replay_lines(first)
    assert shlex.split(line)[:3] == ["python", "-m", "pytest"]
    again = suites.run(pytester, *shlex.split(line)[3:])
    again.assert_outcomes(failed=1)
    assert suites.replay_lines(again) == [line]
    digest = suites.digest(pytester, seed=12, profile="opentok.js-2.35.2")
    for result in (first, again):
        result.stdout.fnmatch_lines(
            [f"short.yaml, seed 12, profile opentok.js-2.35.2, digest {digest[:12]}"]
        )


def test_a_token_says_the_run_of_its_scenario_and_of_no_other(pytester):
    suites.write(
        pytester,
        """
        def test_both(simulate):
            print()
            print(f"digest={simulate('short.yaml', seed=5).digest}")
            print(f"digest={simulate('short.yaml', duration='30s').digest}")
        def test_another():
            raise AssertionError
        """,
    )
    run = sim.run(pytester.path / "short.yaml", seed=9, replication=4, permute_ties=True)
    result = suites.run(pytester, "-s", "--sim-replay", run.token)
    result.assert_outcomes(passed=1, deselected=1)
    longer = evolve(sim.load(pytester.path / "short.yaml"), duration="30s")
    assert suites.digests(result) == [run.digest, sim.run(longer).digest]


def test_a_token_of_which_nothing_was_run_fails_the_session(pytester):
    suites.write(pytester, PRINTS)
    result = suites.run(pytester, "--sim-replay", TOKEN)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["--sim-replay: no run was of the token's scenario; *"])
    result.assert_outcomes(passed=1)


def test_a_token_of_another_version_is_told(pytester, monkeypatch):
    suites.write(pytester, PRINTS)
    with monkeypatch.context() as patch:
        patch.setattr("sim.simulation.headers.VERSION", "0.0.9")
        token = sim.run(pytester.path / "short.yaml").token
    suites.run(pytester, "--sim-replay", token).stdout.fnmatch_lines(
        ["session-sim: *, seed 1 of the run to replay, which was of version 0.0.9"]
    )


QUIRK = next(iter(QUIRKS))
STORY = sim.Scenario(
    name="story",
    duration="5s",
    profile=profile("opentok.js-2.35.2", {QUIRK: False}),
    clients={"alice": Person(), "bob": Person()},
    script=[Step(at="2s", client="bob", do="disconnect")],
)


@given(
    seed=st.none() | st.integers(0, 2**64 - 1),
    replication=st.integers(0, 5),
    permute_ties=st.booleans(),
    chosen=st.sampled_from(
        [None, "documented", "opentok.js-2.35.2", profile("documented", {QUIRK: True})]
    ),
    apps=st.sets(st.sampled_from(["alice", "bob"])),
)
def test_the_token_of_a_run_is_known_before_it_is_made_and_names_it(
    seed, replication, permute_ties, chosen, apps
):
    arguments = {
        "seed": seed,
        "replication": replication,
        "permute_ties": permute_ties,
        "profile": chosen,
    }
    setup = Setup(apps=dict.fromkeys(apps, lambda app: None))
    run = Run(scenario=STORY, file=None, setup=setup, arguments=arguments)
    token, result = run.token, run.make()
    assert str(token) == result.token
    other = Run(scenario=STORY, file=None, setup=setup, arguments={})
    assert other.as_of(token).make().digest == result.digest


# -- mutants ---------------------------------------------------------------------------------------

HOLDS = """
from sim.client import Client

def test_kick(simulate):
    result = simulate("kick.yaml")
    assert result.held, result.why

def test_own_code(simulate):
    apps = dict.fromkeys(["alice", "bob", "carol", "dave"], lambda app: None)
    result = simulate("kick.yaml", client_class=Client, apps=apps)
    assert result.held, result.why
"""


@pytest.mark.parametrize(
    ("name", "broken"),
    [("leaks-subscribers", 1), ("spares-the-victim", 2), ("subscribes-again", 1)],
)
def test_a_mutant_is_planted_where_the_test_brings_nothing_of_its_own(pytester, name, broken):
    suites.write(pytester, HOLDS, kick_yaml=suites.KICK.read_text("utf-8"))
    suites.run(pytester).assert_outcomes(passed=2)
    result = suites.run(pytester, "--sim-mutant", name)
    result.stdout.fnmatch_lines([f"session-sim: *, mutant {name}"])
    result.assert_outcomes(failed=broken, passed=2 - broken)
    line = suites.replay_lines(result)[0]
    assert line.endswith(f" --sim-mutant {name}")
    again = suites.run(pytester, *shlex.split(line)[3:])
    again.assert_outcomes(failed=1)
    assert suites.replay_lines(again) == [line]


def test_a_mutant_that_there_is_not_is_refused(pytester):
    suites.write(pytester, PRINTS)
    result = suites.run(pytester, "--sim-mutant", "leak-subscribers")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --sim-mutant: 'leak-subscribers' is not a *: did you mean 'leaks-subscribers'?*"]
    )
