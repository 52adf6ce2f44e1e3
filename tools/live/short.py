"""Short stories that isolate one behaviour: two clients, and one thing a little after another.

Each entry of ``KINDS`` draws one: what the app does, in which state of its connection, how many
milliseconds apart. They cover more of what is rare than long stories do, and say at once what it is
that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from tools.live.plot import (
    AUTO,
    BOTH,
    MODERATOR,
    MOMENTS,
    STATES,
    away,
    calls,
    ending,
    fault,
    net,
    of_leaving,
    signal,
    story,
)
from tools.live.stories import ONCE, Act, Step, Story, fill, weighted


def short_story(name: str, random: Random) -> Story:
    """One story of one kind; its name says which."""
    kind = weighted(random, {kind: weight for kind, (weight, _) in KINDS.items()})
    return KINDS[kind][1](f"{name}_{kind}", random)


# -- the kinds -------------------------------------------------------------------------------------


def _publish_then_end(name: str, random: Random) -> Story:
    """Publishing, and soon after it what ends it; connected or away."""
    state, gap = weighted(random, STATES), random.choice(MOMENTS)
    outage = away(state, 250, random.choice((1_500, 3_000, 9_000)))
    steps = [*outage, calls(500, "alice", "publish"), ending(500 + gap, random)]
    return story(name, steps, bob=MODERATOR)


def _publish_then_cut(name: str, random: Random) -> Story:
    """Publishing, and soon after it a fault."""
    cut = 500 + random.choice(MOMENTS)
    steps = [calls(500, "alice", "publish"), *fault(random, cut)]
    return story(name, steps, pubs=["bob"])


def _pending_at_the_end(name: str, random: Random) -> Story:
    """The window is over, or the app leaves, while calls are unanswered."""
    call = random.choice(("publish", "subscribe", "signal", "unpublish", "forceUnpublish"))
    act: Act = {
        "subscribe": {"do": "subscribe", "args": {"stream_of": "bob"}},
        "signal": signal("waits"),
        "forceUnpublish": {"do": "forceUnpublish", "target": "bob"},
    }.get(call, {"do": call})
    at = random.choice((400, 12_000, 20_000, 29_500))
    steps = [net(250, random.choice(("kill+refuse", "kill+blackhole"))), calls(at, "alice", act)]
    if random.random() < 0.4:
        steps.append(calls(at + random.choice(MOMENTS), "alice", "disconnect"))
    pubs = ["alice", "bob"] if call == "unpublish" else ["bob"]
    return story(name, steps, alice=MODERATOR, pubs=pubs)


def _connect_disconnect(name: str, random: Random) -> Story:
    """Calls of connect and disconnect close together, from within the session or from outside."""
    steps, at = [], 300
    for _ in range(random.randint(2, 4)):
        steps.append(calls(at, "alice", random.choice(("connect", "disconnect"))))
        at += random.choice((0, 5, 20, 50, 100, 300, 1_000))
    inside = random.random() < 0.6
    setup = BOTH if inside else ("bob",)
    pubs = ["alice", "bob"] if inside and random.random() < 0.5 else ["bob"]
    steps.append(calls(max(at, 5_000), "bob", signal("end")))
    return story(name, steps, setup=setup, pubs=pubs)


def _connect_in_a_fault(name: str, random: Random) -> Story:
    """A first connect that meets a fault; restored after some of its attempts, or never."""
    word = random.choice(("kill+refuse", "blackhole", "kill+blackhole"))
    back = random.choice((700, 2_000, 4_000, 8_000, 16_000, None))
    steps = [calls(400, "alice", "connect")]
    steps.append(net(random.choice((200, 405, 420, 440, 480)), word))
    if back is not None:
        steps.append(net(500 + back, "restored"))
    if random.random() < 0.3:
        steps.append(calls(random.choice((450, 1_500, 5_000)), "alice", "disconnect"))
    return story(name, steps, setup=["bob"], pubs=["bob"], lasts=(back or 0) + 36_000)


def _forced_race(name: str, random: Random) -> Story:
    """A moderator's command against what its victim does just then."""
    word = random.choice(("forceDisconnect", "forceUnpublish"))
    victim = random.choice(("destroy", "unpublish", "disconnect", "publish", "connect"))
    force: Act = {"do": word, "target": "alice"}
    steps = [
        calls(500, "bob", force),
        calls(500 + random.choice((-50, -10, 0, 5, 15, 40, 100)), "alice", victim),
    ]
    if random.random() < 0.4:
        steps.append(calls(500 + random.choice((0, 10, 50)), "bob", force))
    return story(name, steps, bob=MODERATOR, pubs=["alice"], **of_leaving(random))


