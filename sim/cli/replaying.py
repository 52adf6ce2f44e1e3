"""From a trace or a token back to the run that it names, and whether it is the same again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

import click
from attrs import evolve

from sim import Result, Scenario
from sim.cli import exits, inputs, terminal
from sim.cli.determinism import tell
from sim.cli.runs import PATTERN, SCENARIOS, Run
from sim.judging import consistent_scenario, unknown_quirks
from sim.protocol.quirks import PROFILES, Profile, profile
from sim.scenario import ScenarioError, scenario_hash
from sim.trace import Difference, Token, Trace, TraceError, first_difference
from sim.trace.token import OWN_APP, OWN_CLIENT, OWN_PLATFORM, PERMUTED, switched
from sim.version import VERSION
from sim.wording import listing


def of_trace(name: str, trace: Trace) -> Run:
    """The run that a trace is of.

    Raises :class:`~sim.trace.TraceError` when its header does not say which run that was, or says
    two things.
    """
    header = trace.header
    try:
        scenario = consistent_scenario(header)
        _refuse_own_code(header.options)
    except ValueError as problem:
        raise TraceError(trace.file, 1, str(problem)) from None
    return Run(
        scenario=scenario,
        recorded=name,
        read=(name,),
        seed=header.seed,
        replication=header.replication,
        profile=_unless_written(Profile(header.profile, frozenset(header.quirks)), scenario),
        permute_ties=PERMUTED in header.options,
    )


def _refuse_own_code(options: Sequence[str]) -> None:
    """Raise ``ValueError`` for a run with code that neither a file nor a token can name."""
    apps = [each.removeprefix(OWN_APP) for each in options if each.startswith(OWN_APP)]
    had, given = [], []
    if apps:
        had.append(f"{listing(apps)} had app code of their own")
        given.append(f"apps={{{', '.join(f'{name!r}: …' for name in apps)}}}")
    for option in (OWN_CLIENT, OWN_PLATFORM):
        if option in options:
            model = option.partition("=")[0]
            had.append(f"the {model} was another model")
            given.append(f"{model}=…")
    if had:
        raise ValueError(
            f"{listing(had)}, which neither a trace nor a token can name: run it from Python, "
            f"sim.run(…, {', '.join(given)})"
        )


def _unless_written(run: Profile, scenario: Scenario) -> Profile | None:
    """The profile of a run, or None if it is what the scenario says."""
    return None if run == scenario.profile else run


def of_token(text: str, named: Sequence[str]) -> Run:
    """The run that a token names; its scenario is the one with that hash.

    It is looked for among the files that were ``named``, or else among all of :data:`SCENARIOS`.
    """
    try:
        token = Token.parse(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="TRACE_OR_TOKEN") from None
    if token.profile not in PROFILES:
        raise click.UsageError(
            f"The token names the profile {token.profile!r}; known are {', '.join(PROFILES)}."
        )
    try:
        _refuse_own_code(token.options)
    except ValueError as problem:
        raise click.UsageError(f"{problem}.") from None
    if unknown := unknown_quirks(token.switches):
        raise click.UsageError(f"The token switches {unknown}.")
    files = list(named) or sorted(str(path) for path in SCENARIOS.glob(PATTERN))
    other = ""
    for file, scenario in _readable(files):
        if token.names(scenario_hash(scenario)):
            return evolve(_of(token, file, scenario), read=tuple(files))
        other = other or _other_quirks(token, file, scenario)
    raise click.UsageError(other or f"{_not_found(named, len(files))} {_CHANGED}")


def _other_quirks(token: Token, file: str, scenario: Scenario) -> str:
    """What is to be said of a scenario that is the token's but for its profile, or else ""."""
    run = profile(token.profile, token.switches)
    if not token.names(scenario_hash(evolve(scenario, profile=run))):
        return ""
    return (
        f"{file} is the scenario of this token with another profile: the run had"
        f" {_said(run)}, and the file says {_said(scenario.profile)}."
    )


