"""The page on testing does what it says: its files are written, its commands run, in their order.

A block whose first line is a comment with a file's name is that file. In a block of the console,
lines that begin with ``$`` are run, and what is below them must be in what they print, line by
line; ``...`` stands for anything.
"""

import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen, has

from sim.testing import SessionMachine
from sim.testing import strategies as ss

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/testing.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"(?:#|;) ([\w./-]+\.\w+)\n")


@frozen
class Command:
    """What somebody types, and what the page says is printed then."""

    words: str
    shown: tuple[str, ...]


def blocks(text):
    return BLOCK.findall(text)


def commands(text):
    """The commands of a block of the console."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        words, *shown = part.rstrip("\n").split("\n")
        found.append(Command(words, tuple(line.rstrip() for line in shown)))
    return found


def missing(shown, printed):
    """The first line that is shown and not printed after those before it, or None."""
    lines = iter(printed)
    for line in shown:
        pattern = ".*".join(re.escape(part) for part in line.split("..."))
        if line.strip() and not any(re.fullmatch(pattern, each) for each in lines):
            return line
    return None


def surroundings():
    """As for somebody who has installed the kit: no settings of this run.

    With ``CI`` set Hypothesis makes the same search each time, and takes its time.
    """
    unset = ("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "HYPOTHESIS_PROFILE")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    folder = str(Path(sys.executable).parent)
    path = os.pathsep.join([folder, kept["PATH"]])
    return kept | {"PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "CI": "1"}


def printed(words, folder):
    """What a command prints, with the same search for each run of this test."""
    line = shlex.split(words, comments=True)
    if line[0] == "pytest":
        line[:1] = [sys.executable, "-m", "pytest"]
    elif line[0] == "python":
        line[0] = sys.executable
    ran = subprocess.run(
        line, cwd=folder, env=surroundings(), capture_output=True, text=True, check=False
    )
    return [each.rstrip() for each in (ran.stdout + ran.stderr).splitlines()]


def test_a_line_that_is_not_printed_is_missing():
    assert missing(["a ... c", "d"], ["a b c", "x", "d"]) is None
    assert missing(["d", "a"], ["a", "d"]) == "a"


def test_commands_come_with_what_is_shown_of_them():
    assert commands("$ pytest -q\n1 passed\n$ ls\n") == [
        Command("pytest -q", ("1 passed",)),
        Command("ls", ()),
    ]


@pytest.mark.slow
def test_what_the_page_shows_is_what_happens(tmp_path):
    names = {}
    for language, text in blocks(PAGE.read_text(encoding="utf-8")):
        if named := NAME.match(text):
            file = tmp_path / named[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif language == "python":
            exec(text, names)
        elif language == "console":
            for command in commands(text):
                lines = printed(command.words, tmp_path)
                absent = missing(command.shown, lines)
                assert absent is None, "\n".join([f"$ {command.words}", *lines])


def rows(name):
    """The rows of a table of the page, as texts without backticks."""
    text = PAGE.read_text(encoding="utf-8")
    table = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- end", text, re.DOTALL)[1]
    found = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in table.splitlines()[2:]]
    return [[cell.replace("`", "").strip() for cell in row] for row in found]


def shown(default):
    """A default value as the page shows it."""
    if default is inspect.Parameter.empty:
        return "needed"
    kind = type(default)
    return f"{kind.__name__.removesuffix('Settings')}()" if has(kind) else repr(default)


def test_the_parameters_of_strategies_are_as_the_page_says():
    said = {}
    for strategy, parameter, default, *_ in rows("strategies"):
        said.setdefault(strategy, {})
        if parameter != "–":
            said[strategy][parameter] = default
    signatures = {name: inspect.signature(getattr(ss, name)).parameters for name in said}
    assert said == {
        name: {parameter: shown(each.default) for parameter, each in parameters.items()}
        for name, parameters in signatures.items()
    }


def test_what_a_machine_says_of_itself_is_as_the_page_says():
    for names, default, _ in rows("machine"):
        for name in names.split(", "):
            assert repr(getattr(SessionMachine, name)) == default, name


def test_the_page_lists_every_option_of_the_plugin():
    from sim.testing.plugin import OPTIONS

    listed = [(option.split()[0], ini) for option, ini, _ in rows("options")]
    assert sorted(listed) == sorted((f"--sim-{name}", f"sim_{name}") for name in OPTIONS)
