"""App code from Python: its facade, its timeouts, and that it dies with its page."""

import pytest
from stories import found, told

import sim
from sim.protocol.units import SECOND


def run(app, *script, duration="20s", **bob):
    return sim.run(told(duration, {"alice": {}, "bob": bob}, *script), apps={"bob": app})


def test_timeouts_run_in_order_of_time_then_of_their_setting():
    ran = []

    def app(app):
        for number, ms in enumerate((2.5, 1, 2.5, 0)):
            app.timeout(ms, lambda number=number: ran.append((number, app.now)))

    run(app, connect=False)
    assert ran == [(3, 0), (1, 1), (0, 2.5), (2, 2.5)]


def test_a_timeout_is_a_task_caused_by_what_set_it():
    def app(app):
        app.session.on(
            "sessionConnected", lambda _: app.timeout(500, lambda: app.session.signal("late"))
        )

    result = run(app)
    (connected,) = found(result, client="bob", name="sessionConnected")
    (signal,) = found(result, kind="call", name="signal")
    assert (signal.time, signal.cause) == (connected.time + 500_000, connected.seq)


def test_a_cancelled_timeout_does_not_run():
    ran = []

    def app(app):
        timeout = app.timeout(1, lambda: ran.append("never"))
        other = app.timeout(0, timeout.cancel)
        assert timeout.is_pending
        app.timeout(5, lambda: ran.append((timeout.is_pending, other.is_pending)))

    run(app)
    assert ran == [(False, False)]


@pytest.mark.parametrize("end", ["crash", "close-browser"])
def test_timeouts_die_with_their_page(end):
    ran, pages = [], []

    def app(app):
        pages.append(app)
        app.timeout(8_000, lambda: ran.append(len(pages)))

    run(app, ("5s", "bob", {"do": end}), rejoin={"after": "1s"})
    assert (ran, len(pages)) == ([2], 2)
    assert [page.is_open for page in pages] == [False, True]


def test_an_error_in_a_timeout_is_written_down_and_not_spread():
    def app(app):
        app.timeout(5, lambda: 1 / 0)

    (thrown,) = found(run(app), name="listenerThrew")
    assert thrown.data == {"event": "timeout", "error": "ZeroDivisionError: division by zero"}


def test_a_failing_check_in_a_timeout_fails_the_test():
    def app(app):
        def check():
            raise AssertionError("not so")

        app.timeout(5, check)

    with pytest.raises(AssertionError, match="not so"):
        run(app)


@pytest.mark.parametrize("ms", [-1, "5", True, float("nan"), 1e12, None])
def test_a_timeout_is_a_number_of_milliseconds(ms):
    refused = []

    def app(app):
        with pytest.raises(ValueError, match="a timeout is from 0 ms to 366 days") as raised:
            app.timeout(ms, print)
        refused.append(raised)

    run(app)
    assert len(refused) == 1


def failing(problem):
    def ended(error):
        raise problem

    return ended


ENDS = {
    "callback of publish": lambda s, app, f: s.publish(app.init_publisher(), f),
    "callback of subscribe": lambda s, app, f: s.on(
        "streamCreated", lambda event: s.subscribe(event.stream, f)
    ),
    "callback of signal": lambda s, app, f: s.signal("chat", "hi", completion=f),
    "callback of connect": lambda s, app, f: s.disconnect().then(lambda _: back(s, f)),
    "then of signal": lambda s, app, f: s.signal("chat", "hi").then(f),
    "then of disconnect": lambda s, app, f: s.disconnect().then(f),
}
"""What an app has handed over for the end of a call, and how."""


def back(session, ended):
    """Connect, and change one's mind: the callback is told so."""
    session.connect(ended)
    session.disconnect()


def ending_badly(where, problem):
    def app(app):
        app.session.on(
            "sessionConnected", lambda _: ENDS[where](app.session, app, failing(problem))
        )

    script = ("5s", "alice", {"do": "publish"})
    return lambda: run(app, script)


@pytest.mark.parametrize("where", ENDS)
def test_an_error_at_the_end_of_a_call_is_written_down_and_not_spread(where):
    result = ending_badly(where, ValueError("no"))()
    (thrown,) = found(result, name="listenerThrew")
    assert thrown.data == {"event": where, "error": "ValueError: no"}
    assert thrown.cause is not None
    assert result.ended == 20 * SECOND


