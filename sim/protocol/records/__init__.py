"""The table of records: what a run can write, with its data and what it means to judges.

Its entries are in ``calls``, ``events``, ``incidents``, ``states`` and ``deviations``: writers take
a record's object, kind and name from there; laws, expectations and the story take their lists from
the entries' traits. Printed in ``docs/records.md``.
"""

from sim.protocol.records.entry import (
    ANYTHING,
    NUMBER,
    PAGE,
    RECORD_NUMBERS,
    Entry,
    Field,
    Trait,
    Type,
)
from sim.protocol.records.table import (
    RECORDS,
    entry,
    explaining,
    find,
    having,
    named,
    problem,
    role_of,
)

__all__ = [
    "ANYTHING",
    "NUMBER",
    "PAGE",
    "RECORDS",
    "RECORD_NUMBERS",
    "Entry",
    "Field",
    "Trait",
    "Type",
    "entry",
    "explaining",
    "find",
    "having",
    "named",
    "problem",
    "role_of",
]
