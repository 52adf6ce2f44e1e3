"""Virtual time: what comes first at one instant, and what permuting that leaves in order."""

from collections import defaultdict
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from stories import found, seen, told

import sim
from sim.draws.stream import Draws
from sim.protocol.units import SECOND
from sim.world.kernel import CLIENT_TIMER, DELIVERY, FAULT, PEOPLE, PLATFORM_TIMER, Kernel

RANKS = (FAULT, DELIVERY, PLATFORM_TIMER, CLIENT_TIMER, PEOPLE)

moments = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(RANKS), st.integers(0, 3)), max_size=30
)


def run_all(kernel, moments):
    """Schedule everything at once; return what has run, with the times at which it did."""
    ran = []
    for number, (time, rank, person) in enumerate(moments):
        kernel.at(time, rank + person, lambda _, number=number: ran.append((kernel.now, number)))
    kernel.run()
    return ran


@given(moments)
def test_order_is_by_time_then_rank_then_person_then_scheduling(moments):
    ran = run_all(Kernel(), moments)
    assert [moments[number] for _, number in ran] == sorted(moments)
    assert all(time == moments[number][0] for time, number in ran)
    equals = defaultdict(list)
    for _, number in ran:
        equals[moments[number]].append(number)
    assert all(numbers == sorted(numbers) for numbers in equals.values())


@given(moments, st.integers(0, 1000))
def test_permuted_ties_keep_the_times_and_lose_nothing(moments, seed):
    ties = Draws(seed).stream("world", "ties")
    ran = run_all(Kernel(ties), moments)
    assert [time for time, _ in ran] == sorted(time for time, _, _ in moments)
    assert sorted(number for _, number in ran) == list(range(len(moments)))
    assert ran == run_all(Kernel(ties), moments)


def test_permuted_ties_do_permute():
    moments = [(0, FAULT, 0), (0, PEOPLE, 0)]
    orders = {
        tuple(number for _, number in run_all(Kernel(Draws(seed).stream("world", "ties")), moments))
        for seed in range(20)
    }
    assert orders == {(0, 1), (1, 0)}


def test_a_process_sleeps_at_its_rank():
    kernel, ran = Kernel(), []

    def process(name, rank):
        yield kernel.sleep(SECOND, rank)
        ran.append((kernel.now, name))

    for name, rank in (("person", PEOPLE), ("fault", FAULT)):
        kernel.process(process(name, rank))
    kernel.run()
    assert ran == [(SECOND, "fault"), (SECOND, "person")]


def test_a_process_sleeps_as_long_when_ties_are_permuted():
    kernel, woken = Kernel(Draws(1).stream("world", "ties")), []

    def process():
        yield kernel.sleep(7, PEOPLE)
        woken.append(kernel.now)

    kernel.process(process())
    kernel.run()
    assert woken == [7]


# -- a whole story at one instant ------------------------------------------------------------------

COLLISION = told(
    "20s",
    {"alice": {"role": "moderator"}, "bob": {}},
    ("10s", "bob", {"network": "down"}),
    ("10s", "bob", {"do": "signal", "type": "late"}),
    ("10s", "alice", {"do": "force-disconnect", "target": "bob"}),
)


def test_of_two_steps_at_one_time_the_one_written_first_is_done_first():
    names = [r.name for r in sim.run(COLLISION).records if r.time == 10 * SECOND]
    assert names == ["down", "signal", "forceDisconnect"]


def test_of_two_people_who_arrive_at_one_time_the_one_declared_first_connects_first():
    story = told("1s", {"zoe": {}, "adam": {}})
    assert [r.client for r in found(sim.run(story), name="joined")] == ["zoe", "adam"]
    assert seen(sim.run(story), "adam")[:3] == [
        "sessionConnected",
        "connectionCreated",
        "connectionCreated",
    ]


def test_permuted_ties_let_either_of_them_be_first():
    story = told("1s", {"zoe": {}, "adam": {}})
    firsts = {
        found(sim.run(story, seed=seed, permute_ties=True), name="joined")[0].client
        for seed in range(20)
    }
    assert firsts == {"zoe", "adam"}


@given(moments, moments, moments, st.booleans())
def test_what_was_only_tried_is_not_scheduled(before, tried, after, permuted):
    def ran(*attempts):
        kernel = Kernel(Draws(7).stream("world", "ties") if permuted else None)
        log = []

        def schedule(some, named):
            for number, (time, rank, person) in enumerate(some):
                kernel.at(time, rank + person, lambda _, n=number: log.append((named, n)))

        schedule(before, "before")
        for attempt in attempts:
            with suppress(LookupError), kernel.tentative():
                schedule(attempt, "tried")
                raise LookupError
        schedule(after, "after")
        kernel.run()
        return log

    assert ran(tried) == ran()
