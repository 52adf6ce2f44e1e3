"""Whatever an app, the platform, the network and time do: what always holds for a client."""

from harness import Stage
from hypothesis import given, settings
from hypothesis import strategies as st
from openings import prevent

from sim.client.signals import ABSENT
from sim.protocol.frames import Message, Status
from sim.protocol.quirks import PROFILES
from sim.protocol.states import MACHINES
from sim.protocol.units import MILLISECOND, SECOND

OTHERS = ("bob", "carol")
PEOPLE = ("alice", *OTHERS)
CODES = (1000, 1001, 1003, 1006, 1011, 4001)
STATUSES = (None, 200, 202, 400, 403, 404, 409, 500, (409, {"reason": "streamLimitExceeded"}))

# -- what may happen: each step takes the stage and a number to choose by --------------------------


def call(act):
    """A step in which Alice's app calls something."""

    def step(stage, number):
        alice = stage.clients["alice"]
        if alice.alive:
            stage.act(alice, lambda: act(alice, number))

    return step


def chosen(things, number):
    things = list(things)
    return things[number % len(things)] if things else None


def publish(alice, number):
    old = chosen(alice.publishers, number)
    alice.session.publish(alice.init_publisher() if number % 3 or old is None else old)


def destroy(alice, number):
    publisher = chosen(alice.publishers, number)
    if publisher is not None:
        publisher.destroy()


def subscribe(alice, number):
    alice.session.subscribe(chosen(alice.session.streams.values(), number))


def switch(alice, number):
    publisher = chosen(alice.publishers, number)
    if publisher is not None:
        (publisher.publish_audio if number % 2 else publisher.publish_video)(number % 3 == 0)


def unsubscribe(alice, number):
    subscriber = chosen(alice.session.subscribers, number)
    if subscriber is not None:
        alice.session.unsubscribe(subscriber)


def signal(alice, number):
    retry = (ABSENT, True, False)[number % 3]
    to = chosen([ABSENT, *alice.session.connections.values()], number)
    alice.session.signal("chat", "hi", to, retry, lambda _: None)


def moderate(alice, number):
    session = alice.session
    chosen(
        [
            lambda: session.force_disconnect(chosen(session.connections, number)),
            lambda: session.force_unpublish(chosen(session.streams, number)),
            session.force_mute_all,
            session.disable_force_mute,
        ],
        number,
    )()


def listen(alice, number):
    """From now on a listener of some event calls the API."""
    session = alice.session
    name = chosen(
        [
            "sessionConnected",
            "sessionReconnecting",
            "sessionReconnected",
            "sessionDisconnected",
            "streamCreated",
            "streamDestroyed",
            "connectionDestroyed",
        ],
        number,
    )
    does = chosen(
        [
            prevent,
            lambda _: session.disconnect(),
            lambda _: session.connect(),
            lambda _: publish(alice, number),
            lambda _: destroy(alice, number),
            lambda _: unsubscribe(alice, number),
            lambda _: session.signal("chat", "hi"),
        ],
        number // 7,
    )
    session.once(name, does)


