"""The script of a story: what happens at a given time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from attrs import field, frozen

from sim.scenario import actions
from sim.scenario.problems import refuse
from sim.scenario.quantities import DURATION, NAME
from sim.scenario.showing import shown
from sim.scenario.tables import key, said, spoken, table

KINDS: Final = ("do", "network", "platform")


@frozen(kw_only=True, field_transformer=spoken, slots=False)  # see step_at
class Step:
    """One thing that happens: a person's action, a fault of a network, a deed of the platform.

    Exactly one of ``do``, ``network`` and ``platform`` is given; what else belongs to it is in
    :mod:`sim.scenario.actions`. A further key that was not given is None. The key ``for`` is the
    attribute ``lasting``. Durations are text such as ``20s``, or whole microseconds.
    """

    __repr__ = shown

    at: int = field(converter=said, metadata=key(DURATION, "When, from the beginning."))
    client: str = field(metadata=key(NAME, "Who: a person, or a group for all its members."))
    do: str | None = field(
        default=None, metadata=key(actions.words("do", "an action"), "What the person does.")
    )
    network: str | None = field(
        default=None,
        metadata=key(
            actions.words("network", "something that happens to a network"),
            "What happens to the person's network.",
        ),
    )
    platform: str | None = field(
        default=None,
        metadata=key(
            actions.words("platform", "something that the platform does"),
            "What the platform does to the person.",
        ),
    )
    lasting: int | None = field(default=None, converter=said, metadata=actions.further("for"))
    direction: str | None = field(default=None, metadata=actions.further("direction"))
    mode: str | None = field(default=None, metadata=actions.further("mode"))
    target: str | None = field(default=None, metadata=actions.further("target"))
    to: str | None = field(default=None, metadata=actions.further("to"))
    type: str | None = field(default=None, metadata=actions.further("type"))
    data: str | None = field(default=None, metadata=actions.further("data"))
    retry_after_reconnect: bool | None = field(
        default=None, metadata=actions.further("retry-after-reconnect")
    )
    code: int | None = field(default=None, metadata=actions.further("code"))
    migrate: bool | None = field(default=None, metadata=actions.further("migrate"))

    def __attrs_post_init__(self) -> None:
        refuse(actions.complaints(self, KINDS, needed=True))


def step_at(time: int, client: str, known: Mapping[str, Any]) -> Step:
    """``Step(at=time, client=client, **known)``; what has been checked before is not checked again.

    ``time`` is in microseconds. Raises as ``Step`` does.
    """
    said = [(name, type(value), value) for name, value in known.items()]
    try:
        checked = _checked((("client", type(client), client), *said))
    except TypeError:  # there is a list or a dict in it, which cannot be remembered
        return Step(at=time, client=client, **known)
    step = object.__new__(Step)
    vars(step).update(checked, at=time)
    return step


@lru_cache(maxsize=1_024)
def _checked(said: tuple[tuple[str, type, Any], ...]) -> dict[str, Any]:
    return vars(Step(at=0, **{name: value for name, _, value in said}))


def _refined(schema: dict[str, Any]) -> dict[str, Any]:
    one = [{"required": [kind]} for kind in KINDS]
    return actions.refined(schema, KINDS) | {"oneOf": one}


STEP: Final = table(
    Step,
    "step",
    "a mapping such as {at: 2min, client: bob, do: disconnect}",
    checks=lambda draft: actions.complaints(draft, KINDS, needed=True),
    refine=_refined,
)
