"""Metrics of stories that are made by hand, with values that are computed by hand."""

import importlib.util
from math import isnan
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sim.research.metrics import Duration, Durations, Kind, Metric, Ratio, catalogue
from sim.research.metrics.estimate import interval
from sim.research.metrics.figures import Figures
from sim.research.metrics.lasting import survival
from sim.research.observing import Detection, Kick, Observed, Outage, Session, Signal
from sim.research.running.warming import after
from sim.research.tables import TABLES

SECOND = 1_000_000
MINUTE = 60 * SECOND


def session(joined, ended, told=None, **further):
    known = {
        "person": "bob",
        "connection": "bob#1",
        "role": "publisher",
        "network": "fibre",
        "end_others": None,
        "reconnections": 0,
        "reconnecting_us": 0,
        "ghost_us": None,
        "leftovers": 0,
    } | further
    return Session(joined_us=joined, ended_us=ended, censored=ended is None, end_told=told, **known)


def run(**seen):
    """A run of ten minutes in which nothing was to be seen but this."""
    nothing = dict.fromkeys(("sessions", "outages", "kicks", "signals", "detections"), ())
    return Observed(
        **{
            "scenario": "by-hand",
            "point": 0,
            "replication": 0,
            "seed": 0,
            "digest": "",
            "ended_us": 10 * MINUTE,
            "events": 0,
            "duplicate_pictures": 0,
            "breaches": {},
            "exit_code": 0,
        }
        | nothing
        | seen
    )


def value(name, seen):
    return catalogue()[name].of(seen)


SESSIONS = run(
    sessions=(
        session(0, 6 * MINUTE, "networkDisconnected", reconnections=2, reconnecting_us=3 * MINUTE),
        session(0, 5 * MINUTE, "forceDisconnected", leftovers=3, ghost_us=2 * SECOND),
        session(1 * MINUTE, 2 * MINUTE, None, ghost_us=4 * SECOND, ghost_censored=True),
        session(4 * MINUTE, 10 * MINUTE, "networkDisconnected"),
        session(4 * MINUTE, None, reconnections=1),
    )
)
"""Of one person four that ended, and one that had not after six minutes: somebody who has a
session all of the ten minutes, and never counts for two."""


@pytest.mark.parametrize(
    ("name", "ratio"),
    {
        "ended-networkDisconnected": Ratio(2, 4),
        "ended-forceDisconnected": Ratio(1, 4),
        "ended-clientDisconnected": Ratio(0, 4),
        "ended-untold": Ratio(1, 4),
        "presence": Ratio(10 * 60, 10 * 60),
        "reconnects-per-hour": Ratio(3, 10 / 60),
        "time-reconnecting": Ratio(180, 5),
        "share-reconnecting": Ratio(180, 10 * 60),
        "leftover-subscribers": Ratio(3, 4),
    }.items(),
)
def test_metrics_of_sessions(name, ratio):
    assert value(name, SESSIONS) == ratio


STAYS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.integers(0, 9),
        st.one_of(st.none(), st.integers(1, 10)),
    ).filter(lambda stay: stay[2] is None or stay[1] < stay[2]),
    min_size=1,
)


@given(STAYS, st.integers(0, 9))
def test_hours_of_session_are_the_minutes_in_which_somebody_has_one(stays, warm_up):
    """However many at once: counted minute by minute, and never more than there are."""
    seen = run(
        sessions=tuple(
            session(since * MINUTE, until and until * MINUTE, person=person)
            for person, since, until in stays
        ),
        detections=(Detection("bob", 10 * MINUTE, False, None),),
    )
    spans = [(person, range(max(since, warm_up), until or 10)) for person, since, until in stays]
    minutes = {(person, minute) for person, span in spans for minute in span}
    people = {person for person, _ in minutes}
    late = after(seen, warm_up * MINUTE)
    presence = value("presence", late)
    assert presence == Ratio(len(minutes) * 60, len(people) * (10 - warm_up) * 60)
    assert presence.numerator <= presence.denominator
    for name in ("reconnects-per-hour", "share-reconnecting", "false-detections-per-hour"):
        unit = 60 if name.startswith("share") else 1 / 60
        assert value(name, late).denominator == pytest.approx(len(minutes) * unit)


