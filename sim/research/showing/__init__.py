"""Results that show themselves: tables for notebooks, and plots by matplotlib.

================  ================================================================================
axes.py           axes to draw on, labels with units, the look
values.py         values of a design as numbers with a unit; figures with few digits
experiments.py    the results of an experiment: metrics over the design points
comparisons.py    a comparison: the differences
runs.py           one run: who was in the session when
fits.py           a fit: recorded durations and run lengths beside the model
verifications.py  a comparison with theory
tables.py         tables in HTML
================  ================================================================================

Everything here is imported when it is used. Every ``plot`` returns the axes that it drew on.
"""
