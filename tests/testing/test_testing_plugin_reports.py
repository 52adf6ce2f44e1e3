"""What the plugin says: of a test that fails, in JUnit's XML, and at the end."""

import re
import sys
import xml.etree.ElementTree as ET

import pytest
from attrs import evolve

import sim
from sim.testing.goals import Tally, known
from sim.testing.pytesting import summary
from sim.testing.pytesting.gathering import Gathering
from tests.testing import suites

TITLE = "session-sim: how to run it again"

FAILS = """
import sys
import pytest

def test_fails(simulate):
    print("said")
    print("warned", file=sys.stderr)
    simulate("short.yaml")
    simulate("short.yaml", seed=4)
    assert False, "it is so"
"""


def sections(text):
    """The titles of the sections below the traceback of the only failure, in order."""
    return re.findall(r"^-{2,} (.*\S) -{2,}$", text.partition("FAILURES")[2], re.MULTILINE)


# -- a failure -------------------------------------------------------------------------------------


def test_how_to_run_it_again_comes_last_in_the_section_of_a_failure(pytester):
    suites.write(pytester, FAILS)
    result = suites.run(pytester)
    assert sections(result.stdout.str()) == ["Captured stdout call", "Captured stderr call", TITLE]
    token = sim.run(pytester.path / "short.yaml", seed=4).token
    digest = suites.digest(pytester, seed=4)[:12]
    result.stdout.fnmatch_lines(
        [
            f"short.yaml, seed 4, digest {digest} (the last of 2 runs of this test)",
            f"python -m sim replay {token} --scenario short.yaml",
            f"python -m pytest test_suite.py::test_fails --sim-replay {token}",
        ],
        consecutive=True,
    )


def test_the_line_for_the_command_line_tells_the_same_story(pytester):
    suites.write(pytester, FAILS)
    result = suites.run(pytester)
    [line] = re.findall(r"^python -m sim (.*)$", result.stdout.str(), re.MULTILINE)
    told = pytester.run(sys.executable, "-m", "sim", *line.split())
    told.stdout.fnmatch_lines([f"*{suites.digest(pytester, seed=4)[:12]}*"])


@pytest.mark.parametrize("show", ["no", "stdout", "log", "all"])
@pytest.mark.parametrize("style", ["short", "native", "long"])
def test_it_is_shown_whatever_is_shown_of_what_was_captured(pytester, show, style):
    suites.write(pytester, FAILS)
    text = suites.run(pytester, f"--show-capture={show}", f"--tb={style}").stdout.str()
    assert sections(text).count(TITLE) == 1


@pytest.mark.parametrize(
    "ends",
    [
        "pytest.fail('so', pytrace=False)",
        "raise KeyboardInterrupt if False else OSError('so')",
        "raise ExceptionGroup('so', [ValueError('a'), KeyError('b')])",
    ],
)
@pytest.mark.parametrize("show", ["no", "all"])
def test_it_is_shown_however_the_test_fails(pytester, ends, show):
    suites.write(pytester, FAILS.replace('assert False, "it is so"', ends))
    result = suites.run(pytester, f"--show-capture={show}")
    result.assert_outcomes(failed=1)
    assert result.stdout.str().count(TITLE) == 1
    assert len(suites.replay_lines(result)) == 1


def test_a_run_that_an_app_has_stopped_is_told_as_well(pytester):
    suites.write(
        pytester,
        """
        def app(app):
            def connected(event):
                assert False, "not here"
            app.session.on("sessionConnected", connected)

        def test_fails(simulate):
            simulate("short.yaml", seed=6, apps={"bob": app})
        """,
    )
    result = suites.run(pytester)
    result.stdout.fnmatch_lines(["short.yaml, seed 6, stopped", "python -m pytest *"])
    assert "sim replay" not in result.stdout.str()


