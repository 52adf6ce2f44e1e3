"""Files of reports: known by how they begin, and replaced at once or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.report import HTML, report
from sim.report.files import is_report, put
from sim.report.formats import FORMATS

PERSON = {"events": {"person": "bob"}}
SCENARIO = """\
name: kept
duration: 5s
clients:
  bob: {network: wifi, publish: camera}
"""


@pytest.fixture(scope="module")
def shown():
    return report(sim.loads(SCENARIO))


def written(shown, name):
    text = shown.to(name, **PERSON.get(name, {}))
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize("name", [HTML, *FORMATS])
def test_a_report_in_any_format_is_known_as_one(shown, name, tmp_path):
    file = tmp_path / "report"
    file.write_bytes(written(shown, name))
    assert is_report(file)


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><title>My page</title>",
        "sequenceDiagram\n    title Login\n",
        '{"displayTimeUnit": "ms"}',
        '<?xml version="1.0"?>\n<testsuites name="pytest tests"></testsuites>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        SCENARIO,
        "hello",
        "\n",
    ],
)
def test_another_file_is_none(tmp_path, text):
    file = tmp_path / "other"
    file.write_text(text, encoding="utf-8")
    assert not is_report(file)


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("any") / "file"
    file.write_bytes(data)
    assert is_report(file) == (not data)


def test_what_is_there_stays_if_it_cannot_be_replaced(tmp_path, monkeypatch):
    file = tmp_path / "kept.html"
    put(file, "before")
    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="full"):
        put(file, "after")
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def fail(*_):
    raise OSError(28, "the disk is full")


def test_a_link_stays_a_link(tmp_path):
    file, link = tmp_path / "real.html", tmp_path / "link.html"
    put(file, "before")
    link.symlink_to(file)
    put(link, "after")
    assert link.is_symlink()
    assert file.read_text() == "after"
    assert {each.name for each in tmp_path.iterdir()} == {"real.html", "link.html"}
