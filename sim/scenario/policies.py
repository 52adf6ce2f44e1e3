"""What a moderator does without a script: whom to remove, and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen

from sim.draws.distributions import Constant, Distribution
from sim.scenario.problems import Complaint, refuse
from sim.scenario.quantities import DURATION, PROBABILITY
from sim.scenario.showing import shown
from sim.scenario.spreads import SPREAD, never_passes
from sim.scenario.tables import key, said, spoken, table


@frozen(kw_only=True, field_transformer=spoken)
class RemoveReconnecting:
    """Remove whoever has been reconnecting for so long."""

    __repr__ = shown

    after: int = field(
        converter=said, metadata=key(DURATION, "How long somebody has been reconnecting.")
    )


@frozen(kw_only=True, field_transformer=spoken)
class RemoveAtRandom:
    """Remove somebody, drawn from those who are there, again and again."""

    __repr__ = shown

    every: Distribution = field(
        converter=said, metadata=key(SPREAD, "The time from one removal to the next.")
    )

    def __attrs_post_init__(self) -> None:
        refuse(_no_pause(self))


def _no_pause(draft: Any) -> Iterator[Complaint]:
    if never_passes(draft.every):
        yield Complaint(("every",), "this must be more than 0s, or removing would never end")


@frozen(kw_only=True, field_transformer=spoken)
class RemoveDuringReconnection:
    """Remove somebody while he is reconnecting, with some probability for each reconnection."""

    __repr__ = shown

    probability: float = field(
        default=1.0,
        converter=said,
        metadata=key(PROBABILITY, "How probable that is, at each reconnection."),
    )
    after: Distribution = field(
        default=Constant(0),
        converter=said,
        metadata=key(SPREAD, "From the beginning of the reconnection to the removal."),
    )


_RECONNECTING: Final = table(
    RemoveReconnecting, "remove-reconnecting", "a mapping such as {after: 10s}"
)
_AT_RANDOM: Final = table(
    RemoveAtRandom,
    "remove-at-random",
    "a mapping such as {every: {exponential: 2min}}",
    checks=_no_pause,
)
_DURING: Final = table(
    RemoveDuringReconnection,
    "remove-during-reconnection",
    "a mapping such as {probability: 1/4, after: 3s}",
)


@frozen(kw_only=True, field_transformer=spoken)
class Policies:
    """What a moderator does without a script; None where he does not."""

    __repr__ = shown

    remove_reconnecting: RemoveReconnecting | None = field(
        default=None,
        converter=said,
        metadata=key(_RECONNECTING, "Remove whoever has been reconnecting for so long."),
    )
    remove_at_random: RemoveAtRandom | None = field(
        default=None,
        converter=said,
        metadata=key(_AT_RANDOM, "Remove somebody, again and again."),
    )
    remove_during_reconnection: RemoveDuringReconnection | None = field(
        default=None,
        converter=said,
        metadata=key(_DURING, "Remove somebody in the middle of a reconnection."),
    )


POLICIES: Final = table(Policies, "policy", "a mapping such as {remove-reconnecting: {after: 10s}}")
