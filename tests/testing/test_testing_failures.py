"""What a failure says: its story, a file, the line that runs it again, what led to it."""

import os
import shlex
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import scenarios

import sim
from sim.testing import context, failures
from sim.testing.failures import attach, latest
from sim.testing.mutants import MUTANTS
from sim.testing.saving import file_name, save
from sim.testing.setups import Setup

BROKEN = evolve(sim.load("scenarios/fatal-close.yaml"), expect=())
"""A story in which the shipped client breaks a law."""


@pytest.fixture(autouse=True)
def folder(tmp_path):
    """Where failures are saved meanwhile."""
    latest.clear()
    with context.using(context.Context(save=tmp_path / "found")):
        yield tmp_path / "found"
    latest.clear()


@pytest.fixture(scope="module")
def run():
    return sim.run(BROKEN)


def breach(result):
    with pytest.raises(sim.LawBroken) as raised:
        result.check()
    return raised.value


def told(problem):
    """What is printed of an error, from its type on."""
    return "".join(traceback.format_exception_only(problem))


def test_it_says_law_story_line_records_and_causes_in_this_order(run, folder):
    problem = breach(run)
    failure = attach(problem, story=BROKEN, records=run.records, keep="check({file})")
    text = told(problem)
    parts = [
        "sim.LawBroken: the law reconnect-first broke at 0:20.003, record 62",
        f"The story, saved as {failure.path}:",
        "  name: fatal-close",
        "To run it again:",
        f"  python -m sim run {failure.path}",
        "To keep it as a test:",
        f'  check("{failure.path}")',
        "The records around #62:",
        "-> #62  0:20.003  bob",
        "What led to #62, the root first:",
        "   #58  0:20.000  bob  close-socket: with code 1011",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_it_fits_eighty_columns_but_for_names_of_files(run):
    problem = breach(run)
    attach(problem, story=BROKEN, records=run.records)
    lines = told(problem).splitlines()
    assert [line for line in lines if len(line) > 68 and "found" not in line] == []


def test_ten_records_are_around_the_one_that_broke_it(run):
    problem = breach(run)
    attach(problem, story=BROKEN, records=run.records)
    around = told(problem).split("The records around #62:\n")[1].split("\n\n")[0]
    numbers = [line.split("#")[1].split()[0] for line in around.splitlines() if "#" in line[:6]]
    assert numbers == [str(number) for number in range(57, 67)]


def test_a_law_says_no_more_of_it_in_its_message(run):
    problem = breach(run)
    assert "duration: 1min" in str(problem)
    attach(problem, story=BROKEN, records=run.records)
    assert "duration: 1min" not in str(problem)
    assert told(problem).count("duration: 1min") == 1


def test_the_file_stands_on_its_own_and_fails_alike(run, folder):
    failure = attach(breach(run), story=BROKEN, records=run.records, name="test_it")
    comment = failure.path.read_text().split("name:")[0]
    assert "the law reconnect-first broke at 0:20.003" in comment
    assert failure.replay in comment
    assert sim.load(failure.path) == BROKEN
    line = shlex.split(failure.replay)
    done = subprocess.run([sys.executable, *line[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "reconnect-first" in done.stdout


def test_whoever_looks_for_it_finds_the_last_one(run):
    first = attach(breach(run), story=BROKEN, records=run.records)
    smaller = evolve(BROKEN, script=BROKEN.script[:1])
    second = attach(breach(sim.run(smaller)), story=smaller)
    assert first.path == second.path
    assert latest == [second]
    assert sim.load(second.path) == smaller
    assert second.replay == f"python -m sim run {second.path}"
    assert second.sentence.startswith("the law reconnect-first broke at 0:20.003")


def test_an_error_is_told_once(run):
    problem = breach(run)
    assert attach(problem, story=BROKEN, records=run.records) is not None
    assert attach(problem, story=BROKEN, records=run.records) is None
    assert len(problem.__notes__) == 1


def test_an_assertion_shows_the_last_records_or_the_one_that_it_names(run):
    silent, naming = AssertionError("no"), AssertionError("bob saw it at 0:20.004, #60")
    last = run.records[-1].seq
    for problem, number in ((silent, last), (naming, 60)):
        attach(problem, story=BROKEN, records=run.records)
        assert f"-> #{number} " in told(problem)
    assert "The last records before it failed:" in told(silent)
    assert "The records around #60:" in told(naming)


def test_without_records_there_is_still_a_story():
    problem = ZeroDivisionError()
    failure = attach(problem, story=BROKEN)
    assert failure.sentence == "ZeroDivisionError"
    assert "records around" not in failure.note
    assert "last records" not in failure.note


# -- what cannot be saved --------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_is_one_sentence_and_hides_nothing(run, tmp_path):
    (tmp_path / "file").write_text("")
    with context.using(context.Context(save=tmp_path / "file" / "folder")):
        problem = breach(run)
        failure = attach(problem, story=BROKEN, records=run.records)
    assert failure.path is None
    assert "which could not be saved as" in told(problem)
    assert "(Not a directory):" in told(problem)
    assert "To run it again, save it as " in told(problem)
    assert str(tmp_path) not in failure.replay
    assert "What led to #62" in told(problem)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    assert not save(path, "old")

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    assert save(path, "new") == "No space left on device"
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]


def test_a_long_story_is_shown_in_part_only_if_it_is_saved(tmp_path):
    steps = [sim.Step(at=f"{second}s", client="bob", do="signal") for second in range(1, 400)]
    story = sim.Scenario(name="x", duration="1h", clients={"bob": {}}, script=steps)
    saved = attach(AssertionError(), story=story)
    assert len(saved.note.splitlines()) < 120
    assert "more lines in the file" in saved.note
    (tmp_path / "file").write_text("")
    with context.using(context.Context(save=tmp_path / "file")):
        unsaved = attach(AssertionError(), story=story)
    assert "at: 399s" in unsaved.note or "6min 39s" in unsaved.note


def test_whatever_goes_wrong_in_telling_the_error_comes_out(run, monkeypatch):
    monkeypatch.setattr(failures, "dump", lambda _: 1 / 0)
    problem = breach(run)
    assert attach(problem, story=BROKEN, records=run.records) is None
    assert problem.__notes__ == [
        "(its story could not be told: ZeroDivisionError: division by zero)"
    ]


# -- the story in the note -------------------------------------------------------------------------


def in_note(failure):
    lines = failure.note.split("To run it again")[0].strip().splitlines()[1:]
    return "\n".join(line.removeprefix("  ") for line in lines)


@given(scenarios())
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_the_story_in_the_note_is_the_story(story):
    failure = attach(AssertionError(), story=story)
    if "more lines in the file" not in failure.note:
        assert sim.loads(in_note(failure)) == story


@given(st.text(st.characters(codec="utf-8"), max_size=200))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_whatever_a_story_is_about_it_can_be_read_in_the_note(about):
    try:
        story = evolve(BROKEN, about=about)
    except ValueError:
        return
    assert sim.loads(in_note(attach(AssertionError(), story=story))) == story


# -- names -----------------------------------------------------------------------------------------


@given(st.text(), st.text())
def test_the_name_of_a_file_is_of_letters_digits_and_dashes(test, what):
    name = file_name(test, what)
    assert name == file_name(test, what)
    stem = name.removesuffix(".yaml")
    assert len(name) <= 105
    assert not stem.startswith("-")
    assert all(each.isascii() and (each.isalnum() or each == "-") for each in stem)


def test_names_that_look_alike_have_files_of_their_own():
    tests = [
        "a::b[x]",
        "a::b[x+]",
        "a::b[é]",
        "a::b[è]",
        "a::b[]",
        "c::b[x]",
        "d/c::b[x]",
        "e/c.py::b[x]",
        "a::" + "b" * 200,
    ]
    names = {file_name(test, what) for test in tests for what in ("one-end", "converge")}
    assert len(names) == 2 * len(tests)


def test_a_long_name_still_says_what_was_found():
    assert file_name("a::" + "b" * 200, "one-end").rpartition("-")[0].endswith("b-one-end")


def test_the_test_that_pytest_runs_is_named(folder):
    failure = attach(AssertionError(), story=BROKEN, name="something")
    assert failure.path.name.startswith("tests-testing-test-testing-failures-test-the-test")


# -- how it is run again ---------------------------------------------------------------------------


def some_app(app):
    """Does nothing."""


def test_code_of_the_test_makes_the_line_python():
    class Own(sim.client.Client):
        pass

    setup = Setup(apps={"bob": some_app}, client_class=Own)
    line = setup.line(".sim/a.yaml")
    assert line == """sim.run(".sim/a.yaml", apps={'bob': some_app}, client=Own).check()"""


@pytest.mark.parametrize("name", ["tells-the-end-twice", "ignores-grace"])
def test_a_planted_fault_is_named_in_the_line_which_a_shell_can_run(name, tmp_path):
    story = sim.Scenario(name="x", duration="1min", clients={"bob": {}, "amy": {}})
    path = tmp_path / "a b.yaml"
    save(path, sim.scenario.dump(story))
    line = Setup(mutant=MUTANTS[name]).line(str(path), story.clients)
    program, *words = shlex.split(line)
    assert program == "python"
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) in [(0, ""), (1, done.stderr)]
    assert "SyntaxError" not in done.stderr
    assert done.returncode == 0 or "LawBroken" in done.stderr


def test_a_file_found_with_a_planted_fault_says_so_and_is_another():
    with context.using(evolve(context.present(), mutant=MUTANTS["ignores-grace"])):
        failure = attach(AssertionError("x"), story=BROKEN)
    plain = attach(AssertionError("x"), story=BROKEN)
    assert failure.path != plain.path
    assert "With a planted fault, ignores-grace: " in failure.path.read_text()


def test_a_story_that_no_scenario_can_say_is_not_kept_as_a_test():
    failure = attach(AssertionError(), story=BROKEN, keep="check({file})", replayable=False)
    assert "To run so much of it as a scenario can say again:" in failure.note
    assert "check(" not in failure.note
