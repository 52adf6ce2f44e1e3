"""All planted faults, in one table: the law that names each, and the class that is broken."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sim.testing.mutants import apps, platforms
from sim.testing.mutants.clients import cleanup, delivery, endings, events, media, sockets
from sim.testing.mutants.mutant import Mutant, planted
from sim.wording import not_one_of

_TABLE: Final = (
    # what is told, and how often
    planted("one-end", events.TellsTheEndTwice),
    planted("one-end", events.NeverTellsTheEnd),
    planted("seen-once", events.TellsOfALeaverTwice),
    planted("seen-once", events.NeverTellsOfLeavers),
    planted("seen-once", events.TellsTheConnectionFirst),
    planted("reconnecting-alternates", events.AnnouncesReconnectingTwice),
    planted("reconnecting-alternates", events.AnnouncesReconnectedTwice),
    planted("reconnecting-alternates", events.ReconnectsOutOfTheBlue),
    planted("reconnect-first", events.NeverAnnouncesReconnecting),
    planted("resolve-in-time", events.NeverAnnouncesReconnected),
    planted("no-stale-events", events.AnnouncesStreamsTwice),
    planted("no-stale-events", events.TellsOfEarlierGenerations),
    planted("silence-after-end", events.GoesOnAfterTheEnd),
    # why
    planted("reason-has-cause", endings.BlamesTheNetwork),
    planted("only-moderators-kick", endings.BlamesAModerator),
    planted("kicked-stays-out", endings.TakesItForItsOwnWish),
    planted("seen-once", endings.TakesLeaversForLost),
    # what is left
    planted("cleanup", cleanup.LeaksSubscribers),
    planted("cleanup", cleanup.LeaksSubscribersOfTheSession),
    planted("cleanup", cleanup.LeaksElements),
    planted("cleanup", cleanup.DestroysQuietly),
    planted("destroyed-once", cleanup.DestroysTwice),
    planted("cleanup", cleanup.DestroysBeforeTheEndIsTold),
    planted("cleanup", cleanup.MisexplainsDestruction),
    planted("cleanup-prevented", cleanup.CleansUpDespitePreventDefault),
    planted("cleanup-prevented", cleanup.EndsStreamsDespitePreventDefault),
    planted("one-subscriber-per-stream", cleanup.SubscribesTwice),
    # signals and calls
    planted("signals", delivery.LosesSignals),
    planted("signals", delivery.HearsSignalsTwice),
    planted("signals", delivery.SwapsSignals),
    planted("signals", sockets.RepeatsSignals),
    planted("signals", sockets.RetriesWhatHasFailed),
    planted("signals", delivery.RetriesEverything),
    planted("completed-once", delivery.NeverCompletesCalls),
    planted("completed-once", delivery.CompletesCallsTwice),
    planted("completed-once", delivery.ForgetsWhoConnected),
    planted("completed-once", delivery.ForgetsWhoLeaves),
    # sockets and media
    planted("reason-has-cause", sockets.NeverPings),
    planted("resolve-in-time", sockets.NeverGivesUp),
    planted("fed-streams", media.LeavesStreamsBehind),
    planted("fed-streams", media.SendsForEver),
    # platforms
    planted("kicked-stays-out", platforms.SparesTheVictim),
    planted("kicked-stays-out", platforms.DoesNotTellTheVictim),
    planted("kicked-stays-out", delivery.ComesBackAsTheSame, platforms.ForgetsTheRemoved),
    planted("permissions", platforms.TakesEverybodyForAModerator),
    planted("ghosts-bounded", platforms.NeverGivesUpTheDead),
    planted("grace-kept", platforms.IgnoresGrace),
    planted("converge", platforms.ForgetsWhatWasMissed),
    planted("seen-once", platforms.KeepsDeparturesToItself),
    planted("converge", platforms.KeepsStreamsToItself),
    planted("reason-has-cause", platforms.RecordsAnotherReason),
    planted("seen-once", platforms.TellsAnotherReason),
    planted("signals", platforms.AcknowledgesSignalsAndLosesThem),
    # apps
    planted("kept-cleaned", apps.ForgetsToCleanUp),
    planted("one-subscriber-per-stream", apps.SubscribesAgain),
    planted("one-subscriber-per-stream", apps.SubscribesAgainWhenBack),
    planted("one-subscriber-per-stream", apps.RejoinsWithALeakedListener),
)

MUTANTS: Final[Mapping[str, Mutant]] = MappingProxyType({each.name: each for each in _TABLE})
"""Every planted fault, by its name."""


def mutant(name: str) -> Mutant:
    """The planted fault of that name. Raises ``ValueError`` with the nearest spelling.

    >>> mutant("loses-signals").sentence
    'A signal that arrives is not told.'
    """
    if name not in MUTANTS:
        raise ValueError(not_one_of(name, MUTANTS, "a planted fault"))
    return MUTANTS[name]
