"""What a search has found, and what tells two findings apart.

A finding is known by what breaks and by why: by the quirks without which it would not break, if the
client that is modelled has any, and else by the kind of the record that breaks it. Names of people,
times, seeds and the rest of the story do not matter, so the same is found again under the same name
from another seed, and by the next version.
"""

from __future__ import annotations

from attrs import define, frozen

from sim.scenario import Scenario
from sim.testing.breaking import Broken, Still, identity


@frozen
class Cause:
    """What something broken is known by once its story is as small as it can be."""

    what: Broken
    quirks: tuple[str, ...]

    @property
    def identity(self) -> str:
        """``one-end (quirk NAME)``, ``one-end (session sessionDisconnected)``."""
        what = self.what
        if not self.quirks:
            return what.identity
        kind = "quirk" if len(self.quirks) == 1 else "quirks"
        return identity(what.kind, what.name, f"{kind} {', '.join(self.quirks)}")


@define
class Finding:
    """Something that breaks, in the smallest story that shows it.

    ``times`` says in how many of the variations it broke.
    """

    cause: Cause
    scenario: Scenario
    sentence: str
    times: int = 1

    @property
    def identity(self) -> str:
        """What it is known by in baselines."""
        return self.cause.identity


def finding(smallest: Scenario, still: Still, *, done: bool = True) -> Finding:
    """The finding that a story shows which is as small as it can be.

    Where that is not ``done`` the quirks that are on say nothing, and only what was at work counts.
    """
    what = next((each for each in still.found(smallest) if each == still.what), still.what)
    quirks = tuple(smallest.profile.names) if done else ()
    return Finding(Cause(what, quirks), smallest, what.sentence)
