"""A text that shows a run again: a scenario file, and on top of it how to run it."""

from __future__ import annotations

from collections.abc import Iterable

from sim.client import Client
from sim.platform import Platform
from sim.scenario import Scenario, dump
from sim.simulation.options import Options

FILE = "broken.yaml"


def replay_text(scenario: Scenario, options: Options, apps: Iterable[str]) -> str:
    """The scenario as a file that says in a comment how to run it."""
    return f"# save this as {FILE}, then: {_line(options, list(apps))}\n{dump(scenario)}"


def _line(options: Options, apps: list[str]) -> str:
    """The command line says it all unless something is only known in Python."""
    ours = options.client_class is Client and options.platform_class is Platform
    if ours and not apps and not options.replication:
        ties = " --permute-ties" if options.permute_ties else ""
        return f"python -m sim run {FILE}{ties}"
    words = [f'"{FILE}"']
    words += [f"replication={options.replication}"] if options.replication else []
    words += ["permute_ties=True"] if options.permute_ties else []
    words += [f"apps={{{', '.join(f'{name!r}: ...' for name in apps)}}}"] if apps else []
    if options.client_class is not Client:
        words.append(f"client={_called(options.client_class)}")
    if options.platform_class is not Platform:
        words.append(f"platform={_called(options.platform_class)}")
    return f"sim.run({', '.join(words)})"


def _called(maker: object) -> str:
    """What a class or a function is called in Python, if it has a name."""
    name: str = getattr(maker, "__name__", "")
    return name if name.isidentifier() else "..."
