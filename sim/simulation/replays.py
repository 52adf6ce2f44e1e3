"""The line that runs a story again: of a shell, or of Python where it needs code of its own."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from sim.client import Client
from sim.platform import Platform
from sim.result import SAVED
from sim.simulation.options import Options


def replay_line(options: Options, apps: Mapping[str, object], file: str = SAVED) -> str:
    """What runs the scenario in ``file`` again, as these options say and with these apps of people.

    The command line says it all unless something is only known in Python.
    """
    named = [f"{name!r}: {called(apps[name])}" for name in sorted(apps)]
    ours = options.client_class is Client and options.platform_class is Platform
    if ours and not named and not options.replication:
        ties = " --permute-ties" if options.permute_ties else ""
        return f"python -m sim run {shlex.quote(file)}{ties}"
    words = [quoted(file)]
    words += [f"replication={options.replication}"] if options.replication else []
    words += ["permute_ties=True"] if options.permute_ties else []
    words += [f"apps={{{', '.join(named)}}}"] if named else []
    if options.client_class is not Client:
        words.append(f"client={called(options.client_class)}")
    if options.platform_class is not Platform:
        words.append(f"platform={called(options.platform_class)}")
    return f"sim.run({', '.join(words)})"


def quoted(file: str) -> str:
    """The name of a file as Python writes it, between double quotes where it can be."""
    return f'"{file}"' if file.isprintable() and not {'"', "\\"} & set(file) else repr(file)


def called(maker: object) -> str:
    """What a class or a function is called in Python, if it has a name."""
    name: str = getattr(maker, "__name__", "")
    return name if name.isidentifier() else "..."
