"""What an app can do about a quirk, done by an app in a run of the shipped client."""

import sim
from sim.protocol.quirks import QUIRKS

SHIPPED = "opentok.js-2.35.2"
SLOW = {"delay": "500ms"}
TESTED = {}
"""The quirks whose advice is tried here → the test that does."""


def advised(quirk):
    """Mark the test that tries the advice on this quirk."""

    def mark(test):
        TESTED[quirk] = test
        return test

    return mark


def run(clients, script=(), apps=None, duration="90s", **more):
    people = {name: sim.Person(**keys) for name, keys in clients.items()}
    steps = [sim.Step(**step) for step in script]
    story = sim.Scenario(
        name="story", duration=duration, clients=people, script=steps, profile=SHIPPED, **more
    )
    return sim.run(story, apps=apps or {})


def seen(result, client, since=0):
    """The events that somebody was told from ``since`` (seconds), with their reasons."""
    return [
        f"{name}({why})" if why else name
        for time, object, name, why in result.clients[client].events
        if time >= since * 1_000_000
    ]


def answers(result, client, call):
    """How the calls of that name ended: whether well."""
    return [
        record.data["ok"]
        for record in result.records
        if (record.client, record.kind, record.name) == (client, "callback", call)
    ]


def test_every_advice_is_tried():
    assert set(TESTED) == set(QUIRKS)


class PublishesWithCare:
    """Lets no request for a stream be open when the socket may be closed for good."""

    def __init__(self, app, when):
        self.app, self.session, self.pending = app, app.session, None
        self.is_away = self.waits = False
        app.timeout(when, self.publish)
        self.session.on("sessionReconnecting", lambda _: self.away())
        self.session.on("sessionReconnected", lambda _: self.back())

    def publish(self):
        if self.is_away:
            self.waits = True
            return
        self.pending = publisher = self.app.init_publisher()
        publisher.on("streamCreated", lambda _: setattr(self, "pending", None))
        self.session.publish(publisher, self.published)

    def published(self, error):
        if error and error.code == 2001 and self.session.is_connected():
            self.app.reload()

    def away(self):
        self.is_away = True
        self.take_back()

    def back(self):
        self.is_away, waits, self.waits = False, self.waits, False
        if waits:
            self.publish()

    def take_back(self):
        pending, self.pending = self.pending, None
        if pending is not None:
            self.session.unpublish(pending)
            self.waits = True

    def leave(self):
        self.take_back()
        self.session.disconnect()


@advised("unanswered-publish-swallows-the-end")
def test_who_takes_the_request_back_when_the_network_goes_is_told_the_end():
    def app(app):
        PublishesWithCare(app, 10_000)

    down = [{"at": "10250ms", "client": "bob", "network": "down"}]
    result = run({"bob": {"network": SLOW}, "alice": {}}, down, {"bob": app})
    assert answers(result, "bob", "publish") == [False]
    assert "sessionDisconnected(networkDisconnected)" in seen(result, "bob")
    up = [*down, {"at": "25s", "client": "bob", "network": "up"}]
    result = run({"bob": {"network": SLOW}, "alice": {}}, up, {"bob": app})
    assert answers(result, "bob", "publish") == [False, True]


def test_who_takes_the_request_back_before_leaving_is_told_the_end():
    def app(app):
        app.timeout(10_300, PublishesWithCare(app, 10_000).leave)

    result = run({"bob": {"network": SLOW}}, apps={"bob": app})
    assert seen(result, "bob")[-1] == "sessionDisconnected(clientDisconnected)"
    assert answers(result, "bob", "disconnect") == [True]


def test_who_holds_publishing_back_while_away_is_told_the_end():
    def app(app):
        PublishesWithCare(app, 30_000)

    down = [{"at": "10s", "client": "bob", "network": "down"}]
    result = run({"bob": {}, "alice": {}}, down, {"bob": app})
    assert "sessionDisconnected(networkDisconnected)" in seen(result, "bob", 30)
    up = [*down, {"at": "35s", "client": "bob", "network": "up"}]
    result = run({"bob": {}, "alice": {}}, up, {"bob": app})
    assert answers(result, "bob", "publish") == [True]