def react(alice, number):
    """A listener of a Publisher's or a Subscriber's next event of a name calls the API."""
    session, publishers = alice.session, alice.publishers
    target = chosen([*publishers, *session.subscribers], number // 33)
    if target is None:
        return
    owns = target in publishers
    names = ("streamDestroyed", "destroyed", "streamCreated" if owns else "connected")
    take = session.unpublish if owns else session.unsubscribe
    does = [
        lambda _: take(target),
        lambda _: target.destroy() if owns else destroy(alice, number),
        lambda _: session.publish(target),
        lambda event: (prevent(event), session.publish(target)),
        lambda event: (prevent(event), take(target)),
        lambda event: (prevent(event), destroy(alice, number)),
        lambda _: session.disconnect(),
        lambda _: (session.disconnect(), session.connect()),
        lambda _: publish(alice, number),
        prevent,
    ]
    target.once(chosen(names, number), chosen(does, number // 3))


def keep(alice, number):
    publisher = chosen(alice.publishers, number)
    if publisher is not None:
        publisher.once("streamDestroyed", prevent)


def come(stage, number):
    stage.platform.guest(chosen(OTHERS, number), stream=bool(number % 4), announce=bool(number % 5))


def go(stage, number):
    member = chosen(stage.platform.members.values(), number)
    if member is not None:
        stage.platform.stream_first = bool(number % 2)
        stage.platform.remove(member.id, chosen(("forceDisconnected", None), number), told=True)


def unpublish(stage, number):
    stream = chosen(stage.platform.streams, number)
    if stream is not None:
        stage.platform.unpublish(stream, "forceUnpublished")


def say(stage, number):
    """The platform says something, sensible or not, to everybody."""
    whom, about = chosen(PEOPLE, number), chosen(stage.platform.streams, number) or "bob#9.9"
    stage.platform.broadcast(
        *chosen(
            [
                ("create", "signal", {"id": "s", "from": f"{whom}#1", "type": "chat", "data": 1}),
                ("create", "signal", {"id": "s", "from": None}),
                ("updated", "channel", {"stream": about, "channel": "video1", "active": False}),
                ("update", "stream", {"id": about, "reason": "mute", "active": True}),
                ("update", "session", {"reason": "mute", "active": bool(number % 2)}),
                ("notify", "session", {"reason": "serverRotation"}),
                ("deleted", "connection", {"id": f"{whom}#1"}),
                ("created", "stream", {"id": f"{whom}#1.1", "connection": f"{whom}#1"}),
                ("praised", "weather", {}),
            ],
            number,
        )
    )


def answer(stage, number):
    kind = chosen(
        ["create connection", "create stream", "create subscriber", "create signal"], number
    )
    stage.platform.answers.setdefault(kind, []).append(chosen(STATUSES, number))


def stray(stage, number):
    """A frame or a socket's end, of whatever attempt."""
    alice, attempt = stage.clients["alice"], number % 12
    if number % 3 == 0:
        alice.receive(attempt, Status(number % 20, 200, {}, None), stage.now, None)
    elif number % 3 == 1:
        alice.receive(attempt, Message(900, "praised", "weather", {}, None), stage.now, None)
    elif (line := stage.lines.get(("alice", attempt))) is not None and line.gone:
        alice.closed(attempt, 1006, stage.now, None)
    stage.flush()


def network(stage, number):
    chosen(
        [
            stage.blackhole,
            lambda: stage.kill(then="refused"),
            lambda: stage.kill(then="hanging"),
            lambda: stage.kill(then="up"),
            lambda: stage.close("alice", chosen(CODES, number // 7)),
            stage.restore,
            lambda: stage.media(chosen(OTHERS, number), near=bool(number % 3)),
        ],
        number,
    )()


def tab(stage, number):
    alice = stage.clients["alice"]
    if not alice.alive:
        alice.reload()
    elif number % 2:
        stage.crash()
    else:
        alice.close_browser(stage.now, None)
    stage.flush()


STEPS = {
    "connect": call(lambda alice, _: alice.session.connect()),
    "disconnect": call(lambda alice, _: alice.session.disconnect()),
    "publish": call(publish),
    "unpublish": call(lambda alice, n: alice.session.unpublish(chosen(alice.publishers, n))),
    "destroy": call(destroy),
    "subscribe": call(subscribe),
    "unsubscribe": call(unsubscribe),
    "signal": call(signal),
    "moderate": call(moderate),
    "listen": call(listen),
    "react": call(react),
    "keep": call(keep),
    "switch": call(switch),
    "come": come,
    "go": go,
    "force-unpublish": unpublish,
    "say": say,
    "answer": answer,
    "info": lambda stage, n: stage.info.append(chosen((200, None, 403, 418), n)),
    "stray": stray,
    "network": network,
    "tab": tab,
}
PAUSES = st.sampled_from([300, 0, 1, 2, 3, 5, 50, 101, 400, 2_000, 6_000, 16_000, 31_000])
LIVES = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 99), PAUSES), min_size=4, max_size=40
)


def lived(life, profile, reconnection, peer_to_peer, suppressed, role, then="1min"):
    """A stage on which all that has happened to Alice."""
    stage = Stage(reconnection=reconnection, peer_to_peer=peer_to_peer)
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(profile=profile, suppressed=suppressed, role=role)
    if role != "subscriber":
        stage.publishing(alice)
    stage.subscribing(alice, "bob#1.1")
    for name, number, pause in life:
        STEPS[name](stage, number)
        stage.run(pause * MILLISECOND)
        assert_page_is_right(alice)
    stage.run(then)
    assert_page_is_right(alice)
    return stage, alice


def assert_page_is_right(alice):
    """The elements in the page are those of the live objects, once each."""
    left = alice.left()
    assert left["elements"] == left["subscribers"] + left["publishers"]
    if alice.alive:
        counts = alice.page.document.counts
        assert counts == {"publisher": left["publishers"], "subscriber": left["subscribers"]}


ANYTHING = given(
    LIVES,
    st.sampled_from(sorted(PROFILES)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["publisher", "moderator", "subscriber"]),
)


@ANYTHING
@settings(max_examples=150)
def test_whatever_happens_a_client_keeps_its_promises(
    life, profile, reconnection, peer_to_peer, suppressed, role
):
    stage, _ = lived(life, profile, reconnection, peer_to_peer, suppressed, role)
    assert_machines_keep_to_their_tables(stage)
    assert_completions_come_once(stage)
    assert_causes_come_first(stage)
    assert_destroyed_objects_are_silent(stage, profile)
    assert_ends_are_ends(stage)
    assert_outages_alternate(stage)


def assert_machines_keep_to_their_tables(stage):
    machines = {"session": "session", "socket": "reconnectable_socket"}
    for record in stage.records:
        if record.kind != "state" or record.object == "page":
            continue
        word = record.object.partition("(")[0].rstrip("0123456789")
        machine = machines.get(word, word)
        before, after = record.data["from"], record.name
        if after.startswith("ice "):
            machine, after = "ice", after.removeprefix("ice ")
        assert after in MACHINES[machine][0][before], record


def assert_completions_come_once(stage):
    completed = [r.data["call"] for r in stage.records if r.kind == "callback" and "call" in r.data]
    assert len(completed) == len(set(completed))
    calls = {r.number for r in stage.records if r.kind == "call"}
    assert set(completed) <= calls


def assert_causes_come_first(stage):
    for record in stage.records:
        if record.cause is not None and record.number:
            assert 0 < record.cause < record.number, record


def assert_destroyed_objects_are_silent(stage, profile):
    """Each is destroyed once. Only media that fail peer to peer say that a Subscriber is without a
    reason, which changes nothing, and only in the shipped client.
    """
    gone = set()
    for record in stage.told():
        if record.kind != "event" or record.object == "session":
            continue
        ends = record.name == "destroyed"
        if ends and record.object.startswith("subscriber") and "reason" not in record.data:
            assert profile != "documented", record
            continue
        assert record.object not in gone, record
        if ends:
            gone.add(record.object)


def assert_ends_are_ends(stage):
    """One end at most of each connection, after its beginning, and then its Session is silent."""
    begun, ended = set(), set()
    for record in stage.told():
        if record.object != "session" or record.kind != "event":
            continue
        own = record.data["own"]
        assert own not in ended, record
        if record.name == "sessionConnected":
            assert own not in begun, record
            begun.add(own)
        elif record.name == "sessionDisconnected":
            assert own in begun, record
            ended.add(own)


def assert_outages_alternate(stage):
    away = {}
    for record in stage.told():
        if record.name in ("sessionReconnecting", "sessionReconnected"):
            own, out = record.data["own"], record.name == "sessionReconnecting"
            assert away.get(own, False) is not out, record
            away[own] = out


@ANYTHING
@settings(max_examples=60)
def test_whatever_happened_an_app_that_leaves_hears_of_it_and_then_nothing_more(
    life, profile, reconnection, peer_to_peer, suppressed, role
):
    life = [step for step in life if step[0] not in ("tab", "listen", "react")]
    stage, alice = lived(life, "documented", reconnection, peer_to_peer, suppressed, role)
    promise = stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert promise.outcome == (None,)
    assert alice.session.state == "disconnected"
    stage.restore()
    at = stage.now
    stage.run("2min")
    since = [record for record in stage.told(since=at) if record.time > at]
    assert since == []
    assert stage.dials[-1:] == [dial for dial in stage.dials[-1:] if dial[0] <= at]


@ANYTHING
@settings(max_examples=60)
def test_the_same_life_is_written_down_the_same_twice(
    life, profile, reconnection, peer_to_peer, suppressed, role
):
    arguments = (life, profile, reconnection, peer_to_peer, suppressed, role)
    first, _ = lived(*arguments)
    second, _ = lived(*arguments)
    assert first.records == second.records


@ANYTHING
@settings(max_examples=60)
def test_time_given_in_pieces_is_time_given_at_once(
    life, profile, reconnection, peer_to_peer, suppressed, role
):
    arguments = (life, profile, reconnection, peer_to_peer, suppressed, role)
    whole, _ = lived(*arguments, then="40s")
    pieces, alice = lived(*arguments, then="1s")
    for _ in range(39):
        pieces.run(1 * SECOND)
        deadline = alice.next_deadline() if alice.alive else None
        assert deadline is None or deadline > pieces.now
    assert pieces.records == whole.records
