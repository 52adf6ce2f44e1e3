"""The small parts of the client: its event loop, promises, events, numbers seen, the page."""

import pytest
from harness import Stage
from hypothesis import given
from hypothesis import strategies as st

from sim.client.calls import Call, Promise
from sim.client.delivery import LOST, Requests, Seen
from sim.client.events import Event
from sim.client.loop import Loop
from sim.client.page import Page
from sim.protocol.errors import ApiError
from sim.protocol.frames import Status

LIFETIME = 30

# -- the loop ------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 20), max_size=12))
def test_timers_run_in_the_order_of_their_times_and_then_of_their_setting(delays):
    loop, ran = Loop(), []
    for number, delay in enumerate(delays):
        loop.later(delay, lambda number=number: ran.append(number))
    loop.wake(20)
    assert ran == [n for _, n in sorted((delay, number) for number, delay in enumerate(delays))]
    assert loop.next_deadline() is None


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=12))
def test_a_cancelled_timer_never_runs_and_is_no_deadline(timers):
    loop, ran = Loop(), []
    for delay, cancelled in timers:
        timer = loop.later(delay, lambda delay=delay: ran.append(delay))
        if cancelled:
            timer.cancel()
    kept = sorted(delay for delay, cancelled in timers if not cancelled)
    assert loop.next_deadline() == (kept[0] if kept else None)
    loop.wake(20)
    assert ran == kept


def test_a_timer_that_another_one_cancels_does_not_run():
    loop, ran = Loop(), []
    loop.later(1, lambda: ran.append("first") or second.cancel())
    second = loop.later(1, lambda: ran.append("second"))
    loop.wake(1)
    assert ran == ["first"]


def test_a_timer_is_not_run_before_its_time():
    loop, ran = Loop(), []
    loop.later(5, lambda: ran.append("early"))
    loop.wake(4)
    assert ran == []
    assert loop.next_deadline() == 5


def test_continuations_run_after_the_task_and_before_the_next_one():
    loop, ran = Loop(), []

    def first():
        loop.soon(lambda: (ran.append("promise"), loop.soon(lambda: ran.append("its promise"))))
        ran.append("task")

    loop.later(1, first)
    loop.later(1, lambda: ran.append("next task"))
    loop.wake(1)
    assert ran == ["task", "promise", "its promise", "next task"]


def test_what_runs_later_remembers_what_caused_it():
    loop, causes = Loop(), []

    def task():
        loop.later(5, lambda: causes.append(loop.cause))
        loop.soon(lambda: causes.append(loop.cause))
        loop.cause = 9

    loop.task(0, 7, task)
    loop.wake(5)
    assert causes == [7, 7]


def test_a_cleared_loop_runs_nothing_any_more():
    loop, ran = Loop(), []
    loop.later(1, lambda: ran.append("timer"))
    loop.soon(lambda: ran.append("promise"))
    loop.clear()
    loop.settle()
    loop.wake(9)
    assert ran == []


# -- calls and promises ----------------------------------------------------------------------------


def test_a_promise_continues_after_the_task_in_which_it_is_settled():
    alice = Stage().client()
    promise, heard = Promise(alice), []
    promise.then(heard.append)
    promise.settle(None)
    assert heard == []
    alice.loop.settle()
    assert heard == [None]


def test_a_settled_promise_keeps_its_outcome():
    alice = Stage().client()
    promise, heard, problem = Promise(alice), [], ApiError("OT_TIMEOUT", 1500)
    promise.settle(problem)
    promise.settle(None)
    promise.then(heard.append)
    alice.loop.settle()
    assert heard == [problem]
    assert promise.outcome == (problem,)


def test_a_call_completes_once():
    stage = Stage()
    alice = stage.client()
    heard = []
    call = Call(alice, "signal", 1, heard.append)
    call.finish()
    call.finish(ApiError("OT_TIMEOUT", 1500))
    assert heard == [None]
    assert stage.story() == ["signal ok"]


def test_a_completion_names_its_call_and_what_made_it_end():
    stage = Stage()
    alice = stage.client()
    alice.loop.cause = 5
    Call(alice, "signal", 1, None).finish(ApiError("OT_NOT_FOUND", None))
    (record,) = stage.told()
    assert record.cause == 5
    assert record.data == {
        "call": 1,
        "ok": False,
        "by": "callback",
        "error": "OT_NOT_FOUND",
        "code": None,
    }


def test_what_a_callback_does_names_the_callback_as_its_cause():
    stage = Stage()
    alice = stage.client()

    def on_failure(_):
        alice.init_publisher()

    stage.act(alice, lambda: alice.session.signal("a b", completion=on_failure))
    (told,) = stage.told()
    (inserted,) = [r for r in stage.records if r.name == "inserted"]
    assert inserted.cause == told.number


# -- requests and numbers seen ---------------------------------------------------------------------


def test_requests_are_numbered_and_answered_once():
    requests, heard = Requests(), []
    first = requests.add("create", "signal", {}, None, True, heard.append)
    second = requests.add("create", "signal", {}, None, True, heard.append)
    assert (first.txn, second.txn) == (1, 2)
    assert list(requests) == [first, second]
    requests.answer(Status(2, 200, {}, None))
    requests.answer(Status(2, 500, {}, None))
    requests.answer(Status(99, 200, {}, None))
    assert [status.status for status in heard] == [200]
    assert list(requests) == [first]


