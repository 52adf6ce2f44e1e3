"""``docs/quirks.md`` is what the table, the scenarios and the recordings say."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

from sim.protocol.quirks import QUIRKS

ROOT = Path(__file__).parents[2]
RECORDINGS = sorted((ROOT / "tests/data/conformance").glob("*.json"))


@cache
def generator():
    spec = importlib.util.spec_from_file_location("list_quirks", ROOT / "docs/list_quirks.py")
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
    assert f"**What an app can do:** {QUIRKS[quirk].advice}\n" in section


def test_every_item_of_the_section_is_somewhere():
    quirks = {4, 7, 8, 9, 11, 19}
    listed = {int(number) for number in re.findall(r"^- (\d+): ", page(), re.MULTILINE)}
    assert quirks | listed == set(range(1, 33))


def test_every_named_recording_is_there():
    names = {name for names in generator().RECORDINGS.values() for name in names}
    assert names <= {path.stem for path in RECORDINGS}