def lasted(*seconds, going=()):
    return Durations([*map(Duration, seconds), *(Duration(each, ended=False) for each in going)])


@pytest.mark.parametrize(
    ("name", "durations"),
    {
        "session-duration": lasted(360, 300, 60, 360, going=[360]),
        "ghost-time": lasted(2, going=[4]),
    }.items(),
)
def test_durations_of_sessions(name, durations):
    assert value(name, SESSIONS) == durations
    assert catalogue()[name].lasting
    assert catalogue()[name].unit == "s"


def test_metrics_of_outages():
    def outage(began, ended, survived, recovered=None, noticed=None, over=None):
        return Outage("bob", began, ended, survived, recovered, noticed, over)

    seen = run(
        outages=(
            outage(0, 2 * SECOND, True),
            outage(MINUTE, 70 * SECOND, True, 73 * SECOND, 65 * SECOND),
            outage(2 * MINUTE, 3 * MINUTE, False, None, 125 * SECOND, 150 * SECOND),
            outage(9 * MINUTE, 590 * SECOND, None, None, 545 * SECOND),
        )
    )
    assert value("outages-survived", seen) == Ratio(2, 3)
    # 3 s, and one that has not recovered 10 s after its end.
    assert value("time-to-recover", seen) == lasted(3, going=[10])


def test_metrics_of_detections():
    seen = run(
        sessions=(session(0, 6 * MINUTE, "clientDisconnected"),),
        detections=(
            Detection("bob", 10 * SECOND, True, 5 * SECOND),
            Detection("bob", 20 * SECOND, True, 8 * SECOND),
            Detection("bob", 30 * SECOND, False, None),
        ),
    )
    assert value("detection-time", seen) == Ratio(13, 2)
    assert value("false-detections-per-hour", seen).value == pytest.approx(10)


def test_metrics_of_kicks():
    seen = run(
        kicks=(
            Kick("bob", MINUTE, 61 * SECOND, "bob#1", False, 61 * SECOND),
            Kick("mia", 2 * MINUTE, 125 * SECOND, "mia#1", True, 125 * SECOND),
            Kick("ann", 3 * MINUTE, None, "ann#1", True, 200 * SECOND),
            Kick("tom", 9 * MINUTE, None, "tom#1", False, None),
        )
    )
    assert value("kick-time", seen) == lasted(1, 5, going=[60])
    assert value("kicks-unheard", seen) == Ratio(1, 3)
    assert value("kicks-while-reconnecting", seen) == Ratio(2, 4)


def test_metrics_of_signals():
    seen = run(
        signals=(
            Signal("bob", "mia", 0, 5_000, late=False),
            Signal("bob", "ann", 0, 2 * SECOND, late=True),
            Signal("bob", "tom", 0, None, late=False, lost=True),
            Signal("mia", "bob", 0, 6_000, late=False),
        )
    )
    assert (value("signals-lost", seen), value("signals-late", seen)) == (Ratio(1, 4), Ratio(1, 4))


def test_metrics_of_runs():
    seen = run(duplicate_pictures=2, breaches={"cleanup": 3, "signals": 1}, exit_code=1)
    assert [value(name, seen) for name in ("duplicate-pictures", "law-breaks", "runs-failed")] == [
        Ratio(2),
        Ratio(4),
        Ratio(1),
    ]


def test_where_nothing_was_to_be_seen_a_metric_says_nothing():
    plain = {"duplicate-pictures", "law-breaks", "runs-failed"}
    assert {name for name in catalogue() if value(name, run()).value is not None} == plain


