"""The small parts of the client: its event loop, promises, events, numbers seen, the page."""

import pytest
from harness import Stage
from hypothesis import given
from hypothesis import strategies as st

from sim.client.calls import Promise
from sim.client.delivery import FORGOTTEN, KNOWN, LOST, NEW, Requests, Seen
from sim.client.document import Document
from sim.client.events import Event
from sim.client.loop import Loop
from sim.client.page import Reply
from sim.protocol.errors import ApiError
from sim.protocol.frames import Status

LIFETIME = 30

# -- the loop ------------------------------------------------------------------------------------


def looping():
    """A loop, and what it has run."""
    ran = []
    return Loop(lambda owner, kind, about: ran.append(about)), ran


@given(st.lists(st.integers(0, 20), max_size=12))
def test_timers_run_in_the_order_of_their_times_and_then_of_their_setting(delays):
    loop, ran = looping()
    for number, delay in enumerate(delays):
        loop.later(delay, "me", "note", number)
    loop.wake(20)
    assert ran == [n for _, n in sorted((delay, number) for number, delay in enumerate(delays))]
    assert loop.next_deadline() is None


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=12))
def test_a_cancelled_timer_never_runs_and_is_no_deadline(timers):
    loop, ran = looping()
    for delay, cancelled in timers:
        timer = loop.later(delay, "me", "note", delay)
        if cancelled:
            loop.cancel(timer)
    kept = sorted(delay for delay, cancelled in timers if not cancelled)
    assert loop.next_deadline() == (kept[0] if kept else None)
    loop.wake(20)
    assert ran == kept


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["me", "you"])), max_size=12))
def test_all_timers_of_one_owner_can_be_cancelled_and_the_others_run(timers):
    loop, ran = looping()
    for delay, owner in timers:
        loop.later(delay, owner, "note", (delay, owner))
    loop.cancel_all("me")
    loop.wake(20)
    assert sorted(ran) == sorted(each for each in timers if each[1] == "you")


def test_a_timer_that_another_one_cancels_does_not_run():
    ran = []
    loop = Loop(lambda _, __, about: (ran.append(about), loop.cancel(second)))
    loop.later(1, "me", "note", "first")
    second = loop.later(1, "me", "note", "second")
    loop.wake(1)
    assert ran == ["first"]


def test_a_timer_is_not_run_before_its_time():
    loop, ran = looping()
    loop.later(5, "me", "note", "early")
    loop.wake(4)
    assert ran == []
    assert loop.next_deadline() == 5


def test_continuations_run_after_the_task_and_before_the_next_one():
    ran = []

    def run(_, kind, about):
        if kind == "task":
            loop.soon("me", "promise", "promise")
        elif kind == "promise":
            loop.soon("me", "note", "its promise")
        ran.append(about)

    loop = Loop(run)
    loop.later(1, "me", "task", "task")
    loop.later(1, "me", "note", "next task")
    loop.wake(1)
    assert ran == ["task", "promise", "its promise", "next task"]


def test_what_runs_later_remembers_what_caused_it():
    causes = []
    loop = Loop(lambda *_: causes.append(loop.cause))

    def task():
        loop.later(5, "me", "note")
        loop.soon("me", "note")
        loop.cause = 9

    loop.task(0, 7, task)
    loop.wake(5)
    assert causes == [7, 7]


def test_a_cause_holds_in_its_scope_also_when_that_is_left_by_an_exception():
    loop, _ = looping()
    loop.cause = 1
    seen = []

    def fail():
        with loop.because(2):
            with loop.because(3):
                seen.append(loop.cause)
            seen.append(loop.cause)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (seen, loop.cause) == ([3, 2], 1)


def test_a_cleared_loop_runs_nothing_any_more():
    loop, ran = looping()
    loop.later(1, "me", "note", "timer")
    loop.soon("me", "note", "promise")
    loop.clear()
    loop.settle()
    loop.wake(9)
    assert ran == []


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=12))
def test_a_loop_that_is_restored_runs_what_the_other_would_have_run(timers):
    (loop, ran), (twin, twins) = looping(), looping()
    for delay, cancelled in timers:
        timer = loop.later(delay, "me", "note", delay)
        if cancelled:
            loop.cancel(timer)
    snapshot = loop.snapshot()
    twin.restore(snapshot)
    assert twin.snapshot() == snapshot
    twin.wake(20)
    assert (ran, loop.snapshot()) == ([], snapshot)
    loop.wake(20)
    assert ran == twins


def test_within_a_task_there_is_nothing_to_copy():
    loop, _ = looping()
    loop.soon("me", "note")
    with pytest.raises(RuntimeError, match="between two tasks"):
        loop.snapshot()


# -- calls and promises ----------------------------------------------------------------------------


def test_a_promise_continues_after_the_task_in_which_it_is_settled():
    alice = Stage().client()
    promise, heard = Promise(alice.loop, "signal"), []
    promise.then(heard.append)
    promise.settle(None)
    assert heard == []
    alice.loop.settle()
    assert heard == [None]


def test_a_settled_promise_keeps_its_outcome():
    alice = Stage().client()
    promise, heard, problem = Promise(alice.loop, "signal"), [], ApiError("OT_TIMEOUT", 1500)
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
    call = alice.page.calls.begin("signal", 1, heard.append)
    call.finish()
    call.finish(ApiError("OT_TIMEOUT", 1500))
    assert heard == [None]
    assert stage.story() == ["signal ok"]