def test_who_reloads_at_the_sign_that_the_end_was_not_told_is_there_again():
    pages = []

    def app(app):
        pages.append(PublishesWithCare(app, 10_000))

    closed = [{"at": "10200ms", "client": "bob", "platform": "close-socket", "code": 1011}]
    result = run({"bob": {"network": SLOW}, "alice": {}}, closed, {"bob": app})
    assert result.goals["unanswered-publish-swallows-the-end"] == 1
    assert len(pages) == 2
    assert answers(result, "bob", "publish") == [False, True]
    assert pages[1].session.is_connected()


def unpublished(after):
    """Alice's and Bob's run in which Bob unpublishes so many milliseconds after publish()."""

    def app(app):
        publisher = app.init_publisher()
        app.timeout(10_000, lambda: app.session.publish(publisher))
        app.timeout(10_000 + after, lambda: app.session.unpublish(publisher))

    return run({"bob": {"network": SLOW}, "alice": {}}, apps={"bob": app})


@advised("publish-cut-short-is-never-answered")
def test_unpublishing_answers_publish_and_destroys_the_publisher():
    for after in (0, 15, 300):
        result = unpublished(after)
        assert answers(result, "bob", "publish") == [False]
        assert seen(result, "bob", 10) == ["streamDestroyed(unpublished)", "destroyed"]


@advised("destroy-while-publishing-leaves-stream")
def test_unpublishing_ends_the_stream_that_is_asked_for():
    result = unpublished(300)
    assert not result.laws["fed-streams"].broken
    assert [name for name in seen(result, "alice", 10) if "stream" in name] in (
        ["streamCreated", "streamDestroyed(clientDisconnected)"],
        [],
    )


@advised("unpublish-before-camera-spoils-publisher")
def test_a_publisher_that_has_not_dispatched_stream_created_is_not_kept():
    def app(app):
        def publish():
            live = []
            publisher = app.init_publisher()
            publisher.on("streamCreated", live.append)
            publisher.on("streamDestroyed", lambda event: live and event.prevent_default())
            app.session.publish(publisher)
            return publisher

        app.timeout(10_000, lambda: app.session.unpublish(publish()))
        app.timeout(15_000, publish)

    result = run({"bob": {}}, apps={"bob": app})
    assert answers(result, "bob", "publish") == [False, True]


@advised("disconnect-in-reconnecting-listener-hangs")
def test_putting_disconnect_off_for_a_turn_ends_the_session():
    def app(app):
        leave = app.session.disconnect
        app.session.on("sessionReconnecting", lambda _: app.timeout(0, leave))

    script = [{"at": "10s", "client": "bob", "network": "reset"}]
    result = run({"bob": {}, "carol": {}}, script, {"bob": app})
    assert seen(result, "bob", 10) == [
        "sessionReconnecting",
        "sessionDisconnected(clientDisconnected)",
    ]
    assert answers(result, "bob", "disconnect") == [True]
    assert seen(result, "carol", 10) == ["connectionDestroyed(networkDisconnected)"]


class LeavesWhenConnected:
    """Wants to leave early, and keeps that until ``connect`` has called back."""

    def __init__(self, app, wish):
        self.wants_to_leave = self.is_answered = False
        self.session = app.session
        app.timeout(wish, self.leave)
        app.session.on("sessionConnected", self.answered)

    def leave(self):
        self.wants_to_leave = True
        if self.is_answered:
            self.session.disconnect()

    def answered(self, _):
        self.is_answered = True
        if self.wants_to_leave:
            self.session.disconnect()


@advised("disconnect-while-socket-opens-hangs")
def test_a_wish_to_leave_that_is_kept_until_connect_calls_back_is_fulfilled():
    result = run({"bob": {"network": SLOW}}, apps={"bob": lambda a: LeavesWhenConnected(a, 5000)})
    assert answers(result, "bob", "connect") == answers(result, "bob", "disconnect") == [True]
    assert seen(result, "bob")[-1] == "sessionDisconnected(clientDisconnected)"