@given(st.lists(st.booleans(), max_size=8))
def test_only_what_may_not_be_sent_again_fails_when_the_network_is_lost(retries):
    requests, lost = Requests(), []
    for number, retry in enumerate(retries):
        requests.add("create", "signal", {}, None, retry, lambda s, n=number: lost.append((n, s)))
    requests.fail(retried=False)
    assert lost == [(n, LOST) for n, retry in enumerate(retries) if not retry]
    requests.fail(retried=True)
    assert len(lost) == len(retries)
    assert list(requests) == []


def test_a_request_that_another_ones_failure_cancels_does_not_fail():
    requests, lost = Requests(), []
    requests.add("create", "signal", {}, None, True, lambda _: requests.cancel(2))
    requests.add("create", "signal", {}, None, True, lost.append)
    requests.fail(retried=True)
    assert lost == []


def test_forgotten_requests_are_neither_sent_nor_answered():
    requests, heard = Requests(), []
    requests.add("create", "signal", {}, None, True, heard.append)
    requests.forget()
    requests.answer(Status(1, 200, {}, None))
    assert (list(requests), heard) == ([], [])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), max_size=40))
def test_a_number_is_new_unless_it_was_met_within_its_lifetime(meetings):
    seen, last, now = Seen(LIFETIME), {}, 0
    for number, pause in meetings:
        now += pause
        expected = number not in last or last[number] + LIFETIME <= now
        assert seen.is_new(number, now) is expected
        last[number] = now


@given(st.lists(st.integers(1, 9), max_size=40))
def test_without_a_lifetime_only_numbers_above_all_that_were_met_are_new(numbers):
    seen = Seen()
    for met, number in enumerate(numbers):
        assert seen.is_new(number, met) is (number > max(numbers[:met], default=0))


def test_numbers_past_their_lifetime_are_forgotten():
    seen = Seen(LIFETIME)
    for number in range(100):
        seen.is_new(number, number)
    assert len(seen._times) == LIFETIME


# -- events ----------------------------------------------------------------------------------------


def test_an_event_has_the_fields_of_its_kind_and_no_others():
    event = Event("sessionDisconnected", True, reason="mediaIdle")
    assert event.reason == "mediaIdle"
    assert repr(event) == "<sessionDisconnected {'reason': 'mediaIdle'}>"
    with pytest.raises(AttributeError, match="sessionDisconnected has no field 'stream'"):
        _ = event.stream


def test_an_event_that_is_not_being_dispatched_cannot_be_prevented():
    event = Event("sessionDisconnected", True)
    event.prevent_default()
    assert not event.is_default_prevented()


def listening():
    alice = Stage().client()
    return alice.session, []


def test_listeners_run_in_the_order_of_their_registration():
    session, heard = listening()
    for name in "abc":
        session.on("signal", lambda _, name=name: heard.append(name))
    session.dispatch("signal", from_=None)
    assert heard == ["a", "b", "c"]


def test_a_listener_for_once_hears_one_event():
    session, heard = listening()
    session.once("signal", heard.append)
    session.dispatch("signal", from_=None)
    session.dispatch("signal", from_=None)
    assert len(heard) == 1


def test_listeners_added_while_dispatching_hear_the_next_event():
    session, heard = listening()
    session.once("signal", lambda _: session.on("signal", heard.append))
    session.dispatch("signal", from_=None)
    assert heard == []
    session.dispatch("signal", from_=None)
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("off", "left"),
    [
        (lambda s, a: s.off("signal", a), ["b", "c"]),
        (lambda s, _: s.off("signal"), ["c"]),
        (lambda s, _: s.off(), []),
        (lambda s, _: s.off("nothing"), ["a", "b", "c"]),
        (lambda s, a: s.off("nothing", a), ["a", "b", "c"]),
    ],
)
def test_listeners_are_removed_singly_by_event_or_all(off, left):
    session, heard = listening()

    def first(_):
        heard.append("a")

    session.on("signal", first)
    session.on("signal", lambda _: heard.append("b"))
    session.on("muteForced", lambda _: heard.append("c"))
    off(session, first)
    session.dispatch("signal", from_=None)
    session.dispatch("muteForced", active=True)
    assert heard == left


def test_a_failed_assertion_in_a_listener_reaches_the_test():
    session, _ = listening()

    def check(_):
        raise AssertionError("not as expected")

    session.on("signal", check)
    with pytest.raises(AssertionError, match="not as expected"):
        session.dispatch("signal", from_=None)


def test_an_event_in_a_listener_names_the_outer_event_as_its_cause():
    stage = Stage()
    session = stage.client().session
    session.once("signal", lambda _: session.dispatch("muteForced", active=True))
    event = session.dispatch("signal", from_=None)
    inner = next(r for r in stage.records if r.name == "muteForced")
    assert event.record is not None
    assert inner.cause == event.record


# -- the page --------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["insert", "remove"]))))
def test_the_counts_are_those_of_the_elements(changes):
    told = []
    page = Page(lambda change, label: told.append((change, label)))
    for label, change in changes:
        kind = "publisher" if label == "a" else "subscriber"
        if change == "insert" and label not in page.elements:
            page.insert(label, kind)
        elif change == "remove":
            page.remove(label)
        assert page.counts == {
            kind: list(page.elements.values()).count(kind) for kind in ("publisher", "subscriber")
        }
    inserted, removed = ([t for t in told if t[0] == word] for word in ("inserted", "removed"))
    assert len(inserted) - len(removed) == len(page.elements)
