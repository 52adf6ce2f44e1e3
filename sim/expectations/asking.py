"""What a test asks of an app: whether it was told an event, in the words of expectations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sim.expectations.cast import label_of, shown_by
from sim.expectations.vocabulary import heard, no_event
from sim.protocol.events import EventSpec
from sim.wording import brief, not_one_of

_ASKED: Final = re.compile(r"(?:(publisher|subscriber)\.)?([^.()]+)(?:\((.*)\))?")
_ROLES: Final = ("", "publisher.", "subscriber.")


def was_told(
    told: Iterable[tuple[int, str, str, str | None]], event: str, reason: str | None
) -> bool:
    """Whether an event is among what an app was told: time, object, event, reason.

    ``event`` is ``sessionDisconnected``, ``subscriber.connected`` or, with its reason,
    ``sessionDisconnected(forceDisconnected)``; without an object that of any. Raises ``ValueError``
    for what no app is ever told.

    >>> was_told([(5, "subscriber(bob)", "destroyed", "reset")], "subscriber.destroyed", None)
    True
    """
    role, name, why = _asked(event, reason)
    return any(
        name == called and why in (None, given) and role in ("", _role(object))
        for _, object, called, given in told
    )


def _asked(event: str, reason: str | None) -> tuple[str, str, str | None]:
    """The role of the object ("" for any), the event and the reason. Raises ``ValueError``."""
    if not isinstance(event, str):
        raise ValueError(f"an event is text such as 'sessionConnected', not {brief(event)}")
    found = _ASKED.fullmatch(event)
    role, name, written = found.groups() if found else (None, event, None)
    specs = _specs(role, name)
    if not specs:
        raise ValueError(no_event(f"{role}.{name}" if role else name))
    if written is not None and reason is not None:
        raise ValueError(f"{brief(event)} says its reason: leave {brief(reason)} out")
    why = reason if written is None else written
    reasons = list(dict.fromkeys(each for spec in specs for each in spec.reasons))
    if why is None or why in reasons:
        return role or "", name, why
    if not reasons:
        raise ValueError(f"{name} has no reason: leave {brief(why)} out")
    raise ValueError(not_one_of(why, reasons, f"a reason of {name}"))


def _specs(role: str | None, name: str) -> list[EventSpec]:
    """The events of that name, of one object or of any."""
    prefixes = (f"{role}.",) if role else _ROLES
    return [spec for prefix in prefixes if (spec := heard(prefix + name)) is not None]


def _role(object: str) -> str:
    return "subscriber" if shown_by(object) else label_of(object)