def test_a_failure_of_a_fixture_or_after_the_test_is_told_as_well(pytester):
    suites.write(
        pytester,
        """
        import pytest

        @pytest.fixture
        def before(simulate):
            simulate("short.yaml", seed=2)
            assert False

        @pytest.fixture
        def after(simulate):
            yield
            assert simulate("short.yaml", seed=3) is None

        def test_before(before): pass
        def test_after(after): pass
        """,
    )
    result = suites.run(pytester)
    result.assert_outcomes(errors=2, passed=1)
    result.stdout.fnmatch_lines(["short.yaml, seed 2, digest*", "short.yaml, seed 3, digest*"])


def test_tests_that_run_nothing_or_do_not_fail_say_nothing(pytester):
    suites.write(
        pytester,
        """
        import pytest

        def test_runs(simulate):
            simulate("short.yaml")
        @pytest.mark.xfail
        def test_expected(simulate):
            assert simulate("short.yaml") is None
        def test_fails():
            assert False
        """,
    )
    result = suites.run(pytester)
    result.assert_outcomes(passed=1, xfailed=1, failed=1)
    assert TITLE not in result.stdout.str()


def test_the_line_is_one_for_the_place_where_pytest_was_started(pytester):
    suites.write(pytester, "", pytest_ini="[pytest]\n")
    folder = pytester.mkdir("a b")
    (folder / "test_deep.py").write_text(
        "def test_it(simulate):\n    assert simulate('../short.yaml') is None\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        [line] = suites.replay_lines(suites.run(pytester))
    assert line.startswith("python -m pytest test_deep.py::test_it --sim-replay ")
    [line] = suites.replay_lines(suites.run(pytester))
    assert line.startswith("python -m pytest 'a b/test_deep.py::test_it' --sim-replay ")


# -- the story of a failure ------------------------------------------------------------------------


def saved(pytester, folder=".sim"):
    """The stories that are in a folder, by the names of the files."""
    return {path.name: sim.load(path) for path in sorted((pytester.path / folder).glob("*"))}


def test_a_failure_tells_its_story_and_saves_it_with_seed_and_profile(pytester):
    suites.write(
        pytester,
        """
        def test_it(simulate):
            result = simulate("short.yaml", duration="30s", seed=8)
            assert not result.clients["bob"].sees("sessionConnected")
        """,
    )
    options = ["--sim-save", "kept", "--sim-profile", "opentok.js-2.35.2"]
    result = suites.run(pytester, *options)
    [(name, story)] = saved(pytester, "kept").items()
    assert (story.duration, story.seed, story.profile.name) == (30_000_000, 8, options[-1])
    result.stdout.fnmatch_lines(
        [
            f"E *The story, saved as kept/{name}:",
            "E *The last records before it failed:",
            "short, seed 8, profile opentok.js-2.35.2, digest *",
            f"python -m sim run kept/{name}",
            "python -m pytest *",
        ]
    )
    assert suites.replay_lines(result)[0].endswith(sim.run(sim_story(pytester), **RUN).token)


RUN = {"seed": 8, "profile": "opentok.js-2.35.2"}


def sim_story(pytester):
    """The short story as the test has changed it."""
    return evolve(sim.load(pytester.path / "short.yaml"), duration="30s")


def test_a_law_that_broke_is_told_with_its_records_in_the_story_in_which_it_did(pytester):
    suites.write(
        pytester,
        """
        def test_last(simulate):
            simulate("kick.yaml").check()
        def test_earlier(simulate):
            first = simulate("kick.yaml", seed=1)
            simulate("kick.yaml", seed=2)
            first.check()
        """,
        kick_yaml=suites.KICK.read_text("utf-8"),
    )
    result = suites.run(pytester, "--sim-mutant", "leaks-subscribers")
    result.assert_outcomes(failed=2)
    assert list(saved(pytester)) == ["test-suite-test-last-cleanup-leaks-subscribers.yaml"]
    result.stdout.fnmatch_lines(["E *the law cleanup broke at *", "E *The records around #*:"])


def test_of_a_replication_so_much_is_saved_as_a_scenario_can_say(pytester):
    suites.write(
        pytester, "def test_it(simulate):\n    assert not simulate('short.yaml', replication=3)\n"
    )
    result = suites.run(pytester)
    assert len(saved(pytester)) == 1
    result.stdout.fnmatch_lines(["E *To run so much of it as a scenario can say again:"])
    digest = suites.digest(pytester, replication=3)[:12]
    result.stdout.fnmatch_lines([f"short.yaml, seed 1, replication 3, digest {digest}"])


@pytest.mark.parametrize(
    "end",
    [
        "pytest.skip('so')",
        "pytest.xfail('so')",
        "simulate('short.yaml', seeds=3)",
        "simulate('other.yaml')",
    ],
)
def test_what_is_no_failure_of_the_story_tells_and_saves_none(pytester, end):
    suites.write(
        pytester, f"import pytest\ndef test_it(simulate):\n    simulate('short.yaml')\n    {end}\n"
    )
    result = suites.run(pytester)
    assert saved(pytester) == {}
    assert TITLE not in result.stdout.str()


def test_what_given_scenario_has_told_is_run_again_by_its_own_line(pytester):
    suites.write(
        pytester,
        """
        from hypothesis import settings
        from sim.testing.given import given_scenario

        @settings(database=None, max_examples=2)
        @given_scenario("short.yaml", vary=("seed",))
        def test_it(result):
            assert result.seed < 0
        """,
    )
    result = suites.run(pytester, "--sim-seed", "77")
    [name] = saved(pytester)
    assert re.search(rf"-- {TITLE} -+\npython -m sim run \.sim/{name}\n", result.stdout.str())
    last = suites.run(pytester, "--sim-seed", "last", "--collect-only")
    last.stdout.fnmatch_lines([f"session-sim: *, seed {saved(pytester)[name].seed} of test_suite*"])


# -- JUnit's XML -----------------------------------------------------------------------------------

# The schema of Jenkins' xUnit plugin, junit-10.xsd, as far as pytest writes such things:
# for each element its attributes, those that it must have, and what may be in it.
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname"},
        {"name", "tests", "failures", "errors"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "classname", "time"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
    "skipped": ({"type", "message"}, set(), set()),
}
NUMBERS = ("tests", "failures", "errors", "skipped")


def assert_valid(element):
    """Fail unless the element is as the schema says, with all that is in it."""
    allowed, needed, within = SCHEMA[element.tag]
    assert needed <= set(element.attrib) <= allowed
    for name, value in element.attrib.items():
        if name in NUMBERS:
            assert value.isdecimal()
    assert re.fullmatch(
        r"[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*", element.text or ""
    )
    for child in element:
        assert child.tag in within
        assert_valid(child)


@pytest.mark.parametrize("options", [(), ("--show-capture=no",), ("-n", "1")])
def test_junits_xml_is_valid_and_has_the_lines_after_the_traceback_once(pytester, options):
    suites.write(pytester, FAILS.replace("it is so", "\\x1b[31m <&> ]]> \\0"))
    run = suites.run_apart if "-n" in options else suites.run
    result = run(pytester, "--junitxml=out.xml", *options)
    assert result.stdout.str().count(TITLE) == 1
    tree = ET.parse(pytester.path / "out.xml").getroot()
    assert_valid(tree)
    [failure] = tree.iter("failure")
    token = sim.run(pytester.path / "short.yaml", seed=4).token
    assert failure.text.splitlines()[-1].endswith(f"::test_fails --sim-replay {token}")
    assert failure.text.count(TITLE) == 1


# -- what was exercised ----------------------------------------------------------------------------

SUITE = """
def test_many(simulate):
    for seed in range(3):
        simulate("short.yaml", seed=seed)
def test_another(simulate):
    simulate("kick.yaml")
"""


@pytest.fixture
def suite(pytester):
    """A suite that reaches some goals in some of four runs."""
    suites.write(pytester, SUITE, kick_yaml=suites.KICK.read_text("utf-8"))
    return pytester


def test_at_the_end_it_is_said_what_was_exercised_in_how_many_runs(suite):
    result = suites.run(suite)
    text = result.stdout.str()
    assert "session-sim: what 4 runs have exercised" in text
    assert re.search(
        r"^reasons +1 of \d+: forceDisconnected 1; never: clientDisconnected", text, re.MULTILINE
    )
    assert re.search(r"^laws +\d+ of \d+: .*completed-once 4", text, re.MULTILINE)
    assert re.search(r"^transitions +\d+ of \d+ \(-v names them\)$", text, re.MULTILINE)
    assert "quirks" not in text
    _, _, told = text.partition("session-sim: what")
    assert max(map(len, told.splitlines())) <= 80


def test_v_names_the_transitions_and_vv_gives_each_goal_a_line(suite):
    assert re.search(
        r"^transitions +\d+ of \d+: session disconnected -> connecting 4",
        suites.run(suite, "-v").stdout.str(),
        re.MULTILINE,
    )
    suites.run(suite, "-vv").stdout.fnmatch_lines(
        ["reasons", "   never  clientDisconnected", "  1 of 4  forceDisconnected"]
    )


def test_q_leaves_it_out(suite):
    assert "session-sim" not in suites.run(suite, "-q").stdout.str()


def test_every_goal_has_its_line():
    gathering = Gathering()
    for goal in (*known("opentok.js-2.35.2", ["kick"]), "rule:mine"):
        gathering.note((goal,))
    lines = list(summary.lines(gathering, None, width=79, verbosity=2))
    counts = [line for line in lines if line.startswith(" ")]
    assert len(counts) == gathering.tally.runs
    assert not any(line.startswith("   never") for line in counts)
    assert [line for line in lines if not line.startswith(" ")] == [
        "reasons", "laws", "transitions", "rules", "quirks",
    ]  # fmt: skip


def test_in_which_order_workers_are_done_does_not_matter():
    handed = []
    for goals in (["rule:b", "quirk:forgotten-message-is-told-again"], ["rule:a", "reset"], []):
        tally = Tally()
        tally.add(goals)
        handed.append({"tally": tally.to_data(), "replayed": 0})
    told = []
    for order in (handed, reversed(handed)):
        gathering = Gathering()
        for number, data in enumerate(order):
            gathering.merge(f"gw{number}", data)
        told.append(list(summary.lines(gathering, None, width=79)))
    assert told[0] == told[1]


def test_a_worker_that_died_is_told_with_what_is_known_of_it():
    gathering = Gathering()
    gathering.reported("gw0", 3)
    gathering.merge("gw0", None)
    assert list(summary.lines(gathering, None, width=60)) == [
        "worker gw0 died: what its runs reached is not counted (3",
        "runs in the tests that it finished)",
    ]
    assert not gathering.is_empty
    tally = Tally()
    tally.add(["reset"])
    gathering.merge("gw1", {"tally": tally.to_data(), "replayed": 2})
    assert (gathering.tally.runs, gathering.replayed) == (1, 2)


# -- what is required ------------------------------------------------------------------------------


def test_a_session_that_has_not_reached_what_is_required_fails_with_a_sentence_for_each(suite):
    result = suites.run(suite, "--sim-require", "reset,forceDisconnected, rule:kick", "-q")
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "--sim-require: reset was never reached in 4 runs",
            "--sim-require: rule:kick was never reached in 4 runs",
        ],
        consecutive=True,
    )


@pytest.mark.parametrize("ini", ["forceDisconnected", "\n    forceDisconnected\n    law:converge"])
def test_a_session_that_has_reached_it_passes(suite, ini):
    suite.makeini(f"[pytest]\nsim_require = {ini}\n")
    assert suites.run(suite).ret == 0


def test_what_is_required_can_be_a_list_in_toml_and_be_lifted(suite):
    suite.makepyprojecttoml('[tool.pytest.ini_options]\nsim_require = ["reset", "rule:kick"]\n')
    assert suites.run(suite).ret == pytest.ExitCode.TESTS_FAILED
    assert suites.run(suite, "--sim-require=").ret == 0
    assert suites.run(suite, "--collect-only").ret == 0
