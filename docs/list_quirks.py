"""List the quirks: writes ``quirks.md`` beside this file from the table in the code.

Run it after changing a quirk or its scenario: ``python -m docs.list_quirks``. Which law a quirk
breaks is measured: its scenario is run. A test holds the page to the table, the scenarios and the
recordings.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import sim
from sim.laws import BROKEN
from sim.protocol import quirks
from sim.protocol.quirks import QUIRKS

PAGE: Final = Path(__file__).with_name("quirks.md")
SCENARIOS: Final = Path(__file__).parent.parent / "scenarios" / "quirks"

RECORDINGS: Final = {
    quirks.UNANNOUNCED: ("06d_no_reconnection_property",),
    quirks.UNANSWERED: ("11g_disconnect_while_connecting",),
    quirks.STUCK: ("11j_disconnect_inside_sessionReconnecting_handler",),
    quirks.LEFT_BEHIND: (
        "12b_signalling_and_media_drop_never_recovers",
        "12d_media_only_drop_never_recovers",
        "12e_signalling_and_media_drop_never_recovers__prevented",
    ),
}
"""The recordings of the real client that cannot be re-enacted without the quirk."""

HEAD: Final = """\
# Quirks

Where the shipped client, OpenTok.js 2.35.2, does something else than its documentation. The page is
listed from the table in `sim/protocol/quirks.py` (`python -m docs.list_quirks`).

The profile `documented` does what the documentation promises, the profile `opentok.js-2.35.2` shows
every quirk. Each can be switched by itself:

```yaml
profile: {base: documented, quirks: {fatal-close-skips-reconnecting: true}}
```

C1 to C13 are the clauses of the documented contract of SessionDisconnectEvent, in the order of the
vendor's reference. A *recording* is one of the real client, in `tests/data/conformance/`, that
cannot be re-enacted without the quirk; where there is none, the source of the client has been read.
The *scenario* is in `scenarios/quirks/`, shows the quirk in a minute or two and begins with what to
look for. The *law* is the one that breaks in it (measured when the page is listed).
"""

BOTH: Final = """\
## Modelled in both profiles

What surprises apps, but breaks no promise: the documentation is silent about it, or differs from
the code in no more than a name or a number. Both profiles do what the client does. The numbers are
those of section 8 of `spec/opentok-js-2.35.2.md`; `tests/quirks/` has a test of most.

| number | what an app meets | in the simulator |
|---|---|---|
"""

OUTSIDE: Final = """\
## Outside the subject

The rest of section 8: it happens in the real client, and not here.

