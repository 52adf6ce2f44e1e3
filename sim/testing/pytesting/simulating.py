"""The fixture ``simulate``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, fields

from sim.result import Result
from sim.running import run
from sim.scenario import Scenario, load
from sim.simulation.arguments import apps_by_name
from sim.testing import context, goals
from sim.testing.pytesting.runs import Run
from sim.testing.readiness import ready
from sim.testing.setups import Setup
from sim.wording import not_one_of

if TYPE_CHECKING:
    from sim.testing.pytesting.watch import Watch

_CODE: Final = ("apps", "client_class", "platform_class")
"""Code of the test's own."""
_OVERRIDING: Final = ("seed", "profile", "laws")
"""What a scenario says and a run may say otherwise: the token is that of the scenario's file."""
_OF_RUNS: Final = [
    name
    for name in signature(run).parameters
    if name not in {"scenario", "apps", "client", "platform", "progress"}
]
_OF_SCENARIOS: Final = [each.name for each in fields(Scenario) if each.name not in _OVERRIDING]
CHANGES: Final = (*_OF_RUNS, *_CODE, *_OF_SCENARIOS)
"""What ``simulate`` can be given besides a scenario."""


class Simulate:
    """Runs scenarios for a test: what the fixture ``simulate`` gives.

    A run is the same as that of :func:`sim.run`, but for what pytest's options say of it, and the
    run is counted in what the suite has exercised.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        ready()

    def __repr__(self) -> str:
        return "<simulate>"

    def __call__(self, scenario: str | os.PathLike[str] | Scenario, /, **changes: Any) -> Result:
        """Run a scenario with changes, and give the :class:`sim.Result`, not judged.

        ``scenario`` is a file, relative to that of the test, or a :class:`sim.Scenario`.
        ``changes`` are keys of a scenario, whose values they replace, and arguments of
        :func:`sim.run`, but ``client_class`` and ``platform_class`` make the models. They win over
        pytest's options, except ``--sim-replay``: it says ``seed``, ``profile``, ``replication``
        and ``permute_ties`` of runs of its scenario.

        Raises ``ValueError`` with one sentence for each mistake (:class:`sim.ScenarioError` is
        one), and what :func:`sim.run` raises.
        """
        __tracebackhide__ = True
        try:
            with self._watch.asked():
                made = self._planned(scenario, changes)
                self._watch.begun(made)
                result = made.make()
        except ValueError as mistake:  # in the call: how we found it is of no interest
            raise mistake.with_traceback(None) from None
        context.note(goals.reached(result))
        return result

    def _planned(self, scenario: object, changes: Mapping[str, Any]) -> Run:
        """The run that is asked for, by the test and by pytest's options."""
        for name in changes:
            if name not in CHANGES:
                guess = f"{name}_class" if name == "client" else None
                raise ValueError(not_one_of(name, CHANGES, "something to change", guess))
        present = context.present()
        file = self._file(scenario)
        written = scenario if isinstance(scenario, Scenario) else load(file)
        replaced = {name: value for name, value in changes.items() if name in _OF_SCENARIOS}
        story = evolve(written, **replaced) if replaced else written
        arguments = {"seed": present.seed, "profile": present.profile}
        arguments |= {name: changes[name] for name in _OF_RUNS if changes.get(name) is not None}
        code = {name: changes.get(name) for name in _CODE}
        planned = Run(
            scenario=story,
            file=file if story == written else None,
            setup=Setup.present(**code | {"apps": apps_by_name(code["apps"])}),
            arguments=arguments,
        )
        return self._watch.replayed(planned)

    def _file(self, scenario: object) -> Any:
        if isinstance(scenario, str | os.PathLike):
            return Path(self._watch.folder, scenario)
        return None if isinstance(scenario, Scenario) else scenario
