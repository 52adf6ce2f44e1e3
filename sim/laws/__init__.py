"""The contract as named laws over a trace: what must hold in every run, checked as it goes."""

from sim.laws.catalogue import catalogue, choose
from sim.laws.engine import Laws, Story, check
from sim.laws.errors import LawBroken
from sim.laws.goals import GOALS, SOMETIMES, Goal, Goals
from sim.laws.law import (
    ALWAYS,
    BROKEN,
    EVENTUALLY,
    HELD,
    NEVER,
    NOT_EXERCISED,
    Breach,
    Law,
    Verdict,
)

__all__ = [
    "ALWAYS",
    "BROKEN",
    "EVENTUALLY",
    "GOALS",
    "HELD",
    "NEVER",
    "NOT_EXERCISED",
    "SOMETIMES",
    "Breach",
    "Goal",
    "Goals",
    "Law",
    "LawBroken",
    "Laws",
    "Story",
    "Verdict",
    "catalogue",
    "check",
    "choose",
]
