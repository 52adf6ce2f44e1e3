"""What docs/report.md says and shows is what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.program import program
from sim.cli.view import WITHIN
from sim.protocol.units import format_duration
from sim.report.formats import FORMATS
from sim.telling.narrowing import KINDS
from sim.wording import listing

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/report.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def commands():
    return [
        shlex.split(line, comments=True)
        for language, text in BLOCKS
        if language == "sh"
        for line in text.splitlines()
    ]


def table(name):
    rows = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- end of table -->", PAGE, re.DOTALL)[1]
    return [
        [cell.strip().strip("`") for cell in row.strip("|").split(" | ")]
        for row in rows.splitlines()[2:]
    ]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Every command of the page, in order, in a folder with the scenarios; gives the outputs."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    outputs = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "80")
        for python, dash, package, *words in commands():
            assert (python, dash, package) == ("python", "-m", "sim")
            outputs.append(CliRunner().invoke(program, words))
    return folder, outputs


def test_every_command_of_the_page_does_what_it_says(ran):
    folder, outputs = ran
    assert [(result.exit_code, result.output) for result in outputs if result.exit_code] == []
    for words in commands():
        for option in ("-o", "--report", "--trace"):
            if option in words:
                assert (folder / words[words.index(option) + 1]).stat().st_size > 0


def test_the_sample_is_what_is_printed(ran):
    (sample,) = (text for language, text in BLOCKS if not language)
    assert any(sample in result.output for result in ran[1])


def test_the_table_of_formats_is_that_of_the_program():
    page, *rows = table("formats")
    assert page[:2] == ["html", ".html"]
    assert rows == [[each.name, each.suffixes[0], each.says] for each in FORMATS.values()]


def test_the_table_of_options_is_that_of_run():
    command = program.get_command(None, "run")
    options = {option for parameter in command.params for option in parameter.opts}
    rows = dict(table("narrowing"))
    assert set(rows) <= options
    assert format_duration(WITHIN) in rows["--within"]
    assert listing(KINDS, "or") in rows["--kind"]


def test_the_help_of_report_lists_the_formats():
    shown = " ".join(CliRunner().invoke(program, ["report", "--help"]).output.split())
    assert all(f"{each.name} {each.suffixes[0]} " in shown for each in FORMATS.values())


def test_the_readme_and_the_list_of_verbs_lead_here():
    assert "(docs/report.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"report", "watch"} <= set(program.list_commands(None))
