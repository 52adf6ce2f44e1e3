"""One run becomes what a researcher asks about: sessions, outages, kicks, signals, detections.

==============  ====================================================================
observed.py     what is observed, as types
watching.py     the sink that takes each record once
==============  ====================================================================
"""

from sim.research.observing.observed import (
    Detection,
    Kick,
    Observed,
    Outage,
    Session,
    Signal,
)

__all__ = ["Detection", "Kick", "Observed", "Outage", "Session", "Signal"]
