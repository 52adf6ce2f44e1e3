"""A client can be copied in the middle of everything: the copy goes on, the original stays."""

from bare_loop import HOP, BareLoop
from hypothesis import given, settings
from hypothesis import strategies as st
from lossy_loop import LossyLoop
from openings import prevent

from sim.platform import PlatformSettings
from sim.protocol.quirks import PROFILES
from sim.protocol.renaming import Renaming, fingerprint
from sim.protocol.units import MILLISECOND, SECOND

NAMES = ("alice", "bob", "carol")
PLATFORM = PlatformSettings(detection=10 * SECOND, grace=20 * SECOND)


def chosen(things, number):
    things = list(things)
    return things[number % len(things)] if things else None


def publish(client, number):
    old = chosen(client.publishers, number)
    client.session.publish(old if old is not None and number % 3 == 0 else client.init_publisher())


def unpublish(client, number):
    client.session.unpublish(chosen(client.publishers, number))


def destroy(client, number):
    if client.publishers:
        chosen(client.publishers, number).destroy()


def unsubscribe(client, number):
    if client.session.subscribers:
        client.session.unsubscribe(chosen(client.session.subscribers, number))


def signal(client, number):
    session = client.session
    session.signal("chat", number, retry_after_reconnect=bool(number % 3), completion=note)


def note(error):
    """A completion of the app's that a copy shares."""


def moderate(client, number):
    session = client.session
    session.force_disconnect(chosen(session.connections, number))
    session.force_unpublish(chosen(session.streams, number))
    session.force_mute_all()


CALLS = {
    "connect": lambda client, _: client.session.connect(note),
    "disconnect": lambda client, _: client.session.disconnect().then(note),
    "publish": publish,
    "unpublish": unpublish,
    "destroy": destroy,
    "subscribe": lambda c, n: c.session.subscribe(chosen(c.session.streams.values(), n)),
    "unsubscribe": unsubscribe,
    "signal": signal,
    "moderate": moderate,
    "keep": lambda client, _: client.session.once("sessionDisconnected", prevent),
    "off": lambda client, _: client.session.off("sessionDisconnected"),
    "switch": lambda client, n: [p.publish_audio(bool(n % 2)) for p in client.publishers],
}


def fail(loop, name, number):
    loop.cut(name, bool(number % 2))


def tab(loop, name, number):
    client = loop.clients[name]
    if not client.alive:
        client.reload()
    elif number % 2:
        client.crash()
    else:
        client.close_browser(loop.now, None)
    loop.flush()


def rotate(loop, name, number):
    loop.platform.rotate(name, loop.now, None, migrate=bool(number % 2))
    loop.flush()


OTHERS = {"network": fail, "tab": tab, "rotate": rotate}
PAUSES = (
    0,
    500,
    1_000,
    1_500,
    3_000,
    50_000,
    101_000,
    300_000,
    2 * SECOND,
    6 * SECOND,
    31 * SECOND,
)
STEPS = st.tuples(
    st.sampled_from([*CALLS, *OTHERS]),
    st.sampled_from(NAMES),
    st.integers(0, 9),
    st.sampled_from(PAUSES),
)
LIVES = st.lists(STEPS, min_size=1, max_size=25)
BEGINNING = [
    ("connect", "alice", 0, 3 * HOP),
    ("connect", "bob", 0, 10 * HOP),
    ("publish", "alice", 1, 0),
    ("publish", "bob", 1, 400 * MILLISECOND),
]


def live(loop, life):
    for what, name, number, pause in life:
        if what in OTHERS:
            OTHERS[what](loop, name, number)
        else:
            loop.act(name, lambda client, w=what, n=number: CALLS[w](client, n))
        loop.run(pause)
    return loop


def assert_forks(first, rest, profile="documented", make=BareLoop):
    """Whatever has happened first, a fork goes on as the original does, and apart from it."""
    rest = [*rest, ("signal", "alice", 1, 40 * SECOND)]
    unforked = live(live(make(NAMES, PLATFORM, profile), first), rest)
    original = live(make(NAMES, PLATFORM, profile), first)
    before = original.snapshot()
    fork = original.fork()
    assert fork.snapshot() == before
    live(fork, rest)
    assert original.snapshot() == before
    live(original, rest)
    assert fork.records == unforked.records
    assert original.records == unforked.records
    original.restore(before)
    live(original, rest)
    assert original.records == unforked.records


@given(LIVES, LIVES, st.booleans(), st.sampled_from(sorted(PROFILES)))
@settings(max_examples=100)
def test_a_fork_anywhere_goes_on_as_the_original_and_apart_from_it(first, rest, together, profile):
    assert_forks([*BEGINNING, *first] if together else first, rest, profile)


@given(LIVES, LIVES, st.sampled_from(sorted(PROFILES)))
@settings(max_examples=60)
def test_clients_platform_and_links_with_loss_fork_together(first, rest, profile):
    assert_forks([*BEGINNING, *first], rest, profile, LossyLoop)


def test_a_fork_while_a_lost_packet_waits_to_be_sent_again():
    cut = [*BEGINNING, ("connect", "carol", 0, 5 * SECOND), ("network", "alice", 1, 0)]
    loop = live(LossyLoop(NAMES, PLATFORM), [*cut, ("signal", "alice", 1, SECOND)])
    assert loop.senders["alice", "up"].deadline is not None
    assert loop.links["bob"].up.sent > 5
    back = [("network", "alice", 0, 20 * SECOND)]
    for pause in (0, 300 * MILLISECOND, 5 * SECOND):
        assert_forks([*cut, ("signal", "alice", 1, pause)], back, make=LossyLoop)


