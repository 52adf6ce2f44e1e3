"""What a scenario may get besides: faults, deeds of people, reactions of apps."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.network.specs import MODES, WAYS
from sim.scenario import Reaction, Scenario, Step
from sim.scenario.actions import DO
from sim.testing.variation.changes import Reacting
from sim.testing.variation.durations import moments, outage_lengths

CODES: Final = (1001, 1006, 1011, 1003, 4001)
"""Codes that a socket may be closed with: those that can be resumed from, and those that cannot."""

PLACES: Final = ("wifi", "cellular", "satellite")
"""Networks that somebody may move to."""

ANSWERED: Final = (
    "sessionConnected",
    "sessionReconnecting",
    "sessionReconnected",
    "sessionDisconnected",
    "streamCreated",
    "streamDestroyed",
    "publisher.streamCreated",
    "publisher.streamDestroyed",
)
"""Events in whose listeners an app may do something; not signals, which have no end so easily."""

MOST_NAMED: Final = 12
"""So many of the people are named in what is added."""

_KICKS: Final = ("force-disconnect", "force-unpublish", "force-mute-stream")
_MODERATING: Final = (*_KICKS, "force-mute-all", "disable-force-mute")
_MACHINE: Final = ("crash", "close-browser")
_OF_STREAMS: Final = ("subscribe", "unsubscribe")
_PLAIN: Final = tuple(
    word for word in DO if word not in (*_MODERATING, *_MACHINE, *_OF_STREAMS, "signal")
)


class Cast:
    """Who may be named: all clients, some of the people, and who of them is a moderator."""

    def __init__(self, scenario: Scenario) -> None:
        self.people = list(islice(scenario.people, MOST_NAMED))
        self.clients = list(scenario.clients)
        self.anybody = list(dict.fromkeys([*islice(self.clients, MOST_NAMED), *self.people]))
        moderators = [name for name in self.people if scenario.people[name].role == "moderator"]
        self.moderators = moderators or self.people

    def target(self) -> SearchStrategy[str]:
        """One of the people."""
        return st.sampled_from(self.people)


def faults(scenario: Scenario, least: int, most: int) -> SearchStrategy[Step]:
    """Faults of networks, of machines and of the platform; outages of ``least`` to ``most`` us."""
    cast, at = Cast(scenario), moments(scenario)
    whom = st.sampled_from(cast.anybody)
    down = st.builds(
        Step,
        at=at,
        client=whom,
        network=st.just("down"),
        lasting=outage_lengths(scenario, least, most),
        direction=st.sampled_from((None, *WAYS[:2])),
        mode=st.sampled_from((None, MODES[1])),
    )
    rest: list[dict[str, SearchStrategy[Any]]] = [
        {"network": st.sampled_from(("reset", "change"))},
        {"network": st.just("change"), "to": st.sampled_from((*scenario.networks, *PLACES))},
        {"do": st.sampled_from(_MACHINE)},
        {"platform": st.just("close-socket"), "code": st.sampled_from(CODES)},
        {"platform": st.just("rotate"), "migrate": st.sampled_from((None, True))},
        {"platform": st.sampled_from(("expire-grace", "force-disconnect"))},
    ]
    return st.one_of(down, *(st.builds(Step, at=at, client=whom, **each) for each in rest))


def deeds(scenario: Scenario) -> SearchStrategy[Step]:
    """What people do: anything that an app can."""
    cast, at = Cast(scenario), moments(scenario)
    whom, moderator = st.sampled_from(cast.anybody), st.sampled_from(cast.moderators)
    signal = {"do": st.just("signal"), "type": st.just("chat"), "to": st.none() | cast.target()}
    signal["retry_after_reconnect"] = st.sampled_from((None, False))
    return st.one_of(
        st.builds(Step, at=at, client=whom, do=st.sampled_from(_PLAIN)),
        st.builds(Step, at=at, client=whom, do=st.sampled_from(_OF_STREAMS), target=cast.target()),
        st.builds(Step, at=at, client=moderator, do=st.sampled_from(_KICKS), target=cast.target()),
        st.builds(Step, at=at, client=moderator, do=st.sampled_from(_MODERATING[len(_KICKS) :])),
        st.builds(Step, at=at, client=whom, **signal),
    )


def reactions(scenario: Scenario) -> SearchStrategy[Reacting]:
    """Calls of apps inside their listeners."""
    clients = st.sampled_from(list(scenario.clients))
    calls = st.builds(Reaction, do=st.sampled_from(_PLAIN))
    signals = st.builds(Reaction, do=st.just("signal"), type=st.just("answer"))
    return st.builds(Reacting, clients, st.sampled_from(ANSWERED), calls | signals)
