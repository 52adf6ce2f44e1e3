"""What a scenario may get besides: faults, deeds of people, reactions of apps.

All of it comes from the tables of the language (:mod:`sim.scenario.actions`): a new word there is
tried here, with the further keys that it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.expectations.vocabulary import HEARD
from sim.network.specs import MODES, WAYS
from sim.scenario import Reaction, Scenario, Step
from sim.scenario.actions import ACTIONS, ATTRIBUTES, DO, Action
from sim.testing.variation.changes import Reacting
from sim.testing.variation.durations import moments, outage_lengths

CODES: Final = (1001, 1006, 1011, 1003, 4001)
"""Codes that a socket may be closed with: those that can be resumed from, and those that cannot."""

PLACES: Final = ("wifi", "cellular", "satellite")
"""Networks that somebody may move to, besides those of the scenario."""

ANSWERED: Final = tuple(name for name in HEARD if not name.startswith(("signal", "subscriber.")))
"""Events in whose listeners an app may do something; not signals, which have no end so easily."""

MOST_NAMED: Final = 12
"""So many of the people are named in what is added."""

_ATTRIBUTES: Final = {key: attribute for attribute, key in ATTRIBUTES.items()}

Keys = Mapping[str, SearchStrategy[Any]]
"""What may stand under a further key."""


def faults(scenario: Scenario, least: int, most: int) -> SearchStrategy[Step]:
    """Faults of networks and deeds of the platform; outages last from ``least`` to ``most`` us."""
    keys = {
        "for": outage_lengths(scenario, least, most),
        "direction": st.sampled_from((None, *WAYS[:2])),
        "mode": st.sampled_from((None, MODES[1])),
        "to": st.sampled_from((None, *scenario.networks, *PLACES)),
        "code": st.sampled_from(CODES),
        "migrate": st.sampled_from((None, True)),
        "type": st.just("chat"),
        "data": st.none(),
    }
    whom = st.sampled_from(_clients(scenario))
    kinds = [kind for kind in ACTIONS if kind != "do"]
    return st.one_of([_steps(scenario, kind, lambda _: whom, keys) for kind in kinds])


def deeds(scenario: Scenario) -> SearchStrategy[Step]:
    """What people do: anything that an app can, and what happens to the machine.

    What is done to somebody is done by a moderator, if there is one, or by anybody.
    """
    people = _people(scenario)
    moderators = [name for name in people if scenario.people[name].role == "moderator"]
    anybody = st.sampled_from(_clients(scenario))
    moderating = st.sampled_from(moderators) | anybody if moderators else anybody
    keys = _of_calls() | {
        "target": st.sampled_from(people),
        "to": st.none() | st.sampled_from(people),
    }
    return _steps(scenario, "do", lambda word: moderating if word.needs else anybody, keys)


def reactions(scenario: Scenario) -> SearchStrategy[Reacting]:
    """Calls of apps inside their listeners."""
    clients = st.sampled_from(list(scenario.clients))
    plain = {word: action for word, action in DO.items() if not action.needs}
    calls = [
        st.builds(Reaction, do=st.just(word), **_further(action, _of_calls()))
        for word, action in plain.items()
    ]
    return st.builds(Reacting, clients, st.sampled_from(ANSWERED), st.one_of(calls))


def _of_calls() -> dict[str, SearchStrategy[Any]]:
    return {
        "type": st.just("chat"),
        "data": st.none(),
        "to": st.none(),
        "retry-after-reconnect": st.sampled_from((None, False)),
    }


def _steps(
    scenario: Scenario, kind: str, whom: Callable[[Action], SearchStrategy[str]], keys: Keys
) -> SearchStrategy[Step]:
    """Steps with the words of one table."""
    at = moments(scenario)
    made = {
        word: {kind: st.just(word), "client": whom(action), **_further(action, keys)}
        for word, action in ACTIONS[kind].items()
    }
    return st.one_of([st.builds(Step, at=at, **given) for given in made.values()])


def _further(action: Action, keys: Keys) -> dict[str, SearchStrategy[Any]]:
    """The further keys of a word, by the names of attributes."""
    names = (*action.needs, *action.takes)
    return {_ATTRIBUTES.get(name, name.replace("-", "_")): keys[name] for name in names}


def _clients(scenario: Scenario) -> list[str]:
    """Who may be named where a group may be, too."""
    return list(dict.fromkeys([*islice(scenario.clients, MOST_NAMED), *_people(scenario)]))


def _people(scenario: Scenario) -> list[str]:
    return list(islice(scenario.people, MOST_NAMED))
