"""One run becomes what a researcher asks about: sessions, outages, kicks, signals, detections.

==============  ====================================================================
observed.py     what is observed, as types
watching.py     the sink that takes each record once, and ``observe``, which runs a scenario
sessions.py     connections: their ends, outages, ghosts, leftovers
outages.py      links that are down, and whether sessions survive that
kicks.py        accepted commands to remove somebody
signals.py      each signal on its way to each app
pictures.py     pictures of one person twice in a page
detections.py   when the platform holds a connection to be lost
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
from sim.research.observing.watching import Watcher, observe

__all__ = ["Detection", "Kick", "Observed", "Outage", "Session", "Signal", "Watcher", "observe"]
