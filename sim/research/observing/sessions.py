"""The sessions of a run, as apps and the platform have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import define, field

from sim.laws.law import Handlers, handlers, on
from sim.protocol.names import network_of
from sim.protocol.quirks import CLEAN_CLOSE_IS_CLIENT, SILENCE_IS_CLIENT
from sim.protocol.reasons import NETWORK_DISCONNECTED
from sim.protocol.records import Trait
from sim.research.observing.observed import Session
from sim.trace import Record


@define(eq=False)
class Attendance:
    """One connection of one person, as far as the run has gone."""

    person: str
    connection: str
    role: str
    network: str
    joined: int
    connected: bool = False
    """Whether its app was told ``sessionConnected``."""
    here: bool = False
    """Whether the platform has it."""
    left: int | None = None
    """When the platform let it go."""
    ended: int | None = None
    told: str | None = None
    cut_off: bool = False
    """Whether it ended with the network, whatever reason its app was told."""
    to_others: str | None = None
    reconnecting: int | None = None
    """Since when its app is reconnecting."""
    stretches: list[tuple[int, int]] = field(factory=list)
    """From when to when it was reconnecting, as far as that is over."""
    seen_by: dict[str, None] = field(factory=dict)
    """Other people whose apps hold it to be there."""
    haunts: bool = False
    """Whether it had ended when the platform had it still."""
    seen_until: int | None = None
    """When the latest of those who held it to be there learned of its end, or was gone."""
    leftovers: int = 0

    @property
    def on(self) -> bool:
        """Whether its app is in the session."""
        return self.connected and self.ended is None

    @property
    def over(self) -> int | None:
        """When it ended: if its app never was in it, that was when the platform let it go."""
        return self.left if self.ended is None and not self.connected else self.ended


class Sessions:
    """Follows every connection."""

    def __init__(self, networks: Mapping[str, str]) -> None:
        self._networks = dict(networks)
        self._all: dict[str, Attendance] = {}
        self._of: dict[str, list[Attendance]] = {}
        """By person: those that have not ended."""
        self._sees: dict[str, dict[str, None]] = {}
        """By person: the connections of others that its app holds to be there."""
        self._gone: set[str] = set()
        """Those whose page is over and who have not connected again."""
        self._alive: dict[str, dict[str, str]] = {}
        """By person: its live Subscribers → the connection in which they were made."""
        self._reconnections: dict[str, int] = {}
        """By connection: how often its app was told so, as some are before they are in it."""
        self._misnamed: set[int] = set()
        """Deviations that call an end of the network ``clientDisconnected``."""

    def of(self, connection: str) -> Attendance | None:
        """What is known of a connection."""
        return self._all.get(connection)

    def present(self, person: str) -> Attendance | None:
        """The session that this person's app is in."""
        return next((each for each in reversed(self._of.get(person, ())) if each.on), None)

    def latest(self, person: str) -> Attendance | None:
        """The session that this person's app is in or is about to learn that it is in."""
        met = self.present(person)
        coming = (each for each in reversed(self._of.get(person, ())) if each.here)
        return next(coming, None) if met is None else met

    def everybody(self) -> list[Attendance]:
        """The sessions that apps are in, by person."""
        return [each for person in self._of for each in (self.present(person),) if each is not None]

    # -- coming --------------------------------------------------------------------------------

    def _connect(self, record: Record) -> None:
        if record.data.get("connection") and not record.data.get("ignored"):
            self._gone.discard(record.client)
            for each in self._of.get(record.client, ())[:]:
                if each.connected:  # whose end its app was not told
                    self._end(each, record.time)

    def _joined(self, record: Record) -> None:
        attendance = self._get(record.client, record.data["connection"], record)
        attendance.role, attendance.here = record.data["role"], True
        if record.client in self._gone:
            self._end(attendance, record.time)

    def _connected(self, record: Record) -> None:
        own = record.data.get("own")
        if own:
            self._get(record.client, own, record).connected = True

    def _get(self, person: str, connection: str, record: Record) -> Attendance:
        found = self._all.get(connection)
        if found is None:
            network = self._networks.get(person, "")
            found = Attendance(person, connection, "", network, record.time)
            self._all[connection] = found
            self._of.setdefault(person, []).append(found)
        return found

    # -- outages -------------------------------------------------------------------------------

    def _reconnecting(self, record: Record) -> None:
        own = record.data.get("own") or ""
        self._reconnections[own] = self._reconnections.get(own, 0) + 1
        attendance = self._all.get(own)
        if attendance is not None and attendance.on and attendance.reconnecting is None:
            attendance.reconnecting = record.time

    def _reconnected(self, record: Record) -> None:
        attendance = self._all.get(record.data.get("own") or "")
        if attendance is not None:
            _back(attendance, record.time)

    def _changed(self, record: Record) -> None:
        network = network_of(record.data.get("to"))
        if network is not None:
            self._networks[record.client] = network

    # -- going ---------------------------------------------------------------------------------

    def _told_end(self, record: Record) -> None:
        attendance = self._all.get(record.data.get("own") or "")
        if attendance is not None and attendance.told is None:
            attendance.told = reason = record.data["reason"]
            attendance.cut_off = reason == NETWORK_DISCONNECTED or record.cause in self._misnamed
            self._end(attendance, record.time)

    def _misnames(self, record: Record) -> None:
        self._misnamed.add(record.seq)

    def _page_gone(self, record: Record) -> None:
        person = record.client
        for connection in self._alive.pop(person, {}).values():
            made = self._all.get(connection)
            if made is not None and made.ended is not None:
                made.leftovers += 1
        self._gone.add(person)
        for each in self._of.get(person, ())[:]:
            self._end(each, record.time)

    def _end(self, attendance: Attendance, now: int) -> None:
        if attendance.ended is not None:
            return
        _back(attendance, now)
        attendance.ended = now
        attendance.haunts = attendance.here
        self._of[attendance.person].remove(attendance)
        if attendance.connected:
            for connection in self._sees.pop(attendance.person, ()):
                self._unsee(self._all[connection], attendance.person, now)

    def _left(self, record: Record) -> None:
        attendance = self._all.get(record.data["connection"])
        if attendance is not None:
            attendance.here, attendance.left = False, record.time

    # -- what others hold ----------------------------------------------------------------------

    def _seen(self, record: Record) -> None:
        """Somebody is there: an app with its connection events suppressed is told of a stream."""
        connection = record.data["connection"]
        attendance = self._all.get(connection)
        if attendance is not None and connection != record.data.get("own"):
            attendance.seen_by[record.client] = None
            self._sees.setdefault(record.client, {})[connection] = None

    def _unseen(self, record: Record) -> None:
        connection = record.data["connection"]
        attendance = self._all.get(connection)
        if attendance is not None and connection != record.data.get("own"):
            if attendance.to_others is None:
                attendance.to_others = record.data["reason"]
            self._sees.get(record.client, {}).pop(connection, None)
            self._unsee(attendance, record.client, record.time)

    def _unsee(self, attendance: Attendance, person: str, now: int) -> None:
        if person in attendance.seen_by:
            del attendance.seen_by[person]
            if attendance.ended is not None:
                attendance.seen_until = now

    # -- Subscribers ---------------------------------------------------------------------------

    def _subscribe(self, record: Record) -> None:
        subscriber = record.data.get("subscriber")
        if subscriber and record.client not in self._gone:
            present = self.present(record.client)
            alive = self._alive.setdefault(record.client, {})
            alive[subscriber] = "" if present is None else present.connection

    def _destroyed(self, record: Record) -> None:
        self._alive.get(record.client, {}).pop(record.object, None)

    # -- at the end ----------------------------------------------------------------------------

    def finish(self, ended: int) -> tuple[Session, ...]:
        """The rows of a run that ended at ``ended``, in the order of joining."""
        left = [connection for alive in self._alive.values() for connection in alive.values()]
        for attendance in filter(None, map(self._all.get, left)):
            if attendance.ended is not None:
                attendance.leftovers += 1
        told = self._reconnections
        return tuple([_session(each, told.get(name, 0), ended) for name, each in self._all.items()])

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "connect"): _connect,
            ("state", "joined"): _joined,
            ("state", "left"): _left,
            ("event", "sessionConnected"): _connected,
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _reconnected,
            ("event", "sessionDisconnected"): _told_end,
            ("quirk", SILENCE_IS_CLIENT): _misnames,
            ("quirk", CLEAN_CLOSE_IS_CLIENT): _misnames,
            ("fault", "change"): _changed,
            ("event", "connectionCreated"): _seen,
            ("event", "streamCreated"): _seen,
            ("event", "connectionDestroyed"): _unseen,
            ("call", "subscribe"): _subscribe,
            ("event", "destroyed"): _destroyed,
            **on(_page_gone, Trait.ENDS_PAGE),
        }
    )


def _back(attendance: Attendance, now: int) -> None:
    if attendance.reconnecting is not None:
        attendance.stretches.append((attendance.reconnecting, now))
        attendance.reconnecting = None


def _session(attendance: Attendance, reconnections: int, run_ended: int) -> Session:
    ended = attendance.over
    stretches = tuple(attendance.stretches)
    if attendance.reconnecting is not None:
        stretches += ((attendance.reconnecting, run_ended),)
    ghost = _ghost(attendance, run_ended)
    return Session(
        person=attendance.person,
        connection=attendance.connection,
        role=attendance.role,
        network=attendance.network,
        joined_us=attendance.joined,
        ended_us=ended,
        censored=ended is None,
        end_told=attendance.told,
        end_others=attendance.to_others,
        reconnections=reconnections,
        reconnecting_us=sum(until - since for since, until in stretches),
        ghost_us=ghost,
        leftovers=attendance.leftovers,
        ghost_censored=ghost is not None and bool(attendance.seen_by),
        stretches=stretches,
    )


def _ghost(attendance: Attendance, run_ended: int) -> int | None:
    if not attendance.haunts or attendance.ended is None:
        return None
    until = run_ended if attendance.seen_by else attendance.seen_until
    return None if until is None else until - attendance.ended
