"""The document of the page says what the timeline says, and always in the same bytes."""

import json
import random
import string
import subprocess
import sys
from itertools import accumulate

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from sim.report.model.building import timeline
from sim.report.model.timeline import Arrow, Lane, Timeline
from sim.report.page.packing import document, pack, unpack
from sim.trace import Record, causes

SCENARIO = """\
name: a call
seed: 4
duration: 1min
clients:
  alice: {publish: camera}
  bob: {network: wifi}
script:
  - {at: 10s, client: bob, network: down, for: 20s}
expect: [bob never sees sessionReconnecting]
"""

TEXTS = st.text(st.sampled_from(string.ascii_lowercase + "0123456789#. \x00١é\n</"), max_size=12)


@st.composite
def _records(draw):
    """Records in the order of a trace; finer ones have no number, causes come before."""
    records, time, last = [], 0, 0
    for _ in range(draw(st.integers(0, 12))):
        time += draw(st.integers(0, 2**40))
        seq = 0 if draw(st.booleans()) else last + draw(st.integers(1, 3))
        last = seq or last
        cause = draw(st.none() | st.sampled_from([r.seq for r in records if r.seq] or [None]))
        data = {"reason": draw(TEXTS)} if draw(st.booleans()) else {}
        if draw(st.booleans()) and last:
            data["of"] = draw(st.lists(st.integers(1, last), max_size=3, unique=True))
        name = "replayed" if "of" in data else "joined"
        records.append(Record(time, seq, draw(TEXTS), "platform", "state", name, data, cause))
    return records


def _timeline(records, told):
    return Timeline(
        title="t",
        about="",
        seed=2**64 - 1,
        replication=0,
        profile="documented",
        version="0",
        digest="",
        token="",
        again="",
        scenario="",
        level="all",
        ended=records[-1].time if records else 0,
        lanes=(Lane("platform", "", (), True),),
        records=records,
        told=told,
        lane_of=[0] * len(records),
        arrows=(),
        shades=(),
        findings=(),
        laws={},
        expectations={},
        stretches=(),
    )


def _read(packed):
    """The rows of a document as the page reads them: time, number, client, reason, causes, told."""
    rows, words = packed["rows"], packed["words"]
    times = list(accumulate(rows["time"]))
    numbers, last, filled = [], 0, iter(rows["numbers"])
    for step in rows["seq"]:
        last += step + 1
        numbers.append(last if step >= 0 else 0)
    for row, time in enumerate(times):
        distance = rows["cause"][row]
        first = [row - distance] if distance else []
        pattern = words[rows["told"][row]].split("\0")
        told = pattern[0] + "".join(str(next(filled)) + part for part in pattern[1:])
        reason = rows["reason"][row]
        yield (
            time,
            numbers[row],
            packed["lanes"][rows["lane"][row]]["name"]
            if rows["client"][row] < 0
            else words[rows["client"][row]],
            None if reason < 0 else words[reason],
            [numbers[each] for each in first + rows["besides"].get(str(row), [])],
            told,
        )


@given(st.data(), _records())
def test_what_is_packed_is_what_was_there(data, records):
    told = data.draw(st.lists(TEXTS, min_size=len(records), max_size=len(records)))
    packed = unpack(pack(_timeline(records, told)))
    there = {record.seq for record in records}
    assert list(_read(packed)) == [
        (
            record.time,
            record.seq,
            record.client,
            record.reason,
            [number for number in causes(record) if number in there],
            text.replace("\0", "␀"),
        )
        for record, text in zip(records, told, strict=True)
    ]


@given(TEXTS)
@example("at 007, 0 and 12345678901234567890")
def test_each_text_comes_back(text):
    record = Record(0, 1, "", "", "", "", {}, None)
    assert [row[-1] for row in _read(document(_timeline([record], [text])))] == [
        text.replace("\0", "␀")
    ]