def test_a_session_that_hangs_in_disconnecting_can_be_connected_again():
    script = [
        {"at": "5s", "client": "bob", "do": "disconnect"},
        {"at": "20s", "client": "bob", "do": "connect"},
    ]
    result = run({"bob": {"network": SLOW}}, script)
    assert "sessionConnected" in seen(result, "bob", 20)
    assert "sessionConnected" not in seen(result, "bob")[: -len(seen(result, "bob", 20))]


@advised("failed-attempt-to-connect-lives-on")
def test_a_session_that_says_disconnected_without_a_word_is_left_with_its_page():
    lost = []

    def app(app):
        told = []
        app.session.on("sessionDisconnected", told.append)

        def look():
            if app.session.state == "disconnected" and not told:
                lost.append(app.now)
            app.timeout(1000, look)

        app.session.on("sessionConnected", lambda _: app.timeout(1000, look))

    script = [
        {"at": "9s", "client": "bob", "network": "down", "mode": "refused", "lasting": "1s"},
        {"at": "43s", "client": "bob", "do": "close-browser"},
        {"at": "45s", "client": "bob", "do": "connect"},
    ]
    clients = {"bob": {"since": "5s", "network": SLOW}, "carol": {}}
    result = run(clients, script, {"bob": app})
    assert 41_000 < lost[0] < 43_000
    assert "connectionDestroyed(networkDisconnected)" in seen(result, "carol", 43)
    assert seen(result, "bob", 43)[0] == "sessionConnected"


@advised("connect-while-disconnecting-swallows-the-end")
def test_who_waits_for_the_promise_of_disconnect_is_told_of_the_end():
    def app(app):
        app.timeout(10_000, lambda: app.session.disconnect().then(lambda _: again()))

        def again():
            app.session.connect()

    result = run({"bob": {}, "carol": {}}, apps={"bob": app})
    assert seen(result, "bob", 10) == [
        "sessionDisconnected(clientDisconnected)",
        "sessionConnected",
        *["connectionCreated"] * 2,
    ]


@advised("connect-at-once-after-removal-ends-again")
def test_who_waits_for_200_ms_before_he_connects_again_stays():
    def app(app):
        app.session.on("sessionDisconnected", lambda _: app.timeout(200, app.session.connect))

    kick = [{"at": "10s", "client": "alice", "do": "force-disconnect", "target": "bob"}]
    near = {"delay": "5ms"}
    clients = {"bob": {"network": near}, "alice": {"network": near, "role": "moderator"}}
    result = run(clients, kick, {"bob": app})
    assert seen(result, "bob", 10) == [
        "sessionDisconnected(forceDisconnected)",
        "sessionConnected",
        *["connectionCreated"] * 2,
    ]


@advised("reconnecting-while-connecting")
def test_what_is_said_before_the_session_is_there_can_be_ignored():
    shown = []

    def app(app):
        def show(event):
            if app.session.is_connected():
                shown.append(event.type)

        for name in ("sessionReconnecting", "sessionReconnected", "sessionConnected"):
            app.session.on(name, show)

    script = [{"at": "6.7s", "client": "bob", "network": "reset"}]
    result = run({"bob": {"network": SLOW}}, script, {"bob": app})
    assert seen(result, "bob")[:2] == ["sessionReconnecting", "sessionReconnected"]
    assert shown == ["sessionConnected"]


@advised("signal-not-to-be-retried-is-sent-before-reconnected")
def test_a_signal_that_the_app_holds_back_is_not_sent_while_it_is_away():
    def app(app):
        away = []
        app.session.on("sessionReconnecting", away.append)
        app.session.on("sessionReconnected", lambda _: away.clear())

        def say(text):
            if not away:
                app.session.signal("chat", text, retry_after_reconnect=False)

        app.timeout(11_000, lambda: say("away"))
        app.timeout(15_000, lambda: say("back"))

    script = [{"at": "10s", "client": "bob", "network": "reset"}]
    result = run({"bob": {}, "carol": {}}, script, {"bob": app})
    heard = [r.data["data"] for r in result.records if r.name == "signal:chat"]
    assert heard == ["back"] * 2


