"""What verbs write: never over what they read, never over what is no trace, never half."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_scenarios import DROP, KICK

import sim as product
from sim.cli import stopping
from sim.trace import TraceError

ROOT = Path(__file__).parents[2]
REFUSED = "its trace would replace it"


def command(*arguments, **options):
    """Call the program in a fresh interpreter, for what only the system can say of files."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "sim", *map(str, arguments)]
    return subprocess.run(words, env=environment, capture_output=True, check=False, **options)


# -- what is read ----------------------------------------------------------------------------------


def other_spelling(path):
    return path.parent / ".." / path.parent.name / "." / path.name


def symbolic_link(path):
    link = path.with_name("link")
    link.symlink_to(path)
    return link


def hard_link(path):
    link = path.with_name("other-name")
    link.hardlink_to(path)
    return link


@pytest.mark.parametrize("name", [Path, other_spelling, symbolic_link, hard_link])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_trace_never_replaces_its_scenario(sim, scenario, name, force):
    path = scenario()
    for more in ([], ["--replications", 2], ["--check-determinism"]):
        result = sim("run", path, "--trace", name(path) if not more else path, *force, *more)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.count("\n") == 1
        assert REFUSED in result.stderr
    assert path.read_text() == KICK


def test_a_relative_name_is_the_same_file(sim, scenario, monkeypatch):
    path = scenario()
    monkeypatch.chdir(path.parent)
    assert sim("run", f"./{path.name}", "--trace", path.name).exit_code == 2
    assert sim("run", path.name, "--trace", path).exit_code == 2
    assert path.read_text() == KICK


def test_a_trace_never_replaces_what_standard_input_comes_from(scenario, trace):
    path, recorded = scenario(), trace()
    before = recorded.read_bytes()
    for verb, file in (("run", path), ("replay", recorded)):
        with file.open() as redirected:
            result = command(verb, "-", "--trace", file, stdin=redirected)
        assert (result.returncode, result.stdout) == (2, b"")
        assert REFUSED in result.stderr.decode()
    assert (path.read_text(), recorded.read_bytes()) == (KICK, before)


def test_a_replay_never_replaces_the_trace_or_the_scenario(sim, trace, scenario):
    path = trace()
    before = path.read_bytes()
    assert REFUSED in sim("replay", path, "--trace", path, "--force").stderr
    story, other = scenario(name="a.yaml"), scenario(DROP, name="b.yaml")
    token = product.run(story).token
    files = ["--scenario", other, "--scenario", story]
    for file in (story, other):
        assert REFUSED in sim("replay", token, *files, "--trace", file, "--force").stderr
    assert (path.read_bytes(), story.read_text(), other.read_text()) == (before, KICK, DROP)


# -- what is there ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"dear diary", b"\x00\xff", b"[1,2]\n", b"{}\n", b'{"format": 3}\n', b"\n", b"1" * 5000],
)
def test_a_file_that_is_no_trace_is_replaced_by_force_alone(sim, scenario, tmp_path, content):
    path = tmp_path / "diary"
    path.write_bytes(content)
    result = sim("run", scenario(), "--trace", path)
    assert result.exit_code == 2
    assert "this file is there and is no trace; --force" in result.stderr
    assert path.read_bytes() == content
    assert sim("run", scenario(), "--trace", path, "--force", "-q").exit_code == 0
    assert product.read_trace(path).header.name == "kick"


def test_a_trace_an_empty_file_and_nothing_are_replaced(sim, scenario, tmp_path):
    path = tmp_path / "run.jsonl"
    path.touch()
    for seed in (1, 2, 3):
        assert sim("run", scenario(), "--seed", seed, "--trace", path, "-q").exit_code == 0
        assert product.read_trace(path).header.seed == seed
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


