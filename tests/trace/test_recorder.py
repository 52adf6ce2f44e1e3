import pickle
from contextlib import suppress
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from traces import lines, recorded, stories

from sim.protocol.journal import ALL, STORY, WIRE
from sim.trace import Digest, Record, Recorder, Retold, decode
from sim.trace.recorder import LATEST


def digest_of(story):
    digest = Digest()
    for line in lines(story):
        digest.add(line)
    return digest


@given(stories(), st.lists(st.booleans()), st.integers(1, 5))
def test_a_digest_is_the_same_whenever_it_is_made(story, eager, many):
    with patch("sim.trace.digest._MANY", many):
        digest = Digest()
        for number, record in enumerate(story):
            if number < len(eager) and eager[number]:
                digest.add(lines([record])[0])
            else:
                digest.take(record)
            assert digest.records == number + 1
        copy = digest.copy()
        assert pickle.loads(pickle.dumps(digest)) == digest_of(story).hex
        digest.take(Record(0, 1, "", "x", "event", "y", {}, None))
        assert copy.hex == digest_of(story).hex != digest.hex


@given(stories())
def test_story_records_are_numbered_and_reach_sinks_and_lines(story):
    seen, written = [], []
    now = [0]
    recorder = Recorder(lambda: now[0], STORY, [seen.append], [written.append])
    for record in story:
        now[0] = record.time
        assert recorder(*record[2:7], record.cause) == record.seq
    assert seen == story
    assert written == lines(story)
    assert recorder.records == len(story)
    assert recorder.digest == digest_of(story).hex
    assert recorder.footer(9).to_data() == {
        "footer": True,
        "records": len(story),
        "digest": recorder.digest,
        "ended": 9,
    }


@given(stories(), st.sampled_from([STORY, WIRE, ALL]), st.data())
def test_numbers_and_digest_are_the_storys_whatever_level_is_written(story, level, data):
    seen, written = [], []
    recorder = Recorder(lambda: 0, level, [seen.append], [written.append])
    finer = 0
    for record in story:
        for each in data.draw(st.lists(st.sampled_from([WIRE, ALL]), max_size=3)):
            assert recorder("bob", "socket", "message", "send", {}, record.cause, each) == (
                record.cause
            )
            finer += each <= level
        recorder(*record[2:7], record.cause)
    plain = recorded([record._replace(time=0) for record in story])
    assert recorder.digest == plain.digest
    assert [record.seq for record in seen] == [record.seq for record in story]
    assert len(written) == len(story) + finer


def test_finer_records_have_no_number_and_name_their_level():
    written = []
    recorder = Recorder(lambda: 5, ALL, (), [written.append])
    first = recorder("bob", "session", "call", "connect", {}, None)
    assert recorder("bob", "socket", "message", "send", {"frame": "PING"}, first, ALL) == 1
    record, level = decode(written[1])
    assert (record.seq, record.cause, level) == (0, 1, ALL)


def test_without_somebody_to_write_finer_records_are_not_made():
    def clock():
        raise AssertionError("nobody asked for the time")

    recorder = Recorder(clock, ALL)
    assert recorder("bob", "socket", "message", "send", {}, 7, WIRE) == 7
    assert recorder.records == 0


@given(stories(), st.data())
def test_another_story_has_another_digest(story, data):
    digest = digest_of(story)
    assert len(digest.hex) == 32
    assert digest.records == len(story)
    if story:
        index = data.draw(st.integers(0, len(story) - 1))
        other = list(story)
        other[index] = other[index]._replace(time=other[index].time + 1)
        assert digest_of(other).hex != digest.hex
        assert digest_of(story[:-1]).hex != digest.hex


def test_the_digest_of_a_known_story_is_known():
    """A golden value: if it changes, every trace of earlier versions is of another format."""
    recorder = Recorder(lambda: 1_500_000)
    recorder("bob", "session", "call", "connect", {"connection": "bob#1", "by": "script"}, None)
    recorder("bob", "platform", "state", "joined", {"connection": "bob#1", "role": "publisher"}, 1)
    assert recorder.digest == "b5c9a2f8ec7db950561b75fc90a93b60"


