"""Snapshots: a platform goes on from where it was copied, and so does its twin."""

from hypothesis import given, settings
from hypothesis import strategies as st
from platform_stage import Stage
from tapes import SETTINGS, STEPS, Player, tape

from sim.platform import Close
from sim.platform.canonical import DOWN, UP, canonical
from sim.platform.deadlines import Alarm, Deadline
from sim.protocol.frames import PING, Disconnect, Hello, Message, Status
from sim.protocol.renaming import Renaming, fingerprint


@given(STEPS, SETTINGS, st.data())
@settings(max_examples=150)
def test_it_goes_on_from_a_snapshot_as_it_went_on_before(steps, chosen, data):
    calls, _ = tape(steps, chosen)
    cut = data.draw(st.integers(0, len(calls)))
    player = Player(chosen)
    player.play(calls[:cut])
    number, saved = player.number, player.platform.snapshot()
    first, ended = player.play(calls[cut:]), player.platform.snapshot()

    player.number = number
    player.platform.restore(saved)
    assert player.platform.snapshot() == saved
    assert player.play(calls[cut:]) == first
    assert player.platform.snapshot() == ended

    twin = Player(chosen, number)
    twin.platform.restore(saved)
    assert twin.play(calls[cut:]) == first
    assert twin.platform.snapshot() == ended


@given(STEPS, STEPS, SETTINGS)
@settings(max_examples=80)
def test_what_a_twin_does_changes_nothing_of_the_original(steps, more, chosen):
    calls, now = tape(steps, chosen)
    player, twin = Player(chosen), Player(chosen)
    player.play(calls)
    saved = player.platform.snapshot()
    form = player.platform.canonical(now)
    twin.platform.restore(saved)
    twin.play(tape([*steps, *more], chosen)[0][len(calls) :])
    assert player.platform.snapshot() == saved
    assert player.platform.canonical(now) == form


@given(STEPS, SETTINGS, st.integers(0, 10**9), st.integers(1, 10**6))
@settings(max_examples=100)
def test_time_causes_and_counters_do_not_matter(steps, chosen, later, number):
    calls, now = tape(steps, chosen)
    player, other = Player(chosen), Player(chosen, number)
    player.play(calls)
    other.play([_otherwise(call, later, number) for call in calls])
    form, shifted = player.platform.canonical(now), other.platform.canonical(now + later)
    assert form == shifted
    assert hash(form) == hash(shifted)
    assert fingerprint(form) == fingerprint(shifted)


def _otherwise(call, later, number):
    """The same call at another time, on another socket, with other numbers and causes."""
    name, args, named = call
    if name == "opened":
        socket, hello, now, _ = args
        return name, (socket + number, hello, now + later, number), named
    if name in ("closed", "silent"):
        socket, now, _ = (*args, None)[:3] if name == "closed" else args
        return name, (socket + number, args[1] + later, number), named
    if name == "receive":
        socket, frame, now = args
        return name, (socket + number, _renumbered(frame, number), now + later), named
    if name == "answer_next":
        return call
    args = tuple(each + later if type(each) is int and each != 1000 else each for each in args)
    return name, args, named


def _renumbered(frame, number):
    """Requests have higher numbers, as on a client that has made more of them before."""
    if isinstance(frame, Message):
        return frame._replace(txn=frame.txn + number, cause=number)
    return frame._replace(cause=number) if isinstance(frame, Status | Disconnect) else frame


def test_every_part_of_the_state_is_told_apart():
    stage = Stage()
    alice, bob = stage.join("alice", "moderator"), stage.join("bob")
    stage.publish(bob)
    stage.ask(alice, "create", "subscriber", id="s", stream="bob#1.1")
    bob.hears = False
    stage.signal(alice, "s1")
    saved = stage.platform.snapshot()
    peer, member, stream = saved.peers[1], saved.members[1], saved.streams[0]
    message = peer.unacknowledged[0]
    changed = [
        *(
            {"peers": (saved.peers[0], peer._replace(**{name: value}))}
            for name, value in {
                "socket": None,
                "heard": 1,
                "sent": 9,
                "unacknowledged": (message._replace(content={}),),
                "highest": 9,
                "answers": (),
                "gone": True,
                "remembered_until": 1,
                "farewell": message,
                "farewell_due": True,
            }.items()
        ),
        *(
            {"members": (saved.members[0], member._replace(**{name: value}))}
            for name, value in {
                "client": "carol",
                "role": "subscriber",
                "suppressed": True,
                "peer": "alice#1",
                "presence": "lost",
                "untold": ("alice#1",),
                "ended": frozenset(["bob#1.9"]),
                "subscriptions": (("bob#1.1", frozenset(["s"])),),
            }.items()
        ),
        {"streams": (stream._replace(owner="alice#1"),)},
        {"streams": (stream._replace(has_audio=False),)},
        {"streams": (stream._replace(has_video=False),)},
        {"muted": True},
        {"given": (("bob", (None, 500, False)),)},
        {"departed": (("carol#1", 1),)},
        {"removed": ((1, "carol#1"),)},
        {"deadlines": (1, (Deadline(5, 1, Alarm.GRACE, "bob#1"),))},
        {"outputs": (Close(peer.socket, 1000),)},
    ]
    form = canonical(saved, 0, Renaming(), 0)
    for change in changed:
        assert canonical(saved._replace(**change), 0, Renaming(), 0) != form, change


def test_a_platform_and_its_client_number_the_same_frames_alike():
    stage = Stage()
    alice = stage.join("alice")
    alice.hears = False
    stage.platform.server_signal("x", stage.now)
    stage.pump()
    names = Renaming()
    names.number(("alice#1", DOWN), 2)  # the client has had two messages, and made one request
    names.number(("alice#1", UP), 1)
    peer = stage.platform.canonical(stage.now, names)[0][0]
    assert (peer[2], peer[4]) == (0, 0)


def test_a_snapshot_of_what_was_never_used_is_that_of_a_new_platform():
    player, twin = Player({}), Player({})
    player.platform.opened(1, Hello("bob#1/1", False, "bob"), 0, None)
    player.platform.receive(1, PING, 5)
    player.platform.restore(twin.platform.snapshot())
    assert player.platform.snapshot() == twin.platform.snapshot()
    assert player.platform.next_deadline() is None
    assert player.play([("receive", (1, PING, 6), {})]) == ([(None, [], None)], [])
