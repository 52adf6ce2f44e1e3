"""Re-enacts recordings of the real client and compares what the apps were told.

=============  ==================================================================
case.py        a recording as data, checked when read
arguments.py   the arguments of a recorded call, as objects
listeners.py   what a recorded app did inside a listener
calls.py       the calls that can be driven, by name
stage.py       builds the clients and the platform of a case, drives its script
observed.py    what the simulated apps were told, in the recording's terms
compare.py     the differences, by the rules of docs/conformance.md
=============  ==================================================================
"""

from sim.conform.case import Case, CaseError, read
from sim.conform.compare import Difference, compare
from sim.conform.stage import reenact

__all__ = ["Case", "CaseError", "Difference", "compare", "read", "reenact"]
