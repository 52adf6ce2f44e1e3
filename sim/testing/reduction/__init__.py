"""What makes a scenario smaller: see :mod:`sim.testing.shrinking`.

==============  ==================================================================
table.py        the table of reductions, boldest first
sizes.py        which of two scenarios is the smaller one
pieces.py       trying to do without parts of a list, or without keys
people.py       doing without people, consistently
times.py        shorter and rounder times
==============  ==================================================================

A reduction works on a scenario's plain data, as :func:`sim.scenario.to_data` gives it. It is a
generator: it yields smaller data, is sent whether that still breaks, and goes on from there if so.
What it yields need not be a valid scenario; then it is told that it does not break.
"""