def test_a_completion_names_its_call_and_what_made_it_end():
    stage = Stage()
    alice = stage.client()
    alice.loop.cause = 5
    alice.page.calls.begin("signal", 1).finish(ApiError("OT_NOT_FOUND", None))
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


def requesting():
    """Requests, and the answers that were handed on: whose, and what."""
    heard = []
    requests = Requests(lambda reply, status: heard.append((reply.about, status)))

    def ask(number, retry=True):
        return requests.add("create", "signal", {}, None, retry, Reply("me", "answer", number))

    return requests, ask, heard


def test_requests_are_numbered_and_answered_once():
    requests, ask, heard = requesting()
    first, second = ask(1), ask(2)
    assert (first.txn, second.txn) == (1, 2)
    assert list(requests) == [first, second]
    requests.answer(Status(2, 200, {}, None))
    requests.answer(Status(2, 500, {}, None))
    requests.answer(Status(99, 200, {}, None))
    assert [(about, status.status) for about, status in heard] == [(2, 200)]
    assert list(requests) == [first]


@given(st.lists(st.booleans(), max_size=8))
def test_only_what_may_not_be_sent_again_fails_when_the_network_is_lost(retries):
    requests, ask, heard = requesting()
    for number, retry in enumerate(retries):
        ask(number, retry)
    requests.fail(retried=False)
    assert heard == [(n, LOST) for n, retry in enumerate(retries) if not retry]
    requests.fail(retried=True)
    assert len(heard) == len(retries)
    assert list(requests) == []


def test_a_request_that_another_ones_failure_cancels_does_not_fail():
    lost = []
    requests = Requests(lambda reply, _: (lost.append(reply.about), requests.cancel(2)))
    requests.add("create", "signal", {}, None, True, Reply("me", "answer", 1))
    requests.add("create", "signal", {}, None, True, Reply("me", "answer", 2))
    requests.fail(retried=True)
    assert lost == [1]


def test_forgotten_requests_are_neither_sent_nor_answered():
    requests, ask, heard = requesting()
    ask(1)
    requests.forget()
    requests.answer(Status(1, 200, {}, None))
    assert (list(requests), heard) == ([], [])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), max_size=40))
def test_a_number_is_new_unless_it_was_met_within_its_lifetime(meetings):
    seen, last, now = Seen(LIFETIME), {}, 0
    for number, pause in meetings:
        now += pause
        expected = number not in last or last[number] + LIFETIME <= now
        assert (seen.meet(number, now) != KNOWN) is expected
        last[number] = now


@given(st.lists(st.integers(1, 9), max_size=40))
def test_without_a_lifetime_only_numbers_above_all_that_were_met_are_new(numbers):
    seen = Seen()
    for met, number in enumerate(numbers):
        is_new = number > max(numbers[:met], default=0)
        assert seen.meet(number, met) == (NEW if is_new else KNOWN)


def test_a_number_that_was_met_before_its_lifetime_is_forgotten_and_not_new():
    seen = Seen(LIFETIME)
    met = [seen.meet(1, now) for now in (0, LIFETIME - 1, 2 * LIFETIME - 1, 2 * LIFETIME)]
    assert met == [NEW, KNOWN, FORGOTTEN, KNOWN]


def test_numbers_past_their_lifetime_are_forgotten():
    seen = Seen(LIFETIME)
    for number in range(100):
        seen.meet(number, number)
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
    """A Session, the way in which it dispatches, and what was heard."""
    alice = Stage().client()
    return alice.session, alice.membership.dispatch, []


def test_listeners_run_in_the_order_of_their_registration():
    session, dispatch, heard = listening()
    for name in "abc":
        session.on("signal", lambda _, name=name: heard.append(name))
    dispatch("signal", from_=None)
    assert heard == ["a", "b", "c"]


def test_a_listener_for_once_hears_one_event():
    session, dispatch, heard = listening()
    session.once("signal", heard.append)
    dispatch("signal", from_=None)
    dispatch("signal", from_=None)
    assert len(heard) == 1


def test_listeners_added_while_dispatching_hear_the_next_event():
    session, dispatch, heard = listening()
    session.once("signal", lambda _: session.on("signal", heard.append))
    dispatch("signal", from_=None)
    assert heard == []
    dispatch("signal", from_=None)
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
    session, dispatch, heard = listening()

    def first(_):
        heard.append("a")

    session.on("signal", first)
    session.on("signal", lambda _: heard.append("b"))
    session.on("muteForced", lambda _: heard.append("c"))
    off(session, first)
    dispatch("signal", from_=None)
    dispatch("muteForced", active=True)
    assert heard == left


def test_a_failed_assertion_in_a_listener_reaches_the_test():
    session, dispatch, _ = listening()

    def check(_):
        raise AssertionError("not as expected")

    session.on("signal", check)
    with pytest.raises(AssertionError, match="not as expected"):
        dispatch("signal", from_=None)


def test_an_event_in_a_listener_names_the_outer_event_as_its_cause():
    stage = Stage()
    alice = stage.client()
    alice.session.once("signal", lambda _: alice.membership.dispatch("muteForced", active=True))
    event = alice.membership.dispatch("signal", from_=None)
    inner = next(r for r in stage.records if r.name == "muteForced")
    assert event.record is not None
    assert inner.cause == event.record


# -- the page --------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["insert", "remove"]))))
def test_the_counts_are_those_of_the_elements(changes):
    told = []
    page = Document(lambda entry, label: told.append((entry.name, label)))
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
