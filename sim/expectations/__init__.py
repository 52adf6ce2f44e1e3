"""What is expected of a run, in sentences that are checked while it runs.

=============  =====================================================================
vocabulary.py  the events that may be named
clauses.py     what may be expected, as data
parsing.py     sentences to clauses
sights.py      what one person sees: sequences and counts
agreement.py   whether everybody's view of who is here is right
endings.py     how things stand at the end
checker.py     all expectations of one run, fed with its records
=============  =====================================================================
"""

from sim.expectations.checker import Checker, Outcome
from sim.expectations.clauses import Clause, expected_breaches, people_in
from sim.expectations.parsing import FORMS, parse

__all__ = ["FORMS", "Checker", "Clause", "Outcome", "expected_breaches", "parse", "people_in"]