def _said(client: Profile) -> str:
    return listing([client.name, *switched(client)])


_CHANGED: Final = (
    "If you know its file, that was changed since: what is expected counts, comments do not."
)


def _not_found(named: Sequence[str], looked_at: int) -> str:
    if len(named) == 1 and inputs.is_sweep(named[0]):
        return f"No design point of the sweep in {named[0]} is the scenario of this token."
    if len(named) == 1:
        return f"{named[0]} is not the scenario of this token."
    if named:
        return f"None of the {looked_at} files named is the scenario of this token."
    where = f"the directory {SCENARIOS} ({looked_at} file{'' if looked_at == 1 else 's'})"
    return f"The token's scenario is not in {where}: name its file with --scenario."


def _of(token: Token, file: str, scenario: Scenario) -> Run:
    if token.version != VERSION:
        terminal.remark(f"the token was made by version {token.version}; this is {VERSION}")
    return Run(
        scenario=scenario,
        file=file,
        seed=token.seed,
        replication=token.replication,
        profile=_unless_written(token.client(scenario.profile), scenario),
        permute_ties=PERMUTED in token.options,
    )


def _readable(files: Sequence[str]) -> Iterator[tuple[str, Scenario]]:
    """The scenarios of the files that can be read, and of the design points of a sweep's folder.

    Of others among several it is said that they are passed over.
    """
    for file in files:
        try:
            if inputs.is_sweep(file):
                yield from ((file, each) for each in inputs.points(file))
            else:
                yield file, inputs.scenario(file)
        except ScenarioError:
            if len(files) == 1:
                raise
            terminal.remark(f"{file} has mistakes and is passed over; see: validate {file}")


def judged(trace: Trace, run: Run, result: Result) -> int:
    """Compare the replayed ``result`` with the trace; say what differs; return the exit code."""
    if PERMUTED in result.header.options and PERMUTED not in trace.header.options:
        terminal.remark("ties are permuted now: this is another run than the recorded one")
        return result.exit_code
    parted = _parted(trace, run, result)
    if trace.complete and trace.warnings:
        return _changed(trace, parted)
    if parted is None:
        return _same(trace, result)
    if trace.header.version != VERSION:
        terminal.remark(
            f"the trace was made by version {trace.header.version}; this is {VERSION}, "
            f"which tells another story from record {parted.number} on"
        )
        return exits.INCONCLUSIVE
    return _different(trace, parted)


def _parted(trace: Trace, run: Run, result: Result) -> Difference | None:
    """Where the replayed story parts from the trace; only where it may do so, both are kept."""
    if trace.rereadable:
        deque(trace.story(), maxlen=0)
        footer = trace.footer
        if footer is not None and not trace.warnings and footer.digest == result.digest:
            return None
    recorded = list(trace.story())
    again = result if result.records else run.result(trace=None)
    if again.digest != result.digest:
        raise RuntimeError("a run that was repeated told another story")
    records = again.records if trace.complete else again.records[: len(recorded)]
    return first_difference(recorded, records)


def _changed(trace: Trace, parted: Difference | None) -> int:
    """A file that is not what a run wrote says nothing about determinism."""
    changed = f"{trace.file}: the file was changed"
    if parted is None:
        terminal.remark(f"{changed}, but not its records, which are those of the run")
    else:
        tell(parted, "in the file", "replayed", f"{changed}: it parts from its run")
    return exits.BAD_INPUT


def _same(trace: Trace, result: Result) -> int:
    if not trace.complete:
        terminal.remark("the trace was cut off; as far as it goes it is the same")
    return result.exit_code


def _different(trace: Trace, parted: Difference) -> int:
    """Only of a file with the digests of its run it is known that nobody has changed it."""
    sealed = trace.footer is not None and trace.footer.header
    if not sealed:
        said = "the file was changed (it has no digest of all of it), or the runs part"
        tell(parted, "recorded", "replayed", said)
        return exits.INCONCLUSIVE
    tell(parted, "recorded", "replayed")
    return exits.INTERNAL
