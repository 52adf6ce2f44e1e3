"""Every record in words: as the story has it, or plainly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sim.protocol.records import states
from sim.report.model.arrows import titled
from sim.telling.cast import Cast
from sim.telling.story import sentence
from sim.trace import Record

_VERBS: Final = {states.SENT.name: "sends", states.DELIVERED.name: "gets"}


def told(records: Iterable[Record]) -> Iterator[str]:
    """What is said of each: of the story's records the same as in a chain of causes."""
    cast = Cast.of_story(())
    for record in records:
        if record.seq:
            cast.see(record)
            yield sentence(record, cast)
        else:
            yield _message(record) or _move(record) or sentence(record, cast)


def _message(record: Record) -> str:
    """``sends create stream``; "" for what is no message."""
    if record.kind != "message":
        return ""
    if record.name in _VERBS:
        return f"{_VERBS[record.name]} {titled(record)}"
    return f"a packet is lost{_blamed(record.data.get('blame'))}"


def _blamed(blame: Any) -> str:
    return " by chance" if isinstance(blame, str) else ""


def _move(record: Record) -> str:
    """``subscriber(bob) is Subscribing``; "" for what is no move of a state machine."""
    if record.kind != "state" or "from" not in record.data:
        return ""
    return f"{record.object} is {record.name}, was {record.data['from']}"
