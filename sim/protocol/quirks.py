"""Named quirks: where the shipped client does something else than its documentation.

A profile is a base name and the set of quirks that are on. ``documented`` has none; a profile
named after a client version has all that the version shows. A quirk is one entry here and one
place in the code that asks for it by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from sim.wording import quoted


@frozen
class Quirk:
    """One deviation: its switch, what an app sees, what the contract says, and the source.

    ``scenarios/quirks/NAME.yaml`` shows it.
    """

    name: str
    sees: str
    contract: str
    source: str


FATAL_CLOSE: Final = "fatal-close-skips-reconnecting"
SILENCE_IS_CLIENT: Final = "silence-without-reconnection-is-client-disconnected"
CLEAN_CLOSE_IS_CLIENT: Final = "clean-close-without-reconnection-is-client-disconnected"
UNANNOUNCED: Final = "without-reconnection-no-reconnecting-event"
STUCK: Final = "disconnect-in-reconnecting-listener-hangs"
OPENING_STUCK: Final = "disconnect-while-socket-opens-hangs"
UNANSWERED: Final = "disconnect-while-connecting-leaves-connect-unanswered"
LEFT_BEHIND: Final = "peer-to-peer-failure-leaves-subscriber"
FORGETFUL: Final = "forgotten-message-is-told-again"
BARE_SIGNAL: Final = "early-signal-loses-type-and-data"
HALF_BOUND: Final = "subscriber-kept-while-binding-is-destroyed"
KEPT_PUBLISHER: Final = "kept-publisher-stays-attached"

_ALL: Final[tuple[Quirk, ...]] = (
    Quirk(
        FATAL_CLOSE,
        "a socket closed with 1003 or 1011 ends the session at once as networkDisconnected,"
        " with no sessionReconnecting before it",
        "C7: a reconnecting event comes first",
        "L17873, section 3.3",
    ),
    Quirk(
        SILENCE_IS_CLIENT,
        "with reconnection off, a silent network ends the session as clientDisconnected",
        "C4, C6: a lost network is networkDisconnected",
        "L27095, section 3.3",
    ),
    Quirk(
        CLEAN_CLOSE_IS_CLIENT,
        "with reconnection off, a socket that the platform closes with 1000 or 1001 ends the"
        " session as clientDisconnected",
        "C4, C6: an end that the client did not ask for is networkDisconnected",
        "L27095, section 3.3",
    ),
    Quirk(
        UNANNOUNCED,
        "with reconnection off, networkDisconnected comes with no sessionReconnecting before it",
        "C7: a reconnecting event comes first",
        "L17873, recording 06d_no_reconnection_property",
    ),
    Quirk(
        STUCK,
        "disconnect() inside a sessionReconnecting listener is rejected and leaves the session"
        " in disconnecting while its socket goes on reconnecting",
        "C2, C4: disconnect() ends the session",
        "L71025, section 3.6",
    ),
    Quirk(
        OPENING_STUCK,
        "disconnect() while the first socket is still opening never ends: the session stays in"
        " disconnecting, and neither its promise nor the callback of connect() is settled",
        "C2, C4: disconnect() ends the session",
        "section 8, 7",
    ),
    Quirk(
        UNANSWERED,
        "disconnect() before there is a socket ends connecting, but the callback of connect() is"
        " not called; when the app connects again it is called then, besides the new one",
        "the callback of connect() is called once, when connecting has succeeded or failed",
        "section 8, 7, recording 11g",
    ),
    Quirk(
        BARE_SIGNAL,
        "a signal from a connection that is not known yet is dispatched later without type and"
        " data",
        "a signal carries its type and data",
        "L38686, section 6",
    ),
    Quirk(
        LEFT_BEHIND,
        "in a peer-to-peer session a Subscriber whose media has failed dispatches destroyed"
        " without a reason, but stays in the page and may still be destroyed",
        "C13, C9: destroyed comes when the element is removed",
        "recordings 12b and 12d",
    ),
    Quirk(
        HALF_BOUND,
        "a Subscriber kept by preventDefault over an end of its session or its stream is destroyed"
        " all the same, with reason Unknown, when subscribe() had not ended: 2 s after its media"
        " began to be bound",
        "C10: with the default prevented, no Subscriber is destroyed",
        "L23072, recording m5b",
    ),
    Quirk(
        FORGETFUL,
        "a message that the platform repeats, because its acknowledgement was lost, is told again"
        " when the first time was more than 30 s ago: a signal may be heard twice",
        "C12: signals sent meanwhile are sent on reconnection, once",
        "L18569, section 3.1",
    ),
    Quirk(
        KEPT_PUBLISHER,
        "a Publisher kept by preventDefault over the end of its session cannot be published"
        " again until it has been unpublished, which dispatches a second streamDestroyed",
        "a kept Publisher may be published again",
        "section 2.9",
    ),
)

QUIRKS: Final[dict[str, Quirk]] = {quirk.name: quirk for quirk in _ALL}

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
        """The names of the quirks that are on, in the table's order."""
        return [name for name in QUIRKS if name in self.quirks]


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
            raise ValueError(
                f"there is no quirk {quoted(quirk)}; the quirks are {', '.join(QUIRKS)}"
            )
        (on.add if wanted else on.discard)(quirk)
    return Profile(name, frozenset(on))