def _subscribe_then_end(name: str, random: Random) -> Story:
    """A subscription that is ended before its media is there, while it is bound, or after."""
    gap = random.choice((0, 20, 50, 100, 200, 300, 400, 500, 700, 1_000, 1_500))
    steps = [calls(400, "alice", {"do": "subscribe", "args": {"stream_of": "bob"}})]
    how = random.choice(("unsubscribe", "disconnect", "bob destroy", "bob unpublish", "bob leaves"))
    who, do = ("bob", how.partition(" ")[2]) if how.startswith("bob") else ("alice", how)
    do = {"leaves": "disconnect"}.get(do, do)
    act: Act = {"do": do} | ({"args": {"subscriber": 0}} if do == "unsubscribe" else {})
    steps.append(calls(400 + gap, who, act))
    prevents = random.choice(([], [], ["session:streamDestroyed"], ["session:sessionDisconnected"]))
    alice = {"role": "publisher", "auto_subscribe": False, "prevents": prevents}
    return story(name, steps, alice=alice, pubs=["bob"], lasts=24_000)


WATCHED: Final = (
    ("subscriber", "connected"),
    ("subscriber", "destroyed"),
    ("publisher", "streamCreated"),
    ("publisher", "streamDestroyed"),
    ("session", "sessionReconnecting"),
    ("session", "sessionReconnected"),
    ("session", "sessionDisconnected"),
    ("session", "streamCreated"),
)
IN_LISTENERS: Final = ("unsubscribe", "disconnect", "destroy", "unpublish", "publish", "connect")
TURNS: Final = ("{}", "Promise.resolve().then(() => {})", "setTimeout(() => {}, 200)")


def _in_a_listener(name: str, random: Random) -> Story:
    """What an app does in the listener of a Subscriber or a Publisher, at once or a turn later."""
    object, event = random.choice(WATCHED)
    call = f"{random.choice(IN_LISTENERS)}()"
    does = fill(ONCE, fill(random.choice(TURNS), call))
    alice = AUTO | {"listeners": [{"object": object, "event": event, "does": does}]}
    steps = [net(500, "kill+refuse"), net(2_000, "restored"), calls(6_000, "alice", "unpublish")]
    steps += [calls(8_000, "bob", "destroy"), calls(9_500, "alice", "disconnect")]
    return story(name, steps, alice=alice, pubs=["alice", "bob"])


def _signals_around(name: str, random: Random) -> Story:
    """Signals before, in and right after an outage, some without retry, some with equal data."""
    word = random.choice(("kill+refuse", "kill+accept", "blackhole"))
    back = random.choice((1_000, 3_000, 9_000))
    steps = [net(500, word), net(500 + back, "restored")]
    for number in range(random.randint(2, 5)):
        at = random.choice((450, 495, 510, 700, 495 + back, 505 + back, 520 + back, 600 + back))
        args = {} if random.random() < 0.5 else {"retry_after_reconnect": False}
        data = "same" if random.random() < 0.3 else f"s{number}"
        steps.append(calls(at, "alice", signal(data, **args)))
    return story(name, steps, pokeOnReconnect=random.random() < 0.5)


LEAVING: Final = ("disconnect", "close page", "forceDisconnect", "mediaIdle", "expired")


def _leaving(name: str, random: Random) -> Story:
    """How others are told of one who leaves, in each order that a server may choose."""
    how = random.choice(LEAVING)
    steps: list[Step]
    if how == "disconnect":
        steps = [calls(500, "bob", how)]
    elif how == "close page":
        steps = [{"at": 500, "client": "bob", "page": how}]
    elif how == "forceDisconnect":
        steps = [calls(500, "alice", {"do": how, "target": "bob"})]
    elif how == "mediaIdle":
        steps = [{"at": 500, "client": "bob", "platform": how}]
    else:
        steps = [net(500, "kill+refuse", "bob")]
        steps += [{"at": 4_000, "client": "bob", "platform": "grace expired"}]
        steps += [net(9_000, "restored", "bob")]
    prevents = random.choice(([], [], ["session:streamDestroyed"]))
    steps += [calls(12_000, "bob", "connect"), calls(14_000, "alice", signal("end"))]
    return story(
        name,
        steps,
        alice=MODERATOR | {"prevents": prevents},
        pubs=["alice", "bob"],
        lasts=26_000,
        refuseReattachWhenGone=random.choice(("close", "deleted")),
        **of_leaving(random),
    )


