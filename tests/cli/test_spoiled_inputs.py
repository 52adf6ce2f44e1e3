"""Whatever is in a file that a verb reads: it ends with a verdict or with a sentence.

Traces and scenarios are spoiled in their values, their lines and their bytes, and given to every
verb that reads them. None may end as a fault of the simulator (exit code 3), or with a traceback.
"""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from cli_scenarios import KICK
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim as product
from sim.cli.program import program
from sim.trace.digest import Digest, header_digest

GOOD = {0, 1, 2, 4}
"""Every exit code but that of our own faults (and that of Ctrl-C)."""

READING = {
    "check": ["check", "{}"],
    "check-json": ["check", "{}", "--json"],
    "replay": ["replay", "{}"],
    "explain": ["explain", "{}", "9"],
    "explain-event": ["explain", "{}", "--person", "bob", "--event", "sessionDisconnected"],
    "diff": ["diff", "{}", "{good}"],
    "diff-back": ["diff", "{good}", "{}", "--json"],
}
"""How every verb that reads traces is called; ``{good}`` is a trace that nobody has spoiled."""

STORY = KICK.replace("40s", "14s").replace(
    "clients:",
    "profile: {base: documented, quirks: {early-signal-loses-type-and-data: true}}\nclients:",
)


def ended(arguments, content=None):
    """Call the program in this process; give what it said, having looked at how it ended.

    A trace with other records and right digests is not what the simulator would have written, and
    only then may it be said not to be deterministic.
    """
    result = CliRunner().invoke(program, arguments, input=content, prog_name="python -m sim")
    if not result.stderr.startswith("not deterministic: "):
        assert result.exit_code in GOOD, result.stderr[-600:]
    assert isinstance(result.exception, SystemExit | None)
    assert "Traceback" not in result.output
    assert result.exit_code != 2 or result.stderr.strip() or arguments[0] == "validate"
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("spoiled")


class Whole:
    """A trace that nobody has spoiled: its file, and its lines as data."""

    def __init__(self, path, lines):
        self.path, self.lines = path, lines


@pytest.fixture(scope="module")
def whole(folder):
    story = folder / "good.yaml"
    story.write_text(STORY)
    path = folder / "good.jsonl"
    product.run(story, trace=path)
    return Whole(path, [json.loads(line) for line in path.read_text().splitlines()])


def read_by_every_verb(folder, good, content):
    spoiled = folder / "spoiled.jsonl"
    spoiled.write_bytes(content)
    for words in READING.values():
        names = {"{}": str(spoiled), "{good}": str(good)}
        ended([names.get(word, word) for word in words])


# -- values ----------------------------------------------------------------------------------------

MISSING = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
ANYTHING = st.sampled_from(
    [None, True, False, 0, -1, 2, 10**30, 1.5, -0.0, 1e300, [], {}, ["bob"], {"bob": 1}]
) | st.sampled_from(["", "bob", "bob#1", "é\x1b[31m", "x" * 300, "10", "#", "bob#1.1/s#", "\ud800"])


def places(value, path=()):
    """The way to every value inside of plain data."""
    yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))


def changed(data, path, new):
    """A copy of plain data with another value there, or without the value if it is ``MISSING``."""
    if not path:
        return new
    key, *rest = path
    copy = dict(data) if isinstance(data, dict) else list(data)
    if not rest and new is MISSING:
        del copy[key]
    else:
        copy[key] = changed(copy[key], rest, new)
    return copy


def spoiled(data, tree, kept=()):
    """A copy of plain data in which some values are others, or missing."""
    for _ in range(data.draw(st.integers(1, 3), "how many")):
        ways = [path for path in places(tree) if path and path not in kept]
        path = ways[data.draw(st.integers(0, len(ways) - 1), "which")]
        tree = changed(tree, path, data.draw(st.just(MISSING) | ANYTHING, f"at {path}"))
    return tree


def spoiled_lines(data, lines):
    """Lines of which some are spoiled, the first and the last more often than others."""
    lines, last = list(lines), len(lines) - 1
    for _ in range(data.draw(st.integers(1, 2), "how many lines")):
        number = data.draw(st.sampled_from([0, last]) | st.integers(0, last), "line")
        lines[number] = spoiled(data, lines[number])
    return lines


def sealed(lines):
    """The lines as a run would have written them: with digests that are right."""
    digest = Digest()
    for line in lines[1:-1]:
        digest.add(json.dumps(line, sort_keys=True, separators=(",", ":")))
    footer = lines[-1]
    if isinstance(footer, dict):
        seal = {"records": digest.records, "digest": digest.hex, "header": header_digest(lines[0])}
        footer = footer | seal
    return [*lines[:-1], footer]


def text_of(lines, *, escaped=True):
    text = "".join(json.dumps(line, ensure_ascii=escaped) + "\n" for line in lines)
    return text.encode("utf-8", "surrogatepass")


slowly = settings(suppress_health_check=list(HealthCheck), max_examples=40)


@slowly
@given(data=st.data())
def test_a_trace_with_other_values_is_judged_or_refused(folder, whole, data):
    lines = spoiled_lines(data, whole.lines)
    if data.draw(st.booleans(), "sealed"):
        lines = sealed(lines)
    read_by_every_verb(folder, whole.path, text_of(lines, escaped=data.draw(st.booleans())))


