"""The search behind ``fuzz``: what it finds, what it is known by, when it ends."""

from functools import partial

import pytest
from attrs import evolve

import sim
from sim.scenario import Person, Scenario, Step
from sim.testing.breaking import CRASH, LAW, Broken
from sim.testing.fuzzing.search import (
    EXHAUSTED,
    LIMIT,
    NOTHING_NEW,
    TIME,
    Listener,
    Plan,
    Search,
)

ROOM = Scenario(
    name="room",
    duration="30s",
    clients={"alice": Person(publish="camera"), "bob": Person(publish="camera")},
    script=[Step(at="10s", client="bob", network="down", lasting="9s")],
)
FATAL = Scenario(
    name="fatal",
    duration="30s",
    profile="opentok.js-2.35.2",
    clients={"alice": {}, "bob": {}},
    script=[Step(at="10s", client="bob", platform="close-socket", code=1011)],
)


class Forgetful(sim.client.Client):
    """A client that cannot be asked for what is missing."""

    def receive(self, *given, **more):
        raise LookupError("lost my notes")


def test_a_sound_client_has_no_findings():
    search = Search(Plan(scenario=ROOM, examples=20)).run()
    assert search.findings == {}
    assert (search.runs, search.stopped) == (20, LIMIT)
    assert search.goals["transition:session connecting -> connected"] > 0


def test_it_goes_on_after_a_finding_and_makes_each_smaller_once():
    class Counting(Listener):
        found_at = []

        def found(self, finding):
            self.found_at.append(finding.identity)

    search = Search(Plan(scenario=FATAL, examples=20), Counting()).run()
    assert search.runs == 20
    assert Counting.found_at == list(search.findings)
    known = search.findings["reconnect-first (quirk fatal-close-skips-reconnecting)"]
    assert known.times > 1
    assert sim.run(known.scenario).exit_code == 1


def test_it_varies_what_has_reached_something_new():
    starts = Search(Plan(scenario=ROOM, examples=100))
    starts.run()
    assert len(starts._starts) > 3
    assert starts._starts[0].script == ROOM.script


def test_a_fault_of_the_simulator_is_a_finding():
    broken_client = partial(sim.run, client=Forgetful)
    search = Search(Plan(scenario=ROOM, examples=10, runner=broken_client)).run()
    finding = search.findings[f"crash LookupError ({__name__.rpartition('.')[2]}.receive)"]
    assert finding.cause.what.kind == CRASH
    assert len(finding.scenario.people) == 1
    assert finding.scenario.script == ()


@pytest.mark.parametrize(
    ("changes", "stopped"),
    [
        ({"examples": 7}, LIMIT),
        ({"examples": None, "patience": 5}, NOTHING_NEW),
        ({"over": lambda: True}, TIME),
    ],
)
def test_it_ends(changes, stopped):
    search = Search(evolve(Plan(scenario=ROOM), **changes)).run()
    assert search.stopped == stopped


def test_it_ends_in_time_though_something_is_being_made_smaller():
    class Late(Listener):
        over = False

        def shrinks(self, *_):
            self.over = True

    late = Late()
    search = Search(Plan(scenario=FATAL, over=lambda: late.over), late).run()
    assert search.stopped == TIME
    assert list(search.findings) == ["reconnect-first (quirk fatal-close-skips-reconnecting)"]


def test_stories_without_end_are_counted_and_no_findings():
    search = Search(Plan(scenario=ROOM, examples=5, events=3)).run()
    assert (search.runs, search.endless, search.findings) == (5, 5, {})


def test_what_fails_in_a_listener_comes_out_as_it_is():
    class Failing(Listener):
        def ran(self, search):
            raise LookupError("nobody listens")

    with pytest.raises(LookupError, match="nobody listens"):
        Search(Plan(scenario=ROOM), Failing()).run()


def test_what_breaks_is_the_same_whatever_is_said_of_it():
    assert Broken(LAW, "x", "y", "once") == Broken(LAW, "x", "y", "twice")
    assert EXHAUSTED != LIMIT
