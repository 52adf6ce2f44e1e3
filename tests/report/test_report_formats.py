"""The table of formats."""

import subprocess
import sys

import pytest
from drawn import hostile, of_file, timelines
from hypothesis import given, settings

from sim.report.formats import FORMATS
from sim.report.formats import of_file as format_of

OPTIONS = {"events": {"person": "alice"}}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_table_by_its_name_and_says_what_it_is(name):
    each = FORMATS[name]
    assert each.name == name
    assert each.says.endswith(".")
    assert each.suffixes
    assert all(suffix.startswith(".") for suffix in each.suffixes)
    assert each.write(of_file("kick"), **OPTIONS.get(name, {}))


def test_no_two_formats_claim_the_same_suffix():
    suffixes = [suffix for each in FORMATS.values() for suffix in each.suffixes]
    assert len(suffixes) == len(set(suffixes))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.mmd", "mermaid"),
        ("a.perfetto.json", "perfetto"),
        ("A.XML", "junit"),
        ("a.svg", "svg"),
        ("a.txt", "text"),
        ("a.events.json", "events"),
    ],
)
def test_the_name_of_a_file_tells_its_format(file, name):
    assert format_of(file).name == name


def test_the_name_of_another_file_tells_none():
    assert format_of("a.json") is None


def test_an_option_is_for_the_formats_that_have_it():
    with pytest.raises(ValueError, match="the format junit has no person: it is for events"):
        FORMATS["junit"].write(of_file("kick"), person="alice")
    with pytest.raises(ValueError, match="the format junit has no width: it is for svg or text"):
        FORMATS["junit"].write(of_file("kick"), width=80)


def test_an_option_that_no_format_has_is_refused_with_what_there_is():
    with pytest.raises(
        ValueError, match="'widht' is not an option of the format svg: did you mean"
    ):
        FORMATS["svg"].write(of_file("kick"), widht=80)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"events"}))
@given(timelines())
@settings(max_examples=10)
def test_the_same_timeline_is_the_same_text(name, picture):
    assert FORMATS[name].write(picture) == FORMATS[name].write(picture)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"events"}))
@given(hostile())
@settings(max_examples=20)
def test_any_text_can_be_written_to_a_file(name, picture):
    FORMATS[name].write(picture).encode()


def test_a_format_is_imported_when_it_is_used():
    code = (
        "import sys, sim.report.formats as f; print([n for n in f.FORMATS "
        "if f'sim.report.formats.{n}' in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