def test_a_link_to_a_trace_stays_a_link(sim, scenario, trace, tmp_path):
    link = tmp_path / "latest"
    link.symlink_to(trace())
    assert sim("run", scenario(), "--seed", 9, "--trace", link, "-q").exit_code == 0
    assert link.is_symlink()
    assert product.read_trace(tmp_path / "run.trace.jsonl").header.seed == 9


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "it needs the name of a file"),
        (".", "this is a directory"),
        ("a\0b", "this is no name of a file"),
        ("none/t.jsonl", "No such file or directory"),
    ],
)
def test_what_is_no_place_for_a_trace_is_refused(sim, scenario, name, said):
    result = sim("run", scenario(), "--trace", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


def test_from_python_the_same_is_refused(scenario, tmp_path):
    path, diary = scenario(), tmp_path / "diary"
    diary.write_text("dear")
    for target, force in ((path, False), (path, True), (diary, False), ("", False)):
        with pytest.raises(TraceError, match="the trace cannot be written"):
            product.run(path, trace=target, force=force)
    product.run(path, trace=diary, force=True)
    assert path.read_text() == KICK
    assert product.read_trace(diary).header.name == "kick"


# -- nothing lost, nothing half --------------------------------------------------------------------


def test_an_older_trace_stays_until_the_new_one_is_there(scenario, trace):
    path = trace()
    before = path.read_bytes()

    def look(record):
        assert path.read_bytes() == before

    product.run(scenario(), seed=5, trace=path, sinks=[look])
    assert product.read_trace(path).header.seed == 5


def test_a_run_that_fails_leaves_a_trace_that_can_be_read(scenario):
    path = scenario().with_name("run.jsonl")

    def fail(record):
        if record.seq == 20:
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        product.run(scenario(), seed=5, trace=path, sinks=[fail])
    left = product.read_trace(path)
    assert len(list(left)) == 20
    assert not left.complete
    assert [each.name for each in path.parent.iterdir() if "part" in each.name] == []


def test_a_run_that_stops_halfway_leaves_the_older_trace_whole(scenario, trace):
    path = trace()
    before = path.read_bytes()

    def fail(record):
        if record.seq == 20:
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        product.run(scenario(), seed=5, trace=path, sinks=[fail])
    assert path.read_bytes() == before
    assert len(list(product.read_trace(path.with_name(f"{path.name}.part")))) == 20


@pytest.mark.parametrize("end", ["/", "//", "/."])
def test_a_name_that_ends_like_a_folders_is_no_name_of_a_trace(sim, scenario, end):
    path = scenario()
    other = path.with_name("note.txt")
    other.write_text("hi")
    for name in (path, other):
        result = sim("run", path, "--trace", f"{name}{end}", "--force")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "this is no name of a file" in result.stderr
    assert (path.read_text(), other.read_text()) == (KICK, "hi")


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(
    ("name", "code", "sentence"),
    [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated"), ("SIGHUP", 129, "hung up")],
)
@pytest.mark.parametrize("older", [True, False])
def test_a_run_that_is_ended_leaves_a_readable_trace(
    scenario, trace, tmp_path, name, code, sentence, older
):
    outages = "network: {outages: {every: {exponential: 30s}, last: 9s}}"
    long = DROP.replace("2min", "30d").replace("network: fibre", outages)
    path = trace(name="run.jsonl") if older else tmp_path / "run.jsonl"
    before = path.read_bytes() if older else b""
    words = [sys.executable, "-m", "sim", "run", str(scenario(long)), "--trace", str(path), "-q"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs ignore the signal, and so would the run.
        preexec_fn=lambda: signal.signal(signal.Signals[name], signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        part = path.with_name("run.jsonl.part")
        while not (part.exists() and part.stat().st_size) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.Signals[name])
        _, said = process.communicate()
    assert (process.returncode, said) == (code, f"{sentence}\n")
    left = product.read_trace(part if older else path)
    assert list(left)
    assert not left.complete
    assert part.exists() == older
    assert not older or path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_signal_that_is_ignored_stays_so(monkeypatch):
    handlers = {signal.SIGHUP: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}
    monkeypatch.setattr(stopping.signal, "getsignal", handlers.get)
    monkeypatch.setattr(stopping.signal, "signal", handlers.__setitem__)
    stopping.obey()
    assert handlers[signal.SIGHUP] == signal.SIG_IGN
    with pytest.raises(stopping.Stopped) as stopped:
        handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert type(stopped.value)(*stopped.value.args).code == 143
    assert handlers[signal.SIGTERM] == signal.SIG_DFL


@pytest.mark.skipif(os.name != "posix", reason="needs limits on the size of files")
@pytest.mark.parametrize("older", [True, False])
@pytest.mark.parametrize("room", [0, 100, 4096])
def test_a_disk_that_fills_up_leaves_no_half_trace_in_its_place(scenario, trace, older, room):
    path = trace() if older else scenario().with_name("new.jsonl")
    before = path.read_bytes() if older else None
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n"
        "from sim.cli import main\n"
        "main()\n"
    )
    words = [sys.executable, "-c", code, "run", scenario(), "--trace", path, "--seed", "8"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    part = path.with_name(f"{path.name}.part")
    rest = f"; what could be written is in {part.name}" if room == 4096 else ""
    said = f"{path}: the trace cannot be written: File too large{rest}\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert (path.read_bytes() if path.exists() else None) == before
    assert part.exists() == bool(rest)
    if rest:
        left = product.read_trace(part)
        assert list(left)
        assert not left.complete


# -- after jq --------------------------------------------------------------------------------------


def test_a_trace_that_another_program_has_written_again_is_the_same_trace(sim, trace, tmp_path):
    story = KICK.replace(
        "script:", "script:\n  - {at: 8s, client: bob, do: signal, type: chat, data: café}"
    )
    path, again = trace(story), tmp_path / "again.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    again.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    assert "café" in again.read_text()
    for words in (["check", again, "-q"], ["replay", again, "-q"]):
        result = sim(*words)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "kick: all held\n", "")
    assert sim("diff", path, again).output == "the stories are the same\n"


@pytest.mark.parametrize(("line", "old", "new"), [(0, '"seed": 3', '"seed": 4'), (9, "bob", "rob")])
def test_a_replay_says_that_the_file_was_changed(sim, trace, line, old, new):
    path = trace()
    lines = [json.dumps(json.loads(each)) for each in path.read_text().splitlines()]
    number = next(n for n, each in enumerate(lines) if n >= line and old in each)
    lines[number] = lines[number].replace(old, new)
    path.write_text("\n".join(lines))
    result = sim("replay", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the file was changed" in result.stderr
    assert "not deterministic" not in result.stderr


def test_a_scenario_changed_inside_a_trace_is_said_to_be(sim, trace):
    path = trace()
    path.write_text(path.read_text().replace('"duration":"40s"', '"duration":"41s"', 1))
    result = sim("replay", path)
    assert result.exit_code == 2
    assert "the file was changed: the hash of its scenario" in result.stderr


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (0, '"duration":40000000', '"duration":41000000', ", but not its records, which are those"),
        (-1, '"digest":"', '"digest":"f', ", but not its records, which are those"),
        (0, '"seed":3,', '"seed":4,', ": it parts from its run at record "),
        (9, "bob", "rob", ": it parts from its run at record "),
    ],
)
def test_what_a_replay_says_of_another_file_is_one_sentence(sim, trace, line, old, new, said):
    path = trace()
    lines = path.read_text().splitlines()
    found = (n for n, each in enumerate(lines) if n >= line and old in each)
    number = line if line < 1 else next(found)
    lines[number] = new.join(lines[number].rsplit(old, 1))
    path.write_text("\n".join(lines) + "\n")
    result = sim("replay", path)
    first = result.stderr.splitlines()[0]
    assert (result.exit_code, result.stdout) == (2, "")
    assert first.startswith(f"{path}: the file was changed{said}")
    assert result.stderr.count("the file was changed") == 1
    assert "digest" not in result.stderr
