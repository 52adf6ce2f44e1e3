"""Behind the pytest plugin :mod:`sim.testing.plugin`: imported when pytest runs, in parts.

==============  ============================================================================
choices.py      what the options say, checked
watch.py        what is done before, after and for each test
reports.py      what is added to the report of a test that fails
gathering.py    what runs have exercised, over all workers of pytest-xdist
summary.py      that in lines
simulating.py   the fixture ``simulate``
runs.py         one run of it: how it is made, named and run again
==============  ============================================================================

Until a run is made, nothing is imported but the context of runs.
"""
