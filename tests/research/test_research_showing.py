"""Results show themselves: tables that are right HTML, plots whose axes say what is drawn."""

from __future__ import annotations

import sys
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest

import sim
from sim.research import Experiment, sweep
from sim.research.comparing import compare
from sim.research.fitting import fit_recordings
from sim.research.fitting.recordings import reads
from sim.research.showing.runs import stretches
from sim.research.showing.values import between, figure, numbers
from sim.research.statistics.intervals import Interval
from sim.research.verification.estimates import Estimate
from sim.research.verification.finding import Finding, judged

STORY = sim.loads("""
name: short
duration: 90s
seed: 2
networks:
  shaky:
    delay: 20ms
    outages: {every: {exponential: 40s}, last: {lognormal: {median: 8s, sigma: 1}}}
clients:
  alice: {publish: camera}
  bob: {network: shaky, rejoin: {after: 2s}}
""")
METRICS = ("reconnects-per-hour", "share-reconnecting")


@pytest.fixture(scope="module", autouse=True)
def no_screen():
    """Draw without a display, and leave no figure open."""
    before = mpl.get_backend()
    mpl.use("Agg")
    yield
    from matplotlib import pyplot as plt

    plt.close("all")
    mpl.use(before)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    design = {"grid": {"platform.grace": ["5s", "1min"], "clients.bob.network": ["shaky", "fibre"]}}
    experiment = Experiment(
        name="graces", scenario=STORY, design=design, replications=5, metrics=METRICS
    )
    return sweep(experiment, tmp_path_factory.mktemp("graces"), jobs=1)


@pytest.fixture(scope="module")
def comparison():
    return compare(STORY, {"clients.bob.network": "fibre"}, metric=METRICS, replications=5)


