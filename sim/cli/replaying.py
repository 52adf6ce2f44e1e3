"""From a trace or a token back to the run that it names, and whether it is the same again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from sim import Result, Scenario
from sim.cli import exits, inputs, terminal
from sim.cli.determinism import tell
from sim.cli.runs import PERMUTE_TIES, SCENARIOS, Run
from sim.scenario import ScenarioError, scenario_hash
from sim.trace import Difference, Token, Trace, first_difference
from sim.version import VERSION


def of_trace(trace: Trace, permute_ties: bool) -> Run:
    """The run that a trace is of, with ties permuted if they were or now shall be."""
    from sim.scenario import from_data

    header = trace.header
    scenario = from_data(header.scenario)
    as_written = (scenario.profile.name, tuple(scenario.profile.names))
    return Run(
        scenario=scenario,
        seed=header.seed,
        replication=header.replication,
        profile=None if (header.profile, header.quirks) == as_written else header.profile,
        permute_ties=permute_ties or PERMUTE_TIES in header.options,
    )


def of_token(text: str, files: Iterable[str]) -> Run:
    """The run that a token names; its scenario is the one among ``files`` with that hash."""
    try:
        token = Token.parse(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="TRACE_OR_TOKEN") from None
    looked_at = 0
    for file, scenario in _readable(files):
        looked_at += 1
        if token.names(scenario_hash(scenario)):
            return _of(token, file, scenario)
    raise click.UsageError(
        f"The token's scenario is not among the {looked_at} files looked at: it is another file, "
        "or it has been changed since. Name its file with --scenario."
    )


def _of(token: Token, file: str, scenario: Scenario) -> Run:
    if token.version != VERSION:
        terminal.remark(f"the token was made by version {token.version}; this is {VERSION}")
    return Run(
        scenario=scenario,
        file=file,
        seed=token.seed,
        replication=token.replication,
        profile=None if token.profile == scenario.profile.name else token.profile,
        permute_ties=PERMUTE_TIES in token.options,
    )


def known_files(named: tuple[str, ...]) -> list[str]:
    """The scenario files to look through: those that were named, or all of :data:`SCENARIOS`."""
    return list(named) or sorted(str(path) for path in SCENARIOS.glob("*.y*ml"))


def _readable(files: Iterable[str]) -> Iterator[tuple[str, Scenario]]:
    for file in files:
        try:
            yield file, inputs.scenario(file)
        except ScenarioError:
            terminal.remark(f"{file} has mistakes and is passed over; see: validate {file}")


def judged(trace: Trace, result: Result) -> int:
    """Compare the replayed ``result`` with the trace; say what differs; return the exit code."""
    recorded = list(trace.story())
    again = result.records if trace.complete else result.records[: len(recorded)]
    parted = first_difference(recorded, again)
    if parted is None:
        return _same(trace, result)
    if trace.header.version != VERSION:
        terminal.remark(
            f"the trace was made by version {trace.header.version}; this is {VERSION}, "
            f"which tells another story from record {parted.number} on"
        )
        return exits.INCONCLUSIVE
    return _different(parted)


def _same(trace: Trace, result: Result) -> int:
    if not trace.complete:
        terminal.remark("the trace was cut off; as far as it goes it is the same")
    return result.exit_code


def _different(parted: Difference) -> int:
    tell(parted, "recorded", "replayed")
    return exits.INTERNAL