| number | in the real client | why not here |
|---|---|---|
"""

IN_BOTH: Final = (
    (
        1,
        "who disconnects is told of no stream or connection of the others",
        ("so it is: the collections of the session are emptied without an event"),
    ),
    (
        2,
        (
            "the own streams are no events of the own Session; of the own connection the creation is"
            " told, and not the end"
        ),
        "so it is",
    ),
    (
        3,
        "preventing `streamDestroyed` keeps the Subscriber, and not the picture",
        ("its media are closed, its element counts as in the page until the app unsubscribes"),
    ),
    (
        5,
        (
            "a listener that throws stops all later listeners of that event, the client's own included;"
            " default actions still run"
        ),
        (
            "so it is; the exception is recorded as `listenerThrew`, and"
            " `connect()` or `disconnect()` may stay unanswered"
        ),
    ),
    (
        6,
        "`off()` also removes what the client itself listens with",
        ("so it is: the answer to `connect()` or `disconnect()` may be lost"),
    ),
    (
        7,
        "`disconnect()` while the request to join is under way",
        (
            "`connect()` fails with"
            " `OT_UNEXPECTED_SERVER_RESPONSE` (2001); before that stage it is one of the quirks above"
        ),
    ),
    (
        10,
        "attempts to reconnect have no backoff",
        (
            "the next attempt follows at once; only the"
            " browser's own pauses before a refusing host are kept, 10 ms and doubling up to 2 s (timers"
            " `refused-throttle`, `refused-throttle-max`)"
        ),
    ),
    (
        12,
        "`sessionReconnected` is cancelable, and late",
        (
            "it has no default action; it comes with"
            " the first frame on the new socket, often the answer to a ping 2 s later"
        ),
    ),
    (
        13,
        (
            "a Subscriber's `connected` also comes at the beginning; it and `disconnected` are not"
            " paired with the events of the Session"
        ),
        ("they follow the ICE of the Subscriber's own connection"),
    ),
    (
        14,
        "a subscription that times out leaves a failed Subscriber",
        ("it is in state `Failed`, listed and in the page, and never destroyed by itself"),
    ),
    (
        15,
        "unsubscribing while connecting",
        (
            "`subscribe()` fails with an `Error` that has no name of"
            " its own and no code, before `destroyed(Unsubscribe)`"
        ),
    ),
    (
        16,
        "a second `connect()` while connecting or connected",
        ("is ignored and never answered; its record says `ignored`"),
    ),
    (18, "the lists in `sessionConnected` are always empty", "the event has none"),
    (
        21,
        "with `connectionEventsSuppressed` the end of a connection is told nevertheless",
        "`connectionDestroyed` without a `connectionCreated` before it, for whoever is known",
    ),
    (
        22,
        "a publish that fails dispatches `streamDestroyed(reset)`",
        ("with no stream in the event, and with no `streamCreated` before it"),
    ),
    (
        24,
        "every answer of the server but success makes `forceDisconnect()` fail alike",
        "`OT_INVALID_PARAMETER` (1011)",
    ),
    (
        25,
        (
            "error codes are 4xx and 500 for signals, four digits for others, and missing for"
            " `OT_NOT_FOUND` of a moderator's command, `OT_CANCEL` and `OT_STREAM_DESTROYED`"
        ),
        "as listed in [protocol.md](protocol.md#errors)",
    ),
    (
        26,
        "the documentation also speaks of a Session event `reconnecting`",
        ("the names are those of the code: `sessionReconnecting` and `sessionReconnected`"),
    ),
    (
        27,
        "the documentation of `forceDisconnect()` has 1530 and 1535 for a missing permission",
        "the code's number: 1520",
    ),
    (
        28,
        "a closed page: `streamDestroyed(reset)` of its Publishers, no `sessionDisconnected`",
        "so it is; coming back is a fresh page",
    ),
    (
        29,
        "`destroyed` removes all listeners of a Publisher or Subscriber",
        ("so it is: listeners that are there before it hear nothing afterwards"),
    ),
    (
        30,
        "a plain `signal` listener sees the type as `signal:TYPE`",
        ("so it is: one event object, dispatched under both names"),
    ),
    (
        31,
        "`connect()` inside a `sessionDisconnected` listener works",
        ("so it does; the old Publishers and Subscribers are torn down right after the listener"),
    ),
)
"""Number in section 8 of the fact sheet, what an app meets, how the simulator treats it."""

ELSEWHERE: Final = (
    (
        9,
        "failed first connects leave sockets behind that go on reconnecting for up to 30 s",
        "no app sees them; here they are dropped",
    ),
    (
        17,
        "`OT.initSession` returns the same Session for the same id, for ever",
        "a page has one Session, and the call is not modelled",
    ),
    (
        20,
        "streams of unknown connections wait in one table for all sessions, never emptied",
        "here they wait in their session and go with it",
    ),
    (
        23,
        "an error of the server on publishing is also thrown out of the message handler",
        "the console is not modelled; the answer to `publish()` is",
    ),
    (28, "a page restored from the back/forward cache is dead", "pages are not restored"),
    (
        32,
        "`videoDisabled` and its like of a Publisher are no event objects",
        "the Publisher's video events are not modelled",
    ),
)
"""Number in section 8 of the fact sheet, what the real client does, why the simulator does not."""


END: Final = """
The events that the simulator does not have are listed in
[protocol.md](protocol.md#events-outside-the-subject).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, table(), BOTH + rows(IN_BOTH), OUTSIDE + rows(ELSEWHERE) + END])


def table() -> str:
    """The quirks, one a row."""
    header = ("quirk", "what an app sees", "what was promised", "recording", "scenario", "law")
    lines = (
        (f"`{name}`", quirk.sees, quirk.contract, recordings(name), scenario(name), law(name))
        for name, quirk in QUIRKS.items()
    )
    return rows([header]) + "|---" * len(header) + "|\n" + rows(lines)


def rows(cells: Iterable[Iterable[object]]) -> str:
    """Lines of a Markdown table."""
    return "".join("| " + " | ".join(map(str, row)) + " |\n" for row in cells)


def recordings(name: str) -> str:
    """The recordings that show a quirk, by the beginning of their names."""
    shown = (
        f"[{file.partition('_')[0]}](../tests/data/conformance/{file}.json)"
        for file in RECORDINGS.get(name, ())
    )
    return ", ".join(shown) or "none"


def scenario(name: str) -> str:
    """A link to the scenario of a quirk."""
    return f"[yaml](../scenarios/quirks/{name}.yaml)"


def law(name: str) -> str:
    """The laws that break in the scenario of a quirk."""
    result = sim.run(SCENARIOS / f"{name}.yaml", keep=False)
    broken = (f"`{law}`" for law, verdict in result.laws.items() if verdict.outcome == BROKEN)
    return ", ".join(broken) or "none"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
