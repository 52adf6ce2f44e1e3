"""Writing and reading trace files, whole, cut off and spoiled."""

import io
from collections import deque
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import HEADER, lines, recorded, stories, trace_of, written

import sim
from sim.protocol.journal import WIRE
from sim.trace import Footer, Record, TraceError, Writer, encode, read
from sim.trace import reader as reader_module

ROOT = Path(__file__).parents[2]
NEEDS_FULL = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device that is always full"
)
STORY = [
    Record(1, 1, "bob", "session", "call", "connect", {}, None),
    Record(2, 2, "bob", "platform", "state", "joined", {}, 1),
    Record(2, 3, "bob", "session", "event", "sessionConnected", {}, 2),
]


# -- whole files -----------------------------------------------------------------------------


@given(stories())
def test_a_story_is_read_as_it_was_written(story):
    trace = trace_of(written(story))
    assert trace.header == HEADER
    assert list(trace) == story
    assert trace.complete
    assert trace.footer.records == len(story)
    assert trace.footer.ended == 100
    assert trace.warnings == []


def test_a_file_can_be_read_twice_and_a_stream_once(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_bytes(written(STORY))
    trace = read(path)
    assert list(trace) == list(trace) == STORY
    assert trace.rereadable
    assert not trace_of(written(STORY)).rereadable


def test_a_trace_prints_what_it_is_of(tmp_path):
    path = tmp_path / "kick.jsonl"
    sim.run(ROOT / "scenarios/kick.yaml", seed=5, trace=path)
    assert repr(sim.read_trace(path)) == f"<trace {path} of kick, seed 5: iterate over it>"


def test_a_record_knows_the_reason_in_its_data():
    blank = sim.Record(5, 1, "bob", "session", "event", "sessionConnected", {}, None)
    assert blank.reason is None
    assert blank._replace(data={"reason": "reset"}).reason == "reset"


def test_nothing_is_known_of_the_end_before_it_is_reached(tmp_path):
    trace = trace_of(written(STORY))
    records = iter(trace)
    next(records)
    assert trace.footer is None
    assert not trace.complete
    assert len(list(records)) == 2
    assert trace.complete


def test_finer_records_are_read_with_their_level():
    stream = io.BytesIO()
    writer = Writer(stream, HEADER)
    recorder = recorded(STORY[:1], level=WIRE, lines=[writer.write])
    recorder("bob", "socket", "message", "send", {}, 1, WIRE)
    recorder("bob", "platform", "state", "joined", {}, 1)
    writer.finish(recorder.footer(5))
    trace = trace_of(stream.getvalue())
    assert [(record.seq, level) for record, level in trace.levelled()] == [(1, 0), (0, 1), (2, 0)]
    assert trace.warnings == []
    assert [record.seq for record in trace_of(stream.getvalue()).story()] == [1, 2]


def test_a_writer_leaves_a_stream_of_others_open():
    stream = io.BytesIO()
    with Writer(stream, HEADER) as writer:
        writer.finish(Footer(0, "", 0))
        writer.close()
    assert not stream.closed


def test_line_ends_of_another_system_change_nothing():
    trace = trace_of(written(STORY).replace(b"\n", b"\r\n"))
    assert list(trace) == STORY
    assert trace.warnings == []


# -- cut off ---------------------------------------------------------------------------------


@given(stories(), st.data())
def test_a_file_cut_off_anywhere_is_readable_up_to_there(story, data):
    whole = written(story)
    first = whole.index(b"\n") + 1
    kept = whole[: data.draw(st.integers(first, len(whole)), "bytes kept")]
    trace = trace_of(kept)
    found = list(trace)
    assert found == story[: len(found)]
    assert len(found) >= kept[first:].count(b"\n") - 1
    assert trace.complete == (kept.rstrip(b"\n") == whole.rstrip(b"\n"))
    assert trace.complete == (not trace.warnings)


def interrupted(path):
    with Writer(path, HEADER) as writer:
        for line in lines(STORY):
            writer.write(line)
        raise KeyboardInterrupt


def test_a_run_that_is_interrupted_leaves_a_file_without_a_footer(tmp_path):
    path = tmp_path / "run.jsonl"
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    trace = read(path)
    assert list(trace) == STORY
    assert trace.warnings == ["the run was cut off after 3 records: no footer"]


def test_half_a_line_at_the_end_is_left_out():
    whole = written(STORY)
    trace = trace_of(whole[: whole.index(encode(STORY[2]).encode()) + 9])
    assert list(trace) == STORY[:2]
    assert trace.warnings == [
        "line 4 is cut off in the middle and is left out",
        "the run was cut off after 2 records: no footer",
    ]


# -- spoiled ---------------------------------------------------------------------------------


def test_a_changed_record_is_found_by_the_digest():
    data = written(STORY).replace(b'"joined"', b'"JOINED"')
    trace = trace_of(data)
    assert len(list(trace)) == 3
    assert len(trace.warnings) == 1
    assert trace.warnings[0].startswith("the digest does not match: the footer says ")
    assert trace.warnings[0].endswith("; the file has been changed")


def test_a_lost_last_record_is_found_by_the_count():
    data = written(STORY).replace(encode(STORY[2]).encode() + b"\n", b"")
    trace = trace_of(data)
    list(trace)
    assert trace.warnings == ["the footer counts 3 records, but there are 2"]


def spoiled(change):
    data = written(STORY).splitlines(keepends=True)
    change(data)
    return b"".join(data)


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (lambda d: d.insert(2, b"nonsense\n"), 3, "the line is not JSON"),
        (lambda d: d.insert(2, b"\n"), 3, "the line is not JSON"),
        (lambda d: d.insert(2, b"[1,2]\n"), 3, "a record is an array of 8 elements"),
        (lambda d: d.insert(2, b"\x00\xff\n"), 3, "it is a binary file, not a trace"),
        (lambda d: d.insert(2, b"\xff\xfe\n"), 3, "it is a binary file, not a trace"),
        (lambda d: d.pop(2), 3, "record 3 stands where record 2 must"),
        (lambda d: d.insert(2, d[1]), 3, "record 1 stands where record 2 must"),
        (lambda d: d.append(d[1]), 6, "nothing may follow the footer"),
        (
            lambda d: d.__setitem__(2, d[2].replace(b"[2,", b"[0,")),
            3,
            "the time goes back from 1 to 0",
        ),
        (
            lambda d: d.__setitem__(2, d[2].replace(b"{},1]", b"{},2]")),
            3,
            "the cause 2 is no earlier record",
        ),
        (lambda d: d.__setitem__(4, b'{"footer":true}\n'), 5, "the footer has no records"),
    ],
)
def test_a_bad_line_is_named_with_its_number(change, line, sentence):
    trace = trace_of(spoiled(change))
    with pytest.raises(TraceError) as caught:
        list(trace)
    assert caught.value.line == line
    assert caught.value.sentence.startswith(sentence)
    assert str(caught.value) == f"the input, line {line}: {caught.value.sentence}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the input: the file is empty; a trace begins with a header"),
        (b"\n\n", "the input: the file is empty; a trace begins with a header"),
        (b"name: flaky\n", "the input, line 1: it is not a trace: its first line is not JSON"),
        (
            b'{"format": "sess',
            "the input, line 1: it is not a trace: its first line is no header, or is cut off",
        ),
        (
            b"[1,2]\n",
            (
                "the input, line 1: it is not a trace: its first line is not a session-sim-trace"
                " header"
            ),
        ),
        (b"\x1f\x8b\x08\x00rest", "the input, line 1: it is a binary file, not a trace"),
        (
            b'{"format":"session-sim-trace","format_version":2}\n',
            "the input, line 1: it has trace format version 2; this program reads 1",
        ),
    ],
)
def test_what_is_no_trace_is_refused_in_one_sentence(data, message):
    with pytest.raises(TraceError) as caught:
        trace_of(data)
    assert str(caught.value) == message


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path):
    with pytest.raises(TraceError, match="cannot be read: No such file or directory"):
        read(tmp_path / "nothing.jsonl")
    with pytest.raises(TraceError, match="cannot be read: Is a directory"):
        read(tmp_path)