class Balanced(HTMLParser):
    """Refuses tags that are not closed in order; keeps what is told."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def heights(container):
    """The estimates of a line with error bars."""
    return list(container.lines[0].get_ydata())


# -- experiments -----------------------------------------------------------------------------------


def test_a_metric_is_drawn_over_the_design_with_its_unit(results):
    axes = results.plot("reconnects-per-hour")
    assert axes.get_ylabel() == "reconnects per hour [1/h]"
    assert axes.get_xlabel() == "platform.grace [s]"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["shaky", "fibre"]
    assert "5 replications, 95% intervals" in axes.get_title()


def test_what_is_drawn_is_what_was_estimated(results):
    axes = results.plot("reconnects-per-hour")
    drawn = [height for container in axes.containers for height in heights(container)]
    found = [
        each.interval for each in results.estimates() if each.metric.name == "reconnects-per-hour"
    ]
    estimates = [each.estimate for each in found]
    assert drawn == [estimates[0], estimates[2], estimates[1], estimates[3]]
    (bars,) = axes.containers[0].lines[2]
    limits = [sorted(segment[:, 1]) for segment in bars.get_segments()]
    assert limits[0] == pytest.approx([found[0].low, found[0].high])


def test_all_metrics_are_drawn_if_none_is_named(results):
    labels = [axes.get_ylabel() for axes in results.plot().figure.axes]
    assert labels == ["reconnects per hour [1/h]", "share reconnecting [1]"]


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """How long outages last: a duration and a distribution; one metric of which nothing is seen."""
    values = ["1s", {"uniform": {"from": "1s", "to": "2s"}}]
    few = Experiment(
        name="shapes",
        scenario=STORY,
        design={"grid": {"networks.shaky.outages.last": values, "platform.grace": ["1s", "9s"]}},
        replications=2,
        metrics=["reconnects-per-hour", "kick-time"],
    )
    return sweep(few, tmp_path_factory.mktemp("shapes"), jobs=1)


def ticks(axis):
    return [text.get_text().replace("\n", " ") for text in axis.get_ticklabels()]


def test_values_that_are_no_numbers_stand_beside_each_other_as_a_file_says_them(shapes):
    axes = shapes.plot("reconnects-per-hour")
    assert ticks(axes.xaxis) == ["1s", "{uniform: {from: 1s, to: 2s}}"]
    assert axes.get_xlabel() == "networks.shaky.outages.last"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["1s", "9s"]
    drawn = [height for container in axes.containers for height in heights(container)]
    found = [e.interval.estimate for e in shapes.estimates()][::2]
    assert drawn == [found[0], found[2], found[1], found[3]]
    assert "{uniform: {from: 1s, to: 2s}}" in Balanced(shapes._repr_html_()).text


def test_points_that_go_on_no_axis_are_named_below_each_other(tmp_path):
    design = {"list": [{}, {"clients.bob.network": "fibre"}, {"platform.grace": "9s"}]}
    few = Experiment(name="x", scenario=STORY, design=design, replications=2, metrics=METRICS[:1])
    results = sweep(few, tmp_path / "x", jobs=1)
    axes = results.plot()
    assert ticks(axes.yaxis) == ["as it is", "clients.bob.network=fibre", "platform.grace=9s"]
    assert axes.get_xlabel() == "reconnects per hour [1/h]"
    (drawn,) = axes.containers
    estimates = [each.interval.estimate for each in results.estimates()]
    assert list(drawn.lines[0].get_xdata()) == estimates
    table = Balanced(results._repr_html_()).text
    assert table[table.index("clients.bob.network") + 1] == "platform.grace"
    assert (table.count("fibre"), table.count("9s")) == (1, 1)


def test_where_there_is_no_figure_there_is_a_cross(shapes):
    axes = shapes.plot("kick-time")
    crosses = [line for line in axes.lines if line.get_marker() == "x"]
    assert [len(line.get_xdata()) for line in crosses] == [2, 2]
    assert [text.get_text() for text in axes.texts] == ["×: no figure"]


def of_points(tmp_path, *points):
    few = Experiment(
        name="x", scenario=STORY, design={"list": points}, replications=1, metrics=METRICS[1:]
    )
    return sweep(few, tmp_path / "x", jobs=1)


def test_a_line_goes_along_its_parameter_in_whatever_order_points_are(tmp_path):
    """As those of a Latin hypercube, which are in none."""
    graces = ["30s", "5s", "1min"]
    axes = of_points(tmp_path, *({"platform.grace": each} for each in graces)).plot()
    (line,) = axes.containers
    assert list(line.lines[0].get_xdata()) == [5, 30, 60]
    assert axes.get_title() == "x: 1 replication, 95% intervals"


def test_points_that_have_nothing_in_common_are_drawn_without_lines(tmp_path):
    """As those of a Latin hypercube over several parameters."""
    both = [("30s", "6s"), ("5s", "8s"), ("1min", "7s")]
    points = ({"platform.grace": one, "platform.detection": other} for one, other in both)
    axes = of_points(tmp_path, *points).plot()
    (container,) = axes.containers
    assert list(container.lines[0].get_xdata()) == [30, 5, 60]
    assert container.lines[0].get_linestyle() == "None"
    assert axes.get_xlabel() == "platform.grace [s]; each with its own platform.detection"
    assert axes.get_ylabel() == "share reconnecting [1]"
    assert axes.get_legend() is None


def test_points_that_say_different_things_have_them_under_their_own_heads(tmp_path):
    both = {"platform.grace": "5s", "platform.detection": "9s"}
    found = of_points(tmp_path, both, dict(reversed(both.items())), {"platform.detection": "8s"})
    told = Balanced(found._repr_html_()).text
    heads = told.index("platform.grace")
    assert told[heads : heads + 2] == ["platform.grace", "platform.detection"]
    rows = [told[at : at + 2] for at in range(heads + 3, heads + 12, 3)]
    assert rows == [["5s", "9s"], ["5s", "9s"], ["as it is", "8s"]]
    assert ticks(found.plot().yaxis)[2] == "platform.detection=8s"


def test_an_experiment_is_a_table_in_a_notebook(results):
    told = Balanced(results._repr_html_()).text
    assert {"graces", "platform.grace", "1min", "fibre", "share-reconnecting [1]"} <= set(told)
    shown = figure(next(results.estimates()).interval.estimate)
    assert any(text.startswith(f"{shown} (") for text in told)


def test_a_table_of_one_point_has_a_row_a_metric(tmp_path):
    one = Experiment(name="one", scenario=STORY, replications=2, metrics=METRICS)
    told = Balanced(sweep(one, tmp_path / "one", jobs=1)._repr_html_()).text
    assert {"one", *METRICS, "1/h", "interval"} <= set(told)


@pytest.mark.parametrize("metric", ["ghost-tim", ""])
def test_a_metric_that_there_is_not_is_refused(results, comparison, metric):
    for each in (results, comparison):
        with pytest.raises(ValueError, match="is not a metric of th"):
            each.plot(metric)


def test_several_metrics_do_not_share_axes(results, comparison):
    axes = results.plot("reconnects-per-hour")
    for each in (results, comparison):
        with pytest.raises(ValueError, match="name one of them"):
            each.plot(on=axes)
    assert results.plot("reconnects-per-hour", axes) is axes


# -- comparisons -----------------------------------------------------------------------------------


def test_a_difference_is_drawn_with_its_interval(comparison):
    axes = comparison.plot("reconnects-per-hour")
    difference = comparison["reconnects-per-hour"].difference
    (container,) = axes.containers
    assert list(container.lines[0].get_xdata()) == [difference.estimate]
    assert axes.get_xlabel().startswith("reconnects per hour [1/h]: difference, p = ")
    assert "5 pairs, 95% intervals" in axes.get_title()


def test_a_comparison_is_a_table_in_a_notebook(comparison):
    told = Balanced(comparison._repr_html_()).text
    assert {*METRICS, "1/h", "variance saved"} <= set(told)
    assert any("5 pairs" in text for text in told)


def test_what_is_the_same_in_every_pair_is_said_to_be():
    same = compare(STORY, {"platform.victim-close-code": 4000}, metric=METRICS, replications=2)
    assert "the same in every pair" in same.plot().get_xlabel()


def test_a_metric_of_one_side_only_is_said_to_have_no_figures_of_both():
    other = compare("scenarios/clean-goodbye.yaml", "scenarios/kick.yaml", replications=2)
    assert "no figures of both" in other.plot("kick-time").get_xlabel()
    assert "× –" not in Balanced(other._repr_html_()).text


# -- runs, fits ------------------------------------------------------------------------------------


def test_a_run_is_drawn_as_apps_were_told():
    result = sim.run(STORY)
    axes = result.plot()
    assert axes.get_xlabel() == "time [s]"
    assert [text.get_text() for text in axes.get_yticklabels()] == ["alice", "bob"]
    bob = list(stretches(result.clients["bob"], result.ended))
    told = [
        e.time / 1e6 for e in result.events if e.client == "bob" and e.name == "sessionReconnecting"
    ]
    assert [since for since, _, state in bob if state == "reconnecting"] == told != []
    assert all(since <= until for since, until, _ in bob)


def test_a_run_in_a_notebook_has_its_verdict_and_its_story():
    told = Balanced(sim.run(STORY)._repr_html_()).text
    assert "All laws and expectations held." in told
    story = next(text for text in told if "sessionReconnecting" in text and "\n" in text)
    assert "\x1b" not in story


@pytest.mark.parametrize(
    ("lost", "said"), [("0", "none of 40 packets lost"), ("1\n0", "40 bursts")]
)
def test_a_fit_of_hardly_any_losses_is_drawn_too(lost, said):
    """Bursts of one packet are a step, and no burst at all is said to be none."""
    rows = "lost\n" + f"{lost}\n" * 40
    (axes,) = fit_recordings(reads(rows.encode(), "x.csv")).plot()
    assert axes.get_legend().get_texts()[0].get_text() == f"recorded: {said}"
    assert all(len(each.get_xdata()) != 1 for each in axes.lines)


def test_a_fit_is_drawn_beside_what_was_recorded():
    rows = "".join(f"{20 * n},{'' if n % 9 < 2 else 20 * n + 9 + n % 7}\n" for n in range(300))
    found = fit_recordings(reads(f"sent_ms,received_ms\n{rows}".encode(), "x"))
    losses, delays = found.plot()
    assert losses.get_xlabel() == "n [packets]"
    assert delays.get_xlabel() == "delay [ms]"
    recorded = delays.lines[0].get_ydata()
    assert (np.diff(recorded) >= 0).all()
    assert recorded[-1] == pytest.approx(1)


def test_a_fit_in_a_notebook_has_its_network_and_its_models():
    rows = "".join(f"{20 * n},{'' if n % 9 < 2 else 20 * n + 9 + n % 7}\n" for n in range(300))
    found = fit_recordings(reads(f"sent_ms,received_ms\n{rows}".encode(), "x"))
    told = Balanced(found._repr_html_()).text
    assert told[0] == found.block()
    assert {"simple Gilbert", "lognormal", "AIC"} <= set(told)
    assert repr(found).startswith("<fit of x: {loss: {")
    assert len(repr(found)) < 300


def test_a_comparison_with_theory_is_a_table_in_a_notebook():
    good = Finding("loss", "packets lost", 0.5, Estimate(0.5, 0.1, 99, 9))
    bad = Finding("burst", "losses in a row", 4.0, Estimate(9.0, 0.1, 99, 9), "s")
    html = judged([good, bad])._repr_html_()
    told = Balanced(html).text
    assert told[0] == "1 of 2 are off"
    assert {"loss", "burst", "0.5", "9"} <= set(told)
    assert ("<b>burst</b>" in html, "<b>loss</b>" in html) == (True, False)


def test_results_show_themselves_in_a_line(results):
    assert repr(results) == f"<results of graces: 4 points, 20 runs, in {results.folder}>"


def test_without_matplotlib_the_remedy_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'session-sim\[plots\]'"):
        sim.run(STORY).plot()


# -- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 2.5], ([1.0, 2.5], "")),
        (["10%"], ([0.1], "")),
        (["500ms", "1min"], ([0.5, 60.0], "s")),
        (["500ms", "wifi"], None),
        ([True], None),
        ([None], None),
        ([{}], None),
    ],
)
def test_values_of_a_design_are_numbers_if_they_can_be(values, found):
    assert numbers(values) == found


def test_an_interval_that_is_not_known_has_no_limits():
    assert between(Interval(1.0, float("nan"), float("nan"), 0.95, 1, "t")) == ""
