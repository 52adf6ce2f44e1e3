"""The page that everything of one client lives in: its loop, its document, its journal, its names.

The bottom of the client: Sessions, Publishers, Subscribers and sockets see this and not each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from sim.client.calls import OWNER as CALLS
from sim.client.calls import Calls
from sim.client.document import PUBLISHER, SUBSCRIBER, Document
from sim.client.durations import Durations
from sim.client.loop import Loop
from sim.client.outputs import Output
from sim.client.paths import Path
from sim.client.peers import Stream
from sim.client.throttle import Throttle
from sim.protocol import records
from sim.protocol.frames import Status
from sim.protocol.journal import Journal
from sim.protocol.names import CONNECTION, Label
from sim.protocol.quirks import Profile
from sim.protocol.records import Entry, calls, events
from sim.protocol.records.deviations import DEVIATIONS
from sim.protocol.timers import Timers

Paths = Callable[[Stream], Path]
"""Given somebody's stream: whether media gets through from its Publisher."""

PAGE: Final = "page"
"""Whose the app's own timers and continuations are."""


class Reply(NamedTuple):
    """Whom the answer to a request is for, what was asked, and about what."""

    owner: str
    kind: str
    about: Any = None


Table = Mapping[str, Callable[..., object]]


class Owner(Protocol):
    """Somebody whose timers, continuations and answers are pending: a table for each."""

    DUE: ClassVar[Table]
    """By kind, what to do when something that was put off comes due: ``(self, about)``."""
    ANSWERS: ClassVar[Table]
    """By kind, what to do with the answer to a request: ``(self, about, status)``. True means that
    the client may throw."""


class Stateful(Protocol):
    """The Session whose state is told with every event: the page's own."""

    @property
    def state(self) -> str:
        """The state, as the real client names it."""


DEEPEST: Final = 32
"""So many events may be told inside each other: far more than any app means to, and a fraction of
the calls that Python allows."""


