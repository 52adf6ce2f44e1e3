"""``@given_scenario``: a scenario as a property, and a saved failure as an ordinary test."""

from __future__ import annotations

import inspect
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from inspect import BoundArguments, Parameter
from typing import Any, Final, TypeVar, cast

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.quirks import Profile
from sim.protocol.quirks import profile as profile_named
from sim.scenario import Scenario
from sim.testing import context
from sim.testing.context import Context
from sim.testing.readiness import ready
from sim.testing.setups import Setup, as_present
from sim.testing.stories import Playing, Source, described, folder_of, story_of
from sim.testing.varying import VARY, variations
from sim.trace import Record
from sim.wording import brief
from sim.world.app import AppMaker
from sim.world.world import ClientMaker, PlatformMaker

Test = TypeVar("Test", bound=Callable[..., None])

RESULT: Final = "result"
"""What the parameter is called that gets the result; otherwise it is the last."""

_KEEP: Final = "@given_scenario({file}, vary=())"


class Variation:
    """A scenario that Hypothesis has drawn, and that is still to be run."""

    def __init__(self, story: Scenario) -> None:
        self.story = story

    def __repr__(self) -> str:
        return f"<{described(self.story)}>"


def given_scenario(
    scenario: Source,
    vary: str | Iterable[str] = VARY,
    *,
    apps: Mapping[str, AppMaker] | None = None,
    client_class: ClientMaker | None = None,
    platform_class: PlatformMaker | None = None,
    profile: str | Profile | None = None,
    **bounds: Any,
) -> Callable[[Test], Test]:
    """Give a test the results of runs of a scenario, varied within bounds.

    ``scenario`` is a file, relative to that of the test, or a :class:`sim.Scenario`. ``vary`` names
    what changes from run to run: ``seed``, ``timing``, ``networks`` and ``script``; ``bounds`` are
    those of :class:`sim.testing.varying.Bounds`, such as ``jitter="500ms"``. ``apps``,
    ``client_class`` and ``platform_class`` are as for :class:`sim.Simulation`, ``profile`` takes
    the place of the scenario's.

    The test's parameter ``result``, or else its last one, is a :class:`sim.Result`, which nobody
    has judged: ``result.check()`` raises :class:`sim.LawBroken`. Other parameters are for pytest.
    What fails says in which story, and saves it. With ``vary=()`` the test is an ordinary one, of
    exactly that scenario; so a saved failure is kept.

    It is a test of Hypothesis's otherwise: ``@settings``, ``@seed`` and ``@example`` work above it
    and below. An example is a scenario, or a file of one: ``@example("saved.yaml")``. A run counts
    towards Hypothesis's deadline.

    Raises ``ValueError`` at once, with one sentence for each mistake, for a scenario that cannot be
    read (:class:`sim.ScenarioError`), for words and bounds that there are not, for somebody's app
    who is not there, and for what is no plain function.

    >>> kick = Scenario(name="kick", duration="30s", clients={"alice": {"role": "moderator"}})
    >>> @given_scenario(kick, vary=("seed",))
    ... def test_kick(result):
    ...     result.check()
    >>> test_kick()
    """
    __tracebackhide__ = True
    folder = folder_of(sys._getframe(1))
    story = story_of(scenario, folder)
    if profile is not None:
        chosen = profile_named(profile) if isinstance(profile, str) else profile
        story = evolve(story, profile=chosen)
    words = (vary,) if isinstance(vary, str) else tuple(vary)
    variations(story, words, **bounds)
    Playing(Setup(apps=apps or {}, client_class=client_class, platform_class=platform_class)).check(
        story
    )

    def story_now() -> Scenario:
        return as_present(story, profile=profile is None)

    @cache
    def varied(_: Context) -> SearchStrategy[Variation]:
        ready()  # while a strategy is made: the first example, too, has a deadline
        return _variations(variations(story_now(), words, **bounds))

    def decorate(test: Test) -> Test:
        __tracebackhide__ = True
        parameter, whole = _parameter(test), inspect.signature(test)

        def play(played: Scenario, given: BoundArguments) -> None:
            """Run a story, and let the test look at the result."""
            __tracebackhide__ = True
            name = f"{test.__module__}::{test.__qualname__}"
            setup = Setup.present(apps, client_class, platform_class)
            playing = Playing(setup, name, _KEEP, folder)
            records: list[Record] = []
            with playing.telling(played, records):
                given.arguments[parameter] = playing.result(played, records)
                test(*given.args, **given.kwargs)

        if not words:
            return _ordinary(test, parameter, lambda given: play(story_now(), given))

        @wraps(test)
        def property_of_results(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            given = whole.bind(*args, **kwargs)
            value = given.arguments[parameter]
            play(value.story if isinstance(value, Variation) else story_of(value, folder), given)

        property_of_results.__signature__ = whole  # type: ignore[attr-defined]
        drawn = st.deferred(lambda: varied(context.present()))
        return cast("Test", given(**{parameter: drawn})(property_of_results))

    return decorate


@st.composite
def _variations(draw: st.DrawFn, stories: SearchStrategy[Scenario]) -> Variation:
    """Stories in an object of ours, which Hypothesis prints in one line."""
    return Variation(draw(stories))


def _parameter(test: Any) -> str:
    """Which parameter of a test gets the result. Raises ``ValueError``."""
    if not inspect.isfunction(test):
        raise ValueError(f"given_scenario is for functions and methods, not {brief(test)}")
    name = test.__qualname__
    for kind, is_it in _NO_TESTS.items():
        if is_it(test):
            raise ValueError(
                f"{name} is {kind}: given_scenario runs a scenario in virtual time, at once; "
                "write a plain function"
            )
    parameters = inspect.signature(test).parameters.values()
    named = [each for each in parameters if each.kind in _NAMED]
    if any(each.name == RESULT for each in named):
        return RESULT
    free = [p.name for p in named if p.default is Parameter.empty and p.name != "self"]
    if not free:
        raise ValueError(f"{name} has no parameter for the result: write {test.__name__}({RESULT})")
    return free[-1]


_NAMED: Final = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)

_NO_TESTS: Final = {
    "async": lambda test: inspect.iscoroutinefunction(test) or inspect.isasyncgenfunction(test),
    "a generator": inspect.isgeneratorfunction,
}
"""What cannot be called as a test, and how that is found out."""


def _ordinary(test: Test, parameter: str, play: Callable[[BoundArguments], None]) -> Test:
    """A test without Hypothesis, which pytest gives all but the result."""
    whole = inspect.signature(test)
    others = [each for name, each in whole.parameters.items() if name != parameter]
    asked = whole.replace(parameters=others)

    @wraps(test)
    def ordinary(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        told = asked.bind(*args, **kwargs).arguments
        play(BoundArguments(whole, OrderedDict(told)))

    ordinary.__signature__ = asked  # type: ignore[attr-defined]
    return cast("Test", ordinary)
