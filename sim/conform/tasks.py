"""Which steps of a script an app did in one task.

Within a task no promise continues: whatever waits for one comes after all its calls.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sim.conform.answers import Answers
from sim.conform.calls import ON_PAGE
from sim.conform.case import Case, CaseStep
from sim.conform.labels import name_of
from sim.conform.machine import AFTER

Task = tuple[int, list[CaseStep]]
"""The number of its first step, and all its steps."""


def tasks(case: Case, own: Collection[int], answers: Mapping[str, Answers]) -> list[Task]:
    """The script without the apps' ``own`` steps, those of a task together."""
    found: list[Task] = []
    latest: dict[str, list[CaseStep]] = {}
    for number, step in enumerate(case.script):
        if number in own:
            continue
        name = step.client or ""
        before = latest.get(name)
        if before is not None and _goes_on(before, step, answers):
            before.append(step)
        else:
            latest[name] = [step]
            found.append((number, latest[name]))
    return found


def _goes_on(task: list[CaseStep], step: CaseStep, answers: Mapping[str, Answers]) -> bool:
    """Whether a step belongs to the task of the client's steps before it."""
    before = task[-1]
    calls = all(each.do is not None and name_of(each.do) not in ON_PAGE for each in (before, step))
    if step.client is None or not calls or step.at < before.at:
        return False
    waits = any(_waits(each, step, answers[step.client]) for each in task)
    return waits or step.at <= before.at + AFTER


def _waits(call: CaseStep, step: CaseStep, answers: Answers) -> bool:
    """Whether a call had ended by its callback before the step, and its promise came after it."""
    ends = {end.by: end.at for end in answers.ends_of(call)}
    return "promise" in ends and ends.get("callback", step.at) < step.at <= ends["promise"]
