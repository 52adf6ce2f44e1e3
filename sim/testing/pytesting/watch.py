"""What is done before, after and for each test of a session of pytest."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from sim.testing import context
from sim.testing.pytesting import choices, reports
from sim.testing.pytesting.gathering import Gathering
from sim.version import VERSION

if TYPE_CHECKING:
    from sim.testing.pytesting.runs import Run

WATCH: Final = pytest.StashKey["Watch"]()

HANDED_UP: Final = "session_sim"
"""Under this name workers of pytest-xdist hand up what their runs have exercised."""


def begin(config: pytest.Config) -> None:
    """Let runs be made as the options say, and watch them, until pytest ends.

    Raises :class:`pytest.UsageError` for options that make no sense.
    """
    chosen = choices.read(config)
    watch = Watch(config, chosen)
    said = context.Context(
        seed=chosen.seed,
        profile=chosen.profile,
        save=chosen.save,
        mutant=chosen.mutant,
        listeners=(watch.gathering.note,),
    )
    entered = ExitStack()
    entered.enter_context(context.using(said))
    config.add_cleanup(entered.close)
    config.stash[WATCH] = watch
    config.pluginmanager.register(watch, "session-sim-watch")


class Watch:
    """Watches the tests and their runs."""

    def __init__(self, config: pytest.Config, chosen: choices.Choices) -> None:
        self.config = config
        self.choices = chosen
        self.gathering = Gathering()
        self._item: pytest.Item | None = None
        self._runs = 0
        self._run: Run | None = None
        self._refusal: Exception | None = None
        self._failed: dict[str, Any] | None = None

    # -- for the fixture ---------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where the test is that is running."""
        return self.config.rootpath if self._item is None else self._item.path.parent

    def replayed(self, planned: Run) -> Run:
        """The run that is to be replayed, if this is of the same scenario."""
        if self.choices.replay is None:
            return planned
        run = planned.as_of(self.choices.replay)
        self.gathering.replayed += run is not planned
        return run

    @contextmanager
    def asked(self) -> Iterator[None]:
        """A test asks for a run meanwhile; if that is refused, there is none to tell of."""
        from sim.trace import TraceError  # noqa: PLC0415 - when runs are made

        before = self._run, self._runs
        try:
            yield
        except (ValueError, TraceError) as problem:
            from sim.world.bounds import StoryWithoutEnd  # noqa: PLC0415 - when runs are made

            if not isinstance(problem, StoryWithoutEnd):
                self._run, self._runs = before
                self._refusal = problem
            raise

    def begun(self, run: Run) -> None:
        """The test's latest run begins."""
        self._run, self._runs = run, self._runs + 1

    # -- before tests ------------------------------------------------------------------------------

    def pytest_report_header(self) -> str:
        """Which version, and how runs are made."""
        return f"session-sim: {', '.join([VERSION, *self._header()])}"

    def _header(self) -> Iterator[str]:
        chosen = self.choices
        if chosen.replay is not None:
            yield f"seed {chosen.replay.seed} of the run to replay"
            if chosen.replay.version != VERSION:
                yield f"which was of version {chosen.replay.version or 'unknown'}"
        elif chosen.seed is None:
            yield "seeds of the scenarios"
        else:
            yield f"seed {chosen.seed}" + (f" of {chosen.origin}" if chosen.origin else "")
        if chosen.profile is not None:
            yield f"profile {chosen.profile}"
        if chosen.mutant is not None:
            yield f"mutant {chosen.mutant.name}"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker the seed."""
        if self.choices.seed is not None:
            node.workerinput[choices.HANDED_DOWN] = self.choices.seed

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """A run is replayed by tests that make some, and by no others."""
        if self.choices.replay is None:
            return
        others = [item for item in items if "simulate" not in getattr(item, "fixturenames", ())]
        if others:
            self.config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if item not in others]

    # -- tests -------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test begins, and is over."""
        self._item, self._run, self._runs, self._refusal = item, None, 0, None
        try:
            return (yield)
        finally:
            self._item = self._run = self._refusal = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say last how to run a failure again."""
        problem = None if call.excinfo is None else call.excinfo.value
        failures = [] if problem is None else reports.told(problem)
        run = None if failures or (problem and problem is self._refusal) else self._run
        if run is not None and problem is not None and not item.get_closest_marker("xfail"):
            run.tell(problem)
        report = yield
        if counted := self.gathering.taken():
            setattr(report, reports.RUNS, counted)
        if report.failed and failures:
            reports.attach_told(self.config, report, failures)
        elif report.failed and run is not None:
            reports.attach(self.config, report, item, run, self._runs, self.choices)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """A test has come to an end, here or in a worker."""
        worker = getattr(getattr(report, "node", None), "gateway", None)
        self.gathering.reported(getattr(worker, "id", ""), getattr(report, reports.RUNS, 0))
        seed = getattr(report, reports.SEED, None)
        if seed is not None:
            self._failed = {"seed": seed, "test": report.nodeid}
        with reports.in_full(self.config, report):
            return (yield)

    # -- after tests -------------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker is done, or has died."""
        output = getattr(node, "workeroutput", None) or {}
        self.gathering.merge(node.gateway.id, output.get(HANDED_UP))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand up what was exercised, or judge it."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output[HANDED_UP] = self.gathering.to_data()
            return
        cache = getattr(self.config, "cache", None)
        if self._failed is not None and cache is not None:
            cache.set(choices.LAST_FAILED, self._failed)
        if session.exitstatus == pytest.ExitCode.OK and any(self._shortcomings()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _shortcomings(self) -> Iterator[str]:
        """What the session as a whole should have reached, in sentences."""
        if self.config.getoption("collectonly"):
            return
        if self.choices.replay is not None and not self.gathering.replayed:
            yield (
                "--sim-replay: no run was of the token's scenario; it is another if anything in it"
                " has changed"
            )
        if self.choices.require:
            missing = self.gathering.tally.missing(self.choices.require)
            runs = self.gathering.tally.runs
            for goal in self.choices.require:
                if goal in missing:
                    yield f"--sim-require: {goal} was never reached in {reports.counted(runs)}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was exercised, and what was not though it should have been."""
        shortcomings = list(self._shortcomings())
        if self.gathering.is_empty and not shortcomings:
            return
        from sim.testing.pytesting import summary  # noqa: PLC0415 - now there is something to say

        summary.tell(terminalreporter, self.gathering, self.choices.profile, shortcomings)
