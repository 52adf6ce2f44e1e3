"""A world that is driven by hand: ``sim.Simulation``, and everything that :func:`sim.run` is.

=================  ==================================================================
simulation.py      ``Simulation``: what can be done and seen
story.py           what was done, as a scenario that grows; bad commands are refused
performance.py     the world, the records and the judges of a story
judges.py          laws, expectations, what apps were told: the ``Result``
headers.py         the header of a trace
options.py         what no scenario says of a run
bare.py            what is left out of runs that nobody looks at closely
waiting.py         what was waited for and did not come
views.py           a client and the platform, to look at
culprits.py        who is behind a story without end
errors.py          ``NotReached``
replays.py         the line that runs a story again
=================  ==================================================================
"""

from sim.laws import LawBroken
from sim.simulation.errors import NotReached
from sim.simulation.simulation import Simulation, Unattended

__all__ = ["LawBroken", "NotReached", "Simulation", "Unattended"]
