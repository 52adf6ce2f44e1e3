"""List the quirks: writes ``quirks.md`` beside this file from the table in the code.

Run it after changing a quirk or its scenario: ``python -m docs.list_quirks``. Which law a quirk
breaks in its scenario is measured: that is run. A test holds the page to the table, the scenarios
and the recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sim
from sim.laws import BROKEN, catalogue
from sim.protocol import quirks
from sim.protocol.quirks import HARMS, QUIRKS, Harm, Quirk
from sim.wording import list_item, listing

PAGE: Final = Path(__file__).with_name("quirks.md")
SCENARIOS: Final = Path(__file__).parent.parent / "scenarios" / "quirks"

RECORDINGS: Final = {
    quirks.END_UNTOLD: (
        "m20_removed_publishing_and_connected_again",
        "m20_removed_with_requests_open",
        "m6_ended_before_camera",
        "m8_disconnect_while_reconnecting_and_publishing",
        "m8_disconnect_with_a_request_open",
        "m8_removed_with_a_request_open_kept",
        "m8_window_over_while_publishing",
        "m8_used_after_the_untold_end",
        "r0112",
    ),
    quirks.UNANSWERED_PUBLISH: (
        "m11_kept_twice",
        "m20_removed_publishing_and_connected_again",
        "m20_removed_with_requests_open",
        "m8_forceDisconnect_while_reconnecting_and_publishing",
        "m9_publish_destroy_130ms",
        "r0357",
    ),
    quirks.STUCK: ("11j_disconnect_inside_sessionReconnecting_handler",),
    quirks.LIVES_ON: (
        "10_api_errors__connect_socket_refuse",
        "a9_network_silent_while_socket_opens",
        "m16_connect_refused_three_times",
        "m17_connect_while_away_then_disconnect",
        "m4_connect_in_blackhole_3s",
        "m8_disconnect_with_a_request_open",
    ),
    quirks.SWALLOWED: (
        "m12_disconnect_and_connect_at_once",
        "m17_connect_while_away_then_disconnect",
        "m3_connect_20ms_after_disconnect",
        "m6_ended_before_camera",
        "m8_disconnect_with_a_request_open",
        "m8_used_after_the_untold_end",
        "r0109",
    ),
    quirks.REMOVED: (
        "m20_removed_and_connected_again_at_once",
        "r7710",
    ),
    quirks.OPENING_STUCK: ("m8_used_after_the_untold_end",),
    quirks.UNANSWERED: (
        "11g_disconnect_while_connecting",
        "a11_calls_of_one_task",
        "a5_connect_connect_disconnect",
        "r0102",
        "r0203",
    ),
    quirks.STREAM_LEFT: ("m9_destroyed_after_request",),
    quirks.SPOILT: ("m6_kept_before_camera",),
    quirks.LEFT_BEHIND: (
        "12b_signalling_and_media_drop_never_recovers",
        "12d_media_only_drop_never_recovers",
        "12e_signalling_and_media_drop_never_recovers__prevented",
        "m18_media_fail_then_subscriber_destroyed",
        "m2_I_disconnect_while_away",
        "m2_newcomer_subscribes_to_a_ghost",
    ),
    quirks.HALF_BOUND: (
        "m5_kept_while_media_begin_to_be_bound",
        "m5_prevented_when_its_stream_ends_while_media_are_bound",
        "m5b_connected_disconnect_prevented",
    ),
    quirks.KEPT_PUBLISHER: (
        "m11_kept_twice",
        "m19_destroy_in_publisher_streamDestroyed",
        "m19_unpublish_in_publisher_streamDestroyed",
        "m6_kept_before_camera",
        "m8_removed_with_a_request_open_kept",
        "r0102",
    ),
    quirks.UNANNOUNCED: (
        "06d_no_reconnection_property",
        "r0121",
        "r0219",
    ),
    quirks.EARLY: ("m13_cut_while_joining",),
    quirks.SENT_EARLY: ("m10_signal_without_retry_after_socket_is_open",),
}
"""The recordings of the real client that cannot be re-enacted without the quirk."""

HEAD: Final = """\
# Quirks

Where the shipped client, OpenTok.js 2.35.2, does something else than its documentation, and what an
app can do about it. The page is listed from the table in `sim/protocol/quirks.py`
(`python -m docs.list_quirks`); what it advises is tried by apps in `tests/quirks/`.

