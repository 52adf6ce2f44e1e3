"""Tables of many runs: sessions, events, runs, metrics and durations.

==============  ====================================================================
columns.py      the tables' columns with types, units and meanings
digest.py       the identity of results, whatever files they are in
gathering.py    ``Tables``: rows in memory
arrow.py        Arrow, Parquet, pandas, polars
derived.py      tables that follow from those: design points, estimates
manifests.py    whether a folder has results, and such as are read here
reading.py      ``Stored``: what is on disk, and what SQL asks of it
==============  ====================================================================
"""

from sim.research.tables.columns import TABLES, Column, Figure, Table
from sim.research.tables.gathering import Tables
from sim.research.tables.reading import Stored, read

__all__ = ["TABLES", "Column", "Figure", "Stored", "Table", "Tables", "read"]
