"""A Chrome trace: begins and ends in pairs, flows from slice to slice, counters that count."""

import json
from collections import Counter, defaultdict

from attrs import evolve
from drawn import hostile, of_file, timelines
from hypothesis import given, settings

import sim
from sim.report.formats.perfetto import write
from sim.report.model.building import timeline

PHASES = {
    "M": {"pid", "name", "args"},
    "b": {"cat", "id", "pid", "tid", "name", "ts"},
    "e": {"cat", "id", "pid", "tid", "name", "ts"},
    "X": {"cat", "pid", "tid", "name", "ts", "dur"},
    "s": {"cat", "id", "pid", "tid", "name", "ts"},
    "f": {"cat", "id", "pid", "tid", "name", "ts", "bp"},
    "i": {"cat", "pid", "tid", "name", "ts", "s"},
    "C": {"pid", "name", "ts", "args"},
}
"""Phase → the keys that the Trace Event Format asks for."""


def events_of(picture):
    return json.loads(write(picture))["traceEvents"]


@given(hostile())
@settings(max_examples=25)
def test_every_event_has_what_its_phase_asks_for(picture):
    for each in events_of(picture):
        assert PHASES[each["ph"]] <= set(each)
        assert isinstance(each.get("ts", 0), int)
        assert each.get("ts", 0) >= 0


@given(timelines())
@settings(max_examples=25)
def test_asynchronous_slices_begin_and_end_in_pairs_and_are_nested(picture):
    open_ones = defaultdict(list)
    events = [each for each in events_of(picture) if each["ph"] in "be"]
    for each in sorted(events, key=lambda event: event["ts"]):  # stable, as the viewer sorts
        stack = open_ones[each["cat"], each["id"]]
        if each["ph"] == "b":
            stack.append(each)
        else:
            begun = stack.pop()
            assert begun["name"] == each["name"]
            assert begun["ts"] <= each["ts"]
    assert not any(open_ones.values())


@given(timelines())
@settings(max_examples=25)
def test_every_band_and_every_fault_is_a_slice_from_its_beginning_to_its_end(picture):
    slices = Counter()
    open_ones = defaultdict(list)
    for each in events_of(picture):  # of one track in their order
        if each["ph"] == "b":
            open_ones[each["cat"], each["id"]].append(each)
        elif each["ph"] == "e":
            begun = open_ones[each["cat"], each["id"]].pop()
            slices[each["pid"], each["name"], begun["ts"], each["ts"]] += 1
    bands = Counter(
        (at + 1, band.state, band.began, band.ended)
        for at, lane in enumerate(picture.lanes)
        for track in lane.tracks
        for band in track.bands
    )
    faults = Counter((each.lane + 1, each.label, each.began, each.ended) for each in picture.shades)
    tracks = sum(bool(track.bands) for lane in picture.lanes for track in lane.tracks)
    assert bands + faults <= slices
    assert slices.total() == (bands + faults).total() + tracks


@given(timelines())
@settings(max_examples=25)
def test_every_record_is_in_a_slice_of_its_lane_and_time(picture):
    slices = {(each["pid"], each["ts"]): each for each in events_of(picture) if each["ph"] == "X"}
    told = {key: [one["told"] for one in each["args"]["records"]] for key, each in slices.items()}
    for row, record in enumerate(picture.records):
        number = f"#{record.seq} " if record.seq else ""
        assert number + picture.told[row] in told[picture.lane_of[row] + 1, record.time]


def test_flows_lead_from_a_slice_to_a_slice_as_messages_do():
    picture = timeline(sim.run("scenarios/tunnel.yaml"))
    events = events_of(picture)
    slices = {(each["pid"], each["ts"]) for each in events if each["ph"] == "X"}
    starts = {each["id"]: each for each in events if each["ph"] == "s"}
    ends = {each["id"]: each for each in events if each["ph"] == "f"}
    assert starts.keys() == ends.keys()
    assert len(starts) == sum(arrow.got is not None for arrow in picture.arrows) > 0
    for each in (*starts.values(), *ends.values()):
        assert (each["pid"], each["ts"]) in slices


def test_a_message_that_was_lost_is_an_instant():
    picture = of_file("kick")
    lost = evolve(picture.arrows[0], got=None, label="hello")
    events = events_of(evolve(picture, arrows=(lost,)))
    assert [each["name"] for each in events if each["ph"] == "i"] == ["lost: hello"]


def test_counters_count_who_is_there():
    counted = defaultdict(list)
    for each in events_of(of_file("kick")):
        if each["ph"] == "C":
            counted[each["name"]].append(each["args"][each["name"]])
    assert counted["people here"][0] == 0
    assert max(counted["people here"]) == 4
    assert counted["people here"][-1] == 3
    assert (max(counted["publishers"]), counted["publishers"][-1]) == (2, 1)
    assert max(counted["subscribers"]) == 6


def test_processes_are_named_after_the_lanes():
    events = events_of(of_file("kick"))
    names = [each["args"]["name"] for each in events if each["name"] == "process_name"]
    assert [name.partition(" ")[0] for name in names] == [
        "alice", "bob", "carol", "dave", "platform", "live",
    ]  # fmt: skip


def test_a_seed_is_as_long_as_it_is():
    picture = evolve(of_file("kick"), seed=2**64 - 1)
    assert json.loads(write(picture))["otherData"]["seed"] == str(2**64 - 1)
