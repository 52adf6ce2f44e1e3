"""Whose code a run of the kit is made with: what no scenario file can say."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from sim.client import Client
from sim.platform import Platform
from sim.protocol.quirks import profile as profile_named
from sim.result import Result
from sim.running import run
from sim.scenario import Scenario
from sim.simulation.options import Options
from sim.simulation.replays import replay_line
from sim.testing import context

if TYPE_CHECKING:
    from sim.testing.mutants import Mutant
    from sim.world.app import AppMaker
    from sim.world.world import ClientMaker, PlatformMaker


@frozen(kw_only=True)
class Setup:
    """Apps by the names of people, and the models of client and platform, if they are not ours.

    ``mutant`` is a planted fault. It is at work wherever the others leave room for it.
    """

    apps: Mapping[str, AppMaker] = field(factory=dict)
    client_class: ClientMaker | None = None
    platform_class: PlatformMaker | None = None
    mutant: Mutant | None = None

    @classmethod
    def present(
        cls,
        apps: Mapping[str, AppMaker] | None = None,
        client_class: ClientMaker | None = None,
        platform_class: PlatformMaker | None = None,
    ) -> Setup:
        """With the fault that is planted in runs that are made now, if one is."""
        return cls(
            apps=dict(apps or {}),
            client_class=client_class,
            platform_class=platform_class,
            mutant=context.present().mutant,
        )

    def arguments(self, story: Scenario) -> dict[str, Any]:
        """What a :class:`sim.Simulation` of that story is given."""
        mutant, apps = self.mutant, dict(self.apps)
        client, platform = self.client_class, self.platform_class
        if mutant is not None:
            client, platform = client or mutant.client_class, platform or mutant.platform_class
            if mutant.app is not None:
                apps = dict.fromkeys(story.clients, mutant.app) | apps
        return {
            "apps": apps,
            "client_class": client or Client,
            "platform_class": platform or Platform,
        }

    def run(self, story: Scenario, **arguments: Any) -> Result:
        """Run a story with that code; ``arguments`` are further ones of :func:`sim.run`."""
        __tracebackhide__ = True
        code = self.arguments(story)
        client, platform = code["client_class"], code["platform_class"]
        return run(story, apps=code["apps"], client=client, platform=platform, **arguments)

    def line(self, file: str, people: Iterable[str] = ()) -> str:
        r"""The one line that runs the scenario in ``file`` again, with these people in it.

        It is a line for a shell, or for Python where code takes part that only the test knows.

        >>> Setup().line("a b.yaml")
        "python -m sim run 'a b.yaml'"
        >>> Setup(apps={"bob": print}).line("a.yaml")
        'sim.run("a.yaml", apps={\'bob\': print}).check()'
        """
        mutant = self.mutant
        if mutant is not None and not (self.apps or self.client_class or self.platform_class):
            return _with_fault(mutant, file, list(people))
        options = Options(
            client_class=self.client_class or Client,
            platform_class=self.platform_class or Platform,
        )
        line = replay_line(options, self.apps, file)
        return f"{line}.check()" if line.startswith("sim.run(") else line


def _with_fault(mutant: Mutant, file: str, people: list[str]) -> str:
    """Python for a shell: where only a fault is planted, it can be found by its name."""
    planted = {
        "client": mutant.client_class and "m.client_class",
        "platform": mutant.platform_class and "m.platform_class",
        "apps": mutant.app and f"dict.fromkeys({people}, m.app)",
    }
    words = [f"{name}={value}" for name, value in planted.items() if value]
    code = (
        "import sim; from sim.testing.mutants import mutant; "
        f"m = mutant({mutant.name!r}); sim.run({', '.join([repr(file), *words])}).check()"
    )
    return (
        f'python -c "{code}"'
        if not set(code) & set('"$`\\!')
        else shlex.join(["python", "-c", code])
    )


def as_present(story: Scenario, *, seed: bool = True, profile: bool = True) -> Scenario:
    """The story with the seed and the profile that runs are to have which are made now.

    Without ``seed`` or ``profile``, whoever asks has chosen that himself.
    """
    chosen = context.present()
    changes: dict[str, Any] = {}
    if seed and chosen.seed is not None:
        changes["seed"] = chosen.seed
    if profile and chosen.profile is not None:
        changes["profile"] = profile_named(chosen.profile)
    return evolve(story, **changes) if changes else story
