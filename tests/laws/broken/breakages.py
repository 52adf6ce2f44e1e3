"""Every breakage: which planted fault, in which story, and the law that names it."""

import small_stories as stories
from attrs import field, frozen

from sim.testing.mutants import mutant


@frozen
class Breakage:
    """``says`` is what one of the law's sentences has to contain."""

    mutant: object = field(converter=mutant)
    story: object
    law: str
    says: str

    @property
    def name(self):
        return f"{self.mutant.name} in {self.story.name}"


BREAKAGES = (
    # events
    Breakage("tells-the-end-twice", stories.GOODBYE, "one-end", "second sessionDisconnected"),
    Breakage("tells-of-a-leaver-twice", stories.GOODBYE, "seen-once", "told twice"),
    Breakage(
        "announces-reconnecting-twice",
        stories.SHORT_OUTAGE,
        "reconnecting-alternates",
        "while it was reconnecting already",
    ),
    Breakage("announces-streams-twice", stories.GOODBYE, "no-stale-events", "again"),
    Breakage(
        "never-announces-reconnecting",
        stories.LONG_OUTAGE,
        "reconnect-first",
        "no sessionReconnecting had come",
    ),
    Breakage("never-tells-the-end", stories.GOODBYE, "one-end", "no sessionDisconnected came"),
    Breakage("never-tells-of-leavers", stories.GOODBYE, "seen-once", "got no connectionDestroyed"),
    Breakage("tells-the-connection-first", stories.GOODBYE, "seen-once", "before that of"),
    Breakage("goes-on-after-the-end", stories.GOODBYE, "silence-after-end", "had ended"),
    Breakage(
        "tells-of-earlier-generations", stories.COMING_BACK, "no-stale-events", "streamDestroyed"
    ),
    Breakage(
        "reconnects-out-of-the-blue",
        stories.SHORT_OUTAGE,
        "reconnecting-alternates",
        "without a sessionReconnecting",
    ),
    # endings
    Breakage("blames-the-network", stories.GOODBYE, "reason-has-cause", "nothing in the trace"),
    Breakage("blames-the-network", stories.GOODBYE, "reconnect-first", "no sessionReconnecting"),
    Breakage("blames-a-moderator", stories.GOODBYE, "only-moderators-kick", "nobody"),
    Breakage("takes-it-for-its-own-wish", stories.KICK, "kicked-stays-out", "clientDisconnected"),
    Breakage("takes-it-for-its-own-wish", stories.LONG_OUTAGE, "reason-has-cause", "nothing"),
    Breakage("takes-leavers-for-lost", stories.GOODBYE, "seen-once", "with reason"),
    Breakage("leaks-subscribers", stories.GOODBYE, "cleanup", "subscriber(bob) remained"),
    Breakage(
        "leaks-subscribers-of-the-session", stories.GOODBYE, "cleanup", "subscriber(alice) and"
    ),
    Breakage("leaks-elements", stories.GOODBYE, "cleanup", "remained"),
    Breakage("destroys-quietly", stories.GOODBYE, "cleanup", "remained"),
    Breakage("destroys-twice", stories.GOODBYE, "destroyed-once", "after it was destroyed"),
    Breakage("misexplains-destruction", stories.GOODBYE, "cleanup", "with reason"),
    Breakage(
        "cleans-up-despite-prevent-default",
        stories.KEEPSAKE,
        "cleanup-prevented",
        "had prevented the default",
    ),
    Breakage("subscribes-twice", stories.GOODBYE, "one-subscriber-per-stream", "though"),
    # delivery
    Breakage("loses-signals", stories.CHAT, "signals", "never got"),
    Breakage("swaps-signals", stories.CHAT, "signals", "after alice#1/s2"),
    Breakage("repeats-signals", stories.UNHEARD_ANSWERS, "signals", "twice"),
    Breakage("retries-what-has-failed", stories.LATE_RETRY, "signals", "sender was back"),
    Breakage("retries-everything", stories.NOW_OR_NEVER, "signals", "had not failed"),
    Breakage("never-completes-calls", stories.CHAT, "signals", "never completed"),
    Breakage("completes-calls-twice", stories.CHAT, "signals", "completed again"),
    Breakage("never-completes-calls", stories.CHAT, "completed-once", "not answered within"),
    Breakage("completes-calls-twice", stories.CHAT, "completed-once", "answered again"),
    Breakage("forgets-who-connected", stories.CHAT, "completed-once", "of sessionConnected"),
    Breakage("forgets-who-leaves", stories.GOODBYE, "completed-once", "disconnect was not"),
    Breakage("never-gives-up", stories.LOST_FOR_GOOD, "resolve-in-time", "reconnecting for"),
    Breakage("comes-back-as-the-same", stories.KICK, "kicked-stays-out", "was removed, but"),
    # media
    Breakage("leaves-streams-behind", stories.STOP_SHARING, "fed-streams", "no Publisher any more"),
    Breakage("leaves-streams-behind", stories.TOO_SOON, "fed-streams", "no Publisher any more"),
    Breakage("sends-for-ever", stories.RELOADED, "fed-streams", "still showed bob#1.1"),
    Breakage("sends-for-ever", stories.BACK_LATER, "fed-streams", "was connected"),
    # platforms
    Breakage("keeps-departures-to-itself", stories.POWER_CUT, "ghosts-bounded", "still showed"),
    Breakage("keeps-departures-to-itself", stories.GOODBYE, "seen-once", "got no"),
    Breakage("keeps-departures-to-itself", stories.GOODBYE, "converge", "still shows bob#1"),
    Breakage("never-gives-up-the-dead", stories.POWER_CUT, "ghosts-bounded", "still had"),
    Breakage("forgets-what-was-missed", stories.SHORT_OUTAGE, "converge", "misses dave#1"),
    Breakage("records-another-reason", stories.GOODBYE, "reason-has-cause", "nothing"),
    Breakage("tells-another-reason", stories.GOODBYE, "seen-once", "with reason"),
    Breakage("keeps-streams-to-itself", stories.GOODBYE, "converge", "misses"),
    Breakage("acknowledges-signals-and-loses-them", stories.CHAT, "signals", "never got"),
    Breakage("does-not-tell-the-victim", stories.KICK, "kicked-stays-out", "was not told"),
    Breakage(
        "takes-everybody-for-a-moderator",
        stories.PRESUMPTION,
        "only-moderators-kick",
        "has not the capability",
    ),
    Breakage("takes-everybody-for-a-moderator", stories.LISTENING, "permissions", "may not"),
    # found wanting, and added
    Breakage(
        "announces-reconnected-twice", stories.SHORT_OUTAGE, "reconnecting-alternates", "without a"
    ),
    Breakage(
        "never-announces-reconnected", stories.OVER_AND_DONE, "resolve-in-time", "reconnecting for"
    ),
    Breakage(
        "destroys-before-the-end-is-told", stories.GOODBYE, "cleanup", "before sessionDisconnected"
    ),
    Breakage(
        "ends-streams-despite-prevent-default",
        stories.KEPT_PICTURE,
        "cleanup-prevented",
        "default of streamDestroyed",
    ),
    Breakage("hears-signals-twice", stories.CHAT, "signals", "twice"),
    Breakage("never-pings", stories.ALONE, "reason-has-cause", "nothing in the trace"),
    Breakage("spares-the-victim", stories.KICK, "kicked-stays-out", "was not told"),
    Breakage("ignores-grace", stories.POWER_CUT, "grace-kept", "before its grace"),
    # apps
    Breakage("forgets-to-clean-up", stories.KICK_AND_WAIT, "kept-cleaned", "remained"),
    Breakage("subscribes-again", stories.GOODBYE, "one-subscriber-per-stream", "though"),
    Breakage(
        "subscribes-again-when-back", stories.SHORT_OUTAGE, "one-subscriber-per-stream", "though"
    ),
    Breakage(
        "rejoins-with-a-leaked-listener",
        stories.KICK_AND_WAIT,
        "one-subscriber-per-stream",
        "though",
    ),
)
