"""Draw the state machines: writes ``states.md`` beside this file from the tables in the code.

Run it after changing a table: ``python -m docs.draw_states``. A test holds the page to the tables.
"""

from __future__ import annotations

from pathlib import Path

from sim.platform.states import LIFECYCLE, Presence
from sim.protocol.states import MACHINES

PAGE = Path(__file__).with_name("states.md")

HEAD = """\
# State machines

Every object that has states has a table of what may follow what, and moves through it alone: the
code executes the tables, the tests go through every pair of states, and this page is drawn from
them (`python -m docs.draw_states`). A move that a table does not list is refused, which is what the
real client does (it logs it).

The client's tables are in `sim/protocol/states.py`, the platform's is in `sim/platform/states.py`.
"""

SESSION = """\
## Session

There is no state for an outage: a Session that is reconnecting is `connected`, and so says
`is_connected()`. `migrating` is a server rotation; it lasts 20 s and tells no event.
"""

SOCKET = """\
## Reconnecting socket

One logical socket of one connection, over as many real ones as it takes. The outage that an app
hears of begins with the first `reconnecting` and is over at the first frame that comes in, not at
`open`.
"""

PUBLISHER = """\
## Publisher

`MediaBound` is where a Publisher waits whose camera is ready: before it is published, and after its
end was prevented. It is `Publishing` when the platform has announced its stream.
"""

SUBSCRIBER = """\
## Subscriber

A Subscriber is `BindingRemoteStream` when its media flows (`connected`), and `Subscribing` when its
element shows them: then `subscribe()` ends. One that has lost its stream or its session and
was kept by `prevent_default()` is `NotSubscribing`; `unsubscribe` cleans it.
"""

CONNECTIVITY = """\
## A Subscriber's connectivity

What decides how the callback of `subscribe` ends: with success on the way to `connected`, with an
error on the way back from `connecting`.
"""

ICE = """\
## A peer connection's ICE

What browsers call it, without `completed` and `closed`. A Subscriber tells its app `connected` and
`disconnected` from it; 2 s after `failed` it destroys itself.
"""

PLATFORM = """\
## A connection on the platform

Every way into `gone` tells the departure, once, and nothing leads out of it: whoever comes back
joins as a new connection. A lost connection is kept for the grace period, and resumes if its client
is back before the end of it.
"""

ABOUT = {
    "session": SESSION,
    "reconnectable_socket": SOCKET,
    "publisher": PUBLISHER,
    "subscriber": SUBSCRIBER,
    "subscriber_connectivity": CONNECTIVITY,
    "ice": ICE,
}


def page() -> str:
    """The whole page."""
    client = (part for name, about in ABOUT.items() for part in (about, diagram(name)))
    return "\n".join([HEAD, *client, PLATFORM, platform_diagram()])


def diagram(name: str) -> str:
    """The picture of one machine."""
    table, initial = MACHINES[name]
    moves = [f"{before} --> {after}" for before, states in table.items() for after in states]
    ends = [f"{state} --> [*]" for state, states in table.items() if not states]
    return mermaid([f"[*] --> {initial}", *moves, *ends])


def platform_diagram() -> str:
    """The picture of a connection's life, each move with what brings it about."""
    moves = [f"{before} --> {step.to}: {trigger}" for (before, trigger), step in LIFECYCLE.items()]
    return mermaid([f"[*] --> {Presence.ABSENT}", *moves, f"{Presence.GONE} --> [*]"])


def mermaid(lines: list[str]) -> str:
    """A Mermaid block of a state diagram."""
    body = "".join(f"    {line}\n" for line in lines)
    return f"```mermaid\nstateDiagram-v2\n{body}```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