**The gravest come first.** What counts is how an app is hurt that trusts the documentation, not how
often: worst is to wait for ever, then to lose something, then to be told what is not so, and last
to be told too little or too often. Within a group it is how hard the harm is to notice and to undo.

"""

LEGEND: Final = """\

The profile `documented` does what the documentation promises, the profile `opentok.js-2.35.2` shows
every quirk. Each can be switched by itself:

```yaml
profile: {base: documented, quirks: {fatal-close-skips-reconnecting: true}}
```

C1 to C13 are the clauses of the documented contract of SessionDisconnectEvent, in the order of the
vendor's reference. A *scenario* shows its quirk in a minute or two and begins with what to look
for; the laws that break *in it* are measured when the page is listed. What *may break, too*, has
broken with that quirk alone in random stories around its scenario and others (`python -m
tools.measure_quirks`): other stories may break others, and several quirks together more. *From law
to quirk*, below, has it the other way round. A *recording* is one of the real client that cannot be
re-enacted without the quirk. [protocol.md](protocol.md#quirks) has the sources of all; `python -m
sim quirks` lists them in the terminal.

A run says which quirks were *at work*. That is that the client has come to where the quirk is, and
so an upper bound of the harm: a Publisher that is kept counts as `kept-publisher-stays-attached`
also when its app never comes back. And a law that waits for what does not come breaks only in a run
that is long enough: that an end is not told is known a minute after it, with the usual settings,
and in a shorter run `one-end` is not exercised.
"""

LAWS: Final = """\
## From law to quirk

With which quirks a law may break, so that a broken law of a run with the shipped profile can be
told from a fault. The others of the [laws](laws.md) have not been seen to break with any.

"""

BOTH: Final = """\
## Modelled in both profiles

What surprises apps, but breaks no promise: the documentation is silent about it, or differs from
the code in no more than a name or a number. Both profiles do what the client does. The numbers are
those of section 8 of `spec/opentok-js-2.35.2.md`; `tests/quirks/` has a test of most.

- 1: Who disconnects is told of no stream or connection of the others: the Session's collections are
  emptied without an event.
- 2: The own streams are no events of the own Session. Of the own connection the creation is told,
  and not the end.
- 3: Preventing `streamDestroyed` keeps the Subscriber, and not the picture: its media are closed.
  Its element counts as in the page until it is destroyed.
- 5: A listener that throws stops all later listeners of that event, the client's own included, so
  that `connect()` or `disconnect()` may stay unanswered. Default actions still run. The exception
  is recorded as `listenerThrew`.
- 6: `off()` also removes what the client itself listens with, with the same consequence.
- 7: After `disconnect()` while the request to join is under way `connect()` fails with
  `OT_UNEXPECTED_SERVER_RESPONSE` (2001). Before that stage it is one of the quirks above.
- 10: Attempts to reconnect have no backoff: the next follows at once. Only the browser's own pauses
  before a host that refuses are kept, which all sockets of a page share: 10 ms, doubling up to 3 s
  (timers `refused-throttle` and `refused-throttle-max`).
- 12: `sessionReconnected` is cancelable, but has no default action. It comes with the first frame
  on the new socket, often the answer to a ping 2 s later.
- 13: A Subscriber's `connected` also comes at the beginning. It and `disconnected` follow the ICE
  of the Subscriber's own connection and are not paired with the events of the Session.
- 14: A subscription that times out leaves a Subscriber in state `Failed`: listed, in the page, and
  not destroyed.
- 15: Unsubscribing while connecting makes `subscribe()` fail with a mere `Error` without a code.
- 16: A second `connect()` while connecting or connected is ignored and never answered; its record
  says `ignored`.
- 18: The lists in `sessionConnected` are always empty; here the event has none.
- 21: With `connectionEventsSuppressed` the end of a known connection is told nevertheless, by a
  `connectionDestroyed` without a `connectionCreated` before it. And each signal of the app's server
  leaves one more connection in the Session, of nobody and for good (recording
  `m15_suppressed_server_signals`).
- 22: A publish that fails dispatches `streamDestroyed(reset)`, with no stream in the event and no
  `streamCreated` before it.
- 24: Whatever error the platform answers, `forceDisconnect()` fails with `OT_INVALID_PARAMETER`
  (1011).
- 25: Error codes are 4xx and 500 for signals, four digits for others, and missing for `OT_CANCEL`,
  `OT_STREAM_DESTROYED` and a moderator's `OT_NOT_FOUND`; all are in
  [protocol.md](protocol.md#errors).
- 26: The documentation also speaks of a Session event `reconnecting`. The names are those of the
  code: `sessionReconnecting` and `sessionReconnected`.
- 27: The documentation of `forceDisconnect()` has 1530 and 1535 for a missing permission. The
  number is the code's: 1520.
- 28: A page that is closed tells of `streamDestroyed(reset)` of its Publishers and of no
  `sessionDisconnected`. Who comes back opens a fresh page.
- 29: `destroyed` removes all listeners of a Publisher or Subscriber; nothing is heard afterwards.
- 30: A plain `signal` listener sees the type as `signal:TYPE`: it is one event object, dispatched
  under both names.
- 31: `connect()` inside a `sessionDisconnected` listener works. The old Publishers and Subscribers
  are torn down right after the listener.
"""

OUTSIDE: Final = """\
## Outside the subject

The rest of section 8 happens in the real client, and not here.

- 17: `OT.initSession` returns the same Session for the same id, for ever. Here a page has one
  Session, and the call is not modelled.
- 20: Streams of unknown connections wait in one table for all sessions, which is never emptied.
  Here they wait in their session and go with it.
- 23: An error of the server on publishing is also thrown out of the message handler, into the
  console. Here `publish()` fails, and that is all.
- 28: A page restored from the back/forward cache is dead. Here pages are not restored.
- 32: `videoDisabled` and its like of a Publisher are no event objects. Here a Publisher has no
  video events.

The events that the simulator does not have are listed in
[protocol.md](protocol.md#events-outside-the-subject).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD + overview() + LEGEND, *map(group, HARMS), by_law(), BOTH, OUTSIDE])


def overview() -> str:
    """All quirks by their harm, as links to what is said of each."""
    return "".join(
        list_item(f"{harm.title}: {', '.join(linked(q.name) for q in harm.quirks)}", f"{number}. ")
        for number, harm in enumerate(HARMS, 1)
    )


def linked(name: str) -> str:
    """A link to what is said of a quirk."""
    return f"[{name}](#{name})"


def group(harm: Harm) -> str:
    """The quirks that do one harm, a section each."""
    head = f"## {harm.title}\n\n{harm.means[0].upper()}{harm.means[1:]}.\n"
    return "\n".join([head, *map(section, harm.quirks)])


def section(quirk: Quirk) -> str:
    """What there is to say of one quirk."""
    recorded = recordings(quirk.name)
    shown = scenario(quirk.name) + (f"; recorded: {', '.join(recorded)}" if recorded else "")
    items = (
        f"An app sees: {quirk.sees}.",
        f"Promised: {quirk.contract}.",
        f"**What an app can do:** {quirk.advice}",
        f"Shown by {shown}.",
        laws(quirk),
    )
    return f"### {quirk.name}\n\n" + "".join(map(list_item, items))


def recordings(name: str) -> list[str]:
    """Links to the recordings that show a quirk."""
    return [
        f"[{file.replace('_', ' ')}](../tests/data/conformance/{file}.json)"
        for file in RECORDINGS.get(name, ())
    ]


def scenario(name: str) -> str:
    """A link to the scenario of a quirk."""
    return f"[its scenario](../scenarios/quirks/{name}.yaml)"


def laws(quirk: Quirk) -> str:
    """The laws that break in the scenario of a quirk, and those that may."""
    result = sim.run(SCENARIOS / f"{quirk.name}.yaml", keep=False)
    broken = [law for law, verdict in result.laws.items() if verdict.outcome == BROKEN]
    others = [law for law in quirk.laws if law not in broken]
    said = f"Breaks {named(broken)} in its scenario"
    return said + (f"; {named(others)} may break, too." if others else ".")


def named(names: Sequence[str]) -> str:
    """The laws of those names."""
    return listing(f"`{law}`" for law in names) if names else "no law"


def by_law() -> str:
    """Of each law that a quirk may break, those quirks."""
    rows = [(law, [q.name for q in QUIRKS.values() if law in q.laws]) for law in catalogue()]
    return LAWS + "".join(
        list_item(f"`{law}`: {', '.join(map(linked, names))}") for law, names in rows if names
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
