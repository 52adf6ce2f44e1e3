"""What short stories are made of: a room of two, calls, faults, and what ends other things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from tools.live.stories import CHOICES, Act, Step, Story, ended, weighted

AUTO: Final = {"role": "publisher", "auto_subscribe": True}
MODERATOR: Final = {"role": "moderator", "auto_subscribe": True}
BOTH: Final = ("alice", "bob")

MOMENTS: Final = (0, 20, 60, 100, 130, 160, 200, 300, 500, 1_000, 2_000)
"""Milliseconds between two calls, close together where cameras open and requests go out."""
STATES: Final = {"connected": 4, "kill+refuse": 3, "blackhole": 3, "kill+blackhole": 1}
"""The state of a client's connection: its fault, or none."""


# -- putting a story together ----------------------------------------------------------------------


def story(
    name: str,
    steps: list[Step],
    *,
    alice: Mapping[str, Any] = AUTO,
    bob: Mapping[str, Any] = AUTO,
    setup: Sequence[str] = BOTH,
    pubs: Sequence[str] = (),
    lasts: int = 0,
    **cfg: Any,
) -> Story:
    """A story of alice and bob, watched for ``lasts`` milliseconds or longer."""
    told: Story = {
        "name": name,
        "cfg": cfg,
        "clients": {"alice": dict(alice), "bob": dict(bob)},
        "setup": list(setup),
        "pubs": list(pubs),
    }
    told = ended(told, sorted(steps, key=lambda step: int(step["at"])))
    return told | {"ends": max(told["ends"], lasts)}


def calls(at: int, client: str, *acts: str | Act) -> Step:
    """Calls of one turn; those without arguments by their names."""
    each: list[Act] = [{"do": act} if isinstance(act, str) else act for act in acts]
    return {"at": at, "client": client, "acts": each}


def net(at: int, word: str, client: str = "alice") -> Step:
    """What happens to somebody's network."""
    return {"at": at, "client": client, "net": word}


def away(state: str, begins: int, ends: int) -> list[Step]:
    """The steps that bring alice into a state, and out of it."""
    return [] if state == "connected" else [net(begins, state), net(ends, "restored")]


def signal(data: str, **args: Any) -> Act:
    """A signal to everybody."""
    return {"do": "signal", "args": {"type": "chat", "data": data, **args}}


def ending(at: int, random: Random) -> Step:
    """Something of alice's that ends what she has begun."""
    how = weighted(
        random, {"destroy": 3, "unpublish": 3, "disconnect": 3, "close page": 1, "forced": 2}
    )
    if how == "close page":
        return {"at": at, "client": "alice", "page": how}
    if how == "forced":
        word = random.choice(("forceDisconnect", "forceUnpublish"))
        return calls(at, "bob", {"do": word, "target": "alice"})
    return calls(at, "alice", how)


def of_leaving(random: Random) -> dict[str, Any]:
    """What a server chooses of those who leave and are made to."""
    keys = ("leaveOrder", "forceAck", "victimGetsStreamDeleted", "closeVictim", "unpublishEcho")
    return {key: weighted(random, CHOICES[key]) for key in keys}


def fault(random: Random, at: int) -> list[Step]:
    """A fault of alice's network; restored soon, late or never."""
    word = random.choice(("kill+refuse", "kill+accept", "kill+blackhole", "blackhole"))
    back = random.choice((300, 1_500, 5_000, 12_000, None))
    return [net(at, word)] + ([] if back is None else [net(at + back, "restored")])
