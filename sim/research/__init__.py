"""The research bench: experiments, statistics and theory over many runs.

>>> from sim.research import Experiment, sweep
>>> experiment = Experiment(
...     name="grace",
...     scenario="scenarios/clean-goodbye.yaml",
...     design={"grid": {"platform.grace": ["15s", "45s"]}},
...     replications=2,
... )
>>> sweep(experiment, jobs=1).runs
4

Needs the extra: ``pip install 'session-sim[research]'``. Names are imported when they are first
used, so that ``import sim.research`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.research.comparing import Comparison, compare
    from sim.research.experiments import Design, Experiment, Until
    from sim.research.fitting import fit
    from sim.research.results import Results, read
    from sim.research.running.sweeping import replicate, sweep
    from sim.research.verification import verify

_HOMES = {
    "Comparison": "sim.research.comparing",
    "Design": "sim.research.experiments",
    "Experiment": "sim.research.experiments",
    "Results": "sim.research.results",
    "Until": "sim.research.experiments",
    "compare": "sim.research.comparing",
    "fit": "sim.research.fitting",
    "read": "sim.research.results",
    "replicate": "sim.research.running.sweeping",
    "sweep": "sim.research.running.sweeping",
    "verify": "sim.research.verification",
}

_EXTRA = ("pyarrow", "scipy", "statsmodels")
"""What the extra brings, and is needed as soon as one of these is imported."""

__all__ = [
    "Comparison",
    "Design",
    "Experiment",
    "Results",
    "Until",
    "compare",
    "fit",
    "read",
    "replicate",
    "sweep",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.research' has no attribute {name!r}")
    try:
        value = getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in _EXTRA:
            raise
        remedy = f"sim.research.{name} needs {package}: pip install 'session-sim[research]'"
        raise ModuleNotFoundError(remedy, name=missing.name) from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
