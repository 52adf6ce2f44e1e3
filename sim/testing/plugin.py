"""What pytest can do with sessions, as a plugin that pytest finds by itself.

The fixture :func:`simulate` runs scenarios. Options say how all runs of the kit are made, those of
``given_scenario`` and ``SessionMachine`` included, wherever a test does not say it itself:

======================  ============================================================================
``--sim-seed N``        the seed; ``last`` is that of the run that failed last
``--sim-profile NAME``  which client is modelled
``--sim-mutant NAME``   a planted fault: a suite that still passes does not catch it
``--sim-replay TOKEN``  runs of the token's scenario are that very run
``--sim-require GOAL``  fails the session unless each of these goals was reached in some run
``--sim-save DIR``      where the scenarios of failures are written
======================  ============================================================================

Each has a twin in pytest's configuration file: ``sim_seed = 7``. What is said on the command line
wins. Options that contradict each other are refused before anything runs. A suite is the same each
time without any of them, since every scenario has a seed; what Hypothesis tries is the matter of
its own ``--hypothesis-seed`` and ``derandomize``.

This module is loaded in every pytest of whoever has installed the product, so it imports nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from sim.testing.pytesting.simulating import Simulate

OPTIONS: Final = {
    "seed": (
        "N",
        """Seed of the runs of simulate(), given_scenario and SessionMachine whose test gives none
        (default: the scenario's own); 'last' is that of the run that failed last. Hypothesis has
        a seed of its own: --hypothesis-seed.""",
    ),
    "profile": (
        "NAME",
        "The client that is modelled where a test does not say it (default: as the scenario says).",
    ),
    "mutant": (
        "NAME",
        """Plant this fault in every run whose test brings no client, platform or app of its own:
        tests should fail. 'python -m sim mutants' lists them.""",
    ),
    "replay": (
        "TOKEN",
        """Let simulate() of the token's scenario be the run that the token names: its seed,
        replication and profile, whatever the test says. Tests without simulate are deselected,
        other scenarios run as usual; fails if no run was of the token's scenario.""",
    ),
    "require": (
        "GOAL,...",
        """Fail the session unless runs have reached each of these: networkDisconnected,
        law:one-end, quirk:NAME, 'transition:session connecting -> connected', rule:kick.
        '' requires none.""",
    ),
    "save": (
        "DIR",
        """Where failures are saved as scenarios that run on their own (default: .sim in the root
        directory).""",
    ),
}
"""The options: what follows each, and what it does."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each with a twin in the configuration file."""
    group = parser.getgroup("session-sim", "session-sim: simulated sessions")
    for name, (metavar, does) in OPTIONS.items():
        words = " ".join(does.split())
        group.addoption(f"--sim-{name}", metavar=metavar, default=None, help=words)
        twin, as_option = f"sim_{name}", f"as --sim-{name}"
        if name == "require":
            parser.addini(twin, f"{as_option}: one goal a line", type="linelist", default=None)
        else:
            parser.addini(twin, as_option, type="string", default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that make no sense, and let runs of the kit know of the others."""
    from sim.testing.pytesting import watch  # noqa: PLC0415 - not for who only asks for help

    watch.begin(config)


@pytest.fixture(scope="session")
def simulate(pytestconfig: pytest.Config) -> Simulate:
    """Run scenarios: ``simulate("kick.yaml", seed=5)`` gives a :class:`sim.Result`.

    The file is relative to that of the test; a :class:`sim.Scenario` will do, too. What is given
    besides takes the place of what the scenario says (``seed``, ``duration``, ``profile``,
    ``networks``, ``clients``, ``script``, ...), or says of the run what no scenario can (``apps``,
    ``client_class``, ``platform_class``, ``replication``, ``permute_ties``, ``trace``, ...). The
    result is not judged: ``assert result.held, result.why`` does that.
    """
    from sim.testing.pytesting import watch  # noqa: PLC0415
    from sim.testing.pytesting.simulating import Simulate  # noqa: PLC0415

    return Simulate(pytestconfig.stash[watch.WATCH])