class Page:
    """The context of one client. It outlives crashes: what is in it goes, its names do not."""

    DUE: ClassVar[Table] = {"app": lambda _, action: action()}
    ANSWERS: ClassVar[Table] = {}

    def __init__(
        self,
        name: str,
        journal: Journal,
        role: str,
        profile: Profile,
        timers: Timers,
        suppressed: bool,
        path: Paths,
        takes: Durations | None,
        made: Callable[[Any], object],
    ) -> None:
        self.name = name
        self.role = role
        self.profile = profile
        self.timers = timers
        self.suppressed = suppressed
        self.path = path
        self.takes = takes or Durations(timers)
        self.made = made
        self.outputs: Final[list[Output]] = []
        self.loop = Loop(self._due)
        self.journal = partial(journal, name)
        """Write a record about this client."""
        self.calls = Calls(self.loop, self.journal, self.note_thrown)
        self.document = Document(self._changed)
        self.throttle = Throttle(timers)
        self.session: Stateful
        """The page's own Session."""
        self.publishers: list[Any] = []
        """Those that have not been destroyed, in the order of their making."""
        self.describes = True
        """Whether somebody reads what records say of events: if not, it need not be worked out."""
        self.thrown: Exception | None = None
        """What the app threw last."""
        self._owners: dict[str, Owner] = {PAGE: self, CALLS: self.calls}
        self._attempts = 0
        self._generations = 0
        self._depth = 0
        self._labels: dict[str, int] = {}

    # -- what waits, and for whom ------------------------------------------------------------------

    def own(self, key: str, owner: Owner) -> None:
        """What is pending under ``key`` is for ``owner`` from now on."""
        self._owners[key] = owner

    def disown(self, key: str) -> None:
        """What is still pending under ``key`` is for nobody: nothing comes of it."""
        self._owners.pop(key, None)
        self.loop.cancel_all(key)

    def owner(self, key: str) -> Owner | None:
        """Who has that key."""
        return self._owners.get(key)

    def answer(self, reply: Reply | None, status: Status) -> bool:
        """Hand the answer to a request to whoever waits for it; whether the client may throw."""
        if reply is None or (owner := self._owners.get(reply.owner)) is None:
            return False
        return owner.ANSWERS[reply.kind](owner, reply.about, status) is True

    def _due(self, key: str, kind: str, about: Any) -> None:
        owner = self._owners.get(key)
        if owner is not None:
            owner.DUE[kind](owner, about)

    # -- for app code ------------------------------------------------------------------------------

    def timeout(self, delay: int, action: Callable[[], object]) -> int:
        """The app's ``setTimeout``, in microseconds; never less than a turn."""
        return self.loop.later(max(delay, self.timers.turn), PAGE, "app", action)

    def microtask(self, action: Callable[[], object]) -> None:
        """The app's ``Promise.resolve().then``."""
        self.loop.soon(PAGE, "app", action)

    # -- names -------------------------------------------------------------------------------------

    def next_attempt(self) -> int:
        """The number of the next real socket."""
        self._attempts += 1
        return self._attempts

    def next_connection(self) -> str:
        """The id of the next connection of this client."""
        self._generations += 1
        return CONNECTION.make(self.name, self._generations)

    def next_label(self, role: str, subject: str = "") -> str:
        """What a new object of that role is called, which shows ``subject``."""
        first = str(Label(role, subject))
        count = self._labels.get(first, 0)
        self._labels[first] = count + 1
        return str(Label(role, subject, count))

    def has_made(self, role: str) -> bool:
        """Whether there has ever been an object of that role which shows nobody in particular."""
        return role in self._labels

    def descend(self, event: str) -> None:
        """An event is about to be told, perhaps while others are: until :meth:`ascend`.

        Raises ``RecursionError``, as a browser does, where listeners call each other without end.
        How deep that is must not depend on who has called us.
        """
        if self._depth == DEEPEST:
            raise RecursionError(f"{event} inside {DEEPEST} events that are being told")
        self._depth += 1

    def ascend(self) -> None:
        """It has been told."""
        self._depth -= 1

    # -- records -----------------------------------------------------------------------------------

    def note_event(
        self, label: str, name: str, data: dict[str, Any], own: str | None
    ) -> int | None:
        """Write down that an event is about to be dispatched."""
        if self.describes:
            counts = self.document.counts
            data["page"] = {"publishers": counts[PUBLISHER], "subscribers": counts[SUBSCRIBER]}
            data["state"] = self.session.state
            data["own"] = own
        return self.journal(label, events.EVENT, name, data, self.loop.cause)

    def note_thrown(self, label: str, name: str, problem: Exception) -> None:
        """Write down that an app threw, in a listener of that event or elsewhere in its code.

        The listeners after one that has thrown are not called (L8868).
        """
        self.thrown = problem
        data = {"event": name, "error": f"{type(problem).__name__}: {problem}"}
        entry = calls.LISTENER_THREW[records.role_of(label)]
        self.journal(*entry.by(label), data, self.loop.cause)

    def deviate(self, quirk: str, *besides: int | None) -> bool:
        """Do what the quirk of that name says, if it is on, and write that down.

        Asked last, where the documented client would go on in another way; False says that this
        one does, too. ``besides`` are records that had a part in it besides the cause. What comes
        next in the task, or in a scope of a cause, follows from the record of the quirk.
        """
        if not self.profile.has(quirk):
            return False
        loop = self.loop
        further = sorted({each for each in besides if each not in (None, loop.cause)})
        data = {"besides": further} if further else {}
        loop.cause = self.journal(*DEVIATIONS[quirk].head, data, loop.cause)
        return True

    def deviate_aside(self, quirk: str, *besides: int | None) -> bool:
        """The same where what comes next in the task has nothing to do with it."""
        with self.loop.because(self.loop.cause):
            return self.deviate(quirk, *besides)

    def _changed(self, entry: Entry, label: str) -> None:
        self.journal(*entry.head, {"element": label}, self.loop.cause)

    # -- an end, and copies ------------------------------------------------------------------------

    def clear(self) -> None:
        """Everything in the page is gone, without a word."""
        self.loop.clear()
        self.calls.clear()
        self.document.clear()
        self.throttle.clear()
        self.publishers = []
        self._owners = {PAGE: self, CALLS: self.calls}

    def snapshot(self) -> tuple[Any, ...]:
        """The page without the objects in it."""
        return (
            self._attempts,
            self._generations,
            tuple(self._labels.items()),
            tuple(self.document.elements.items()),
            self.loop.snapshot(),
            self.calls.snapshot(),
            self.throttle.snapshot(),
            tuple(self.outputs),
        )

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Be as that page was; nobody owns anything in it yet."""
        self._attempts, self._generations, labels, elements, loop, calls, *rest = snapshot
        throttle, outputs = rest
        self._labels = dict(labels)
        self.document.restore(elements)
        self.loop.restore(loop)
        self.calls.restore(calls)
        self.throttle.restore(throttle)
        self.outputs[:] = outputs
        self.publishers = []
        self._owners = {PAGE: self, CALLS: self.calls}
