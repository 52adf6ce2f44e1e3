"""A recording of the real client, as data. The format is described in docs/conformance.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen


class CaseError(ValueError):
    """A case file that cannot be used; ``problems`` has one sentence for each mistake."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


@frozen
class CaseListener:
    """What an app does inside its listener of an event, as the JavaScript that it ran.

    ``object`` is ``session``, ``publisher`` or ``subscriber``: every object of that kind.
    """

    event: str
    does: str
    object: str = "session"


@frozen
class CaseClient:
    """One client of a case: its role and what its app does by itself."""

    role: str
    auto_subscribe: bool = False
    prevent_default: tuple[tuple[str, str], ...] = ()
    """Kind of object and event."""
    listeners: tuple[CaseListener, ...] = ()
    connection_events_suppressed: bool = False


@frozen
class CaseStep:
    """One thing that was done, at a time in microseconds."""

    at: int
    client: str | None = None
    do: str | None = None
    args: Mapping[str, Any] | None = None
    target: str | None = None
    network: str | None = None
    platform: str | None = None
    by: str | None = None


@frozen
class Told:
    """One event, as an app was told it."""

    at: int
    object: str
    event: str
    fields: Mapping[str, Any]
    """Everything else that was written down: reason, about, data, from, page, session_state."""
    media: bool = False


@frozen
class Completion:
    """How one call ended; ``error`` and ``code`` only where they were written down."""

    at: int
    client: str
    call: str
    by: str
    fields: Mapping[str, Any]


@frozen
class Case:
    """One recording."""

    name: str
    platform: Mapping[str, Any]
    clients: Mapping[str, CaseClient]
    setup_ends: int
    script: tuple[CaseStep, ...]
    expect: Mapping[str, tuple[Told, ...]]
    completions: tuple[Completion, ...]
    left: Mapping[str, Mapping[str, Any]] = field(factory=dict)

    @property
    def last(self) -> int:
        """When the last thing was written down, in microseconds."""
        times = [step.at for step in self.script] + [c.at for c in self.completions]
        return max(times + [told.at for each in self.expect.values() for told in each], default=0)


def is_unknown(said: Any) -> bool:
    """Whether the recorder did not know whose something was: ``stream of ?``."""
    return isinstance(said, str) and said.endswith(" ?")