@given(stories(), stories(), stories())
def test_what_is_held_is_handed_on_when_it_is_released_or_never_was(before, held, after):
    seen, written = [], []
    recorder = Recorder(lambda: 0, STORY, [seen.append], [written.append])

    def write(story):
        for record in story:
            recorder(*record[2:7], None)

    write(before)
    known = list(seen), list(written), recorder.digest, recorder.records
    with suppress(LookupError), recorder.holding():
        write(held)
        raise LookupError
    recorder.release()
    assert (seen, written, recorder.digest, recorder.records) == known
    with recorder.holding():
        write(held)
        assert (seen, written) == known[:2]
        assert recorder.records == len(before) + len(held)
    recorder.release()
    write(after)
    plain = []
    at_once = Recorder(lambda: 0, STORY, [plain.append])
    for record in (*before, *held, *after):
        at_once(*record[2:7], None)
    assert (seen, recorder.digest) == (plain, at_once.digest)
    assert len(written) == len(plain)


COUNTED = st.lists(
    st.sampled_from(
        (
            ("session", "event", "sessionDisconnected", {"reason": "clientDisconnected"}),
            ("session", "event", "sessionConnected", {"reason": "none of an end"}),
            ("publisher1", "event", "streamDestroyed", {"reason": "networkDisconnected"}),
            ("socket", "state", "open", {"from": "connecting"}),
            ("session", "quirk", "leaving-forgets-publishers", {}),
            ("session", "call", "connect", {"reason": "none of an end"}),
            ("session", "event", "signal:chat", {}),
        )
    ),
    max_size=8,
)


def counts(recorder):
    of = recorder
    return of.records, of.told, dict(of.reasons), dict(of.quirks), dict(of.moves), of.latest


def write(recorder, some):
    for record in some:
        recorder("bob", *record, None)


@given(COUNTED)
def test_what_is_counted_is_the_same_without_a_digest(story):
    digesting, counting = Recorder(lambda: 3), Recorder(lambda: 3, digests=False)
    write(digesting, story)
    write(counting, story)
    assert counts(counting) == counts(digesting)
    assert counting.told == sum(kind == "event" for _, kind, *_ in story)
    assert sum(counting.reasons.values()) == sum(
        kind == "event" and name.endswith("ed") and name != "sessionConnected"
        for _, kind, name, _ in story
    )
    assert (counting.digest, counting.digest_to_come) == ("", None)
    assert counting.latest == [
        Record(3, number, "bob", *record, None)
        for number, record in enumerate(story, 1)
        if record[1] == "call" or record[2] == "signal:chat"
    ]


@given(COUNTED, COUNTED, st.booleans())
def test_what_never_was_is_not_counted(before, held, digests):
    recorder = Recorder(lambda: 0, digests=digests)
    write(recorder, before)
    known = counts(recorder), recorder.digest
    with suppress(LookupError), recorder.holding():
        write(recorder, held)
        raise LookupError
    assert (counts(recorder), recorder.digest) == known


def test_no_more_than_the_latest_are_remembered():
    recorder = Recorder(lambda: 0)
    for _ in range(LATEST + 5):
        recorder("bob", "session", "call", "connect", {}, None)
    assert [record.seq for record in recorder.latest] == list(range(6, LATEST + 6))


@given(COUNTED)
def test_who_listens_for_a_while_gets_records_without_a_digest(story):
    seen, written = [], []
    recorder = Recorder(lambda: 0, digests=False)
    write(recorder, story)
    with recorder.heard_by(seen.append):
        write(recorder, story)
    write(recorder, story)
    assert [record.seq for record in seen] == [len(story) + 1 + n for n in range(len(story))]
    recorder = Recorder(lambda: 0, STORY, (), [written.append], digests=False)
    write(recorder, story)
    assert len(written) == len(story)


def test_a_digest_that_is_told_again_is_told_once():
    told = []
    digest = Retold(lambda: told.append(1) or "ab" * 16)
    assert told == []
    assert digest.hex == str(digest) == pickle.loads(pickle.dumps(digest)) == "ab" * 16
    assert told == [1]
