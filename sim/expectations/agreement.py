"""Whether everybody who is connected knows who is here.

A client's view is what its app was told since its ``sessionConnected``: ``connectionCreated`` less
``connectionDestroyed``. The truth is what the platform says: ``joined`` less ``left``. Where the
two differ they must come to agree within a given time, which runs from when they began to differ,
and begins anew when the client itself was cut off: while its link is down, its socket is
reconnecting or the platform has lost it, it cannot know.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from attrs import define, field

from sim.expectations.sights import Finding
from sim.protocol.records import Trait, named
from sim.protocol.units import format_clock, format_duration
from sim.trace.records import Record

_BEGINS: Final = named(Trait.BEGINS_SESSION)
_ENDS: Final = named(Trait.ENDS_SESSION)
_CLOSES: Final = named(Trait.ENDS_PAGE)
_JOINS: Final = named(Trait.BEGINS_CONNECTION)
_LEAVES: Final = named(Trait.ENDS_CONNECTION)
_LOSES: Final = named(Trait.LOSES_CONNECTION)
_RESUMES: Final = named(Trait.RESUMES_CONNECTION)
_CUTS: Final = named(Trait.CUTS_LINK)
_HEALS: Final = named(Trait.HEALS_LINK)
_OUT_OF_TOUCH: Final = named(Trait.BEGINS_OUTAGE)
_IN_TOUCH: Final = named(Trait.ENDS_OUTAGE)
_DISTURBS: Final = frozenset(
    named(
        Trait.DISTURBS,
        Trait.HEALS_LINK,
        Trait.BEGINS_OUTAGE,
        Trait.ENDS_OUTAGE,
        Trait.RESUMES_CONNECTION,
    )
)
_LEARNS: Final = (("event", "connectionCreated"), ("event", "connectionDestroyed"))
_WATCHED: Final = _DISTURBS.union(_BEGINS, _ENDS, _CLOSES, _JOINS, _LEAVES, _LEARNS)

_GHOST: Final = "still believed in"
_UNAWARE: Final = "did not know of"


@define
class _View:
    """What one client believes, and since when it is wrong about which connection."""

    own: str
    known: dict[str, None]
    since: int
    """When it last could begin to learn: when it connected, or was last cut off or back."""
    away: bool = False
    """Whether its app has been told that it has lost touch."""
    wrong: dict[str, tuple[int, str]] = field(factory=dict)
    """Connection → since when, and in which way."""


class AgreementWatch:
    """Whether everyone agrees who is here, within ``within`` microseconds."""

    def __init__(self, within: int, suppressed: Collection[str] = ()) -> None:
        self._within = within
        self._suppressed = suppressed
        self._truth: dict[str, None] = {}
        self._views: dict[str, _View] = {}
        self._down: dict[str, int] = {}
        """Person → how many faults keep the link down."""
        self._lost: dict[str, None] = {}
        """Connections that the platform keeps without a socket."""
        self._slowest = (-1, "")
        self._broken = ""

    def see(self, record: Record) -> None:
        """Take in a story record."""
        key = record.kind, record.name
        if key not in _WATCHED:
            return
        if key in _DISTURBS:
            self._disturbed(record, key)
        if key in _LEARNS:
            if record.object == "session":
                self._learn(record)
        elif key in _JOINS or key in _LEAVES:
            self._change(record, key)
        elif key in _BEGINS:
            self._enter(record)
        elif key in _ENDS:
            self._judge(record.client, record.time)
            self._views.pop(record.client, None)
        elif key in _CLOSES:
            self._views.pop(record.client, None)

    # -- what each client is told ---------------------------------------------------------------

    def _enter(self, record: Record) -> None:
        if record.client in self._suppressed:
            return
        own = str(record.data.get("own", ""))
        view = _View(own, {own: None}, record.time)
        view.wrong = {c: (record.time, _UNAWARE) for c in self._truth if c not in view.known}
        self._views[record.client] = view

    def _learn(self, record: Record) -> None:
        view, connection = self._views.get(record.client), str(record.data.get("connection", ""))
        if view is None:
            return
        if record.name == "connectionCreated":
            view.known[connection] = None
        else:
            view.known.pop(connection, None)
        self._compare(record.client, view, connection, record.time)

    def _compare(self, client: str, view: _View, connection: str, time: int) -> None:
        if (connection in view.known) != (connection in self._truth):
            way = _GHOST if connection in view.known else _UNAWARE
            view.wrong.setdefault(connection, (time, way))
        elif connection in view.wrong:
            self._judge_one(client, view, connection, time)
            del view.wrong[connection]

    # -- what is true ---------------------------------------------------------------------------

    def _change(self, record: Record, key: tuple[str, str]) -> None:
        connection = str(record.data.get("connection", ""))
        if key in _JOINS:
            self._truth[connection] = None
        else:
            self._truth.pop(connection, None)
            self._lost.pop(connection, None)
        for client, view in self._views.items():
            self._compare(client, view, connection, record.time)

    # -- who is cut off -------------------------------------------------------------------------

    def _disturbed(self, record: Record, key: tuple[str, str]) -> None:
        """Judge what was until now; note whether it is cut off; begin anew."""
        client, view = record.client, self._views.get(record.client)
        self._judge(client, record.time)
        if key in _CUTS:
            self._down[client] = self._down.get(client, 0) + 1
        elif key in _HEALS:
            self._down[client] = max(0, self._down.get(client, 0) - 1)
        elif key in _LOSES:
            self._lost[str(record.data.get("connection", ""))] = None
        elif key in _RESUMES:
            self._lost.pop(str(record.data.get("connection", "")), None)
        elif view is not None and key in _OUT_OF_TOUCH:
            view.away = True
        elif view is not None and key in _IN_TOUCH:
            view.away = False
        if view is not None:
            view.since = record.time

    def _is_cut_off(self, client: str, view: _View) -> bool:
        return bool(self._down.get(client)) or view.away or view.own in self._lost

    # -- judging --------------------------------------------------------------------------------

    def _judge(self, client: str, time: int) -> None:
        view = self._views.get(client)
        for connection in view.wrong if view else ():
            self._judge_one(client, self._views[client], connection, time)

    def _judge_one(self, client: str, view: _View, connection: str, time: int) -> None:
        if self._is_cut_off(client, view):
            return
        began, way = view.wrong[connection]
        since = max(view.since, began)
        if time - since > self._slowest[0]:
            self._slowest = (time - since, f"{client}, about {connection}")
        if time - since > self._within and not self._broken:
            self._broken = (
                f"at {format_clock(since + self._within)} {client} {way} {connection}, "
                f"after {format_duration(self._within)} in which it could have learned of it"
            )

    def finding(self, ended: int) -> Finding:
        """Return whether all views were right whenever they had to be."""
        for client in self._views:
            self._judge(client, ended)
        if self._broken:
            return Finding(False, self._broken)
        took, whose = self._slowest
        slowest = f"; the slowest was {whose}: {format_duration(took)}" if whose else ""
        return Finding(True, f"all views agreed in time{slowest}")
