"""Two scenarios, profiles or settings under the same luck.

==============  =================================================================================
sides.py        ``Side``: what is compared; the same story with other settings
pairing.py      ``compare``: runs both with the same draws, replication by replication
comparison.py   ``Comparison``: by metric the difference, its interval, p and what pairing saved
==============  =================================================================================
"""

from sim.research.comparing.comparison import Compared, Comparison
from sim.research.comparing.pairing import compare
from sim.research.comparing.sides import Side

__all__ = ["Compared", "Comparison", "Side", "compare"]
