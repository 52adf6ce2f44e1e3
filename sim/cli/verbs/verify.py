"""``verify``: the simulator's own models beside the closed forms of theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli import exits, extras, options, progress, terminal, theory

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.research.verification.single import Line


def _numbers(said: str, names: str, option: str) -> list[float]:
    """Read the numbers of an option, separated by commas. Raises :class:`click.BadParameter`."""
    parts = said.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != len(names.split(",")):
        from sim.wording import quoted

        raise click.BadParameter(
            f"{quoted(said)} is not four numbers {names}.", param_hint=f"'{option}'"
        )
    return numbers


def _single(said: str, names: str, option: str, made: Callable[..., Any]) -> Any:
    try:
        return made(*_numbers(said, names, option))
    except ValueError as problem:
        raise click.BadParameter(f"{problem}.", param_hint=f"'{option}'") from None


_NFD_S, _NFD_NAMES = "--nfd-s", "ETA,DELTA,LOSS,MEAN_DELAY"
_CHAIN, _CHAIN_NAMES = "--gilbert-elliott", "P,R,H,K"


@click.command(
    epilog="""\b
Examples:
  python -m sim verify
  python -m sim verify --nfd-s 1,1.5,.1,.3
  python -m sim verify --gilbert-elliott .01,.25,1,0 --json

\b
The JSON object:
  findings   list of {subject, name, what, theory, measured, low, high, error,
             z, p, adjusted, off, samples, unit}; low to high is the interval
             at 95 %, adjusted is p by Holm, off says whether it is too far
  level      the family-wise level
  exit_code  as below
With --nfd-s or --gilbert-elliott: title, and lines: list of {name, what,
theory, log10, measured, half_width, samples}, null for what does not exist or
was seen too rarely.

\b
Exit codes: 0 theory and simulator agree; 1 something is off; 2 bad usage, or
parameters that cannot be."""
)
@click.option("--thorough", is_flag=True, help="Take ten times the samples: some minutes.")
@click.option(
    _NFD_S,
    "nfd_s",
    metavar=_NFD_NAMES,
    help="Only this failure detector: a heartbeat every ETA, trusted for ETA + DELTA after it was"
    " sent, lost with probability LOSS, delayed exponentially. Times are in any one unit.",
)
@click.option(
    _CHAIN,
    "chain",
    metavar=_CHAIN_NAMES,
    help="Only this channel: P is Good to Bad, R is Bad to Good, H and K are the loss in Bad and in"
    " Good.",
)
@options.as_json
def command(thorough: bool, nfd_s: str | None, chain: str | None, as_json: bool) -> int:
    """Compare the simulator with theory: channels, failure detection, outages, ghosts, kicks,
    populations, queues and retries, as its own code makes them, beside closed forms.

    For each there is the value of theory, the value measured with the half-width of its interval at
    95 %, and z, the distance in standard errors. One is off if Holm's step-down procedure rejects
    it, with p-values by Student's t, at a family-wise level of 1 %: however many there are and
    whatever depends on what, the chance that anything is called off in a simulator that is right is
    1 % at most. All chance has fixed seeds: a second run shows the same.
    """
    if nfd_s is not None and chain is not None:
        raise click.UsageError(f"{_NFD_S} and {_CHAIN} are not for the same call.")
    if thorough and (nfd_s or chain) is not None:
        raise click.UsageError("--thorough is for the whole table.")
    extras.need("verify", "scipy", extra="research")
    if nfd_s is not None:
        return _detector(nfd_s, as_json)
    if chain is not None:
        return _channel(chain, as_json)
    return _all(thorough, as_json)


def _detector(said: str, as_json: bool) -> int:
    from sim.research.verification import single
    from sim.research.verification.nfd import Detector

    of = _single(said, _NFD_NAMES, _NFD_S, Detector)
    return _say_lines(single.title(of), single.failure_detector(of), as_json)


def _channel(said: str, as_json: bool) -> int:
    from sim.network.specs import GilbertElliott
    from sim.research.verification import single

    of = _single(said, _CHAIN_NAMES, _CHAIN, GilbertElliott)
    return _say_lines(single.title(of), single.gilbert_elliott(of), as_json)


def _say_lines(title: str, lines: list[Line], as_json: bool) -> int:
    if as_json:
        terminal.say_json({"title": title, "lines": [line.data() for line in lines]}, indent=2)
    else:
        terminal.say(*theory.single(title, lines, terminal.width()))
    return exits.HELD


def _all(thorough: bool, as_json: bool) -> int:
    from sim.research.verification import SUBJECTS, verify

    with progress.counted(len(SUBJECTS), "closed forms") as tell:
        verification = verify(thorough=thorough, progress=tell)
    code = exits.HELD if verification.held else exits.BROKEN
    if as_json:
        terminal.say_json(theory.data(verification, code), indent=2)
    else:
        terminal.say(*theory.table(verification, terminal.width()))
    return code
