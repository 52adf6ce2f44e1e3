"""What a run yields, in forms for programs, people and notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from attrs import define, evolve, field, frozen

from sim.expectations import expected_breaches, was_told
from sim.frames import Event, of_events, of_records
from sim.laws import LawBroken, Verdict
from sim.protocol.quirks import Profile
from sim.protocol.units import format_clock
from sim.showing import html_of
from sim.trace import Header, Record, ToCome, Token
from sim.trace.recorder import Move
from sim.trace.token import BARE
from sim.wording import not_one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from sim.expectations import Clause, Outcome
    from sim.scenario import Scenario

Told = tuple[int, str, str, str | None]
"""One event as an app was told it: time in microseconds, object, event, reason."""


SAVED: Final = "broken.yaml"
"""What the file of a scenario is called in the line that runs it again."""

_REPORTS: Final = "sim.report"
"""By name: a report is made of a result, and a result is there without any."""
_PLOTS: Final = "sim.research.showing.runs"
_SAID: Final = (
    *("seed", "replication", "profile", "digest", "ended", "count", "told"),
    *("exit_code", "trace_path"),
)
"""What the text of a result says."""
_LATEST: Final = 3
"""So many events are shown of what somebody was told."""


class Shown(Protocol):
    """What :meth:`Result.report` gives: a :class:`sim.Report`."""

    def _repr_html_(self) -> str:
        """The picture of it, small."""

    def html(self) -> str:
        """One HTML file, which fetches nothing."""
        ...

    def to(self, format: str, **options: Any) -> str | bytes:
        """The report in a format of that name."""
        ...

    def save(self, path: str | os.PathLike[str], format: str | None = None, **options: Any) -> Path:
        """Write a file, in the format that its suffix says."""
        ...


@frozen
class ClientResult:
    """One client: what its app was told, in order, and what was left at the end.

    ``left`` counts ``elements`` in its page, live ``subscribers`` and live ``publishers``.
    """

    name: str
    events: tuple[Told, ...]
    left: Mapping[str, int]

    def __repr__(self) -> str:
        return f"<{self.name} was told {_shown(self.events)}; left: {_counted(self.left)}>"

    def sees(self, event: str, reason: str | None = None) -> bool:
        """Whether its app was told ``event`` (with ``reason``, if one is given).

        An event is written as in an expectation: ``sessionDisconnected``, ``subscriber.connected``,
        ``sessionDisconnected(forceDisconnected)``; without an object that of any object counts.
        Raises ``ValueError`` for an event that there is not, or that never has this reason.
        """
        return was_told(self.events, event, reason)


class Clients(dict[str, ClientResult]):
    """The clients of a run by the names of people."""

    def __missing__(self, name: object) -> ClientResult:
        raise KeyError(not_one_of(name, self, "somebody here"))


def _shown(events: tuple[Told, ...]) -> str:
    """How many events there are, and the latest of them."""
    if not events:
        return "nothing"
    latest = [
        f"{format_clock(time)} {name}" + ("" if reason is None else f"({reason})")
        for time, _, name, reason in events[-_LATEST:]
    ]
    number = "1 event" if len(events) == 1 else f"{len(events)} events, the latest"
    return f"{number}: {', '.join(latest)}"


def _counted(left: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {thing}" for thing, number in left.items() if number) or "nothing"


@define
class Result:
    """One run: verdicts, the trace in memory if it was kept, and what each client saw.

    Times are microseconds of virtual time. ``exit_code`` is 0 when every law and expectation held
    and 1 otherwise.
    """

    scenario: Scenario = field(repr=False)
    seed: int
    replication: int
    profile: str
    _digest: ToCome | str = field(alias="digest", eq=str)
    ended: int
    count: int
    """How many story records there are, kept or not."""
    told: int
    """How many events the apps were told, over all clients, kept or not."""
    laws: Mapping[str, Verdict] = field(repr=False)
    goals: Mapping[str, int] = field(repr=False)
    """The quirks that the profile has, the gravest first, and how often each was at work."""
    expectations: tuple[Outcome, ...] = field(repr=False)
    clients: Mapping[str, ClientResult] = field(repr=False)
    exit_code: int
    records: list[Record] = field(factory=list, repr=False)
    """The story's records; empty when the run did not keep them."""
    trace_path: str | None = None
    header: Header = field(factory=Header, repr=False)
    rerun: str = field(default="", repr=False)
    """The line that runs the scenario again, saved as ``broken.yaml``: of a shell, or of Python."""
    reasons: Mapping[str, int] = field(factory=dict, repr=False)
    """Why something ended, as apps were told, and how often."""
    moves: Mapping[Move, int] = field(factory=dict, repr=False)
    """The moves of state machines (what moved, from which state, to which), and how often."""

    def __repr__(self) -> str:
        return f"Result({', '.join(f'{name}={getattr(self, name)!r}' for name in _SAID)})"

    @property
    def digest(self) -> str:
        """The digest of the story: 32 hexadecimal digits. It is made when it is asked for.

        A bare run (see :func:`sim.run`) has written nothing down of which it could be made: then it
        is run again, once. To print the result, to compare it and to send it to another process ask
        for the digest, too.
        """
        if not isinstance(self._digest, str):
            self._digest = self._digest.hex
        return self._digest

    @property
    def token(self) -> str:
        """The replay token: a short text that names this run."""
        return str(token_of(self.scenario, self.header))

    @property
    def events(self) -> list[Record]:
        """The records of what apps were told, in order over all clients.

        None where no records were kept: :attr:`clients` and :meth:`to_dataframe` have what apps
        were told of a run with ``keep="events"``, too.
        """
        return [record for record in self.records if record.kind == "event"]

    @property
    def broken(self) -> list[Verdict | Outcome]:
        """What was to hold and did not: the laws, then the expectations; none if it :attr:`held`.

        A law that the scenario expects to break is not among them; its verdict is in :attr:`laws`.
        """
        expected = expected_breaches(self.scenario.expect)
        laws = (v for v in self.laws.values() if v.broken and v.law.name not in expected)
        return [*laws, *(outcome for outcome in self.expectations if not outcome.held)]

    @property
    def why(self) -> str:
        """What is :attr:`broken`, in sentences, one a line; "" if everything held.

        For ``assert result.held, result.why``: pytest cuts other messages than texts.
        """
        return "\n".join(str(each) for each in self.broken)

    @property
    def held(self) -> bool:
        """Whether every law and every expectation held, but for laws that were to break."""
        return self.exit_code == 0

    def check(self) -> None:
        """Judge by the laws, as :meth:`sim.Simulation.check` does.

        Raises :class:`~sim.LawBroken` for the first breach, but for those that the scenario
        expects. Whether its expectations held is what :attr:`held` says.
        """
        __tracebackhide__ = True
        refuse_breaches(self.laws, self.scenario.expect, self.as_run, self.rerun)

    def as_run(self) -> Scenario:
        """The scenario with the seed and the profile of the run."""
        profile = Profile(self.profile, frozenset(self.header.quirks))
        return evolve(self.scenario, seed=self.seed, profile=profile)

    def report(self) -> Shown:
        """The run explained at a glance: ``result.report().save("run.html")``.

        It shows the story; for messages, report the scenario or a trace of the wire. Raises
        ``ValueError`` if the run kept no records.
        """
        shown: Shown = import_module(_REPORTS).report(self)
        return shown

    def to_dataframe(self) -> DataFrame:
        """The kept records as a pandas DataFrame, one row a record; empty if nothing was kept.

        Columns: ``time_us``, ``time_s``, ``seq``, ``client``, ``object``, ``kind``, ``name``,
        ``reason``, ``cause`` (nullable integer), ``data`` (dict). Of a run with ``keep="events"``
        it has the events that apps were told, by time and then by client; their ``seq`` and
        ``cause`` are missing and their ``data`` empty, since those were not kept. Raises
        ``ModuleNotFoundError`` with the remedy when pandas is not installed.
        """
        return of_records(self.records) if self.records else of_events(self._events())

    def plot(self, on: Axes | None = None) -> Axes:
        """Draw who was in the session when, as apps were told; return the axes of matplotlib.

        Raises ``ModuleNotFoundError`` with the remedy when matplotlib is not installed.
        """
        drawn: Axes = import_module(_PLOTS).plot(self, on)
        return drawn

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON: what ``run --json`` prints."""
        return {
            "digest": self.digest,
            "seed": self.seed,
            "events": self.told,
            "laws": {name: verdict.outcome for name, verdict in self.laws.items()},
            "goals": dict(self.goals),
            "expect": [{"text": o.text, "held": o.held, "why": o.why} for o in self.expectations],
            "clients": {
                name: {"events": [list(told) for told in c.events], "left": dict(c.left)}
                for name, c in self.clients.items()
            },
            "exit_code": self.exit_code,
        }

    def _repr_html_(self) -> str:
        return html_of(self, self._events())

    def _events(self) -> list[Event]:
        """What apps were told, by time and then by client."""
        merged = [(e[0], name, *e[1:]) for name, c in self.clients.items() for e in c.events]
        return sorted(merged, key=lambda row: row[0])


def refuse_breaches(
    verdicts: Mapping[str, Verdict],
    expect: Iterable[Clause],
    scenario: Callable[[], Scenario],
    rerun: str,
) -> None:
    """Raise :class:`~sim.LawBroken` for the first breach, but for those that are expected.

    ``scenario`` gives what was run, ``rerun`` is the line that runs it again.
    """
    __tracebackhide__ = True
    expected = expected_breaches(tuple(expect))
    breaches = (v.breaches for name, v in verdicts.items() if name not in expected)
    in_order = sorted(chain.from_iterable(breaches), key=lambda breach: breach.time)
    if in_order:
        from sim.scenario import dump

        first, *others = in_order
        replay = f"# save this as {SAVED}, then: {rerun}\n{dump(scenario())}"
        raise LawBroken(verdicts[first.law].law, first, replay, len(others))


def token_of(scenario: Scenario, header: Header) -> Token:
    """The replay token of the run of that scenario that a header describes."""
    from sim.scenario import scenario_hash

    named = evolve(header, scenario_hash=scenario_hash(scenario))
    written, run = scenario.profile, Profile(named.profile, frozenset(named.quirks))
    is_bare = written.name == run.name and written != run and not run.switches
    return Token.of(named, (*named.options, *([BARE] if is_bare else [])))
