"""Random stories for the recorder: two to four clients, calls, faults of networks, the platform.

A story is plain data, as the recorder reads it (``docs/live.md`` has its keys). It is drawn from
the ``random.Random`` that is handed in, so that a seed always tells the same stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, Final

Story = dict[str, Any]
Step = dict[str, Any]
Act = dict[str, Any]

NAMES: Final = ("alice", "bob", "carol", "dave")
ROLES: Final = {"moderator": 5, "publisher": 3, "subscriber": 2}
PREVENTED: Final = {
    "session:sessionDisconnected": 0.1,
    "session:streamDestroyed": 0.2,
    "publisher:streamDestroyed": 0.2,
}
"""What an app may keep from happening, and how many of the apps do."""

CHOICES: Final[Mapping[str, Mapping[Any, int]]] = {
    "leaveOrder": {"stream-first": 5, "connection-first": 4, "connection-only": 2},
    "forceAck": {"ack-first": 1, "ack-last": 1},
    "victimGetsStreamDeleted": {True: 1, False: 1},
    "closeVictim": {True: 1, False: 4},
    "pokeOnReconnect": {True: 1, False: 1},
    "replayUnacked": {True: 9, False: 1},
    "reconnection": {True: 6, False: 1},
    "signalAck": {"ack-first": 1, "ack-last": 1},
    "refuseReattachWhenGone": {"close": 2, "deleted": 1},
    "unpublishEcho": {True: 3, False: 1},
}
"""What the server may choose, and how often it does."""

FAULTS: Final = {"kill+refuse": 4, "kill+accept": 3, "kill+blackhole": 3, "blackhole": 4}

# -- listeners -------------------------------------------------------------------------------------

HEARD: Final[Mapping[str, tuple[str, ...]]] = {
    "session": (
        "sessionConnected",
        "sessionReconnecting",
        "sessionReconnected",
        "sessionDisconnected",
        "streamCreated",
        "streamDestroyed",
        "connectionCreated",
        "connectionDestroyed",
    ),
    "publisher": ("streamCreated", "streamDestroyed", "destroyed"),
    "subscriber": ("connected", "disconnected", "destroyed"),
}
DEEDS: Final = {
    "publish()": 3,
    "unpublish()": 3,
    "disconnect()": 3,
    "connect()": 2,
    "unsubscribe()": 2,
    "destroy()": 2,
    "signal({ type: 'chat', data: 'L' })": 2,
}
WRAPPINGS: Final = {
    "{}": 4,
    "Promise.resolve().then(() => {})": 2,
    "setTimeout(() => {}, 0)": 1,
    "setTimeout(() => {}, 50)": 1,
}
ONCE: Final = "if (!again) { again = 1; {} }"
"""The guard of an app that does something the first time only."""


def listener(random: Random) -> dict[str, str]:
    """What an app does inside a listener. What could go on for ever is done once."""
    object = weighted(random, {"session": 6, "publisher": 2, "subscriber": 2})
    does = fill(weighted(random, WRAPPINGS), weighted(random, DEEDS))
    if random.random() < 0.5 or _may_repeat(does):
        does = fill(ONCE, does)
    return {"object": object, "event": random.choice(HEARD[object]), "does": does}


def _may_repeat(does: str) -> bool:
    return "connect()" in does or "publish()" in does or "signal(" in does


def fill(pattern: str, what: str) -> str:
    """Put something in the place of the last empty braces.

    >>> fill(ONCE, "connect()")
    'if (!again) { again = 1; connect() }'
    """
    before, _, after = pattern.rpartition("{}")
    return before + what + after


# -- a story ---------------------------------------------------------------------------------------


def random_story(name: str, random: Random) -> Story:
    """A session of up to a minute."""
    people = NAMES[: weighted(random, {2: 14, 3: 5, 4: 1})]
    clients = {each: _client(random) for each in people}
    setup = [each for each in people if each == people[0] or random.random() < 0.93]
    able = [each for each in setup if clients[each]["role"] != "subscriber"]
    story = {
        "name": name,
        "cfg": {key: weighted(random, values) for key, values in CHOICES.items()},
        "clients": clients,
        "setup": setup,
        "pubs": [each for each in able if random.random() < 0.75],
        "steps": [],
    }
    return ended(story, sorted(_steps(random, people), key=_when))


def _client(random: Random) -> dict[str, Any]:
    client: dict[str, Any] = {
        "role": weighted(random, ROLES),
        "auto_subscribe": random.random() < 0.75,
        "prevents": [event for event, share in PREVENTED.items() if random.random() < share],
        "listeners": [listener(random)] if random.random() < 0.33 else [],
    }
    if random.random() < 0.04:
        client["suppressed"] = True
    return client


def _when(step: Step) -> int:
    return int(step["at"])


def _steps(random: Random, people: tuple[str, ...]) -> Iterator[Step]:
    at = 300
    for number in range(random.randint(4, 12)):
        who = random.choice(people)
        kind = weighted(random, {"acts": 14, "net": 4, "platform": 3, "page": 1})
        if kind == "acts":
            yield {"at": at, "client": who, "acts": acts(random, people, who, number)}
        elif kind == "net":
            yield from outage(random, at, who)
        elif kind == "platform":
            yield {"at": at, "client": who, **platform_deed(random)}
        else:
            yield {"at": at, "client": who, "page": "close page"}
        at = min(at + gap(random), 45_000)


def gap(random: Random) -> int:
    """Milliseconds from one step to the next: within a burst, in passing, or after a while."""
    low, high = weighted(
        random, {(0, 30): 6, (30, 300): 5, (300, 1_500): 6, (1_500, 6_000): 4, (9_000, 18_000): 1}
    )
    return random.randint(low, high)


def outage(random: Random, at: int, who: str) -> Iterator[Step]:
    """A network that fails and, nearly always, is restored: within the window or after it."""
    yield {"at": at, "client": who, "net": weighted(random, FAULTS)}
    low, high = weighted(
        random, {(100, 1_500): 4, (1_500, 6_000): 5, (6_000, 16_000): 2, (25_000, 36_000): 1}
    )
    if random.random() < 0.9:
        yield {"at": at + random.randint(low, high), "client": who, "net": "restored"}


PLATFORM: Final[Mapping[str, int]] = {
    "signal": 3,
    "forceDisconnect": 2,
    "grace expired": 2,
    "closes with 1000": 1,
    "closes with 1001": 1,
    "mediaIdle": 1,
    "serverRotation": 1,
}


def platform_deed(random: Random) -> dict[str, Any]:
    """What the platform does of itself."""
    deed = weighted(random, PLATFORM)
    return {"platform": deed} | (
        {"args": {"type": "chat", "data": "srv"}} if deed == "signal" else {}
    )


# -- calls -----------------------------------------------------------------------------------------


def acts(random: Random, people: tuple[str, ...], who: str, number: int) -> list[Act]:
    """One call, or a few in one turn of the page."""
    count = weighted(random, {1: 8, 2: 2, 3: 1})
    return [act(random, people, who, f"s{number}{'abc'[turn]}") for turn in range(count)]


def act(random: Random, people: tuple[str, ...], who: str, data: str) -> Act:
    """One call, with arguments that make sense if what they are about is there."""
    others = [each for each in people if each != who]
    do = weighted(random, {do: weight for do, (weight, _) in ACTS.items()})
    return {"do": do} | ACTS[do][1](random, others, data)


def _nothing(random: Random, others: list[str], data: str) -> Act:
    return {}


def _other(random: Random, others: list[str], data: str) -> Act:
    return {"target": random.choice(others)}


def _same_publisher(random: Random, others: list[str], data: str) -> Act:
    return {"args": {"publisher": "publisher"}} if random.random() < 0.2 else {}


def _again(random: Random, others: list[str], data: str) -> Act:
    return {"args": {"publisher": "the same as before"}}


def _stream(random: Random, others: list[str], data: str) -> Act:
    return {"args": {"stream_of": random.choice(others)}}


def _subscriber(random: Random, others: list[str], data: str) -> Act:
    return {"args": {"subscriber": weighted(random, {0: 4, 1: 1})}}


def _signal(random: Random, others: list[str], data: str) -> Act:
    args: dict[str, Any] = {"data": "same" if random.random() < 0.1 else data}
    if random.random() < 0.7:
        args["type"] = "chat"
    if random.random() < 0.4:
        args["retry_after_reconnect"] = random.random() < 0.3
    if random.random() < 0.2:
        args["to"] = {"connection_of": random.choice(others)}
    return {"args": args}


ACTS: Final[Mapping[str, tuple[int, Callable[[Random, list[str], str], Act]]]] = {
    "signal": (10, _signal),
    "disconnect": (7, _nothing),
    "connect": (7, _nothing),
    "publish": (6, _nothing),
    "publish again": (2, _again),
    "unpublish": (4, _same_publisher),
    "destroy": (2, _same_publisher),
    "subscribe": (2, _stream),
    "unsubscribe": (2, _subscriber),
    "forceDisconnect": (3, _other),
    "forceUnpublish": (2, _other),
    "forceMuteStream": (1, _other),
    "forceMuteAll": (2, _nothing),
    "disableForceMute": (1, _nothing),
}
"""The calls: how often each is made, and what draws its arguments."""

# -- drawing ---------------------------------------------------------------------------------------


def weighted(random: Random, table: Mapping[Any, int]) -> Any:
    """One of the keys, as often as its weight says."""
    return random.choices(list(table), list(table.values()))[0]


def ended(story: Story, steps: list[Step]) -> Story:
    """The story with its steps, and an end that leaves time for what they lead to.

    Where a network stays down that is the window of 30 s, and otherwise a few seconds.
    """
    last = max((step["at"] for step in steps), default=0)
    cut = {step["client"]: step.get("net") for step in steps if step.get("net")}
    away = any(net not in ("restored", "kill+accept") for net in cut.values())
    return story | {"steps": steps, "ends": max(last + 4_500, 6_000) + (34_000 if away else 0)}
