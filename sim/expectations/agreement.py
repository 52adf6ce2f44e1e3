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
from sim.protocol.units import format_clock, format_duration
from sim.trace.records import Record

_CUTS: Final = {"sessionReconnecting": "socket", "lost": "platform"}
_HEALS: Final = {"sessionReconnected": "socket", "back": "platform", "left": "platform"}

_GHOST: Final = "still believed in"
_UNAWARE: Final = "did not know of"


@define
class _View:
    """What one client believes, and since when it is wrong about which connection."""

    known: dict[str, None]
    since: int
    """When it last could begin to learn: when it connected, or was last cut off or back."""
    wrong: dict[str, tuple[int, str]] = field(factory=dict)
    """Connection → since when, and in which way."""


class AgreementWatch:
    """Whether everyone agrees who is here, within ``within`` microseconds."""

    def __init__(self, within: int, suppressed: Collection[str] = ()) -> None:
        self._within = within
        self._suppressed = suppressed
        self._truth: dict[str, None] = {}
        self._views: dict[str, _View] = {}
        self._cut: dict[str, list[str]] = {}
        self._slowest = (-1, "")
        self._broken = ""

    def see(self, record: Record) -> None:
        """Take in a story record."""
        kind, object = record.kind, record.object
        if kind == "event" and object == "session":
            self._event(record)
        elif kind == "state" and object == "platform":
            self._platform(record)
        elif kind == "fault" and object == "network":
            self._network(record)
        elif object == "browser":
            self._views.pop(record.client, None)

    # -- what each client is told ---------------------------------------------------------------

    def _event(self, record: Record) -> None:
        name, client = record.name, record.client
        if name == "sessionConnected" and client not in self._suppressed:
            self._enter(record)
        elif name == "sessionDisconnected":
            self._judge(client, record.time)
            self._views.pop(client, None)
            self._cut.pop(client, None)
        elif name in ("connectionCreated", "connectionDestroyed") and client in self._views:
            self._learn(record)
        self._connectivity(record)

    def _enter(self, record: Record) -> None:
        view = _View({str(record.data.get("own", "")): None}, record.time)
        view.wrong = {c: (record.time, _UNAWARE) for c in self._truth if c not in view.known}
        self._views[record.client] = view

    def _learn(self, record: Record) -> None:
        view, connection = self._views[record.client], str(record.data.get("connection", ""))
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

    def _platform(self, record: Record) -> None:
        connection = str(record.data.get("connection", ""))
        if record.name in ("joined", "left"):
            if record.name == "joined":
                self._truth[connection] = None
            else:
                self._truth.pop(connection, None)
            for client, view in self._views.items():
                self._compare(client, view, connection, record.time)
        self._connectivity(record)

    # -- who is cut off -------------------------------------------------------------------------

    def _connectivity(self, record: Record) -> None:
        if record.name in _CUTS:
            self._disturb(record, _CUTS[record.name], cut=True)
        elif record.name in _HEALS:
            self._disturb(record, _HEALS[record.name], cut=False)

    def _network(self, record: Record) -> None:
        self._disturb(record, "link", cut=record.name == "down")

    def _disturb(self, record: Record, where: str, cut: bool) -> None:
        """Judge what was until now; note one more cut, or one less; begin anew."""
        self._judge(record.client, record.time)
        cuts = self._cut.setdefault(record.client, [])
        if cut:
            cuts.append(where)
        elif where in cuts:
            cuts.remove(where)
        view = self._views.get(record.client)
        if view:
            view.since = record.time

    # -- judging --------------------------------------------------------------------------------

    def _judge(self, client: str, time: int) -> None:
        view = self._views.get(client)
        for connection in view.wrong if view else ():
            self._judge_one(client, self._views[client], connection, time)

    def _judge_one(self, client: str, view: _View, connection: str, time: int) -> None:
        if self._cut.get(client):
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
