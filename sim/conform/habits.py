"""Which steps of a script the apps made by themselves: these are not driven again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.conform import listeners
from sim.conform.case import Case, CaseClient, CaseStep, Told, is_unknown
from sim.conform.labels import name_of, person_of
from sim.protocol.units import SECOND

BUSY: Final = SECOND
"""How much later than its event, or than its timer, a listener's call may be written down."""
AUTO_SUBSCRIBE: Final = "auto-subscribe"


def own_steps(case: Case) -> Iterator[int]:
    """The numbers of those steps of the script."""
    for name, client in case.clients.items():
        told = case.expect.get(name, ())
        steps = {n: step for n, step in enumerate(case.script) if step.client == name and step.do}
        yield from (n for n, step in steps.items() if step.by not in (None, AUTO_SUBSCRIBE))
        yield from _subscriptions(client, steps, told)
        yield from _deeds(client, steps, told)


def _subscriptions(
    client: CaseClient, steps: dict[int, CaseStep], told: Sequence[Told]
) -> Iterator[int]:
    """What an app that subscribes by itself did: once for each stream that it was told of."""
    streams = [t for t in told if t.object == "session" and t.event == "streamCreated"]
    for number, step in steps.items():
        if step.by != AUTO_SUBSCRIBE or not client.auto_subscribe:
            continue
        about = f"stream of {person_of(step.do or '')}"
        known = [t for t in streams if t.at <= step.at]
        stream = next((t for t in known if _is_about(t, about)), known[0] if known else None)
        if stream is not None:
            streams.remove(stream)
            yield number


def _is_about(told: Told, what: str) -> bool:
    said = told.fields.get("about")
    return said == what or is_unknown(said)


def _deeds(client: CaseClient, steps: dict[int, CaseStep], told: Sequence[Told]) -> Iterator[int]:
    """What an app did in its other listeners: each call once for each event that they heard.

    Where the script says of a step that a listener made it, that is the one; a step of which it
    says nothing is taken for a listener's only where there is none.
    """
    free = [n for n, step in steps.items() if step.by != AUTO_SUBSCRIBE]
    free.sort(key=lambda n: steps[n].by is None)
    for listener in client.listeners:
        heard = [t for t in told if _hears(listener.object, listener.event, t)]
        for call, delay in listeners.calls(listener.does):
            for event in heard:
                made = (n for n in free if _fits(steps[n], call, event.at, event.at + delay + BUSY))
                number = next(made, None)
                if number is not None:
                    free.remove(number)
                    if steps[number].by is None:
                        yield number


def _hears(kind: str, event: str, told: Told) -> bool:
    return told.event == event and told.object.startswith(kind)


def _fits(step: CaseStep, call: str, since: int, until: int) -> bool:
    return since <= step.at <= until and name_of(step.do or "") == call
