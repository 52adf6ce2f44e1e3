"""The page of a sweep: what it says is what was measured, and its worst runs are those runs."""

import json
import math
import re
import shutil
from html.parser import HTMLParser

import pytest
from attrs import evolve
from research_scenarios import experiment
from swept import closed

from sim.overview import building, check_format, opened, overview
from sim.report.formats import FORMATS
from sim.report.page import sweeps
from sim.report.page.packing import unpack
from sim.report.page.sweeps import document, html
from sim.research import Experiment, sweep

pytest.importorskip("pyarrow")

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u2028{{runs}}-->"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The shipped client, which breaks a law here, and the documented one."""
    return closed(tmp_path_factory.mktemp("closed") / "results")


@pytest.fixture(scope="module")
def shown(results):
    return overview(results, 4)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A sweep in which nothing breaks, and half of it is not there."""
    results = sweep(experiment(), tmp_path_factory.mktemp("held") / "results", jobs=1)
    said = dict(results.manifest) | {"complete": False, "digest": None, "shards": []}
    (results.folder / "manifest.json").write_text(json.dumps(said))
    shutil.rmtree(results.folder / "shards" / "point-1-from-0-to-3")
    return results


class Elements(HTMLParser):
    """The elements of a page, and what its scripts have in them."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.inside = [], {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.inside = attributes.get("id", tag) if tag in {"script", "title"} else None

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.texts[self.inside] = self.texts.get(self.inside, "") + data


# -- what it says ----------------------------------------------------------------------------------


def test_the_cells_are_the_estimates_with_their_intervals(results, shown):
    columns = document(shown.sweep)["cells"]
    names = [each.name for each in shown.sweep.metrics]
    for each in results.estimates():
        column, point = columns[names.index(each.metric.name)], each.point.number
        for key in ("estimate", "low", "high"):
            said, known = column[key][point], getattr(each.interval, key)
            assert (said is None) == math.isnan(known)
            assert said is None or float(said) == pytest.approx(known, rel=1e-5)
        assert column["n"][point] == each.interval.n
    assert json.loads(json.dumps(columns, allow_nan=False)) == columns


def test_runs_and_breaks_of_the_points_add_up_to_those_of_the_sweep(results, shown):
    points = shown.sweep.points
    assert [each.runs for each in points] == [3, 3]
    assert [each.failed for each in points] == [0, 3]
    assert sum(each.failed for each in points) == results.manifest["failed"] == shown.sweep.failed
    assert [dict(each.breaks) for each in points] == [{}, {"reconnect-first": 3}]
    assert [dict(each.values) for each in points] == [
        {"profile": client, "platform.grace": "15s"}
        for client in ("documented", "opentok.js-2.35.2")
    ]


def test_a_law_that_is_expected_to_break_is_known_to_be(tmp_path):
    asked = Experiment(name="x", scenario="scenarios/fatal-close.yaml", replications=1)
    (point,) = overview(sweep(asked, tmp_path / "x", jobs=1), 0).sweep.points
    assert (dict(point.breaks), point.failed) == ({"reconnect-first": 1}, 0)
    assert point.expected == {"reconnect-first"}


def test_the_worst_runs_are_the_runs_that_were_measured(results, shown):
    digests = {
        (row["point"], row["replication"]): row["digest"]
        for row in results.to_arrow("runs").to_pylist()
    }
    worst = shown.sweep.worst
    assert [each.is_broken for each in worst] == [True, True, True, False]
    for each in worst:
        assert each.timeline.digest == digests[each.point, each.replication]
        assert each.timeline.replication == each.replication
        assert each.timeline.warnings == ()
        assert each.again == each.timeline.again
        assert each.again.endswith(f" --scenario {results.folder}")
    assert worst[0].reasons[0].startswith("law reconnect-first broke: bob#1 ended as ")


def test_a_run_that_is_another_one_now_says_so(results, monkeypatch):
    chosen = building.worst(results.folder / "shards", [], results.metrics, 1)
    assert chosen == []
    before = building.worst

    def changed(*arguments):
        return [evolve(each, digest="another") for each in before(*arguments)]

    monkeypatch.setattr(building, "worst", changed)
    (run,) = overview(results, 1).sweep.worst
    assert "not the run that was measured, whose digest was another" in run.timeline.warnings[0]


def test_large_runs_are_shown_without_messages_and_larger_ones_not_at_all(results, monkeypatch):
    monkeypatch.setattr(building, "WITH_MESSAGES", 10)
    (run,) = overview(results, 1).sweep.worst
    assert run.timeline.level == "story"
    monkeypatch.setattr(building, "AT_ALL", 10)
    (run,) = overview(results, 1).sweep.worst
    assert run.timeline is None
    assert run.absent.endswith(" records, too many for this page.")
    assert run.reasons[0] == "a law broke"


# -- what is not complete, and what is none --------------------------------------------------------


