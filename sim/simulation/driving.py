"""Time in a simulation: what comes before what is done, and when nothing can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from sim.protocol.units import LONGEST, format_clock, format_duration
from sim.result import Result
from sim.scenario import Scenario
from sim.simulation.arguments import duration
from sim.simulation.bare import is_bare, looks_ahead
from sim.simulation.judges import Sink
from sim.simulation.options import Options
from sim.simulation.performance import Performance, Recording
from sim.simulation.story import Story
from sim.simulation.views import Views
from sim.wording import bare
from sim.world.app import AppMaker

_IN_THE_MIDDLE: Final = "the world is in the middle of something: an app cannot drive it"
_LOOKED_AT: Final = "the world is being looked at: a predicate cannot drive it"
_LONGEST: Final = 400
"""Longer words of an error are cut."""


class Driving(Views):
    """A performance with a present instant: the base of :class:`~sim.Simulation`.

    An instant has a turn in which people come and then steps are done, the script's. What comes
    before it has happened when the first thing is done by hand; the rest of the instant happens
    when time goes on.
    """

    _attended: ClassVar[bool] = True
    """Whether somebody may do something by hand on the way, or look."""

    def _begin(
        self,
        story: Story,
        options: Options,
        apps: dict[str, AppMaker],
        sinks: Sequence[Sink] = (),
        recording: Recording | None = None,
    ) -> None:
        story.check_apps(apps)
        self._story = story
        self._options = options
        self._apps = apps
        self._entered = True
        """Whether something of the present instant has happened."""
        self._stepped = False
        """Whether a step was done at the present instant."""
        self._closed = ""
        """Why nothing more can be done."""
        self._stopped = False
        """Whether an error came out of the world, in the midst of an instant."""
        self._busy = ""
        """Why nothing can be done just now."""
        self._running = _Busy(self, _IN_THE_MIDDLE, self._stop)
        """While things happen; an error that comes out of the world stops it."""
        self._final: Result | None = None
        bare = not self._attended and is_bare(story.settings, options, apps, sinks, recording)
        ahead = not self._attended and looks_ahead(options, recording)
        self._run = Performance(
            story, options, apps, sinks, recording, bare=bare, looks_ahead=ahead
        )
        with self._running:
            self._run.start()

    # -- time ----------------------------------------------------------------------------------

    @property
    def _ended(self) -> int:
        """When the world ends if it ends here: the present instant is over, if it has begun."""
        begun = self._stopped or (self._entered and not self._closed)
        return self.now + 1 if begun else max(self.now, 1)

    def _after(self, length: str | int) -> int:
        time = self.now + duration(length)
        if time > LONGEST:
            most = format_duration(LONGEST)
            raise ValueError(f"that is after {most}, and a story is no longer than that")
        return time

    def _take_turn(self) -> None:
        """What comes before the script at this instant happens, once."""
        if not self._entered:
            self._run.take_turn()
            self._entered = True

    def _go_on(self, time: int) -> None:
        if time > self.now:
            if self._entered:
                self._run.finish_turn()
            self._run.advance(time)
            self._entered = self._stepped = False

    def _go_on_until(self, met: Callable[[], bool], limit: int) -> bool:
        """Go on, instant by instant; return whether it was met before the limit.

        Whatever ``met`` raises comes out of this between two instants.
        """
        while not self._is_met(met):
            with self._running:
                if self._entered and limit > self.now:
                    self._run.finish_turn()
                time = self._run.world.next_time
                is_last = time is None or time >= limit
                self._go_on(limit if time is None or is_last else time + 1)
            if is_last:
                return self._is_met(met)
        return True

    def _is_met(self, met: Callable[[], bool]) -> bool:
        with self._lent(_LOOKED_AT):
            return met()

    def _let_in(self, time: int, whole: Scenario, name: str, app: AppMaker | None) -> None:
        with self._running:
            self._go_on(time)
            self._take_turn()
        with self._lent(_IN_THE_MIDDLE):
            self._run.prepare(whole, name, app)
        with self._running:
            self._story.keep(whole)
            self._apps |= {} if app is None else {name: app}
            self._run.let_in(name)

    def _finish(self) -> None:
        if not self._closed:
            self._refuse()
            ended = self._ended
            with self._running:
                self._go_on(ended)
            self._closed = "this simulation is over: nothing more can be done"
            if self._story.clients:
                self._final = self._judged(ended, over=True)

    def _judged(self, ended: int, *, over: bool = False) -> Result:
        return self._run.result(self._story.until(self._ended), ended, over=over)

    # -- what cannot be done -------------------------------------------------------------------

    def _refuse(self, *, copying: bool = False) -> None:
        """Raise ``ValueError`` when nothing can be done; ``copying`` is done to no world."""
        if self._closed:
            raise ValueError(self._closed)
        if self._busy and not (copying and self._busy == _LOOKED_AT):
            raise ValueError(self._busy)

    def _lent(self, why: str) -> _Busy:
        """While somebody else's code runs that cannot drive the world; what it raises is theirs."""
        return _Busy(self, why, _leave)

    def _stop(self, error: BaseException) -> None:
        self._stopped = True
        self._closed = f"this simulation has stopped at {format_clock(self.now)}: {_said(error)}"


class _Busy:
    """A time in which nothing else can be done, and why; ``meet`` gets the error that ends it."""

    __slots__ = ("_driving", "_meet", "_why")

    def __init__(self, driving: Driving, why: str, meet: Callable[[BaseException], object]) -> None:
        self._driving = driving
        self._why = why
        self._meet = meet

    def __enter__(self) -> None:
        self._driving._busy = self._why

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._driving._busy = ""
        if error is not None:
            self._meet(error)


def _leave(_: BaseException) -> None:
    """Let an error pass."""


def _said(error: BaseException) -> str:
    """What an error says, in one line."""
    said = str(error).strip().partition("\n")[0]
    return bare(said, _LONGEST) or type(error).__name__