def _others_while_away(name: str, random: Random) -> Story:
    """What others do while one is away, and what one is told on coming back."""
    back = random.choice((2_000, 6_000, 12_000, 25_000))
    steps = [net(400, random.choice(("kill+refuse", "blackhole"))), net(400 + back, "restored")]
    deeds = random.sample(("destroy", "unpublish", "disconnect", "publish", "connect"), 2)
    at = 900
    for deed in deeds:
        steps.append(calls(at, "bob", deed))
        at += random.choice((20, 200, 1_500))
    replays = random.random() < 0.8
    return story(name, steps, pubs=["alice", "bob"], lasts=back + 22_000, replayUnacked=replays)


def _kept_publisher(name: str, random: Random) -> Story:
    """A Publisher that the app keeps, and publishes again: in the session, or in the next."""
    alice = AUTO | {"prevents": ["publisher:streamDestroyed"]}
    how = random.choice(("unpublish", "disconnect", "forced out"))
    first = (
        {"at": 500, "client": "alice", "platform": "forceDisconnect"}
        if how == "forced out"
        else calls(500, "alice", how)
    )
    gap = random.choice((0, 50, 300, 1_500))
    steps = [first]
    if how != "unpublish":
        steps.append(calls(520 + gap, "alice", "connect"))
    again = random.choice(("publish again", "publish again", "publish"))
    steps.append(calls(900 + 2 * gap, "alice", again))
    steps.append(calls(6_000, "alice", random.choice(("destroy", "unpublish", "disconnect"))))
    return story(name, steps, alice=alice, pubs=["alice"])


def _turned_away(name: str, random: Random) -> Story:
    """Coming back after the server has given one up: by its grace or by a moderator."""
    word = random.choice(("kill+refuse", "blackhole", "kill+blackhole"))
    deed = random.choice(("grace expired", "forceDisconnect"))
    gone = {"at": 3_000, "client": "alice", "platform": deed}
    steps: list[Step] = [net(400, word), gone, net(random.choice((3_500, 8_000)), "restored")]
    if random.random() < 0.5:
        steps.append(calls(1_200, "alice", random.choice(("publish", "unpublish"))))
    steps.append(calls(14_000, "alice", "connect"))
    reattach = random.choice(("close", "deleted"))
    pubs = ["alice", "bob"]
    return story(name, steps, pubs=pubs, lasts=24_000, refuseReattachWhenGone=reattach)


def _closes(name: str, random: Random) -> Story:
    """The server closes the socket, and the app calls something at that moment."""
    code = random.choice((1000, 1001))
    steps: list[Step] = [{"at": 500, "client": "alice", "platform": f"closes with {code}"}]
    call = random.choice(("publish", "disconnect", "unpublish", "connect", "destroy"))
    steps.append(calls(500 + random.choice((-20, 0, 5, 20, 60, 300)), "alice", call))
    reconnection = random.random() < 0.7
    pubs = ["bob"] if call == "publish" else ["alice", "bob"]
    return story(name, steps, pubs=pubs, lasts=12_000, reconnection=reconnection)


KINDS: Final[Mapping[str, tuple[int, Callable[[str, Random], Story]]]] = {
    "publish_then_end": (6, _publish_then_end),
    "publish_then_cut": (2, _publish_then_cut),
    "pending_at_the_end": (3, _pending_at_the_end),
    "connect_disconnect": (4, _connect_disconnect),
    "connect_in_a_fault": (3, _connect_in_a_fault),
    "forced_race": (3, _forced_race),
    "subscribe_then_end": (4, _subscribe_then_end),
    "in_a_listener": (4, _in_a_listener),
    "signals_around": (3, _signals_around),
    "leaving": (2, _leaving),
    "others_while_away": (2, _others_while_away),
    "kept_publisher": (2, _kept_publisher),
    "turned_away": (2, _turned_away),
    "closes": (2, _closes),
}
"""The kinds: how often each is told, and what draws it."""
