"""``SessionMachine``: a state machine of Hypothesis's over a :class:`sim.Simulation`.

=================  ==================================================================
machine.py         ``SessionMachine``: what a class says of itself, an example's life
declaration.py     what such a class says, checked when it is made
rules.py           what a rule is: counted by its name, weighed
people.py …        the rules by subject: people, publishing, moderation, network,
                   platform, time; stage.py: what they do things to
situation.py       who can do what now: preconditions and arguments of the rules
persons.py         what people are like; moments.py: how long things take
judging.py         a world that is judged as it runs
settling.py        the end of an example: faults are healed, time passes
campaign.py        all examples of a test: what they have reached, which run twice
case.py            ``MyMachine.TestCase``
determinism.py     where a story first differs that was run twice
failing.py         what is said of an example that fails
=================  ==================================================================
"""

from sim.testing.machine.campaign import NotExercised
from sim.testing.machine.determinism import NotDeterministic
from sim.testing.machine.judging import AppThrew
from sim.testing.machine.machine import SessionMachine
from sim.testing.machine.rules import rule

__all__ = ["AppThrew", "NotDeterministic", "NotExercised", "SessionMachine", "rule"]
