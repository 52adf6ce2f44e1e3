"""Shards on a cluster, whose workers come and go: what dask does is done here at once."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from sim.research.running.cluster import AHEAD, spread


class Cluster:
    """A client of a cluster that has so many threads, and does what is asked of it in order."""

    def __init__(self, threads):
        self.threads = threads
        self.loop = None
        self.most = self.running = 0

    def nthreads(self):
        return {"a worker": self.threads} if self.threads else {}

    def submit(self, work, task, pure):
        self.running += 1
        self.most = max(self.most, self.running)
        return SimpleNamespace(result=lambda: work(task), release=self.released)

    def released(self):
        self.running -= 1

    def cancel(self, futures):
        self.cancelled = list(futures)


class Ready:
    """``as_completed``: the first first."""

    def __init__(self, futures, loop):
        self.futures = list(futures)

    def update(self, more):
        self.futures += more

    def __iter__(self):
        while self.futures:
            yield self.futures.pop(0)


@pytest.fixture(autouse=True)
def distributed(monkeypatch):
    module = ModuleType("distributed")
    module.as_completed = Ready
    monkeypatch.setitem(sys.modules, "distributed", module)


@pytest.mark.parametrize("before", [0, 1, 4])
def test_workers_that_come_later_have_something_to_do(before):
    cluster = Cluster(before)
    made = []
    for each in spread(str, range(40), cluster):
        made.append(each)
        cluster.threads = 4
    assert made == [str(n) for n in range(40)]
    assert cluster.most == 4 * AHEAD
    assert (cluster.running, cluster.cancelled) == (0, [])


def test_a_cluster_that_shrinks_is_given_less():
    cluster = Cluster(4)
    under_way = []
    for _ in spread(str, range(40), cluster):
        cluster.threads = 1
        under_way.append(cluster.running)
    assert under_way[-10] <= AHEAD
    assert len(under_way) == 40
