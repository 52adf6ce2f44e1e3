"""Every breakage: what is broken, in which story, and the law that names the fault."""

import broken_delivery as delivery
import broken_endings as endings
import broken_events as events
import broken_media as media
import broken_platforms as platforms
import small_stories as stories
from attrs import field, frozen
from broken_client import client_with

from sim.client import Client
from sim.platform import Platform


@frozen
class Breakage:
    """``says`` is what one of the law's sentences has to contain."""

    story: object
    law: str
    says: str
    client: type = field(default=Client, kw_only=True)
    platform: type = field(default=Platform, kw_only=True)

    @property
    def name(self):
        """What is broken."""
        broken = self.platform if self.client is Client else self.client
        return f"{broken.__name__} in {self.story.name}"


def client(membership, story, law, says):
    return Breakage(story, law, says, client=client_with(membership))


def platform(platform_class, story, law, says):
    return Breakage(story, law, says, platform=platform_class)


BREAKAGES = (
    # events
    client(events.TellsTheEndTwice, stories.GOODBYE, "one-end", "second sessionDisconnected"),
    client(events.TellsOfALeaverTwice, stories.GOODBYE, "seen-once", "told twice"),
    client(
        events.AnnouncesReconnectingTwice,
        stories.SHORT_OUTAGE,
        "reconnecting-alternates",
        "while it was reconnecting already",
    ),
    client(events.AnnouncesStreamsTwice, stories.GOODBYE, "no-stale-events", "again"),
    client(
        events.NeverAnnouncesReconnecting,
        stories.LONG_OUTAGE,
        "reconnect-first",
        "no sessionReconnecting had come",
    ),
    client(events.NeverTellsTheEnd, stories.GOODBYE, "one-end", "no sessionDisconnected came"),
    client(events.NeverTellsOfLeavers, stories.GOODBYE, "seen-once", "got no connectionDestroyed"),
    client(events.TellsTheConnectionFirst, stories.GOODBYE, "seen-once", "before that of"),
    client(events.GoesOnAfterTheEnd, stories.GOODBYE, "silence-after-end", "had ended"),
    client(
        events.TellsOfEarlierGenerations, stories.COMING_BACK, "no-stale-events", "streamDestroyed"
    ),
    client(
        events.ReconnectsOutOfTheBlue,
        stories.SHORT_OUTAGE,
        "reconnecting-alternates",
        "without a sessionReconnecting",
    ),
    # endings
    client(endings.BlamesTheNetwork, stories.GOODBYE, "reason-has-cause", "nothing in the trace"),
    client(endings.BlamesTheNetwork, stories.GOODBYE, "reconnect-first", "no sessionReconnecting"),
    client(endings.BlamesAModerator, stories.GOODBYE, "only-moderators-kick", "nobody"),
    client(endings.TakesItForItsOwnWish, stories.KICK, "kicked-stays-out", "clientDisconnected"),
    client(endings.TakesItForItsOwnWish, stories.LONG_OUTAGE, "reason-has-cause", "nothing"),
    client(endings.TakesLeaversForLost, stories.GOODBYE, "seen-once", "with reason"),
    client(endings.LeaksSubscribers, stories.GOODBYE, "cleanup", "subscriber(bob) remained"),
    client(
        endings.LeaksSubscribersOfTheSession, stories.GOODBYE, "cleanup", "subscriber(alice) and"
    ),
    client(endings.LeaksElements, stories.GOODBYE, "cleanup", "remained"),
    client(endings.DestroysQuietly, stories.GOODBYE, "cleanup", "remained"),
    client(endings.DestroysTwice, stories.GOODBYE, "destroyed-once", "after it was destroyed"),
    client(endings.MisexplainsDestruction, stories.GOODBYE, "cleanup", "with reason"),
    client(
        endings.CleansUpDespitePreventDefault,
        stories.KEEPSAKE,
        "cleanup-prevented",
        "had prevented the default",
    ),
    client(endings.SubscribesTwice, stories.GOODBYE, "one-subscriber-per-stream", "though"),
    # delivery
    client(delivery.LosesSignals, stories.CHAT, "signals", "never got"),
    client(delivery.SwapsSignals, stories.CHAT, "signals", "after alice#1/s2"),
    client(delivery.RepeatsSignals, stories.UNHEARD_ANSWERS, "signals", "twice"),
    client(delivery.RetriesWhatHasFailed, stories.LATE_RETRY, "signals", "sender was back"),
    client(delivery.RetriesEverything, stories.NOW_OR_NEVER, "signals", "had not failed"),
    client(delivery.NeverCompletesCalls, stories.CHAT, "signals", "never completed"),
    client(delivery.CompletesCallsTwice, stories.CHAT, "signals", "completed again"),
    client(delivery.NeverCompletesCalls, stories.CHAT, "completed-once", "not answered within"),
    client(delivery.CompletesCallsTwice, stories.CHAT, "completed-once", "answered again"),
    client(delivery.ForgetsWhoConnected, stories.CHAT, "completed-once", "of sessionConnected"),
    client(delivery.ForgetsWhoLeaves, stories.GOODBYE, "completed-once", "disconnect was not"),
    client(delivery.NeverGivesUp, stories.LOST_FOR_GOOD, "resolve-in-time", "reconnecting for"),
    Breakage(
        stories.KICK,
        "kicked-stays-out",
        "was removed, but",
        client=client_with(delivery.ComesBackAsTheSame),
        platform=platforms.ForgetsTheRemoved,
    ),
    # media
    client(media.LeavesStreamsBehind, stories.STOP_SHARING, "fed-streams", "no Publisher any more"),
    client(media.LeavesStreamsBehind, stories.TOO_SOON, "fed-streams", "no Publisher any more"),
    Breakage(stories.RELOADED, "fed-streams", "still showed bob#1.1", client=media.SendsForEver),
    Breakage(stories.BACK_LATER, "fed-streams", "was connected", client=media.SendsForEver),
    # platforms
    platform(
        platforms.KeepsDeparturesToItself, stories.POWER_CUT, "ghosts-bounded", "still showed"
    ),
    platform(platforms.KeepsDeparturesToItself, stories.GOODBYE, "seen-once", "got no"),
    platform(platforms.KeepsDeparturesToItself, stories.GOODBYE, "converge", "still shows bob#1"),
    platform(platforms.NeverGivesUpTheDead, stories.POWER_CUT, "ghosts-bounded", "still had"),
    platform(platforms.ForgetsWhatWasMissed, stories.SHORT_OUTAGE, "converge", "misses dave#1"),
    platform(platforms.RecordsAnotherReason, stories.GOODBYE, "reason-has-cause", "nothing"),
    platform(platforms.TellsAnotherReason, stories.GOODBYE, "seen-once", "with reason"),
    platform(platforms.KeepsStreamsToItself, stories.GOODBYE, "converge", "misses"),
    platform(platforms.AcknowledgesSignalsAndLosesThem, stories.CHAT, "signals", "never got"),
    platform(platforms.DoesNotTellTheVictim, stories.KICK, "kicked-stays-out", "was not told"),
    platform(
        platforms.TakesEverybodyForAModerator,
        stories.PRESUMPTION,
        "only-moderators-kick",
        "has not the capability",
    ),
    platform(platforms.TakesEverybodyForAModerator, stories.LISTENING, "permissions", "may not"),
)
