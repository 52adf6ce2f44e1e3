"""What users call: report(), Report, Result.report()."""

import subprocess
import sys

import pytest

import sim
from sim.report import Report, format_of, report
from sim.report.formats import FORMATS

KICK = "scenarios/kick.yaml"


@pytest.fixture(scope="module")
def shown():
    return report(KICK, seed=7)


def test_a_report_is_of_a_run(shown):
    assert isinstance(shown, sim.Report)
    assert shown.timeline.seed == 7


def test_a_result_reports_itself():
    result = sim.run(KICK)
    assert result.report() == report(result)
    assert isinstance(result.report(), Report)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "events"])
def test_a_report_is_saved_in_the_format_of_the_suffix(shown, tmp_path, name):
    file = tmp_path / f"kick{FORMATS[name].suffixes[0]}"
    assert format_of(file.name) == name
    assert shown.save(file) == file
    written = shown.to(name)
    expected = written if isinstance(written, bytes) else written.encode("utf-8")
    assert file.read_bytes() == expected


def test_a_page_is_saved_as_html(shown, tmp_path):
    text = shown.save(tmp_path / "kick.HTML").read_text(encoding="utf-8")
    assert text == shown.html() == shown.to("html")
    assert text.startswith("<!doctype html>")


def test_a_format_may_be_named_whatever_the_file_is_called(shown, tmp_path):
    file = shown.save(tmp_path / "bob.txt", "events", person="bob")
    assert file.read_text(encoding="utf-8") == shown.to("events", person="bob")


@pytest.mark.parametrize("name", ["kick", "kick.pdf", ".html.x"])
def test_a_suffix_that_says_nothing_is_refused_with_those_that_do(shown, tmp_path, name):
    with pytest.raises(ValueError, match=r"end it in one of \.html"):
        shown.save(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_an_unknown_format_is_refused_with_the_nearest(shown):
    with pytest.raises(ValueError, match="did you mean 'mermaid'"):
        shown.to("mermade")


def test_two_runs_are_one_page(shown):
    alone, both = shown.html(), shown.html(against=report(KICK, seed=8))
    assert len(both) > len(alone)
    assert both == shown.to("html", against=report(KICK, seed=8))


def test_a_notebook_shows_the_small_picture(shown):
    assert shown._repr_html_().startswith("<svg ")
    assert len(shown._repr_html_()) < len(shown.to("svg"))


def test_sim_does_not_import_reports_until_they_are_asked_for():
    code = (
        "import sys, sim; sim.run; "
        "loaded = [name for name in sys.modules if name.startswith('sim.report')]; "
        "assert not loaded, loaded; sim.Report; assert 'sim.report' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