@advised("disconnect-while-connecting-leaves-connect-unanswered")
def test_the_promise_of_disconnect_answers_for_connect():
    result = run({"bob": {"network": SLOW}}, apps={"bob": lambda a: LeavesWhenConnected(a, 1000)})
    assert answers(result, "bob", "connect") == answers(result, "bob", "disconnect") == [True]
    early = run({"bob": {"network": SLOW}}, [{"at": "1s", "client": "bob", "do": "disconnect"}])
    assert answers(early, "bob", "connect") == []
    assert answers(early, "bob", "disconnect") == [True]


@advised("peer-to-peer-failure-leaves-subscriber")
def test_unsubscribing_a_subscriber_that_is_destroyed_without_a_reason_and_subscribing_anew():
    subscribers = []

    def app(app):
        session = app.session

        def subscribe(stream):
            subscriber = session.subscribe(stream)
            subscribers.append(subscriber)
            subscriber.on("destroyed", lambda event: destroyed(subscriber, event))

        def destroyed(subscriber, event):
            if getattr(event, "reason", None) is None:
                app.timeout(0, lambda: again(subscriber))

        def again(subscriber):
            session.unsubscribe(subscriber)
            if subscriber.stream.id in session.streams:
                subscribe(subscriber.stream)

        session.on("streamCreated", lambda event: subscribe(event.stream))

    result = run(
        {"alice": {"subscribe": "nobody"}, "bob": {"publish": "camera"}},
        [{"at": "10s", "client": "bob", "network": "down", "lasting": "20s"}],
        {"alice": app},
        platform={"peer-to-peer": True},
    )
    assert [each.is_alive for each in subscribers] == [False, True]
    assert seen(result, "alice")[-1] == "connected"
    assert result.clients["alice"].left["elements"] == 1


@advised("subscriber-kept-while-binding-is-destroyed")
def test_unsubscribing_what_has_not_been_subscribed_when_the_rest_is_kept():
    bound = []

    def app(app):
        session = app.session

        def subscribe(event):
            subscriber = session.subscribe(
                event.stream, lambda error: error or bound.append(subscriber)
            )

        def keep(event):
            event.prevent_default()
            for subscriber in session.subscribers:
                if subscriber not in bound:
                    session.unsubscribe(subscriber)

        session.on("streamCreated", subscribe)
        session.on("sessionDisconnected", keep)

    result = run(
        {"alice": {"subscribe": "nobody"}, "bob": {"publish": "camera"}, "carol": {}},
        [
            {"at": "10s", "client": "carol", "do": "publish"},
            {"at": "10.6s", "client": "alice", "do": "disconnect"},
        ],
        {"alice": app},
    )
    assert seen(result, "alice", 10.6) == [
        "sessionDisconnected(clientDisconnected)",
        "destroyed(Unsubscribe)",
    ]
    assert result.clients["alice"].left["subscribers"] == 1


class KeepsOnce:
    """Keeps its Publisher over the end of a session; over the next one not any more."""

    def __init__(self, app):
        self.app, self.session = app, app.session
        self.publisher, self.has_returned = None, False
        self.session.on("sessionConnected", self.connected)

    def connected(self, _):
        if self.publisher is not None and self.publisher.is_alive:
            self.session.unpublish(self.publisher)
            self.has_returned = True
        else:
            self.publisher, self.has_returned = self.app.init_publisher(), False
            self.publisher.on("streamDestroyed", self.ended)
        self.session.publish(self.publisher)

    def ended(self, event):
        if not self.has_returned:
            event.prevent_default()


@advised("kept-publisher-stays-attached")
def test_a_kept_publisher_is_published_again_once_and_then_replaced():
    returns = 4
    script = [
        {"at": f"{10 * number + 5 * away}s", "client": "bob", "do": do}
        for number in range(1, returns + 1)
        for away, do in enumerate(("disconnect", "connect"))
    ]
    result = run({"bob": {}}, script, {"bob": KeepsOnce})
    assert answers(result, "bob", "publish") == [True] * (1 + returns)
    assert seen(result, "bob", 15)[:4] == [
        "sessionConnected",
        "streamDestroyed(unpublished)",
        "connectionCreated",
        "streamCreated",
    ]
    assert seen(result, "bob", 25)[:3] == ["sessionConnected", "connectionCreated", "streamCreated"]
    assert not result.laws["completed-once"].broken


