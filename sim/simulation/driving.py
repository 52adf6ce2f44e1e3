"""Time in a simulation: what comes before what is done, and when nothing can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sim.protocol.units import LONGEST, format_clock, format_duration
from sim.result import Result
from sim.simulation.judges import Sink
from sim.simulation.options import Options
from sim.simulation.performance import Performance, Recording
from sim.simulation.story import Story, duration
from sim.world.app import AppMaker


class Driving:
    """A performance with a present instant: the base of :class:`~sim.Simulation`.

    An instant has a turn in which people come and then steps are done, the script's. What comes
    before it has happened when the first thing is done by hand; the rest of the instant happens
    when time goes on.
    """

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
        self._busy = False
        self._final: Result | None = None
        self._run = Performance(story, options, apps, sinks, recording)
        with self._running():
            self._run.start()

    @property
    def now(self) -> int:
        """The time since the story began, in microseconds."""
        return self._run.world.kernel.now

    # -- time ----------------------------------------------------------------------------------

    @property
    def _ended(self) -> int:
        """When the world ends if it ends here: the present instant is over, if it has begun."""
        begun = self._entered and not self._closed
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
        """Go on, instant by instant; return whether it was met before the limit."""
        with self._running():
            while not met():
                if self._entered and limit > self.now:
                    self._run.finish_turn()
                time = self._run.world.next_time
                if time is None or time >= limit:
                    self._go_on(limit)
                    return met()
                self._go_on(time + 1)
        return True

    # -- what cannot be done -------------------------------------------------------------------

    def _refuse(self) -> None:
        """Raise ``ValueError`` when nothing can be done."""
        if self._closed:
            raise ValueError(self._closed)
        if self._busy:
            raise ValueError("the world is in the middle of something: an app cannot drive it")

    @contextmanager
    def _running(self) -> Iterator[None]:
        """While things happen; an error that comes out of the world stops it."""
        self._busy = True
        try:
            yield
        except BaseException as error:
            what = str(error) or type(error).__name__
            self._closed = f"this simulation has stopped at {format_clock(self.now)}: {what}"
            raise
        finally:
            self._busy = False
