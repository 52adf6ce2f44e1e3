"""How scenarios are varied: see :mod:`sim.testing.varying`.

===============  =================================================================
changes.py       what is done to a scenario, as data
durations.py     times and lengths, round ones first
additions.py     steps and reactions that a scenario may get besides
rewiring.py      other networks for the people of a scenario
===============  =================================================================
"""
