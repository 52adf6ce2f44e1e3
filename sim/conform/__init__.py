"""Re-enacts recordings of the real client and compares what the apps were told.

=============  ==================================================================
case.py        a recording as data
problems.py    takes values out of its JSON, and notes each that is not as it must be
reading.py     from a file to a case, or to a sentence for each mistake
choices.py     what a case may say of its platform, and the settings that it means
labels.py      how a recording names calls
arguments.py   the arguments of a recorded call, as objects
calls.py       the calls that can be driven, by name
javascript.py  what is understood of the JavaScript in a listener
listeners.py   what a recorded app did inside a listener
habits.py      what the apps did by themselves
tasks.py       which steps an app did in one task
incidents.py   what happened to a network, what the platform did of itself
machine.py     what the recorder's machine took, at the fastest, at the most, usually
unsaid.py      what a case leaves unsaid and what it tells implies
networks.py    when the clients' networks were whole
leavings.py    when a client leaves something, or is taken out
answers.py     how each call ended, and when its answer may be there
effects.py     when the first was told of what a request did
cameras.py     when a camera was there, and when its stream was asked for
joining.py     how far connecting had come when something came in between
recorded.py    how long cameras, peer connections, media and closing took
pace.py        when a frame may reach its client
gate.py        lets things through in their order, each no earlier than its time
arrivals.py    the platform's end of the wires: requests wait there
holding.py     the client's end of the wires: frames and answers wait there
undrivable.py  what of a script cannot be driven
app.py         what a recorded app holds on to
stage.py       builds the clients and the platform of a case, drives its script
observed.py    what the simulated apps were told, in the recording's terms
compare.py     the differences, by the rules of docs/conformance.md
times.py       which times are compared, and how near they must come
=============  ==================================================================
"""

from sim.conform.case import Case, CaseError
from sim.conform.compare import Difference, compare
from sim.conform.observed import Observed
from sim.conform.reading import parse, read
from sim.conform.stage import reenact

__all__ = ["Case", "CaseError", "Difference", "Observed", "compare", "parse", "read", "reenact"]
