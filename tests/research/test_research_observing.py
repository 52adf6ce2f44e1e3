"""What a watcher has seen is what the records of the run say, found again by other means."""

from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from research_scenarios import DROP, watched

from sim.protocol.quirks import PROFILES
from sim.protocol.records import Trait, named
from sim.research.observing import observe
from sim.scenario import from_data
from sim.testing.strategies import scenarios

DRAWN = st.sampled_from(list(PROFILES)).flatmap(
    lambda profile: scenarios(people=(1, 3), duration=("10s", "70s"), profile=profile)
)
BACK = {"sessionConnected", "sessionReconnected"}
PAGE_ENDS = named(Trait.ENDS_PAGE)
SHOWING = {("event", "connectionCreated"), ("event", "streamCreated")}


@given(DRAWN)
@settings(max_examples=40)
def test_what_is_observed_is_what_the_records_say(scenario):
    result, seen = watched(scenario)
    check_sessions(result, seen)
    check_ghosts(result, seen)
    check_leftovers(result, seen)
    check_others(result, seen)
    check_outages(result, seen)


@st.composite
def outages_in_a_row(draw):
    """Somebody whose link goes down a few times, with little time in between."""
    tenths, now, script = st.integers(1, 120), 100, []
    for lasts, pause in draw(st.lists(st.tuples(tenths | st.just(300), tenths), max_size=4)):
        down = {"at": f"{now}00ms", "client": "bob", "network": "down", "for": f"{lasts}00ms"}
        script.append(down)
        now += lasts + pause
    link = {"delay": draw(st.sampled_from(["5ms", "100ms", "200ms"]))}
    clients = {"alice": {}, "bob": {"network": link, "arrive": draw(ARRIVALS)}}
    return from_data({"name": "row", "duration": "3min", "clients": clients, "script": script})


ARRIVALS = st.sampled_from(["0s", *(f"{tenths}00ms" for tenths in range(70, 100, 2))])


@given(outages_in_a_row())
@settings(max_examples=60)
def test_of_outages_in_a_row_each_is_survived_only_if_the_app_was_in_touch_since(scenario):
    check_outages(*watched(scenario))


def check_outages(result, seen):
    """An outage is noticed once it has begun, recovered from once it is over, and survived then."""
    for each in seen.outages:
        told = [
            (time, name)
            for person, (time, _, name, _) in seen.told
            if person == each.person and time >= each.began_us
        ]
        assert each.noticed_us is None or each.noticed_us >= each.began_us
        if each.recovered_us is not None:
            assert each.began_us <= each.noticed_us < each.recovered_us
            assert each.ended_us <= each.recovered_us
        if each.survived is None or each.ended_us is None:
            assert not each.survived
            continue
        over = seen.ended_us if each.session_ended_us is None else each.session_ended_us
        first = next((time for time, name in told if name == "sessionReconnecting"), over)
        back = (time for time, name in told if name in BACK)
        in_touch = any(each.ended_us <= time <= over for time in back)
        heard = min(first, over) - each.ended_us > result.header.bounds.silence
        assert not each.survived or in_touch or heard
        assert each.survived or each.noticed_us is None or not in_touch


def check_sessions(result, seen):
    came, told, others, outages = {}, {}, {}, Counter()
    for record in result.records:
        own = record.data.get("own")
        match record.kind, record.name:
            case "state", "joined":
                came.setdefault(record.data["connection"], record)
            case "event", "sessionConnected":
                came.setdefault(own, record)
            case "event", "sessionReconnecting":
                outages[own] += 1
            case "event", "sessionDisconnected":
                told.setdefault(own, record)
            case "event", "connectionDestroyed" if record.data["connection"] != own:
                others.setdefault(record.data["connection"], record.reason)
    assert [(s.connection, s.person, s.joined_us) for s in seen.sessions] == [
        (connection, record.client, record.time) for connection, record in came.items()
    ]
    for each in seen.sessions:
        assert each.end_told == (told[each.connection].reason if each.connection in told else None)
        assert each.end_others == others.get(each.connection)
        assert each.censored == (each.ended_us is None)
        until = seen.ended_us if each.censored else each.ended_us
        assert each.joined_us <= until <= seen.ended_us
        assert 0 <= each.reconnecting_us <= until - each.joined_us
        assert each.reconnections == outages[each.connection]
        assert (each.reconnecting_us > 0) <= (each.reconnections > 0)
    for person in result.clients:  # an app is in one session at a time, so shares of time add up
        spans = sorted(s for each in seen.sessions if each.person == person for s in each.stretches)
        assert all(until <= since for (_, until), (since, _) in pairwise(spans))