def test_a_line_without_end_is_not_taken_into_memory(monkeypatch):
    monkeypatch.setattr(reader_module, "LONGEST_LINE", 1000)
    with pytest.raises(TraceError, match="the line is longer than 16 MiB; it is no trace"):
        trace_of(b"[" + b"1," * 1000)


class FailingStream(io.BytesIO):
    def readline(self, size=-1):
        raise OSError(5, "Input/output error")


def test_a_disk_that_fails_is_told_in_one_sentence():
    with pytest.raises(TraceError, match="the input, line 1: it cannot be read: Input/output"):
        read(FailingStream(b"x"))


# -- writing fails ---------------------------------------------------------------------------


def test_an_unwritable_path_is_told_before_anything_happens(tmp_path):
    with pytest.raises(TraceError) as caught:
        Writer(tmp_path / "no such folder" / "run.jsonl", HEADER)
    assert str(caught.value).endswith("the trace cannot be written: No such file or directory")


@NEEDS_FULL
def test_a_full_disk_is_told_in_one_sentence():
    writer = Writer("/dev/full", HEADER)
    with pytest.raises(TraceError, match="/dev/full: the trace cannot be written: No space left"):
        deque(map(writer.write, lines(STORY) * 10_000), maxlen=0)
    writer.close()


@NEEDS_FULL
def test_a_disk_that_is_full_only_at_the_end_is_told_too():
    with (
        pytest.raises(TraceError, match="/dev/full: the trace cannot be written: No space left"),
        Writer("/dev/full", HEADER),
    ):
        pass


@NEEDS_FULL
def test_the_first_problem_is_the_one_that_is_told():
    with pytest.raises(RuntimeError, match="first"), Writer("/dev/full", HEADER):
        raise RuntimeError("first")


class BrokenPipe(io.BytesIO):
    name = "<stdout>"

    def write(self, data):
        raise BrokenPipeError(32, "Broken pipe")


def test_a_stream_that_nobody_reads_is_told_by_its_name():
    with pytest.raises(TraceError, match="<stdout>: the trace cannot be written: Broken pipe"):
        Writer(BrokenPipe(), HEADER)


def test_writing_after_the_end_is_refused(tmp_path):
    writer = Writer(tmp_path / "run.jsonl", HEADER)
    writer.finish(Footer(0, "", 0))
    with pytest.raises(TraceError, match="the trace cannot be written: write to closed file"):
        writer.write("late")
