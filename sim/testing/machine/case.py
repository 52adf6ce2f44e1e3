"""The ``TestCase`` of a machine: it knows when all examples have been made."""

from __future__ import annotations

from functools import cache
from typing import Any, cast
from unittest import TestCase

from hypothesis.stateful import RuleBasedStateMachine

from sim.testing.machine.campaign import generates, supervising


class CaseProperty:
    """``MyMachine.TestCase``, as Hypothesis makes it, and what is to be done at its end.

    Its ``settings`` are Hypothesis's for state machines: no deadline and no health checks, for an
    example is as long as it has steps, and no user should have to say so.
    """

    def __get__(self, machine: object, kind: type | None = None) -> type[TestCase]:
        return _case(type(machine) if kind is None else kind)


@cache
def _case(machine: Any) -> type[TestCase]:
    plain: Any = vars(RuleBasedStateMachine)["TestCase"].__get__(None, machine)

    class Case(plain):  # type: ignore[misc]
        def runTest(self) -> None:  # noqa: N802 - unittest's name
            with supervising(machine) as campaign:
                super().runTest()
            if generates(self.settings):
                campaign.check()

        # By these, Hypothesis's plugin for pytest knows a test of its own.
        vars(runTest).update(vars(plain.runTest))

    Case.__name__, Case.__qualname__ = plain.__name__, plain.__qualname__
    Case.__module__ = machine.__module__
    return cast("type[TestCase]", Case)