@slowly
@given(data=st.data())
def test_a_trace_with_lines_missing_twice_or_moved_is_judged_or_refused(folder, whole, data):
    lines = whole.lines
    order = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=len(lines)))
    keep = data.draw(st.integers(0, len(lines)))
    read_by_every_verb(folder, whole.path, text_of([*lines[:keep], *(lines[at] for at in order)]))


@slowly
@given(data=st.data())
def test_a_trace_with_other_bytes_is_judged_or_refused(folder, whole, data):
    lines = whole.lines
    content = text_of(lines)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from((0, 1, 2, 20, 2000)))
        new = data.draw(st.binary(max_size=4) | st.sampled_from([b"1e400", b"NaN", b"9" * 5000]))
        content = content[:start] + new + content[start + length :]
    read_by_every_verb(folder, whole.path, content)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400", "9" * 5_000, "9" * 400])
@pytest.mark.parametrize("line", [0, 4, -1])
def test_numbers_that_are_none_are_refused_anywhere(folder, whole, number, line):
    lines = whole.lines
    texts = [json.dumps(each) for each in lines]
    key = {0: '"seed": 3', 4: str(lines[4][0]), -1: f'"ended": {lines[-1]["ended"]}'}[line]
    assert key in texts[line]
    texts[line] = texts[line].replace(key, key.rpartition(" ")[0] + number)
    read_by_every_verb(folder, whole.path, "\n".join(texts).encode())


# -- scenarios -------------------------------------------------------------------------------------


@slowly
@given(data=st.data())
def test_a_scenario_with_other_values_is_run_or_refused(folder, data):
    tree = spoiled(data, SCENARIO, kept=[("duration",)])
    path = folder / "spoiled.yaml"
    path.write_text(json.dumps(tree))
    for words in (["validate"], ["run", "-q"], ["run", "--json", "--replications", "2"]):
        ended([words[0], str(path), *words[1:]])


SCENARIO = {
    "name": "small",
    "duration": "6s",
    "seed": 3,
    "profile": {"base": "documented", "quirks": {"early-signal-loses-type-and-data": True}},
    "platform": {"grace": "2s", "connection-limit": 9},
    "timers": {"window": "3s", "connect-attempts": 2, "info-retries": ["1s"]},
    "networks": {
        "cafe": {
            "loss": {"gilbert-elliott": {"p": 0.1, "r": "1/4", "h": 0.5}},
            "delay": {"lognormal": {"median": "20ms", "sigma": 0.5}, "minimum": "5ms"},
            "outages": {"every": {"exponential": "2s"}, "last": "500ms"},
            "transport": {"round-trips": 2},
        }
    },
    "clients": {
        "alice": {"role": "moderator", "policy": {"remove-reconnecting": {"after": "1s"}}},
        "guests": {
            "count": 2,
            "network": "cafe",
            "publish": True,
            "arrive": {"poisson": "3/s"},
            "stay": {"pareto": {"scale": "1s", "shape": 1.5}},
            "rejoin": {"backoff": {"first": "1s", "factor": 2, "max": "3s"}},
            "on": {"sessionDisconnected": {"clean-up-after": "1s", "prevent-default": True}},
        },
    },
    "script": [
        {"at": "2s", "client": "guests-1", "network": "down", "for": "2s"},
        {"at": "3s", "client": "alice", "do": "signal", "type": "chat", "data": "hello"},
        {"at": "4s", "client": "guests-2", "platform": "close-socket", "code": 1011},
    ],
    "expect": ["alice sees sessionConnected", "law one-end holds"],
    "laws": ["one-end", "cleanup"],
}


def test_what_is_spoiled_was_right_before(folder, whole):
    path = folder / "right.yaml"
    path.write_text(json.dumps(SCENARIO))
    assert ended(["run", str(path), "-q"]).exit_code in {0, 1}
    for words in READING.values():
        names = {"{}": str(whole.path), "{good}": str(whole.path)}
        assert ended([names.get(word, word) for word in words]).exit_code == 0


# -- files of another kind -------------------------------------------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghij")
)
KINDS = {
    "empty": b"",
    "binary": bytes(range(256)) * 10,
    "larger than 1 MiB": b"name: x\n" + b"# " + b"x" * (1 << 20) + b"\n",
    "a line without end": b"[" + b"1," * (1 << 20),
    "aliases that blow up": BOMB.encode(),
    "nested": b"[" * 100_000,
    "utf-16": "name: x".encode("utf-16"),
    "a picture": b"\x89PNG\r\n\x1a\n\x00",
}


@pytest.mark.parametrize("kind", [*KINDS, "a directory", "nothing there"])
@pytest.mark.parametrize(
    "verb", ["run", "validate", "check", "replay", "conform", "explain", "diff"]
)
def test_what_no_verb_can_use_is_refused_by_every_verb(folder, whole, kind, verb):
    path = folder / "other"
    path.write_bytes(KINDS.get(kind, b""))
    name = {"a directory": folder, "nothing there": folder / "nowhere"}.get(kind, path)
    more = {"explain": ["1"], "diff": [str(whole.path)]}.get(verb, [])
    result = ended([verb, str(name), *more])
    assert result.exit_code == 2
    assert len(result.output) < 2_000
