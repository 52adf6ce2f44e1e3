"""Planted faults: deliberately broken clients, platforms and apps, to try tests on.

A :class:`Mutant` is one small named class with one sentence, and the law that names it. A new one
is a class in the module of its subject, and a line in the table of :mod:`.catalogue`.
"""

from sim.testing.mutants.catalogue import MUTANTS, mutant
from sim.testing.mutants.mutant import Mutant

__all__ = ["MUTANTS", "Mutant", "mutant"]