@pytest.mark.parametrize("where", ENDS)
def test_a_failing_check_at_the_end_of_a_call_fails_the_test(where):
    with pytest.raises(AssertionError, match="not so"):
        ending_badly(where, AssertionError("not so"))()


def test_a_promise_is_settled_though_the_callback_throws():
    settled = []

    def app(app):
        def connected(_):
            promise = app.session.signal("chat", "hi", completion=failing(ValueError("no")))
            promise.then(settled.append)

        app.session.on("sessionConnected", connected)

    run(app)
    assert settled == [None]


def test_a_callback_of_connect_that_throws_is_a_listener_that_throws():
    """It is the client's own listener of ``sessionConnected``: those after it are not called."""
    heard = []

    def app(app):
        app.session.connect(failing(ValueError("no")))
        app.session.on("sessionConnected", heard.append)

    (thrown,) = found(run(app, connect=False), name="listenerThrew")
    assert (thrown.data["event"], heard) == ("sessionConnected", [])


def test_an_app_may_be_a_class_and_make_publishers():
    class Caller:
        def __init__(self, app):
            self.app = app
            self.preview = app.init_publisher()
            app.session.on("sessionConnected", self.connected)

        def connected(self, _):
            self.app.session.publish(self.preview)

    result = run(Caller, ("5s", "bob", {"do": "unpublish"}))
    made = found(result, client="bob", name="streamCreated", object="publisher")
    ended = found(result, client="bob", name="streamDestroyed", object="publisher")
    assert (len(made), [r.time for r in ended]) == (1, [5 * SECOND])


def test_a_publisher_that_an_app_has_made_is_the_one_that_is_published():
    def app(app):
        app.init_publisher()

    result = run(app, publish="camera")
    assert len(found(result, client="bob", object="page", name="inserted")) == 1


def test_an_app_says_whose_it_is():
    said = []
    run(lambda app: said.append((app.name, repr(app), app.now, app.is_open)))
    assert said == [("bob", "<app of bob, disconnected>", 0, True)]


def test_an_app_may_load_its_page_anew():
    pages = []

    def app(app):
        pages.append(app)
        if len(pages) == 1:
            app.timeout(5_000, app.reload)
            app.timeout(5_000, lambda: app.session.signal("last"))

    result = run(app, rejoin={"after": "1s"})
    assert [page.is_open for page in pages] == [False, True]
    assert pages[1].session.is_connected()
    (closed,) = found(result, name="closeBrowser")
    assert (closed.time, closed.data["by"]) == (5 * SECOND, "app")
    (again,) = [r for r in found(result, client="bob", name="connect", kind="call") if r.time]
    assert (again.time, again.cause) == (closed.time, closed.seq)
    assert [
        r.data["reason"] for r in found(result, client="alice", name="connectionDestroyed")
    ] == ["clientDisconnected"]
    assert not any(verdict.broken for verdict in result.laws.values())


def test_a_page_that_connects_when_its_app_wants_to_does_so_when_it_is_loaded_anew():
    pages = []

    def app(app):
        pages.append(app)
        app.timeout(1_000, app.session.connect if len(pages) == 2 else app.reload)

    result = run(app, connect=False)
    (connected,) = found(result, client="bob", name="sessionConnected")
    assert connected.time > 2 * SECOND


def test_the_task_that_leaves_the_page_ends_first():
    told = []

    def app(app):
        def leave():
            app.close_browser()
            app.reload()
            told.append(app.session.is_connected())
            app.session.signal("chat", "goodbye")

        app.timeout(5_000, leave)

    result = run(app)
    assert told == [True]
    assert found(result, client="alice", name="signal:chat")
    assert len(found(result, name="closeBrowser")) == 1
    assert result.clients["bob"].left["elements"] == 0


def test_who_comes_back_does_so_after_an_app_has_closed_the_page():
    pages = []

    def app(app):
        pages.append(app)
        app.timeout(5_000, app.close_browser if len(pages) == 1 else app.name.title)

    run(app, rejoin={"after": "1s"})
    assert [page.is_open for page in pages] == [False, True]
    assert pages[1].session.is_connected()
