"""The differences between a recording and its re-enactment.

Rules (docs/conformance.md): the order of events within one client is exact, for the set-up and for
the script each; media events are compared per object. What is said of an event and of the end of a
call is exact. Times are compared where a timer of the client decides them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from attrs import frozen

from sim.conform import times
from sim.conform.case import Case, Completion, Told, is_unknown
from sim.conform.labels import name_of
from sim.conform.observed import Observed, is_media
from sim.wording import quoted

SETUP: Final = "set-up"
SCRIPT: Final = "script"
END: Final = "end"

_ALWAYS: Final = ("prevented", "reason", "about", "data", "from")
"""Fields that a recording leaves out when there is nothing to say: then there must be nothing."""
_OF_SOMEBODY: Final = ("about", "from")
"""Fields of which the recorder may not have known whose something was."""


@frozen
class Difference:
    """One place where the two differ.

    ``what`` is ``events``, ``field``, ``time``, ``media``, ``completions`` or ``left``; ``event``
    says of which event a field or a time differs, ``place`` is its place in what the client was
    told in that phase, ``record`` the number of the simulated record nearest to it.
    """

    client: str
    what: str
    phase: str
    expected: str
    got: str
    event: str | None = None
    place: int | None = None
    record: int | None = None


@frozen
class Side:
    """What one client was told in one phase, media apart: the events and the records behind them.

    A recording has no records: then they are None.
    """

    told: Sequence[Told]
    records: Sequence[int | None]

    def at(self, place: int) -> tuple[Told | None, int | None]:
        """The event in that place and its record; None beyond the end."""
        if place < len(self.told):
            return self.told[place], self.records[place]
        return None, None


def compare(case: Case, observed: Observed) -> list[Difference]:
    """Every difference, in the order of clients and events; an empty list means held."""
    found: list[Difference] = []
    for name in case.expect:
        for phase in (SETUP, SCRIPT):
            found += _events(case, observed, name, phase)
        found += _media(case, observed, name)
    for name in case.clients:
        found += _completions(case, observed, name)
    found += _left(case, observed)
    return found


def sides(case: Case, observed: Observed, name: str, phase: str) -> tuple[Side, Side]:
    """What a client was told in one phase, as it was recorded and as it was simulated."""
    sources: dict[int, int] = {}
    told = observed.expect[name]
    for each, seq in zip(told, observed.sources[name], strict=True):
        sources[id(each)] = seq
    want = [t for t in case.expect[name] if _belongs(case, t, phase)]
    have = [t for t in told if _belongs(case, t, phase)]
    return Side(want, [None] * len(want)), Side(have, [sources[id(each)] for each in have])


def _belongs(case: Case, told: Told, phase: str) -> bool:
    in_setup = told.at <= case.setup_ends
    return in_setup == (phase == SETUP) and not _of_media(told)


def _of_media(told: Told) -> bool:
    return told.media or is_media(told.object, told.event)


# -- events ----------------------------------------------------------------------------------------


def _events(case: Case, observed: Observed, name: str, phase: str) -> Iterator[Difference]:
    wanted, got = sides(case, observed, name, phase)
    for place in range(max(len(wanted.told), len(got.told))):
        (want, _), (have, seq) = wanted.at(place), got.at(place)
        if want is None or have is None or _key(want) != _key(have):
            yield Difference(name, "events", phase, said(want), said(have), None, place, seq)
            return
        for pair in _fields(want, have):
            yield Difference(name, "field", phase, *pair, said(want), place, seq)
        late = times.late(case, name, (want, have), (wanted.told, got.told))
        if late is not None:
            yield Difference(name, "time", phase, *late, said(want), place, seq)


def _key(told: Told) -> tuple[str, str]:
    return told.object, told.event


def said(told: Told | None) -> str:
    """An event in a few words: its object, its name, its reason, whom it is about."""
    if told is None:
        return "nothing more"
    reason, about = told.fields.get("reason"), told.fields.get("about")
    return (
        f"{told.object} {told.event}"
        + (f"({reason})" if reason else "")
        + (f" about {about}" if about else "")
    )


def _fields(want: Told, have: Told) -> Iterator[tuple[str, str]]:
    keys = dict.fromkeys((*want.fields, *(key for key in _ALWAYS if key in have.fields)))
    for key in keys:
        expected, got = want.fields.get(key), have.fields.get(key)
        unknown = key in _OF_SOMEBODY and is_unknown(expected)
        if expected != got and not unknown:
            yield f"{key} {_short(expected)}", f"{key} {_short(got)}"


def _short(value: Any) -> str:
    text = quoted(value) if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"


def _media(case: Case, observed: Observed, name: str) -> Iterator[Difference]:
    """What each object tells, in its own order."""
    expected, got = case.expect[name], observed.expect[name]
    for object in dict.fromkeys(t.object for t in (*expected, *got) if _of_media(t)):
        want = [told for told in expected if told.object == object]
        have = [told for told in got if told.object == object]
        if [t.event for t in want] != [t.event for t in have]:
            yield Difference(name, "media", SCRIPT, _listed(object, want), _listed(object, have))
            continue
        for number, both in enumerate(zip(want, have, strict=True)):
            if _of_media(both[0]):
                for pair in _fields(*both):
                    yield Difference(name, "field", SCRIPT, *pair, said(both[0]))
            late = times.late_media(both, want[:number], have[:number])
            if late is not None:
                yield Difference(name, "time", SCRIPT, *late)


def _listed(object: str, told: Sequence[Told]) -> str:
    return f"{object}: {', '.join(each.event for each in told) or 'nothing'}"


# -- completions -----------------------------------------------------------------------------------

_UNORDERED: Final = ("publish", "subscribe")
"""Calls that end when a camera or media does: each is compared with its own kind."""


def _completions(case: Case, observed: Observed, name: str) -> Iterator[Difference]:
    """Calls in the order in which they end; those that wait for media apart, by their labels."""
    wanted = [c for c in case.completions if c.client == name]
    ended = zip(observed.completions, observed.endings, strict=True)
    records = {id(completion): seq for completion, seq in ended}
    got = [c for c in observed.completions if c.client == name]
    told = case.expect.get(name, ()), observed.expect[name]
    kinds: list[Callable[[Completion], bool]] = [
        lambda c: name_of(c.call) not in _UNORDERED,
        *(lambda c, kind=kind: name_of(c.call) == kind for kind in _UNORDERED),
    ]
    for number, kind in enumerate(kinds):
        want, have = [c for c in wanted if kind(c)], [c for c in got if kind(c)]
        if number:
            want.sort(key=_label)
            have.sort(key=_label)
        for what, pair, last in _each_completion(case, told, want, have):
            seq = None if last is None else records[id(last)]
            yield Difference(name, what, SCRIPT, *pair, record=seq)


def _label(completion: Completion) -> str:
    return completion.call


def _each_completion(
    case: Case,
    told: times.Tellings,
    wanted: Sequence[Completion],
    got: Sequence[Completion],
) -> Iterator[tuple[str, tuple[str, str], Completion | None]]:
    for index in range(max(len(wanted), len(got))):
        want = wanted[index] if index < len(wanted) else None
        have = got[index] if index < len(got) else None
        if want is None or have is None or not _is_alike(want, have):
            yield "completions", (completed(want), completed(have)), have
            return
        late = times.late_completion(case, (want, have), told)
        if late is not None:
            yield "time", late, have


_HOW: Final = ("ok", "error", "code")
"""How a call ended; what is not said of a recorded end it did not have."""


def _is_alike(want: Completion, have: Completion) -> bool:
    """Whether two calls ended alike."""
    same = want.call == have.call and want.by == have.by
    return same and all(
        want.fields.get(key) == have.fields.get(key) for key in _HOW if _is_said(key, want)
    )


def _is_said(key: str, want: Completion) -> bool:
    """Whether the recorder would have said it: not with what ``disconnect`` was rejected."""
    return key in want.fields or name_of(want.call) != "disconnect"


def completed(completion: Completion | None) -> str:
    """The end of a call in a few words."""
    if completion is None:
        return "nothing more"
    ok = "ok" if completion.fields.get("ok") else "failed"
    error = " ".join(str(completion.fields[k]) for k in ("error", "code") if k in completion.fields)
    return f"{completion.call} ({completion.by}) {ok} {error}".rstrip()


def _left(case: Case, observed: Observed) -> Iterator[Difference]:
    for name, left in case.left.items():
        got = observed.left[name]
        for key, value in left.items():
            if got.get(key) != value:
                pair = f"{key} {_short(value)}", f"{key} {_short(got.get(key))}"
                yield Difference(name, "left", END, *pair)
