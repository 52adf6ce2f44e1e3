"""The differences between a recording and its re-enactment.

Rules (docs/conformance.md): the order of events within one client is exact, except for ``media``
events, which are compared per object. What is said of an event is exact, where the recording says
it; the page's counts are not compared while media is connecting. Times are compared only where a
timer of the client decides them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from sim.conform.case import Case, Completion, Told
from sim.conform.observed import Observed
from sim.conform.times import late


@frozen
class Difference:
    """One place where the two differ.

    ``what`` is ``events``, ``media``, ``field``, ``time``, ``completions`` or ``left``; ``record``
    is the number of the simulated record nearest to it.
    """

    client: str
    what: str
    phase: str
    expected: str
    got: str
    record: int | None = None


def compare(case: Case, observed: Observed) -> list[Difference]:
    """Every difference, in the order of clients and events; an empty list means held."""
    found: list[Difference] = []
    for name, expected in case.expect.items():
        found += _events(case, name, expected, observed)
        found += _media(name, expected, observed.expect[name])
    found += _completions(case, observed)
    found += _left(case, observed)
    return found


def _events(
    case: Case, name: str, expected: Sequence[Told], observed: Observed
) -> Iterator[Difference]:
    got = [
        (told, seq)
        for told, seq in zip(observed.expect[name], observed.sources[name], strict=True)
        if not told.media
    ]
    wanted = [told for told in expected if not told.media]
    for index in range(max(len(wanted), len(got))):
        want = wanted[index] if index < len(wanted) else None
        have, seq = got[index] if index < len(got) else (None, None)
        phase = "set-up" if _at(want, have) <= case.setup_ends else "script"
        if want is None or have is None or _key(want) != _key(have):
            yield Difference(name, "events", phase, _said(want), _said(have), seq)
            return
        yield from _fields(name, phase, want, have, seq, _connecting(expected, want.at))
        yield from _time(case, name, phase, want, have, seq, wanted, [told for told, _ in got])


def _at(want: Told | None, have: Told | None) -> int:
    told = want or have
    return 0 if told is None else told.at


def _key(told: Told) -> tuple[str, str]:
    return told.object, told.event


def _said(told: Told | None) -> str:
    if told is None:
        return "nothing more"
    reason = told.fields.get("reason")
    about = told.fields.get("about")
    return (
        f"{told.object} {told.event}"
        + (f"({reason})" if reason else "")
        + (f" about {about}" if about else "")
    )


def _fields(
    name: str, phase: str, want: Told, have: Told, seq: int | None, connecting: bool
) -> Iterator[Difference]:
    for key in (*want.fields, *(k for k in have.fields if k in ("prevented", "reason"))):
        expected, got = want.fields.get(key), have.fields.get(key)
        if expected == got or (key == "page" and connecting) or _unknown(expected):
            continue
        said = f"{_said(want)}: {key} {_short(expected)}"
        yield Difference(name, "field", phase, said, f"{key} {_short(got)}", seq)


def _unknown(expected: Any) -> bool:
    """The recorder did not know whose it was."""
    return isinstance(expected, str) and expected.endswith(" ?")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"


def _connecting(expected: Sequence[Told], at: int) -> bool:
    """Whether at that time a Subscriber that will be connected is not yet so."""
    return any(told.media and told.event == "connected" and told.at >= at for told in expected)


def _time(
    case: Case,
    name: str,
    phase: str,
    want: Told,
    have: Told,
    seq: int | None,
    wanted: Sequence[Told],
    got: Sequence[Told],
) -> Iterator[Difference]:
    sentence = late(case, name, want, have, wanted, got)
    if sentence is not None:
        yield Difference(name, "time", phase, *sentence, seq)


def _media(name: str, expected: Sequence[Told], got: Sequence[Told]) -> Iterator[Difference]:
    """What each object tells, in its own order."""
    objects = dict.fromkeys(told.object for told in expected if told.media)
    for object in objects:
        want = [told.event for told in expected if told.object == object]
        have = [told.event for told in got if told.object == object]
        if want != have:
            said = f"{object}: {', '.join(want)}"
            yield Difference(name, "media", "script", said, f"{object}: {', '.join(have)}")


def _completions(case: Case, observed: Observed) -> Iterator[Difference]:
    """Per client, in order; subscriptions end when media does, so they are compared by label."""
    for name in case.clients:
        wanted = _of(case.completions, name)
        got = _of(observed.completions, name)
        for media in (False, True):
            want = [c for c in wanted if c.call.startswith("subscribe subscriber") == media]
            have = [c for c in got if c.call.startswith("subscribe subscriber") == media]
            if media:
                want, have = sorted(want, key=_label), sorted(have, key=_label)
            yield from _each_completion(name, want, have)


def _of(completions: Sequence[Completion], name: str) -> list[Completion]:
    return [completion for completion in completions if completion.client == name]


def _label(completion: Completion) -> str:
    return completion.call


def _each_completion(
    name: str, wanted: Sequence[Completion], got: Sequence[Completion]
) -> Iterator[Difference]:
    for index in range(max(len(wanted), len(got))):
        want = wanted[index] if index < len(wanted) else None
        have = got[index] if index < len(got) else None
        if _ended(want, want) != _ended(have, want):
            said = _completed(want), _completed(have)
            yield Difference(name, "completions", "script", *said)
            return


def _ended(completion: Completion | None, as_in: Completion | None) -> tuple[Any, ...] | None:
    """What is compared of a completion: what the recording says of it."""
    if completion is None or as_in is None:
        return None if completion is None else (completion.call,)
    fields = tuple(completion.fields.get(key) for key in as_in.fields)
    return completion.call, completion.by, fields


def _completed(completion: Completion | None) -> str:
    if completion is None:
        return "nothing more"
    ok = "ok" if completion.fields.get("ok") else "failed"
    error = " ".join(str(completion.fields[k]) for k in ("error", "code") if k in completion.fields)
    return f"{completion.call} ({completion.by}) {ok} {error}".rstrip()


def _left(case: Case, observed: Observed) -> Iterator[Difference]:
    for name, left in case.left.items():
        got: Any = observed.left.get(name, {})
        for key, value in left.items():
            if got.get(key) != value:
                yield Difference(name, "left", "end", f"{key} {value!r}", f"{key} {got.get(key)!r}")
