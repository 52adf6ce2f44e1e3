"""Named quirks: where the shipped client does something else than its documentation.

A profile is a base name and the set of quirks that are on. ``documented`` has none; a profile
named after a client version has all that the version shows. A quirk is one entry here and one
place in the code that asks for it by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from sim.wording import nearest, quoted


@frozen
class Quirk:
    """One deviation: its switch, what an app sees, what the contract says, and the source.

    ``advice`` says what an app can do about it. ``laws`` are those that have been seen to break
    with this quirk alone, in ``scenarios/quirks/NAME.yaml``, which shows it, or in random stories
    (``python -m tools.measure_quirks``).
    """

    name: str
    sees: str
    contract: str
    source: str
    advice: str
    laws: tuple[str, ...]


@frozen
class Harm:
    """What quirks do to an app, and those that do it, the gravest first."""

    title: str
    means: str
    quirks: tuple[Quirk, ...]


END_UNTOLD: Final = "unanswered-publish-swallows-the-end"
UNANSWERED_PUBLISH: Final = "publish-cut-short-is-never-answered"
STREAM_LEFT: Final = "destroy-while-publishing-leaves-stream"
SPOILT: Final = "unpublish-before-camera-spoils-publisher"
STUCK: Final = "disconnect-in-reconnecting-listener-hangs"
OPENING_STUCK: Final = "disconnect-while-socket-opens-hangs"
UNANSWERED: Final = "disconnect-while-connecting-leaves-connect-unanswered"
LEFT_BEHIND: Final = "peer-to-peer-failure-leaves-subscriber"
SWALLOWED: Final = "connect-while-disconnecting-swallows-the-end"
REMOVED: Final = "connect-at-once-after-removal-ends-again"
LIVES_ON: Final = "failed-attempt-to-connect-lives-on"
EARLY: Final = "reconnecting-while-connecting"
SENT_EARLY: Final = "signal-not-to-be-retried-is-sent-before-reconnected"
HALF_BOUND: Final = "subscriber-kept-while-binding-is-destroyed"
KEPT_PUBLISHER: Final = "kept-publisher-stays-attached"
BARE_SIGNAL: Final = "early-signal-loses-type-and-data"
SILENCE_IS_CLIENT: Final = "silence-without-reconnection-is-client-disconnected"
CLEAN_CLOSE_IS_CLIENT: Final = "clean-close-without-reconnection-is-client-disconnected"
FATAL_CLOSE: Final = "fatal-close-skips-reconnecting"
UNANNOUNCED: Final = "without-reconnection-no-reconnecting-event"
FORGETFUL: Final = "forgotten-message-is-told-again"

HARMS: Final[tuple[Harm, ...]] = (
    Harm(
        "The app waits for ever",
        "an end or an answer never comes, and nothing says that it will not",
        (
            Quirk(
                END_UNTOLD,
                "when the socket is closed for good, by disconnect(), at the end of an outage"
                " or by the platform (1003, 1011), while a request to create a stream is"
                " unanswered, the end of the session is never told: there is no"
                " sessionDisconnected, the session stays connected (or disconnecting), what is"
                " in the page stays, requests made after that one are never answered, later ones"
                " fail, connect() is ignored and disconnect() never settles. A publish() while"
                " away counts if it comes in the last 15 s of the window: an earlier one has"
                " failed by then",
                "C1, C4, C7: the end of a session is told",
                "L46039, L18704, recordings m8_used_after_the_untold_end and"
                " m8_disconnect_with_a_request_open",
                "Let no request for a stream be open when the socket may be closed: hold back"
                " publish() from sessionReconnecting to sessionReconnected; in sessionReconnecting"
                " and before disconnect(), unpublish() whatever has not dispatched streamCreated,"
                " which takes the request back, and publish anew in sessionReconnected. Against a"
                " socket that the platform closes nothing helps beforehand. A publish() that fails"
                " with 2001 while the session seems connected is the sign that it has happened:"
                " reload the page then.",
                ("completed-once", "one-end", "resolve-in-time"),
            ),
            Quirk(
                UNANSWERED_PUBLISH,
                "publish() is never answered when its Publisher is destroyed after the camera was"
                " there and before the stream is asked for, or by the end of the session while it"
                " is asked for; neither is publish() of a Publisher that has been destroyed",
                "the callback of publish() is called once, when publishing has succeeded or failed",
                "L46059, recording m11_kept_twice",
                "Call unpublish() instead of destroy(): it destroys the Publisher as well, and"
                " publish() fails with OT_CANCEL. At the end of a session take destroyed of the"
                " Publisher for the answer.",
                ("completed-once",),
            ),
            Quirk(
                STUCK,
                "disconnect() inside a sessionReconnecting listener is rejected and leaves the"
                " session in disconnecting while its socket goes on reconnecting",
                "C2, C4: disconnect() ends the session",
                "L71025, section 3.6",
                "Never call disconnect() inside a listener of sessionReconnecting: put it off with"
                " setTimeout(…, 0), and it ends the session at once.",
                ("completed-once", "one-end"),
            ),
            Quirk(
                LIVES_ON,
                "the socket of an attempt to connect that has failed is not closed and goes on by"
                " itself, joining included: its outages are told by the Session, also when that is"
                " connected by a later attempt; and when its own join has failed, at the latest 30"
                " s later, the session is disconnected without any event, while signals still come",
                "C1, C2: a session that is connected ends with one sessionDisconnected; C7",
                "section 8, 9, recording m4",
                "Look at the session, not only at its events: when isConnected() is false and no"
                " sessionDisconnected has come, reload the page, or make a new Session, because"
                " connect() would leave the old connection in the session beside the new one.",
                (
                    "no-stale-events",
                    "one-end",
                    "reconnecting-alternates",
                    "resolve-in-time",
                    "silence-after-end",
                ),
            ),
            Quirk(
                SWALLOWED,
                "connect() while the session is still disconnecting swallows the end of the old"
                " session: no sessionDisconnected comes, its Publishers and Subscribers stay, and"
                " the promise of disconnect() stays open; all of it is told when the next session"
                " ends. If that is connected before the old socket is closed, it ends with it",
                "C1, C2, C9: disconnect() ends with one sessionDisconnected, and what belongs to"
                " the session is destroyed",
                "L67380, recordings m3 and m12",
                "Wait for the promise of disconnect(), or for sessionDisconnected, before you call"
                " connect() again.",
                ("completed-once", "one-end", "one-subscriber-per-stream", "silence-after-end"),
            ),
            Quirk(
                OPENING_STUCK,
                "disconnect() while connecting, once there is a socket, is not settled before some"
                " later session ends. While the socket is still opening the session stays in"
                " disconnecting, too, and the callback of connect() is not called",
                "C2, C4: disconnect() ends the session",
                "section 8, 7",
                "Keep the wish to leave until connect() has called back, and call disconnect()"
                " then. A session that hangs can be connected again, which ends the hanging.",
                ("completed-once", "one-end", "silence-after-end"),
            ),
            Quirk(
                UNANSWERED,
                "disconnect() before there is a socket ends connecting, but the callback of"
                " connect() is not called; when the app connects again it is called then, besides"
                " the new one",
                "the callback of connect() is called once, when connecting has succeeded or failed",
                "section 8, 7, recording 11g",
                "Keep the wish to leave until connect() has called back. An app that cannot wait"
                " takes the promise of disconnect() for the answer, and has each callback look"
                " whether its connect() is still the latest.",
                ("completed-once",),
            ),
        ),
    ),
    Harm(
        "Something is lost, or left behind",
        "it does not arrive, does not work or does not go away, and no error says so, or a wrong"
        " one",
        (
            Quirk(
                REMOVED,
                "the socket of a connection that the platform has removed is closed 0.1 s later,"
                " and that is taken for the end of the next session if it is connected by then:"
                " it ends as clientDisconnected. An app that always connects again at once goes"
                " round in that circle, ten times a second, as long as it takes less than 0.1 s",
                "C1, C4, C6: a session that is connected ends only when its app, a moderator, the"
                " platform or the network ends it, and the reason says which",
                "L38323, recordings m20_removed_and_connected_again_at_once and r7710",
                "Put connect() off in sessionDisconnected, by setTimeout(…, 200) at least, whatever"
                " its reason.",
                ("reason-has-cause",),
            ),
            Quirk(
                STREAM_LEFT,
                "destroy() between the request for a stream and streamCreated does not end that"
                " stream: everybody else is told of it, and it stays without a picture until the"
                " connection ends; publish() fails with a mere Error when the request is answered",
                "destroy() ends the stream that the Publisher was publishing",
                "L46189, recording m9_destroyed_after_request",
                "Call unpublish() instead of destroy(): it asks for the deletion of the stream and"
                " destroys the Publisher as well.",
                ("fed-streams",),
            ),
            Quirk(
                SPOILT,
                "a Publisher that is unpublished before its camera is there, and kept by"
                " preventDefault, can never be published: others are told of its stream, but it is"
                " not, and 15 s later publish() fails with OT_TIMEOUT",
                "a kept Publisher may be published again",
                "L42946, recording m6_kept_before_camera",
                "Keep a Publisher only if it has dispatched streamCreated. Let any other be"
                " destroyed, and make a new one.",
                (),
            ),
            Quirk(
                LEFT_BEHIND,
                "in a peer-to-peer session a Subscriber whose media has failed dispatches destroyed"
                " without a reason 2 s later, but stays in the page and may still be destroyed; it"
                " does so even when it has been destroyed in those 2 s, which no listener hears",
                "C13, C9: destroyed comes when the element is removed",
                "L23219, recordings 12b, 12d and m18",
                "Take a destroyed without a reason for the end of the media: unsubscribe() that"
                " Subscriber in the next turn, which removes its element, and subscribe anew to its"
                " stream if the session still lists it. Let the listener of destroyed bear a second"
                " call.",
                ("destroyed-once",),
            ),
            Quirk(
                HALF_BOUND,
                "a Subscriber kept by preventDefault over an end of its session or its stream is"
                " destroyed all the same, with reason Unknown, when subscribe() had not ended: 2 s"
                " after its media began to be bound",
                "C10: with the default prevented, no Subscriber is destroyed",
                "L23072, recording m5b",
                "In the listener that prevents the default, unsubscribe() every Subscriber whose"
                " subscribe() has not succeeded: it is not kept anyway.",
                ("cleanup-prevented",),
            ),
            Quirk(
                KEPT_PUBLISHER,
                "a Publisher kept by preventDefault over the end of its session cannot be published"
                " again until it has been unpublished, which dispatches a second streamDestroyed;"
                " so does destroy() or unpublish() inside the streamDestroyed of such an end; after"
                " another end unpublish() dispatches nothing and destroys it",
                "a kept Publisher may be published again",
                "section 2.9, recordings m11_kept_twice and m19",
                "Call unpublish() with the kept Publisher before you publish it again, and prevent"
                " the default of the streamDestroyed (unpublished) that this brings, too. That"
                " works once for each Publisher. At the second end of a session do not keep it any"
                " more: let it be destroyed, and make a new one when you come back.",
                (),
            ),
            Quirk(
                BARE_SIGNAL,
                "a signal from a connection that is not known yet is dispatched later without type"
                " and data",
                "a signal carries its type and data",
                "L38686, section 6",
                "Do not greet with a signal as soon as you are connected. Let those who are told"
                " connectionCreated of you signal to you first, and answer them: who has signalled"
                " to you knows you.",
                ("signals",),
            ),
        ),
    ),
    Harm(
        "The app is told the wrong thing",
        "the reason of an end is not what happened",
        (
            Quirk(
                SILENCE_IS_CLIENT,
                "with reconnection off, a silent network ends the session as clientDisconnected",
                "C4, C6: a lost network is networkDisconnected",
                "L27095, section 3.3",
                "Remember whether you have called disconnect(). If not, treat clientDisconnected"
                " like networkDisconnected, and connect again. Or switch reconnection on.",
                ("reason-has-cause",),
            ),
            Quirk(
                CLEAN_CLOSE_IS_CLIENT,
                "with reconnection off, a socket that the platform closes with 1000 or 1001 ends"
                " the session as clientDisconnected",
                "C4, C6: an end that the client did not ask for is networkDisconnected",
                "L27095, section 3.3",
                "Remember whether you have called disconnect(). If not, treat clientDisconnected"
                " like networkDisconnected, and connect again. Or switch reconnection on.",
                ("reason-has-cause",),
            ),
        ),
    ),
    Harm(
        "A warning is missing, or news come twice",
        "what the app is told is true, but too little or too much",
        (
            Quirk(
                FATAL_CLOSE,
                "a socket closed with 1003 or 1011 ends the session at once as networkDisconnected,"
                " with no sessionReconnecting before it",
                "C7: a reconnecting event comes first",
                "L17873, section 3.3",
                "Do what an end needs in sessionDisconnected alone, whether or not"
                " sessionReconnecting came before. There you may connect() again.",
                ("reason-has-cause", "reconnect-first"),
            ),
            Quirk(
                UNANNOUNCED,
                "with reconnection off, networkDisconnected comes with no sessionReconnecting"
                " before it",
                "C7: a reconnecting event comes first",
                "L17873, recording 06d_no_reconnection_property",
                "Do what an end needs in sessionDisconnected alone, whether or not"
                " sessionReconnecting came before. There you may connect() again. Or switch"
                " reconnection on.",
                ("reconnect-first",),
            ),
            Quirk(
                EARLY,
                "when the socket fails while the client is joining, the Session dispatches"
                " sessionReconnecting and sessionReconnected though it is not connected yet; the"
                " second never comes when connecting fails, or when sessionConnected comes instead",
                "C7: sessionReconnecting says that a session that was connected has lost it",
                "L68693, recording m13",
                "Let the listeners of sessionReconnecting and sessionReconnected do nothing before"
                " sessionConnected.",
                ("reconnecting-alternates", "resolve-in-time"),
            ),
            Quirk(
                SENT_EARLY,
                "a signal with retryAfterReconnect false is sent, and reaches others, between the"
                " opening of a new socket and sessionReconnected",
                "C12: a signal that is not to be retried is refused until sessionReconnected",
                "L27312, recording m10",
                "Hold back such signals yourself from sessionReconnecting to sessionReconnected.",
                ("signals",),
            ),
            Quirk(
                FORGETFUL,
                "a message that the platform repeats, because its acknowledgement was lost, is told"
                " again when the first time was more than 30 s ago: a signal may be heard twice",
                "C12: signals sent meanwhile are sent on reconnection, once",
                "L18569, section 3.1",
                "Give each signal a number of your own in its data, and ignore the numbers that you"
                " have had from that sender.",
                ("signals",),
            ),
        ),
    ),
)
"""All quirks by how much they hurt an app: the gravest harm first, and within it the gravest."""

QUIRKS: Final[dict[str, Quirk]] = {quirk.name: quirk for harm in HARMS for quirk in harm.quirks}
"""The quirks by their names, the gravest first."""

PROFILES: Final[dict[str, frozenset[str]]] = {
    "documented": frozenset(),
    "opentok.js-2.35.2": frozenset(QUIRKS),
}
"""The quirks that each profile switches on. Membership only: nothing iterates over the sets."""


@frozen
class Profile:
    """Which client is modelled: a base and the quirks that are on."""

    name: str = "documented"
    quirks: frozenset[str] = frozenset()

    def has(self, quirk: str) -> bool:
        """Whether the quirk of that name is on."""
        return quirk in self.quirks

    @property
    def names(self) -> list[str]:
        """The names of the quirks that are on, in alphabetical order: the table's may change."""
        return sorted(self.quirks)

    @property
    def switches(self) -> dict[str, bool]:
        """What is switched on (true) or off of the profile of that name, in alphabetical order."""
        usual = PROFILES.get(self.name, frozenset())
        return {name: name in self.quirks for name in sorted(usual ^ self.quirks)}


def profile(name: str, switches: Mapping[str, bool] | None = None) -> Profile:
    """The profile of that name, with single quirks switched on or off.

    Raises ``ValueError`` when a profile or a quirk of that name does not exist.
    """
    if name not in PROFILES:
        raise ValueError(
            f"there is no profile {quoted(name)}; the profiles are {', '.join(PROFILES)}"
        )
    on = set(PROFILES[name])
    for quirk, wanted in (switches or {}).items():
        if quirk not in QUIRKS:
            raise ValueError(_no_quirk(quirk))
        (on.add if wanted else on.discard)(quirk)
    return Profile(name, frozenset(on))


def quirk(name: str) -> Quirk:
    """The quirk of that name. Raises ``ValueError`` naming the nearest right spelling."""
    if name not in QUIRKS:
        raise ValueError(_no_quirk(name))
    return QUIRKS[name]


def _no_quirk(name: object) -> str:
    near = nearest(name, QUIRKS)
    hint = f"did you mean {near}?" if near else f"the quirks are {', '.join(QUIRKS)}"
    return f"there is no quirk {quoted(name)}; {hint}"
