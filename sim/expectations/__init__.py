"""What is expected of a run, in sentences that are checked while it runs.

=============  =====================================================================
vocabulary.py  the events and deeds that may be named
clauses.py     what may be expected, as data
words.py       a sentence, read word by word
phrases.py     the parts of sentences: who, which event, how often, when
parsing.py     sentences to clauses
cast.py        who is who, and whose a connection is
sights.py      what one person sees: sequences and counts
following.py   what is seen after something that happens to somebody
sightings.py   what was seen instead
watching.py    the watches of clauses about what people see
lasting.py     what is so for a while
ghosts.py      who believes in somebody who has gone
pictures.py    who has two pictures of one person
agreement.py   whether everybody's view of who is here is right
endings.py     how things stand at the end
checker.py     all expectations of one run, fed with its records
awaiting.py    waiting for one to come true
thrown.py      what an app threw meanwhile
asking.py      what a test asks of an app
=============  =====================================================================
"""

from sim.expectations.asking import was_told
from sim.expectations.awaiting import Await
from sim.expectations.checker import Checker, Outcome
from sim.expectations.clauses import QUANTIFIERS, Clause, expected_breaches, people_in
from sim.expectations.parsing import FORMS, parse

__all__ = [
    "FORMS",
    "QUANTIFIERS",
    "Await",
    "Checker",
    "Clause",
    "Outcome",
    "expected_breaches",
    "parse",
    "people_in",
    "was_told",
]
