"""How an experiment is cut into shards, and how the cores of a machine share them."""

import gc
import os
import pickle
import signal
import threading
import time
from contextlib import closing
from functools import partial
from itertools import chain
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from research_scenarios import DROP, ON_CORES, experiment

from sim.research.experiments import Until
from sim.research.metrics import Duration, Durations, Ratio, catalogue
from sim.research.metrics.estimate import interval
from sim.research.metrics.figures import Figures
from sim.research.observing import observe
from sim.research.running import pool
from sim.research.running.enough import Enough
from sim.research.running.pool import LostWorkersError, spread
from sim.research.running.progress import Progress
from sim.research.running.shards import Plan, Shard, Task, libraries_left_alone, make
from sim.research.running.sizes import MOST, size
from sim.research.running.warming import after
from sim.research.statistics.stopping import decide
from sim.research.tables.digest import of_runs
from sim.scenario import from_data

SCENARIO = from_data(DROP)
pytestmark = ON_CORES

METRICS = ("time-reconnecting", "law-breaks")

# -- shards ----------------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 60), st.integers(1, 70), st.integers(1, 4))
def test_every_replication_of_every_point_is_in_one_shard(points, replications, count, of):
    plan = Plan(points, replications, count)
    seen = [(each.point, each.first + n) for each in plan for n in range(each.count)]
    assert sorted(seen) == [(p, r) for p in range(points) for r in range(replications)]
    assert len({shard.name for shard in plan}) == len(list(plan))
    assert plan.runs == len(seen)
    parts = [Plan(points, replications, count, number, of) for number in range(1, of + 1)]
    assert sorted(chain(*parts)) == list(plan)
    for part in parts:
        assert [each for each in plan if each in part] == list(part)
        assert part.runs == sum(each.count for each in part)


@pytest.mark.parametrize("shard", [(0, 0, 2), (0, 2, 3), (5, 0, 3), (3, 1, 3), (1, 0, 3)])
def test_what_is_cut_otherwise_is_not_in_the_plan(shard):
    assert Shard(*shard) not in Plan(points=2, replications=5, size=3)


def test_a_plan_of_very_many_runs_is_not_written_out():
    plan = Plan(10_000, 10**9, 7)
    assert (plan.runs, next(iter(plan))) == (10**13, Shard(0, 0, 7))


def test_the_first_replications_of_all_points_come_first():
    shards = list(Plan(2, 5, 3))
    assert shards == sorted(shards)
    assert [(each.point, each.first, each.count) for each in shards] == [
        (0, 0, 3),
        (1, 0, 3),
        (0, 3, 2),
        (1, 3, 2),
    ]


def test_the_size_of_a_shard_is_that_of_some_work_and_within_bounds():
    crowd = from_data(DROP | {"clients": {"adam": {}, "crowd": {"count": 300}}})
    assert size(crowd) == 1
    assert 1 < size(SCENARIO) <= MOST
    assert size(SCENARIO, 1e9) == MOST


@settings(max_examples=5)
@given(st.integers(1, 3))
def test_how_replications_are_cut_into_shards_makes_no_difference(cut):
    whole = make(Task(Shard(0, 0, 4), SCENARIO, METRICS))
    parts = [
        make(Task(Shard(0, 0, cut), SCENARIO, METRICS)),
        make(Task(Shard(cut, 0, 4 - cut), SCENARIO, METRICS)),
    ]
    assert of_runs(each.digest for each in parts) == whole.digest
    for name in METRICS:
        assert parts[0].figures[name] + parts[1].figures[name] == whole.figures[name]


def test_a_shard_is_the_same_wherever_it_is_made():
    task = Task(Shard(0, 1, 2), SCENARIO, METRICS)
    there = pickle.loads(pickle.dumps(task))
    assert make(there) == make(task)


def test_the_collector_leaves_libraries_alone_while_a_shard_is_made_and_no_longer():
    frozen = gc.get_freeze_count()
    with libraries_left_alone():
        assert gc.get_freeze_count() > 10_000
    assert gc.get_freeze_count() == frozen
    with pytest.raises(ZeroDivisionError), libraries_left_alone():
        raise ZeroDivisionError
    assert gc.get_freeze_count() == frozen


def test_who_has_frozen_objects_keeps_them_so():
    gc.freeze()
    try:
        with libraries_left_alone():
            pass
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_what_began_before_the_warm_up_is_left_out():
    seen = observe(SCENARIO)
    assert len(seen.sessions) == 2
    assert after(seen, 0) is seen
    late = after(seen, 3_000_000)
    assert (late.sessions, late.outages) == ((), ())
    assert after(seen, 1_500_000).outages == seen.outages


def test_of_a_whole_run_are_the_laws_that_broke_in_it():
    seen = evolve(observe(SCENARIO), breaches={"cleanup": 2}, exit_code=1)
    late = after(seen, 3_000_000)
    found = [catalogue()[name].of(late).value for name in ("law-breaks", "runs-failed")]
    assert found == [2, 1]


AGAIN = {
    "name": "again",
    "duration": "2min",
    "clients": {"adam": {}, "zoe": {"publish": "camera"}},
    "script": [
        {"at": f"{at}s", "client": "zoe", "do": do}
        for at, do in ((20, "crash"), (21, "connect"), (99, "crash"), (100, "connect"))
    ],
}
"""Zoe comes back twice before her ghost has gone, and Adam has two pictures of her then."""


