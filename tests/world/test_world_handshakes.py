"""The exchange with the API before a socket is dialled, as the world drives it."""

import pytest
from stories import found, times, told

import sim
from sim.draws.distributions import Constant
from sim.network.specs import DirectionSpec, LinkSpec
from sim.protocol.units import MILLISECOND, SECOND


def slow(one_way):
    way = DirectionSpec(delay=Constant(one_way))
    return LinkSpec(way, way)


@pytest.mark.parametrize("one_way", [2_400 * MILLISECOND, 2_500 * MILLISECOND])
def test_an_answer_within_the_timeout_is_taken(one_way):
    """Three round trips for the data and three for the socket, then the joining and its answer."""
    result = sim.run(told("2min", {"bob": {"network": slow(one_way)}}))
    assert times(found(result, name="joined")) == [13 * one_way]


def test_an_answer_that_comes_after_the_timeout_is_none():
    """Six hops of 2.6 s are more than the 15 s that it may take."""
    result = sim.run(told("1min", {"bob": {"network": slow(2_600 * MILLISECOND)}}))
    (answer,) = found(result, kind="callback", name="connect")
    assert answer.data["error"] == "OT_CONNECT_FAILED"
    assert answer.time == 3 * 15 * SECOND + 1_800 * MILLISECOND


def test_a_link_that_is_down_gives_no_answer():
    result = sim.run(told("1min", {"bob": {}}, ("0s", "bob", {"network": "down"})))
    (answer,) = found(result, kind="callback", name="connect")
    assert answer.data["error"] == "OT_CONNECT_FAILED"


def test_a_crash_while_the_answer_is_on_its_way_is_the_end_of_it():
    story = told(
        "1min",
        {"bob": {"network": slow(SECOND)}},
        ("3s", "bob", {"do": "crash"}),
        ("4s", "bob", {"do": "connect"}),
    )
    result = sim.run(story)
    assert [r.data["connection"] for r in found(result, name="joined")] == ["bob#2"]
    assert times(found(result, name="joined")) == [4 * SECOND + 13 * SECOND]