def middle_of(what, after, then=()):
    """The beginning of a story, ``after`` microseconds into something that alice does."""
    return [*BEGINNING, *then, (what, "alice", 1, after)]


def test_a_fork_while_connecting():
    for after in range(0, 8 * HOP, 500):
        assert_forks([("connect", "alice", 0, after)], [("connect", "bob", 0, 3 * SECOND)])


def test_a_fork_while_disconnecting_hangs_up_for_itself():
    for after in (0, 50 * MILLISECOND, 100 * MILLISECOND, 101 * MILLISECOND, 102 * MILLISECOND):
        assert_forks(middle_of("disconnect", after), [("connect", "alice", 0, 3 * SECOND)])


def test_a_fork_while_publishing():
    for after in (0, 100 * MILLISECOND, 200 * MILLISECOND, 201 * MILLISECOND, 202 * MILLISECOND):
        assert_forks(middle_of("publish", after), [("disconnect", "alice", 0, 3 * SECOND)])


def test_a_fork_while_reconnecting_with_signals_pending():
    cut = [("network", "alice", 1, 7 * SECOND), ("signal", "alice", 1, 0)]
    for pause in (0, SECOND, 8 * SECOND, 16 * SECOND):
        back = [("signal", "alice", 2, pause), ("network", "alice", 0, 20 * SECOND)]
        assert_forks([*BEGINNING, *cut], back)


# -- what states have in common -----------------------------------------------------------------


def forms(loop):
    names = Renaming()
    return [client.canonical(loop.now, names) for client in loop.clients.values()]


@given(LIVES, st.sampled_from(sorted(PROFILES)))
@settings(max_examples=60)
def test_equal_states_have_equal_forms_and_hashes(life, profile):
    loop = live(BareLoop(NAMES, PLATFORM, profile), [*BEGINNING, *life])
    fork = loop.fork()
    assert forms(fork) == forms(loop)
    for one, other in zip(forms(fork), forms(loop), strict=True):
        assert fingerprint(one) == fingerprint(other)


def test_states_that_differ_in_their_counters_and_times_alone_have_the_same_form():
    stay = [
        ("connect", "alice", 0, 10 * HOP),
        ("publish", "alice", 1, 400 * MILLISECOND),
        ("connect", "bob", 0, 10 * HOP),
        ("publish", "bob", 1, SECOND),
    ]
    leave = [("disconnect", "alice", 0, SECOND), ("disconnect", "bob", 0, 60 * SECOND)]
    once = live(BareLoop(NAMES, PLATFORM), stay)
    again = live(BareLoop(NAMES, PLATFORM), [*stay, *leave, *stay])
    assert once.now != again.now
    assert forms(once) == forms(again)
    assert once.snapshot()[1] != again.snapshot()[1]


def test_states_that_differ_in_what_may_happen_next_have_different_forms():
    begun = live(BareLoop(NAMES, PLATFORM), BEGINNING)
    seen = [forms(begun)]
    for what in ("disconnect", "publish", "signal", "unsubscribe", "keep", "destroy", "switch"):
        fork = begun.fork()
        live(fork, [(what, "alice", 0 if what == "switch" else 1, 0)])
        assert forms(fork) not in seen, what
        seen.append(forms(fork))


def test_what_is_to_be_sent_is_part_of_the_form():
    loop = live(BareLoop(("alice",), PLATFORM), [("connect", "alice", 0, SECOND)])
    told = []
    for name in "ab":
        loop.platform.server_signal(name, loop.now, None)
        told.append(loop.platform.outputs.pop().frame)
    alice = loop.clients["alice"]
    attempt = alice.membership.socket.attempt
    for message in told:
        alice.receive(attempt, message, loop.now, None)
    alice.outputs.clear()
    again = [loop.fork(), loop.fork()]
    for fork, message in zip(again, told, strict=True):
        fork.clients["alice"].receive(attempt, message, fork.now, None)
    assert forms(again[0]) != forms(again[1])


def test_how_many_sessions_there_were_before_does_not_matter():
    session = [
        ("connect", "alice", 0, 10 * HOP),
        ("publish", "alice", 1, SECOND),
        ("connect", "bob", 0, SECOND),
    ]
    leave = [("disconnect", "alice", 0, SECOND), ("disconnect", "bob", 0, SECOND)]
    now = [*session, ("subscribe", "bob", 0, 0), ("subscribe", "bob", 0, 1_500)]

    def seen(before):
        loop = live(BareLoop(("alice", "bob"), PLATFORM), (session + leave) * before)
        loop.run(3600 * SECOND - loop.now)
        names = Renaming()
        live(loop, now)
        people = [client.canonical(loop.now, names) for client in loop.clients.values()]
        return [*people, loop.platform.canonical(loop.now, names)]

    assert [seen(before) == seen(1) for before in range(2, 12)] == [True] * 10


def test_how_old_an_answer_is_matters_no_more_when_it_is_older_than_kept():
    settings = PlatformSettings(media_idle=None)
    quiet = live(BareLoop(("alice",), settings), [("connect", "alice", 0, 3600 * SECOND)])
    later = quiet.fork()
    later.run(2 * SECOND)
    assert quiet.platform.canonical(quiet.now) == later.platform.canonical(later.now)
