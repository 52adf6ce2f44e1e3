"""Which settings keep which promises."""

import pytest

from sim.platform import PlatformSettings
from sim.platform.promises import KEPT, Times, unkept
from sim.protocol.promises import Promise
from sim.protocol.units import SECOND

TAKEN_AWAY = {
    Promise.REPLAY: {"replay": False},
    Promise.MEMORY: {"remember_gone": 59 * SECOND},
    Promise.ENDS: {"leave_order": "connection-only"},
    Promise.PRESENCE: {"announce_after": 2 * SECOND + 1},
    Promise.PATIENCE: {"patience": 2 * SECOND - 1},
}


def of(patience=2 * SECOND, **settings):
    times = Times(away=60 * SECOND, journey=2 * SECOND, patience=patience)
    return unkept(PlatformSettings(**settings), times)


def test_by_default_every_promise_is_kept():
    assert of() == ()


@pytest.mark.parametrize("promise", Promise)
def test_each_promise_can_be_taken_away_alone(promise):
    assert of(**TAKEN_AWAY[promise]) == (promise.value,)


def test_a_promise_is_kept_up_to_its_bound():
    assert of(remember_gone=60 * SECOND, announce_after=2 * SECOND) == ()


def test_every_promise_has_its_predicate_and_they_come_in_their_order():
    assert list(KEPT) == list(Promise)
    every = {key: value for each in TAKEN_AWAY.values() for key, value in each.items()}
    assert of(**every) == tuple(promise.value for promise in Promise)
