"""What one run says to a researcher: its sessions, outages, kicks, signals and detections.

Times are microseconds of virtual time. A time that is None has not come before the run ended.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, field, frozen

from sim.result import Told


@frozen
class Session:
    """One connection of one person, from when the platform had it or its app was told so."""

    person: str
    connection: str
    role: str
    network: str
    """What the scenario's network of that person is called."""
    joined_us: int
    ended_us: int | None
    """When its app was told ``sessionDisconnected`` or its page was gone, whichever was first; if
    its app never was in it, when the platform let it go at the latest."""
    censored: bool
    """Whether it had not ended when the run did."""
    end_told: str | None
    """The reason of its ``sessionDisconnected``; None if its app was not told of an end."""
    end_others: str | None
    """The reason of the first ``connectionDestroyed`` of it that another app was told."""
    reconnections: int
    """How often its app was told ``sessionReconnecting``, also while it came into the session."""
    reconnecting_us: int
    """How long its app, once in it, was reconnecting, together; a stretch lasts to the end at
    most."""
    ghost_us: int | None
    """How long other apps held a session that had ended to be there, where the platform had it
    still: from ``ended_us`` until the last of them was told, or was gone itself, or the run ended.
    None if it is none of the dead."""
    leftovers: int
    """Subscribers that have outlived it: that were never destroyed while the page was there."""
    ghost_censored: bool = False
    """Whether another app still held it to be there when the run ended."""
    stretches: tuple[tuple[int, int], ...] = ()
    """From when to when its app was reconnecting; to the end of the run at most."""

    @property
    def lasted_us(self) -> int | None:
        """From joining to the end."""
        return None if self.ended_us is None else self.ended_us - self.joined_us


@frozen
class Outage:
    """One stretch in which a person's link was down."""

    person: str
    began_us: int
    ended_us: int | None
    survived: bool | None
    """Whether the session that it met (that its app was in, or was about to be told so) went on:
    False if that ended with the network, whatever reason its app was told, before it was back in
    touch. None if it met none, if that ended otherwise meanwhile, or if the run ended too soon to
    say."""
    recovered_us: int | None
    """When its app was told ``sessionReconnected``, after its end; None also where it had noticed
    nothing."""
    noticed_us: int | None = None
    """When its app was told ``sessionReconnecting``, because of it or while it lasted, and not
    back before its end; if the app was reconnecting already, when it began."""
    session_ended_us: int | None = None
    """When the session that it met ended."""


@frozen
class Kick:
    """One accepted ``forceDisconnect`` of a connection."""

    target: str
    """The person."""
    accepted_us: int
    told_us: int | None
    """When the victim was told ``sessionDisconnected(forceDisconnected)``."""
    connection: str = ""
    reconnecting: bool = False
    """Whether the victim's app was reconnecting when the command was accepted."""
    ended_us: int | None = None
    """When the victim's session ended, of whatever reason."""


@frozen
class Signal:
    """One signal on its way to one other app that was in the session when it was sent."""

    sender: str
    to: str
    sent_us: int
    got_us: int | None
    late: bool
    """Whether it came later than a second after it was sent."""
    lost: bool = False
    """Whether it never came, though the receiver did not leave, was cut off, or left long after:
    it had been in touch for longer than a signal can take since the sender was answered."""


@frozen
class Detection:
    """One time that the platform held a connection to be lost."""

    person: str
    lost_us: int
    faulty: bool
    """Whether the person's link was down at some time of the platform's ``detection`` before that
    and since the connection last came or came back, or a fault of the network or the end of a page
    was the cause: else it was a false alarm."""
    after_us: int | None
    """How long after the first of those faults that was; None of a false alarm."""


@frozen
class Observed:
    """One run. ``point`` is the number of its design point."""

    scenario: str
    point: int
    replication: int
    seed: int
    digest: str
    ended_us: int
    events: int
    """How many events apps were told."""
    sessions: tuple[Session, ...]
    outages: tuple[Outage, ...]
    kicks: tuple[Kick, ...]
    signals: tuple[Signal, ...]
    detections: tuple[Detection, ...]
    duplicate_pictures: int
    """How often a page came to show a second picture of one person."""
    breaches: Mapping[str, int]
    """How often each law broke, of those that did."""
    exit_code: int
    told: tuple[tuple[str, Told], ...] = field(default=(), repr=False)
    """Whom an app was told what, in order; only kept if that was asked for."""
    duplicates_us: tuple[int, ...] = ()
    """When pages came to show those second pictures."""
    since_us: int = 0
    """From when on it is judged: the end of the warm-up."""
    attended: tuple[Session, ...] = field(
        default=Factory(lambda run: run.sessions, takes_self=True), repr=False
    )
    """What was going on from then on: the sessions, without what they were before."""
