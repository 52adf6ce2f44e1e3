"""``docs/quirks.md`` is what the table, the scenarios and the recordings say."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

from sim.laws import catalogue
from sim.protocol.quirks import QUIRKS

ROOT = Path(__file__).parents[2]
RECORDINGS = sorted((ROOT / "tests/data/conformance").glob("*.json"))


def generator():
    return program("docs/list_quirks.py")


@cache
def program(path):
    """One of the programs that list and measure."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def page():
    return generator().page()


def test_the_page_is_what_the_table_and_the_scenarios_generate():
    file = generator().PAGE
    assert file == ROOT / "docs/quirks.md"
    assert file.read_text(encoding="utf-8") == page(), "run: python -m docs.list_quirks"


def test_the_quirks_come_in_the_order_of_their_harm_on_top_and_in_sections():
    assert re.findall(r"\]\(#(.*?)\)", page().split("\n## ")[0]) == list(QUIRKS)
    assert re.findall(r"^### (.*)$", page(), re.MULTILINE) == list(QUIRKS)


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_section_says_what_an_app_can_do(quirk):
    section = page().split(f"### {quirk}\n")[1].split("\n#")[0]
    words = " ".join(section.split())
    assert f"**What an app can do:** {QUIRKS[quirk].advice} - Shown by" in words


def test_lines_are_no_longer_than_a_hundred_characters_where_words_allow_it():
    for line in page().splitlines():
        assert len(line) <= 100 or " " not in line.strip().removeprefix("- "), line


@pytest.mark.parametrize("quirk", QUIRKS)
def test_what_breaks_with_a_quirk_alone_is_listed(quirk):
    laws = QUIRKS[quirk].laws
    assert list(laws) == sorted(laws)
    assert set(laws) <= set(catalogue())
    stories = program("tools/measure_quirks.py")
    for number in range(2):
        assert set(stories.broken(quirk, number)) <= set(laws)


def test_from_each_law_a_way_leads_to_its_quirks():
    words = " ".join(page().split("## From law to quirk\n")[1].split("\n## ")[0].split())
    assert words.count("](#") == sum(len(quirk.laws) for quirk in QUIRKS.values())
    assert "`fed-streams`: [destroy-while-publishing-leaves-stream](#destroy" in words


def test_every_item_of_the_section_is_somewhere():
    quirks = {4, 7, 8, 9, 11, 19}
    listed = {int(number) for number in re.findall(r"^- (\d+): ", page(), re.MULTILINE)}
    assert quirks | listed == set(range(1, 33))


def test_every_named_recording_is_there():
    names = {name for names in generator().RECORDINGS.values() for name in names}
    assert names <= {path.stem for path in RECORDINGS}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_the_recordings_that_a_source_names_are_here(quirk):
    _, _, named = QUIRKS[quirk].source.partition("recording")
    for name in re.findall(r"\b(?:[amr]?\d{1,4}[a-z]?)(?:_\w+)?\b", named):
        assert any(re.match(rf"{name}(?![0-9a-z])", file.stem) for file in RECORDINGS), name