def test_what_is_not_complete_is_shown_as_far_as_it_goes_and_says_so(held):
    shown = overview(held, 1).sweep
    assert shown.warnings == (
        "It is not complete: 8 of 12 runs are done. `sweep … --resume` goes on.",
    )
    assert [each.runs for each in shown.points] == [4, 0, 4]
    assert math.isnan(shown.points[1].cells[0].estimate)
    assert shown.digest == ""
    assert html(shown)


def test_metrics_that_were_functions_are_there_also_when_they_are_read_again(tmp_path):
    def events(observed):
        """How many events there are."""
        return observed.events

    asked = experiment(metrics=["outages-survived", events], design=None, replications=3)
    made = sweep(asked, tmp_path / "own", jobs=1)
    fresh, again = overview(made, 0).sweep, overview(tmp_path / "own", 0).sweep
    assert [each.name for each in again.metrics] == ["outages-survived", "events"]
    assert [each.cells for each in again.points] == [each.cells for each in fresh.points]
    assert again.warnings == ()


def test_results_without_a_folder_have_no_lines_of_it():
    made = sweep(experiment(design=None, replications=2), jobs=1)
    shown = made.report(1).sweep
    assert (shown.again, [each.again for each in shown.worst]) == ("", [""] * len(shown.worst))


def test_results_of_another_version_and_of_no_run_are_refused(held, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(held.folder, other)
    said = json.loads((other / "manifest.json").read_text())
    (other / "manifest.json").write_text(json.dumps(said | {"version": "0.0.1"}))
    with pytest.raises(ValueError, match=r"has results of version 0\.0\.1, and this is"):
        overview(other)
    (other / "manifest.json").write_text(json.dumps(said))
    shutil.rmtree(other / "shards")
    (other / "shards").mkdir()
    with pytest.raises(ValueError, match="has no runs yet"):
        overview(other)
    with pytest.raises(ValueError, match="has no results: no manifest"):
        opened(tmp_path)


def test_a_table_that_is_damaged_is_told(held, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(held.folder, other)
    (other / "shards" / "point-0-from-0-to-3" / "metrics.parquet").write_bytes(b"PAR1 not quite")
    with pytest.raises(ValueError, match=r"other is damaged: .*point-0-from-0-to-3"):
        overview(other)


# -- the page --------------------------------------------------------------------------------------


def test_the_same_results_give_the_same_page_from_python_too(results, shown, tmp_path):
    assert overview(results.folder, 4).html() == shown.html()
    assert results.report(4).save(tmp_path / "x.html").read_text("utf-8") == shown.html()


def test_the_page_has_the_documents_of_the_worst_runs(shown):
    texts = Elements(shown.html()).texts
    assert unpack(texts["data"])["title"] == "closed"
    for each in shown.sweep.worst:
        run = unpack(texts[f"run-{each.point}-{each.replication}"])
        assert (run["digest"], run["again"]) == (each.timeline.digest, each.again)


def test_what_the_page_has_no_room_for_is_said(shown, monkeypatch):
    sizes = [len(sweeps.pack(each.timeline)) for each in shown.sweep.worst]
    monkeypatch.setattr(sweeps, "LARGEST_OF_ALL", sizes[0] + 1)
    texts = Elements(shown.html()).texts
    there = [each for each in texts if each.startswith("run-")]
    assert there == [f"run-{shown.sweep.worst[0].point}-{shown.sweep.worst[0].replication}"]
    told = unpack(texts["data"])["worst"]
    assert [each["shown"] for each in told] == [True, False, False, False]
    assert [each["absent"] for each in told] == ["", *[sweeps.NO_ROOM] * 3]


def test_what_is_hostile_stays_data(shown):
    point = evolve(shown.sweep.points[0], values={HOSTILE: HOSTILE}, breaks={HOSTILE: 1})
    worst = evolve(shown.sweep.worst[0], reasons=(HOSTILE,), again=HOSTILE)
    page = Elements(
        html(evolve(shown.sweep, title=HOSTILE, about=HOSTILE, points=(point,), worst=(worst,)))
    )
    plain = Elements(html(evolve(shown.sweep, points=(point,), worst=shown.sweep.worst[:1])))
    assert page.tags == plain.tags
    assert page.texts["title"] == HOSTILE
    assert unpack(page.texts["data"])["worst"][0]["reasons"] == [HOSTILE]
    for tag, attributes in page.tags:
        assert not attributes.keys() & {"src", "href", "action", "style", "srcset"}, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_the_policy_of_the_page_is_that_of_any_report(shown):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', shown.html())
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", FORMATS)
def test_other_formats_are_refused_by_name(name, shown, tmp_path):
    with pytest.raises(ValueError, match=f"a sweep is shown as html, and {name} is of one run"):
        check_format(name)
    file = tmp_path / f"x{FORMATS[name].suffixes[0]}"
    with pytest.raises(ValueError, match="of one run"):
        shown.save(file)
    assert not file.exists()
