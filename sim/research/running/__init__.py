"""Running an experiment: on one core, on all, by a batch system, on a cluster.

==============  ====================================================================
shards.py       what is run at once, and the pure function that runs it
sizes.py        how much work a run is
sending.py      metrics that go to other processes, and such as cannot
pool.py         shards on the cores of this machine
cluster.py      shards on a dask cluster
store.py        what is done, on disk: whole shards, and a manifest
figures.py      the figures of metrics, read from shards
warming.py      a run without its warm-up
enough.py       when a stopping rule has seen enough
progress.py     how far it is
sweeping.py     the loop: shards from an experiment to a store
==============  ====================================================================

Whatever runs a shard, its rows are the same; so are those of the whole.
"""
