"""``report``, and ``--report`` of ``run`` and ``replay``."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from cli_scenarios import DROP, FATAL, KICK, WRONG

from sim.report import HTML
from sim.report.formats import FORMATS

BEGINS = {
    "html": "<!doctype html>",
    "mermaid": "sequenceDiagram",
    "perfetto": '{"displayTimeUnit"',
    "junit": "<?xml",
    "svg": "<svg",
    "text": "kick: ",
    "events": "{",
}
OF_BOB = {"events": ["--person", "bob"]}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Reports go to the current directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_page_goes_to_a_file_named_like_the_source(sim, scenario, here):
    result = sim("report", scenario(name="kick.yaml"))
    assert (result.exit_code, result.output) == (0, "kick.html\n")
    assert (here / "kick.html").read_text("utf-8").startswith("<!doctype html>")
    assert [each.name for each in here.iterdir()] == ["kick.html"]


def test_a_trace_is_reported_as_it_was_recorded(sim, trace, here):
    path = trace(name="kick.trace.jsonl")
    assert sim("report", path).output == "kick.html\n"
    printed = sim("report", path, "--format", "events", "--person", "bob").output
    digest = json.loads(path.read_text().splitlines()[-1])["digest"]
    assert json.loads(printed)["digest"] == digest


@pytest.mark.parametrize("name", [HTML, *FORMATS])
def test_every_format_is_printed_and_written_the_same(sim, trace, here, name):
    path = trace()
    printed = sim("report", path, "--format", name, "-o", "-", *OF_BOB.get(name, []))
    assert printed.exit_code == 0, printed.output
    assert printed.output.startswith(BEGINS[name])
    sim("report", path, "--format", name, "-o", "out", *OF_BOB.get(name, []))
    assert Path("out").read_text("utf-8").rstrip() == printed.output.rstrip()


@pytest.mark.parametrize("name", FORMATS)
def test_the_suffix_of_the_file_is_a_format(sim, trace, name):
    for suffix in FORMATS[name].suffixes:
        file = f"run{suffix}"
        result = sim("report", trace(), "-o", file, *OF_BOB.get(name, []))
        assert (result.exit_code, result.output) == (0, f"{file}\n")
        assert Path(file).read_text("utf-8").startswith(BEGINS[name])


def test_all_but_the_page_is_printed_if_no_file_is_named(sim, trace, here):
    assert sim("report", trace(), "--format", "junit").output.startswith("<?xml")
    assert list(here.iterdir()) == []


def test_standard_input_may_be_a_trace_or_a_scenario(sim, trace):
    path = trace()
    of_file = sim("report", path, "--format", "text").output
    assert sim("report", "-", "--format", "text", input=path.read_bytes()).output == of_file
    of_scenario = sim("report", "-", "--format", "text", input=KICK).output
    assert (
        of_scenario.splitlines()[0]
        == of_file.splitlines()[0]
        == "kick: A moderator removes somebody."
    )
    assert sim("report", "-", input=KICK).output == "report.html\n"


def test_a_scenario_is_run_with_seed_and_profile(sim, scenario):
    def head(*arguments):
        printed = sim("report", scenario(), "--format", "events", "--person", "bob", *arguments)
        told = json.loads(printed.output)
        return told["seed"], told["profile"]

    assert head() == ("3", "documented")
    assert head("--seed", 9, "--profile", "opentok.js-2.35.2") == ("9", "opentok.js-2.35.2")


def test_the_report_says_how_to_see_the_run_again(sim, scenario):
    path = scenario()
    again = sim("run", path).output.split("again:   ")[1].strip()
    printed = sim("report", path, "--format", "mermaid").output
    junit = ET.fromstring(sim("report", path, "--format", "junit").output.encode())
    assert again in printed or again in ET.tostring(junit, "unicode")


def test_two_runs_are_compared(sim, scenario, trace):
    one, other = trace(name="one.trace.jsonl"), trace(KICK, "--seed", 4, name="other.trace.jsonl")
    alone = sim("report", one, "-o", "one.html")
    both = sim("report", one, "--against", other, "-o", "both.html")
    assert alone.exit_code == both.exit_code == 0
    assert Path("one.html").read_text() != Path("both.html").read_text()
    assert sim("report", one, "--against", scenario(), "-o", "both.html").exit_code == 0
    assert sim("report", one, "--against", "-", "-o", "b.html", input=KICK).exit_code == 0


@pytest.mark.parametrize(
    ("text", "code"), [(KICK, 0), (FATAL, 0), (WRONG, 1), (FATAL.replace("breaks", "holds"), 1)]
)
def test_the_exit_code_is_that_of_the_run(sim, scenario, text, code):
    assert sim("run", scenario(text), "-q").exit_code == code
    assert sim("report", scenario(text), "--format", "text").exit_code == code


def test_a_trace_that_was_cut_off_is_reported_and_inconclusive(sim, trace):
    path = trace()
    cut = Path("cut.trace.jsonl")
    cut.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    result = sim("report", cut, "--format", "text")
    assert result.exit_code == 4
    assert "cut off" in " ".join(result.output.split())


def test_the_text_is_as_wide_as_the_terminal(sim, trace, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, sim("report", trace(), "--format", "text").output.splitlines())) <= 60
    monkeypatch.setenv("COLUMNS", "20")
    assert sim("report", trace(), "--format", "text").exit_code == 0


def test_the_browser_opens_the_file(sim, trace, here, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    sim("report", trace(), "-o", "run.html", "--open")
    assert opened == [(here / "run.html").as_uri()]


def test_where_there_is_no_browser_that_is_said(sim, trace, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    result = sim("report", trace(), "-o", "run.html", "--open")
    assert result.exit_code == 0
    assert "no browser could be opened: open run.html yourself" in result.output


# -- what is there -----------------------------------------------------------------------------


def test_a_report_replaces_a_report_of_any_format(sim, trace):
    path = trace()
    for file in ("run.html", "run.mmd", "run.xml"):
        sim("report", path, "--format", "junit", "-o", file)
        assert sim("report", path, "-o", file).exit_code == 0


def test_a_file_that_is_no_report_stays_unless_it_is_forced(sim, trace):
    path = trace()
    Path("notes.html").write_text("my notes")
    refused = sim("report", path, "-o", "notes.html")
    assert refused.exit_code == 2
    assert refused.output == (
        "notes.html: the report cannot be written: this file is there and is no report;"
        " --force (force=True) replaces it\n"
    )
    assert Path("notes.html").read_text() == "my notes"
    assert sim("report", path, "-o", "notes.html", "--force").exit_code == 0
    assert Path("notes.html").read_text().startswith("<!doctype")


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_what_is_read_is_never_replaced(sim, trace, scenario, force):
    path = trace()
    before = path.read_bytes()
    link = Path("link.html")
    link.symlink_to(path)
    for arguments in (
        [path, "-o", path, "--format", "html"],
        [path, "-o", link],
        [scenario(), "--against", path, "-o", link],
    ):
        result = sim("report", *arguments, *force)
        assert result.exit_code == 2
        assert "the run is read from this file, and its report would replace it" in result.output
    assert path.read_bytes() == before


def error(result):
    assert result.exit_code == 2, result.output
    return result.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--format", "mermade"], "'mermade' is not a format: did you mean 'mermaid'?"),
        (["-o", "run.json"], ".events.json, or name a --format"),
        (["--person", "bob"], "--person is for the format events, and this is html"),
        (["--format", "events"], "The format events is of one app: name its --person"),
        (["--format", "events", "--person", "bbo"], "did you mean 'bob'?"),
        (["--format", "svg", "--against", "x"], "--against is for the format html"),
        (["-o", "-", "--open"], "--open is for a file"),
        (["--seed", "3"], "--seed is for a scenario, and this is a trace"),
        (["--against", "nothing.yaml"], "nothing.yaml: cannot read the file"),
        (["-o", "no/such/folder.html"], "folder.html: the report cannot be written: there is no"),
        (["-o", "."], "this is a directory"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(sim, trace, here, arguments, sentence):
    if "." in arguments:
        arguments = [*arguments, "--format", "html"]
    assert sentence in error(sim("report", trace(), *arguments))
    assert list(here.iterdir()) == []


def test_only_one_run_comes_from_standard_input(sim):
    assert "Only one of the two" in error(sim("report", "-", "--against", "-", input=KICK))


def test_a_source_that_is_neither_says_what_is_wrong_with_it(sim, scenario):
    assert "'cleints' is not a key" in error(
        sim("report", scenario(KICK.replace("clients", "cleints")))
    ).replace("“", "'")
    Path("empty").touch()
    assert sim("report", "empty").exit_code == 2
    assert sim("report", "nowhere").exit_code == 2
    assert sim("report", ".").exit_code == 2


# -- run --report ------------------------------------------------------------------------------


def test_run_writes_a_report_beside_its_story(sim, scenario):
    result = sim("run", scenario(), "--report", "run.html")
    assert result.exit_code == 0
    assert "report:  run.html\n" in result.output
    assert "sessionDisconnected" in result.output
    assert Path("run.html").read_text().startswith("<!doctype html>")


def test_the_suffix_says_the_format_of_the_report_of_a_run(sim, scenario):
    sim("run", scenario(), "-q", "--report", "run.xml")
    assert Path("run.xml").read_text().startswith("<?xml")


def test_the_report_of_a_run_is_that_of_its_scenario(sim, scenario):
    path = scenario()
    sim("run", path, "--seed", 7, "--report", "run.html", "-q")
    sim("report", path, "--seed", 7, "-o", "report.html")
    assert Path("run.html").read_bytes() == Path("report.html").read_bytes()


def test_quiet_and_json_write_it_too(sim, scenario):
    assert sim("run", scenario(), "-q", "--report", "q.html").output == "kick: all held\n"
    json.loads(sim("run", scenario(), "--json", "--report", "j.html").output)
    assert Path("q.html").read_bytes() == Path("j.html").read_bytes()


def test_of_replications_it_is_the_first_that_failed(sim, scenario):
    text = DROP.replace("network: fibre", "network: cellular") + (
        "expect:\n  - zoe never sees sessionReconnecting\n"
    )
    path = scenario(text)
    result = sim("run", path, "--replications", 4, "--report", "run.xml", "--json")
    failed = [each for each in json.loads(result.output)["replications"] if each["exit_code"]]
    number = failed[0]["replication"] if failed else 0
    told = sim("run", path, "--replications", 4, "--report", "run.xml").output
    assert f"report:  run.xml (replication {number})" in told
    assert f'name="replication" value="{number}"' in Path("run.xml").read_text()


def test_replay_writes_a_report_too(sim, trace):
    path = trace()
    assert "report:  run.html" in sim("replay", path, "--report", "run.html").output
    assert Path("run.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("-", "--report needs a FILE"),
        ("run.events.json", "The format events is of one app"),
        ("run.json", "Invalid value for '--report': 'run.json' does not say which format"),
        ("no/such/run.html", "no/such/run.html: the report cannot be written: there is no such"),
    ],
)
def test_what_run_cannot_report(sim, scenario, here, file, sentence):
    assert sentence in error(sim("run", scenario(), "--report", file))
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("other", ["one.xml", "./one.xml", "../here/one.xml"])
def test_trace_and_report_are_two_files(sim, scenario, here, other):
    told = error(sim("run", scenario(), "--trace", "one.xml", "--report", other))
    assert "--trace and --report name the same file" in told
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("verb", [["report", "-o"], ["run", "--report"]])
def test_a_report_that_cannot_be_written_says_which_and_why(sim, scenario, here, monkeypatch, verb):
    def put(name, written):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.cli.reports.put", put)
    result = sim(verb[0], scenario(), verb[1], "run.html")
    assert result.exit_code == 2
    assert result.output.endswith(
        "run.html: the report cannot be written: No space left on device\n"
    )


def test_a_report_does_not_replace_scenario_or_trace_of_the_run(sim, scenario):
    path = scenario()
    assert sim("run", path, "--report", path).exit_code == 2
    assert path.read_text() == KICK
    sim("run", path, "-q", "--trace", "t.jsonl")
    assert sim("run", path, "--trace", "t.jsonl", "--report", "t.jsonl").exit_code == 2


def test_a_full_disk_for_temporary_files_is_called_that(sim, scenario, here, monkeypatch):
    resource = pytest.importorskip("resource")  # not on Windows
    monkeypatch.setattr("tempfile.tempdir", str(here))
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, usual[1]))
    try:
        told = error(sim("report", scenario(), "--format", "text"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert told == f"{here}: the messages of the run cannot be kept there: File too large"
    assert list(here.iterdir()) == []
