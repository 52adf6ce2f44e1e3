"""The engine: who gets which record, deadlines, contexts, verdicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lawful_room import LawfulRoom

from sim.laws import ALWAYS, BROKEN, HELD, NOT_EXERCISED, Law, Laws, check
from sim.laws import engine as engine_module
from sim.protocol.quirks import FORGETFUL, STREAM_LEFT, STUCK
from sim.trace import Footer, Header, Record, Recorder, TraceError, Writer, encode, read


def record(seq, name="tick", kind="event", time=None, **data):
    return Record(seq if time is None else time, seq, "bob", "session", kind, name, data, None)


class Watcher:
    """A checker that is told what to do by its test."""

    def __init__(self, watch):
        self.watch = watch
        self.seen = []

    def see(self, seen):
        self.seen.append(seen.seq)
        self.watch.exercised += 1
        if seen.data.get("bad"):
            self.watch.breach(seen, f"record {seen.seq} is bad")


def interested(*interests):
    return type("Interested", (Watcher,), {"HANDLERS": dict.fromkeys(interests, Watcher.see)})


@pytest.fixture
def engine(monkeypatch):
    """Make an engine of one law with the given interests; returns it and the checker."""

    def make(*interests, kind=ALWAYS):
        made = []

        def checker(watch):
            made.append(interested(*interests)(watch))
            return made[0]

        law = Law("the-law", kind, "it holds", "nowhere", "always", checker)
        monkeypatch.setattr(engine_module, "choose", lambda names: (law,))
        return Laws(Header()), made[0]

    return make


def test_a_law_gets_the_records_that_it_wants_and_no_others(engine):
    laws, checker = engine(("event", "tick"))
    for each in (record(1), record(2, "tock"), record(3, kind="call"), record(4)):
        laws(each)
    assert checker.seen == [1, 4]


def test_a_star_stands_for_every_name_of_a_kind(engine):
    laws, checker = engine(("event", "*"))
    for each in (record(1), record(2, "tock"), record(3, kind="call")):
        laws(each)
    assert checker.seen == [1, 2]


def test_any_number_of_names_costs_a_bounded_memory(engine):
    laws, checker = engine(("event", "*"))
    for number in range(1, 6000):
        laws(record(number, f"signal:{number}"))
    assert checker.seen == list(range(1, 6000))
    assert len(laws._routes) <= 4096


@given(st.integers(1, 30), st.integers(1, 30))
def test_a_breach_comes_with_the_ten_records_around_it(total, bad):
    made = []

    def checker(watch):
        made.append(interested(("event", "tick"))(watch))
        return made[0]

    law = Law("the-law", ALWAYS, "it holds", "nowhere", "always", checker)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "choose", lambda names: (law,))
        laws = Laws(Header())
    for number in range(1, total + 1):
        laws(record(number, bad=number == bad))
    breaches = laws.finish(total)["the-law"].breaches
    if bad > total:
        assert not breaches
        return
    context = [each.seq for each in breaches[0].context]
    before = list(range(max(1, bad - 5), bad + 1))
    after = list(range(bad + 1, min(total, bad + 10 - len(before)) + 1))
    assert context == before + after
    assert len(context) <= 10


@given(st.integers(1, 30), st.integers(1, 30))
def test_a_breach_that_is_late_comes_with_the_records_around_the_one_that_it_names(bad, later):
    made = []

    def checker(watch):
        made.append(interested()(watch))
        return made[0]

    law = Law("the-law", ALWAYS, "it holds", "nowhere", "always", checker)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "choose", lambda names: (law,))
        laws = Laws(Header())
    records = [record(number) for number in range(1, bad + later + 1)]
    for each in records:
        laws(each)
    made[0].watch.breach(records[bad - 1], "nothing came of it")
    for number in range(bad + later + 1, bad + later + 10):
        laws(record(number))
    context = [each.seq for each in laws.breaches[0].context]
    first = max(1, bad - 5)
    assert context == list(range(first, first + 10))


def test_what_is_around_a_record_of_long_ago_is_not_shown(engine):
    laws, checker = engine()
    old = record(1)
    for each in (old, *(record(number) for number in range(2, 1100))):
        laws(each)
    checker.watch.breach(old, "nothing came of it")
    laws(record(1100))
    assert laws.breaches[0].context == (old,)


def quirk(number, name, client="bob", **data):
    return record(number, name, "quirk", **data)._replace(client=client, object="client")


def test_a_breach_ends_with_the_quirk_that_has_to_do_with_its_record(engine):
    laws, checker = engine()
    call = record(1, "publish", "call")
    for each in (
        call,
        quirk(2, STREAM_LEFT, besides=[1]),
        quirk(3, FORGETFUL),
        quirk(4, STUCK, "eve"),
    ):
        laws(each)
    checker.watch.breach(call, "it was not answered")
    checker.watch.breach(record(5), "it is bad")
    checker.watch.breach(record(6)._replace(client="carl"), "it is bad")
    assert [each.sentence for each in laws.breaches] == [
        f"it was not answered; quirk {STREAM_LEFT} was at work: #2",
        f"it is bad; quirk {FORGETFUL} of bob had been at work: #3",
        "it is bad",
    ]


def test_many_breaches_are_counted_and_the_first_ten_kept(engine):
    laws, _ = engine(("event", "tick"))
    for number in range(1, 101):
        laws(record(number, bad=True))
    verdict = laws.finish(200)["the-law"]
    assert (verdict.broken, len(verdict.breaches)) == (100, 10)
    assert verdict.outcome == BROKEN
    assert [breach.record.seq for breach in verdict.breaches] == list(range(1, 11))


def test_a_deadline_passes_when_time_has_gone_on(engine):
    laws, checker = engine(("event", "tick"))
    fired = []
    laws(record(1, time=10))
    checker.watch.after(20, lambda: fired.append("twenty"))
    checker.watch.after(15, lambda: fired.append("fifteen"))
    laws(record(2, time=15))
    assert fired == []
    laws(record(3, time=20))
    assert fired == ["fifteen"]
    laws(record(4, time=21))
    assert fired == ["fifteen", "twenty"]


def test_deadlines_of_one_time_pass_in_the_order_of_their_making(engine):
    laws, checker = engine()
    fired = []
    for number in range(5):
        checker.watch.after(7, lambda number=number: fired.append(number))
    laws.finish(8)
    assert fired == [0, 1, 2, 3, 4]


def test_a_deadline_may_set_another(engine):
    laws, checker = engine()
    fired = []
    checker.watch.after(5, lambda: checker.watch.after(6, lambda: fired.append("six")))
    laws.finish(100)
    assert fired == ["six"]


def test_a_run_that_ends_at_a_deadline_has_not_passed_it(engine):
    laws, checker = engine()
    fired = []
    checker.watch.after(5, lambda: fired.append("five"))
    laws.finish(5)
    assert fired == []
    laws.finish(6)
    assert fired == ["five"]


def test_a_breach_at_a_deadline_is_timed_by_the_deadline(engine):
    laws, checker = engine(("event", "tick"))
    late = record(1, time=10)
    laws(late)
    checker.watch.after(20, lambda: checker.watch.breach(late, "too late"))
    laws(record(2, time=500))
    breach = laws.finish(500)["the-law"].breaches[0]
    assert (breach.time, breach.record.seq) == (20, 1)
    assert [each.seq for each in breach.context] == [1, 2]


def test_verdicts_are_held_or_not_exercised_when_nothing_broke(engine):
    laws, _ = engine(("event", "tick"))
    assert laws.finish(0)["the-law"].outcome == NOT_EXERCISED
    laws(record(1))
    assert laws.finish(1)["the-law"].outcome == HELD


def test_a_record_without_what_its_kind_has_is_named():
    laws = Laws(Header(), ["one-end"])
    laws(record(1, "sessionConnected", own="bob#1"))
    with pytest.raises(ValueError, match=r"record 2 \(state left\) has no 'connection'"):
        laws(record(2, "left", kind="state"))


def written(path, room, cut=False):
    recorder = Recorder(lambda: 0)
    with Writer(path, room.header) as writer:
        for each in room.records:
            writer.write(encode(each))
            recorder._digest.add(encode(each))
        recorder._count = len(room.records)
        if not cut:
            writer.finish(recorder.footer(room.now))
    return read(path)


def test_a_file_is_checked_like_a_run(tmp_path):
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(120)
    trace = written(tmp_path / "run.jsonl", room)
    found = check(trace)
    assert {name: v.outcome for name, v in found.items()} == {
        name: v.outcome for name, v in room.verdicts().items()
    }
    assert not trace.warnings


def test_a_file_that_is_cut_off_ends_with_its_last_record(tmp_path):
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(7)
    found = check(written(tmp_path / "run.jsonl", room, cut=True), ["resolve-in-time"])
    assert found["resolve-in-time"].outcome == HELD


def test_a_file_with_an_impossible_record_is_refused(tmp_path):
    room = LawfulRoom().join("bob")
    room.note("bob", "platform", "state", "left")
    with pytest.raises(TraceError, match=r"run.jsonl: record .* has no 'connection' in its data"):
        check(written(tmp_path / "run.jsonl", room))


def test_a_footer_says_when_the_run_ended(tmp_path):
    room = LawfulRoom().join("bob").wait(1).cut("bob").wait(30)
    trace = written(tmp_path / "run.jsonl", room)
    assert check(trace)["resolve-in-time"].outcome == HELD
    assert trace.footer == Footer(len(room.records), trace.footer.digest, room.now)
