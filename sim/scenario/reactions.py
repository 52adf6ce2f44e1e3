"""What an app does when it is told of an event: the ``on`` of a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen

from sim.expectations.vocabulary import HEARD, TYPED_SIGNAL, TYPED_SIGNAL_PATTERN, heard
from sim.expectations.wording import listing, not_one_of
from sim.scenario import actions
from sim.scenario.compounds import Named
from sim.scenario.problems import BAD, Complaint, refuse
from sim.scenario.quantities import DURATION, FLAG
from sim.scenario.shapes import Choice, Value, Word
from sim.scenario.showing import shown
from sim.scenario.tables import key, said, spoken, table

# -- the events ------------------------------------------------------------------------------------

_EVENTS: Final = [name for name in HEARD if not name.startswith("subscriber.")]
"""The events of the Session and of the person's own Publishers."""

PREVENTABLE: Final = tuple(name for name in _EVENTS if HEARD[name].cancelable)

CLEANED_UP: Final = ("sessionDisconnected", "streamDestroyed")
"""The events whose default action is to destroy Subscribers."""


def _event_name(written: Any) -> Any:
    if not isinstance(written, str):
        return BAD
    if not _is_event_name(written):
        raise ValueError(not_one_of(written, _EVENTS, "an event that an app can listen to"))
    return written


def _is_event_name(value: object) -> bool:
    return isinstance(value, str) and (
        value in _EVENTS if value in HEARD else heard(value) is not None
    )


_EVENT_NAME: Final = Value(
    "the name of an event",
    _event_name,
    _is_event_name,
    json={
        "anyOf": [
            {"enum": [name for name in _EVENTS if name != TYPED_SIGNAL]},
            {"type": "string", "pattern": f"^{TYPED_SIGNAL_PATTERN}$"},
        ]
    },
)

# -- reactions -------------------------------------------------------------------------------------

_NEVER_OR_AFTER: Final = Choice("", (Word("never", None, "The app leaves them."),), DURATION)


@frozen(kw_only=True, field_transformer=spoken)
class Reaction:
    """What an app does when it is told of one event, inside its listener."""

    __repr__ = shown

    prevent_default: bool = field(
        default=False, metadata=key(FLAG, "Whether the listener calls preventDefault().")
    )
    clean_up_after: int | None = field(
        default=None,
        converter=said,
        metadata=key(
            _NEVER_OR_AFTER,
            "When the app itself destroys the Subscribers that preventDefault() kept.",
        ),
    )
    do: str | None = field(
        default=None,
        metadata=key(actions.words("do", "an action"), "What the app does in the listener."),
    )
    target: str | None = field(default=None, metadata=actions.further("target"))
    type: str | None = field(default=None, metadata=actions.further("type"))
    data: str | None = field(default=None, metadata=actions.further("data"))
    to: str | None = field(default=None, metadata=actions.further("to"))
    retry_after_reconnect: bool | None = field(
        default=None, metadata=actions.further("retry-after-reconnect")
    )

    def __attrs_post_init__(self) -> None:
        refuse(_complaints(self))


def _complaints(draft: Any) -> Iterator[Complaint]:
    yield from actions.complaints(draft, ("do",), needed=False)
    if draft.clean_up_after is not None and draft.prevent_default is False:
        yield Complaint(
            ("clean-up-after",),
            "this needs 'prevent-default: true': otherwise the SDK has already cleaned up",
        )


REACTION: Final = table(
    Reaction,
    "reaction",
    "a mapping such as {prevent-default: true} or {do: disconnect}",
    checks=_complaints,
    refine=lambda schema: actions.refined(schema, ("do",)),
)
REACTIONS: Final = Named(
    "a mapping such as {sessionReconnecting: {do: disconnect}}", _EVENT_NAME, REACTION
)


def misplaced(reactions: Any) -> Iterator[Complaint]:
    """Complain about reactions that their event does not allow; a part of a person's checks."""
    for name, reaction in reactions.items() if isinstance(reactions, dict) else ():
        if getattr(reaction, "prevent_default", None) is True and name not in PREVENTABLE:
            yield Complaint(
                (name, "prevent-default"),
                f"{name} cannot be prevented: only {listing(PREVENTABLE)} can",
            )
        elif _is_duration(reaction) and name not in CLEANED_UP:
            yield Complaint(
                (name, "clean-up-after"),
                f"there is nothing to clean up after {name}: only after {listing(CLEANED_UP)}",
            )


def _is_duration(reaction: object) -> bool:
    return DURATION.holds(getattr(reaction, "clean_up_after", None))