def test_a_large_seed_keeps_its_digits():
    assert document(_timeline([], []))["seed"] == str(2**64 - 1)


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "call.yaml"
    file.write_text(SCENARIO, "utf-8")
    return timeline(file)


def test_bands_arrows_shades_and_findings_are_there(call):
    packed = document(call)
    words = packed["words"]
    for lane, columns in zip(call.lanes, packed["lanes"], strict=True):
        assert [track["label"] for track in columns["tracks"]] == [t.label for t in lane.tracks]
        for track, column in zip(lane.tracks, columns["tracks"], strict=True):
            began = list(accumulate(column["began"]))
            assert began == [band.began for band in track.bands]
            assert [t + d for t, d in zip(began, column["ended"], strict=True)] == [
                band.ended for band in track.bands
            ]
            assert [words[state] for state in column["state"]] == [b.state for b in track.bands]
            assert column["until"] == [-1 if b.until is None else b.until for b in track.bands]
    assert list(accumulate(packed["arrows"]["sent"])) == [arrow.sent for arrow in call.arrows]
    assert list(accumulate(packed["arrows"]["row"])) == [arrow.row for arrow in call.arrows]
    assert packed["arrows"]["lost"] == [arrow.got is None for arrow in call.arrows]
    late = zip(packed["arrows"]["late"], call.arrows, strict=True)
    assert [call.records[arrow.row].time + after for after, arrow in late if arrow.got] == [
        arrow.got for arrow in call.arrows if arrow.got
    ]
    assert list(accumulate(packed["shades"]["began"])) == [shade.began for shade in call.shades]
    assert [each["sentence"] for each in packed["findings"]] == [f.sentence for f in call.findings]
    assert packed["findings"]


def test_the_other_run_comes_along(call):
    assert document(call, call)["against"] == document(call)
    assert document(call, call)["comparison"]["partings"] == []
    assert document(call)["against"] is None


def test_the_same_run_is_the_same_bytes_in_another_process(call, tmp_path):
    file = tmp_path / "call.yaml"
    file.write_text(SCENARIO, "utf-8")
    code = (
        "import sys; from sim.report.model.building import timeline;"
        "from sim.report.page.packing import pack; print(pack(timeline(sys.argv[1])))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    )
    other = unpack(again.stdout)
    mine = unpack(pack(call))
    assert {**other, "again": ""} == {**mine, "again": ""}  # which names the file
    assert pack(evolve(call, again="")) == pack(evolve(call, again=""))


def test_it_is_plain_ascii(call):
    text = pack(evolve(call, title="</script>\u2028é"))
    assert set(text) <= set(string.ascii_letters + string.digits + "+/=")
    assert json.loads(json.dumps(unpack(text)))["title"] == "</script>\u2028é"


def _large(draws):
    """100,000 records of fifty people at times like no others, and a message for each third."""
    names = [f"guests-{number}" for number in range(50)]
    time, records, told = 0, [], []
    for row in range(100_000):
        time += draws.randrange(2**18)
        name, other = draws.choice(names), draws.choice(names)
        seq, kind = (0, "message") if row % 2 else (row // 2 + 1, "event")
        data = {"connection": f"{other}#1"}
        cause = draws.randrange(max(1, row // 2 - 200), row // 2 + 1) if row > 2 else None
        records.append(Record(time, seq, name, "session", kind, "connectionCreated", data, cause))
        told.append(f"connectionCreated: {other} is here, {draws.randrange(9999)}ms late")
    arrows = tuple(
        Arrow(
            draws.randrange(50), 50, each.time - draws.randrange(2**16), each.time, 3 * at, "status"
        )
        for at, each in enumerate(records[::3])
    )
    return evolve(_timeline(records, told), arrows=arrows)


def test_a_hundred_thousand_records_take_less_than_two_megabytes():
    large = _large(random.Random(1))
    assert len(pack(large)) < 1_900_000  # what the page itself takes comes to it