def beliefs(records):
    """By connection: from when to when each other app held it to be there."""
    spans = defaultdict(list)
    open_ = {}
    for record in records:
        name, own = record.data.get("connection"), record.data.get("own")
        if (record.kind, record.name) in SHOWING and name != own:
            open_.setdefault((record.client, name), record.time)
        elif (record.kind, record.name) == ("event", "connectionDestroyed") and name != own:
            since = open_.pop((record.client, name), None)
            if since is not None:
                spans[name].append((since, record.time))
        elif (record.kind, record.name) in {*PAGE_ENDS, ("event", "sessionDisconnected")}:
            for key in [key for key in open_ if key[0] == record.client]:
                spans[key[1]].append((open_.pop(key), record.time))
    for (_, name), since in open_.items():
        spans[name].append((since, None))
    return spans


def check_ghosts(result, seen):
    spans = beliefs(result.records)
    left = {r.data["connection"]: r.time for r in result.records if r.name == "left"}
    for each in seen.sessions:
        if each.censored or left.get(each.connection, seen.ended_us) < each.ended_us:
            assert each.ghost_us is None
        elif each.ghost_us is None and left.get(each.connection) != each.ended_us:
            assert all(to is not None and to <= each.ended_us for _, to in spans[each.connection])
        if each.ghost_us is not None:
            ends = [to for _, to in spans[each.connection]]
            assert each.ghost_censored == (None in ends)
            until = seen.ended_us if None in ends else max(ends)
            assert each.ghost_us == until - each.ended_us >= 0


def check_leftovers(result, seen):
    """Where a page has not ended, they are among the Subscribers that are left."""
    gone = {r.client for r in result.records if (r.kind, r.name) in PAGE_ENDS}
    for name, client in result.clients.items():
        theirs = [each for each in seen.sessions if each.person == name]
        if name not in gone:
            assert sum(each.leftovers for each in theirs) <= client.left["subscribers"]
        assert all(each.leftovers == 0 for each in theirs if each.censored)


def misnamed(result):
    """Who is told ``clientDisconnected``, and when, though nobody has asked for an end: quirks."""
    quirks = [record for record in result.records if record.kind == "quirk"]
    wrong = {each.seq for each in quirks if each.name.endswith("-is-client-disconnected")}
    ends = [record for record in result.records if record.name == "sessionDisconnected"]
    return {(record.client, record.time) for record in ends if record.cause in wrong}


def check_others(result, seen):
    told = defaultdict(list)
    for person, event in seen.told:
        told[person].append(event)
    assert {name: tuple(events) for name, events in told.items()} == {
        name: client.events for name, client in result.clients.items() if client.events
    }
    assert seen.events == len(seen.told) == len(result.events)
    assert seen.duplicate_pictures == len(seen.duplicates_us)
    shown = [record.time for record in result.records if record.name == "inserted"]
    assert not Counter(seen.duplicates_us) - Counter(shown)
    for each in seen.outages:
        assert each.ended_us is None or each.began_us <= each.ended_us
        assert (each.recovered_us is not None) <= (each.noticed_us is not None)
        assert each.recovered_us is None or each.survived
        told_us = {
            time
            for person, (time, _, name, _) in seen.told
            if person == each.person and name == "sessionReconnected"
        }
        assert each.recovered_us is None or each.recovered_us in told_us
        lost = {
            (s.person, s.ended_us) for s in seen.sessions if s.end_told == "networkDisconnected"
        }
        lost |= misnamed(result)
        assert each.survived is not False or (each.person, each.session_ended_us) in lost
    accepted = [
        record.data["target"]
        for record in result.records
        if record.name == "accepted" and record.data["command"] == "forceDisconnect"
    ]
    assert [each.connection for each in seen.kicks] == accepted
    sessions = {each.connection: each for each in seen.sessions}
    for each in seen.kicks:
        assert each.told_us is None or each.told_us >= each.accepted_us
        assert each.ended_us == sessions[each.connection].ended_us
    for each in seen.signals:
        assert each.lost == (each.got_us is None)
        assert each.got_us is None or each.got_us >= each.sent_us
        assert each.late <= (each.got_us is not None)
    losses = Counter(r.client for r in result.records if (r.kind, r.name) == ("state", "lost"))
    assert Counter(each.person for each in seen.detections) <= losses
    assert all(each.faulty == (each.after_us is not None) for each in seen.detections)
    breaches = {name: verdict.broken for name, verdict in result.laws.items() if verdict.broken}
    assert (seen.breaches, seen.digest, seen.exit_code) == (
        breaches,
        result.digest,
        result.exit_code,
    )


def test_nothing_needs_to_be_kept():
    scenario = from_data(DROP)
    _, seen = watched(scenario, replication=2)
    assert observe(scenario, replication=2, events=True) == seen
    assert observe(scenario, replication=2).told == ()