def test_what_has_not_ended_makes_a_curve_longer():
    lasting = catalogue()["session-duration"]
    curve = survival(lasting, [SESSIONS, evolve(SESSIONS, replication=1)])
    assert len(curve) == 10
    # Of 5 in each: ends after 1, 5, 6 (and one is censored at 6), 6 minutes.
    assert curve.share_beyond([30, 60, 300]).tolist() == pytest.approx([1, 0.8, 0.6])
    assert curve.share_beyond([360]).tolist() == pytest.approx([0.2])


def test_a_metric_that_is_no_duration_has_no_curve():
    with pytest.raises(ValueError, match="law-breaks is not a metric of durations"):
        survival(catalogue()["law-breaks"], [run()])


def test_the_curve_of_nothing_is_empty():
    assert len(survival(catalogue()["ghost-time"], [run()])) == 0


# -- the page --------------------------------------------------------------------------------------


def generator():
    path = Path(__file__).parents[2] / "docs" / "list_metrics.py"
    spec = importlib.util.spec_from_file_location("list_metrics", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_tables_generate():
    module = generator()
    committed = module.PAGE.read_text(encoding="utf-8")
    assert committed == module.page(), "run: python -m docs.list_metrics"


def test_the_page_lists_every_metric_and_every_column():
    page = generator().page()
    columns = [column for table in TABLES.values() for column in table.columns]
    assert [name for name in catalogue() if f"| `{name}`" not in page] == []
    assert [each.name for each in columns if f"| `{each.name}`" not in page] == []
    for block in page.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in rows}) <= 1, block


def test_what_one_run_alone_has_seen_has_an_estimate_and_no_limits():
    ended = catalogue()["ended-clientDisconnected"]
    for said in ([Ratio(3, 4)], [Ratio(3, 4), Ratio(0, 0)]):
        found = interval(ended, Figures.of(said), 0.95)
        assert found.estimate == 0.75
        assert isnan(found.low)
        assert isnan(found.high)
    assert 0 < interval(ended, Figures.of([Ratio(3, 4), Ratio(1, 4)]), 0.95).low < 0.5


def test_what_never_happened_may_happen():
    """In two hours of session nobody came back: up to 3.7 may be usual in as much."""
    said = [Ratio(0, 0.5)] * 4
    found = interval(catalogue()["reconnects-per-hour"], Figures.of(said), 0.95)
    assert (found.estimate, found.low, found.method) == (0.0, 0.0, "Poisson")
    assert found.high == pytest.approx(3.689 / 2, rel=1e-3)
    alone = interval(catalogue()["reconnects-per-hour"], Figures.of(said[:1]), 0.95)
    assert isnan(alone.high)


def test_what_may_be_negative_is_not_cut_off_at_nothing():
    own = Metric("own", "1/h", "", lambda seen: Ratio(0), Kind.RATE)
    found = interval(own, Figures.of([Ratio(-3, 1), Ratio(-4, 1), Ratio(-5, 1)]), 0.95)
    assert found.low < found.estimate < found.high < 0.0


def test_neither_rates_nor_durations_are_less_than_nothing():
    few = [Ratio(9, 1), Ratio(0, 1), Ratio(0, 1)]
    rate = interval(catalogue()["reconnects-per-hour"], Figures.of(few), 0.95)
    assert (rate.low, rate.estimate) == (0.0, 3.0)
    assert rate.high > 9
    ghosts = interval(catalogue()["ghost-time"], Figures.of([lasted(9), lasted(0, 0)]), 0.95)
    assert (ghosts.low, ghosts.estimate) == (0.0, 3.0)
    assert ghosts.high > 9


def test_a_number_of_things_is_no_share_even_if_it_never_is_more_than_one():
    breaks = interval(catalogue()["law-breaks"], Figures.of([Ratio(0), Ratio(1), Ratio(1)]), 0.95)
    assert breaks.method == "delta"
    assert breaks.high > 1
    failed = interval(catalogue()["runs-failed"], Figures.of([Ratio(0), Ratio(1), Ratio(1)]), 0.95)
    assert failed.method == "Wilson"
    assert failed.high < 1