@advised("early-signal-loses-type-and-data")
def test_who_answers_the_first_signal_of_others_is_heard_in_full():
    def host(app):
        greet = lambda event: app.session.signal("hello", "host", to=event.connection)  # noqa: E731
        app.session.on("connectionCreated", greet)
        app.session.on("signal", lambda event: heard.append((event.type, event.data)))

    def guest(app):
        app.session.on("signal:hello", lambda _: app.session.signal("hello", "guest"))

    heard = []
    people = {"alice": {}, "bob": {"arrive": "5s"}}
    result = run(people, apps={"alice": host, "bob": guest}, platform={"announce-after": "2s"})
    assert ("signal:hello", "guest") in heard
    assert ("signal", None) not in heard
    assert not result.laws["signals"].broken


class ConnectsAgain:
    """Connects again after any end but that of its own call."""

    def __init__(self, app):
        self.has_left = False
        self.session = app.session
        app.session.on("sessionDisconnected", self.ended)

    def ended(self, _):
        if not self.has_left:
            self.session.connect()


@advised("silence-without-reconnection-is-client-disconnected")
def test_who_has_not_called_disconnect_connects_again_after_a_silence():
    script = [{"at": "10s", "client": "bob", "network": "down", "lasting": "55s"}]
    off = {"reconnection": False}
    result = run({"bob": {}}, script, {"bob": ConnectsAgain}, duration="2min", platform=off)
    assert seen(result, "bob", 10)[:2] == [
        "sessionDisconnected(clientDisconnected)",
        "sessionConnected",
    ]


@advised("clean-close-without-reconnection-is-client-disconnected")
def test_who_has_not_called_disconnect_connects_again_after_a_clean_close():
    script = [{"at": "10s", "client": "bob", "platform": "close-socket", "code": 1001}]
    off = {"reconnection": False}
    result = run({"bob": {}}, script, {"bob": ConnectsAgain}, platform=off)
    assert seen(result, "bob", 10)[:2] == [
        "sessionDisconnected(clientDisconnected)",
        "sessionConnected",
    ]


@advised("fatal-close-skips-reconnecting")
def test_connecting_in_the_listener_of_the_end_works_after_a_fatal_close():
    script = [{"at": "10s", "client": "bob", "platform": "close-socket", "code": 1011}]
    result = run({"bob": {}}, script, {"bob": ConnectsAgain})
    assert seen(result, "bob", 10)[:2] == [
        "sessionDisconnected(networkDisconnected)",
        "sessionConnected",
    ]


@advised("without-reconnection-no-reconnecting-event")
def test_connecting_in_the_listener_of_the_end_works_without_reconnection():
    script = [{"at": "10s", "client": "bob", "network": "reset"}]
    result = run({"bob": {}}, script, {"bob": ConnectsAgain}, platform={"reconnection": False})
    assert seen(result, "bob", 10)[:2] == [
        "sessionDisconnected(networkDisconnected)",
        "sessionConnected",
    ]


@advised("forgotten-message-is-told-again")
def test_a_number_in_the_data_tells_a_repeated_signal_from_a_new_one():
    def app(app):
        def hear(event):
            told.append(event.data)
            if event.data not in heard:
                heard.append(event.data)

        app.session.on("signal:chat", hear)

    def ask(at, number):
        question = f"{number}: Are you there?"
        return {"at": at, "client": "alice", "do": "signal", "type": "chat", "data": question}

    told, heard = [], []
    down = {"at": "8.5s", "client": "bob", "network": "down", "direction": "up", "lasting": "31s"}
    run({"alice": {}, "bob": {}}, [down, ask("9s", 1), ask("14s", 2)], {"bob": app})
    assert told == ["1: Are you there?", "2: Are you there?", "1: Are you there?"]
    assert heard == told[:2]
