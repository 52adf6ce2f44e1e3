"""Two runs side by side: what is the same in both, where they part, what only one of them has.

==============  ===================================================================
``likeness``    when records of two runs tell of the same thing, and the same of it
``alignment``   two sequences side by side, in time n log n
``comparison``  two timelines: :func:`compared`
``idle``        when nothing happens in either
``telling``     the comparison in sentences
``document``    the comparison for the page
==============  ===================================================================
"""

from sim.report.comparing.comparison import Alone, Comparison, Pair, compared
from sim.report.comparing.telling import told

__all__ = ["Alone", "Comparison", "Pair", "compared", "told"]