def test_pictures_count_from_when_they_were_added():
    seen = observe(from_data(AGAIN))
    first, second = seen.duplicates_us
    assert (first // 1_000_000, second // 1_000_000) == (21, 100)
    pictures = catalogue()["duplicate-pictures"]
    for warm_up, left in ((0, 2), (first, 2), (first + 1, 1), (second, 1), (second + 1, 0)):
        assert pictures.of(after(seen, warm_up)) == Ratio(left)


def rates(seen):
    names = ("presence", "reconnects-per-hour", "share-reconnecting")
    return [catalogue()[name].of(seen).value for name in names]


def test_rates_after_the_warm_up_are_those_of_the_rest_of_the_run():
    """Adam is reconnecting from 2 s to some time after 4 s; both are there all the time."""
    seen = observe(SCENARIO)
    (since, until), end = seen.sessions[0].stretches[0], 6_000_000
    assert (since, end) == (2_000_000, seen.ended_us)
    for warm_up, an_hour, away in ((1, 360, until - since), (3, 0, until - 3_000_000), (5, 0, 0)):
        rest = 2 * (end - warm_up * 1_000_000)
        assert rates(after(seen, warm_up * 1_000_000)) == pytest.approx([1, an_hour, away / rest])


# -- stopping --------------------------------------------------------------------------------------

SHARES = {point: [Ratio(Random(n + 99 * point).random()) for n in range(60)] for point in range(2)}
LASTED = {
    point: [
        Durations(Duration(value.numerator, ended=(n + each) % 3 > 0) for each in range(1 + n % 4))
        for n, value in enumerate(SHARES[point])
    ]
    for point in range(2)
}
in_any_order = st.permutations([(first, point) for first in range(0, 60, 10) for point in range(2)])


def taken(until, said, order):
    enough = Enough(until, 2)
    for first, point in order:
        enough.take(first, point, said[point][first : first + 10])
    return enough


@given(in_any_order)
def test_when_it_is_enough_does_not_depend_on_which_shards_are_ready_first(order):
    until = Until(metric="presence", half_width=0.2, at_most=60)
    wanted = [decide(until.rule, [a.numerator for a in SHARES[each]]).run for each in range(2)]
    assert taken(until, SHARES, order).replications == max(wanted) < 60


@settings(max_examples=20)
@given(in_any_order)
def test_nor_does_it_for_durations(order):
    """Each interval is looked at with the durations of the runs before it, and no others."""
    until = Until(metric="ghost-time", half_width=0.2, at_most=60)
    wanted = []
    for point in range(2):
        met = [
            until.rule.met(interval(catalogue()["ghost-time"], Figures.of(LASTED[point][:n]), 0.95))
            for n in range(1, 61)
        ]
        [enough, *_] = (n for n in range(3, 56) if all(met[n - 1 : n + 5]))
        wanted.append(enough + 5)
    assert taken(until, LASTED, order).replications == max(wanted) < 60


def test_it_is_not_known_before_every_point_has_had_enough():
    for said in (SHARES, LASTED):
        enough = Enough(Until(metric="ghost-time", half_width=0.2, at_most=60), 2)
        enough.take(0, 0, said[0])
        assert enough.replications is None


# -- the pool --------------------------------------------------------------------------------------


def squared(number):
    return number * number


def failing(number):
    if number == 3:
        raise ValueError("three")
    return number


def dying_once(folder, number):
    """Be killed the first time that the number is 4."""
    mark = folder / "died"
    if number == 4 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dying(number):
    os.kill(os.getpid(), signal.SIGKILL)


def lasting(number):
    if number:
        time.sleep(60)
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_everything_is_done_once(jobs):
    assert sorted(spread(squared, range(9), jobs)) == [n * n for n in range(9)]
    assert list(spread(squared, [], jobs)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_fails_is_raised(jobs):
    with pytest.raises(ValueError, match="three"):
        list(spread(failing, range(9), jobs))


def test_a_process_that_is_lost_costs_nothing_but_time(tmp_path):
    assert sorted(spread(partial(dying_once, tmp_path), range(9), 2)) == list(range(9))
    assert (tmp_path / "died").exists()


def test_processes_that_are_always_lost_are_given_up(monkeypatch):
    monkeypatch.setattr(pool, "PATIENCE", 1)
    with pytest.raises(LostWorkersError, match="enough memory"):
        list(spread(dying, range(3), 2))


def test_processes_are_forked_only_while_that_is_safe(monkeypatch):
    monkeypatch.undo()  # as it is, not as the tests have it
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert pool._context().get_start_method() == "spawn"
    finally:
        stop.set()
        other.join()


def test_who_has_seen_enough_does_not_wait_for_the_rest():
    began = time.monotonic()
    with closing(spread(lasting, range(3), 2)) as ready:
        assert next(ready) == 0
    assert time.monotonic() - began < 30


def test_tasks_are_taken_as_they_are_needed():
    taken = []

    def tasks():
        for number in range(100):
            taken.append(number)
            yield number

    with closing(spread(squared, tasks(), 2)) as ready:
        next(ready)
    assert len(taken) <= 2 * pool.AHEAD + 2


# -- progress --------------------------------------------------------------------------------------


def test_progress_says_how_many_how_fast_how_long_and_what_broke():
    now = Progress(runs=50, total=200, seconds=10.0, breaches=0, before=10)
    assert str(now) == "50 of 200 runs, 4/s, 38 s left, no law breaks"
    later = Progress(runs=50, total=100_000, seconds=1.0, breaches=1, at_most=True)
    assert str(later) == "50 of at most 100000 runs, 50/s, 33 min left, 1 law break"
    assert str(Progress(0, 10**7, 0.0, 3)) == "0 of 10000000 runs, 3 law breaks"
    assert str(Progress(1, 40_001, 1.0, 2)).endswith("11.1 h left, 2 law breaks")


def test_an_experiment_has_its_points_and_their_scenarios_once():
    found = experiment()
    assert found.points is found.points
