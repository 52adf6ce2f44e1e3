"""Random sequences of commands to a ``Simulation``, as data that can be given again.

Times are few and round, so that much happens at one instant; some links take no time at all.
"""

from hypothesis import strategies as st
from stories import GROUP, NAMES, TENTH, faults, groups, people, platform_steps, platforms, tenths
from stories import deeds as all_deeds

import sim
from sim.protocol.units import SECOND
from sim.scenario import Step

LATE = ("erin", "frank", "crowd")
INSTANT = sim.Person(network={"delay": "0s"}, publish="camera")
LENGTHS = st.one_of(
    tenths(1, 20), st.sampled_from((0, 1, 2_000, TENTH, SECOND)), st.integers(0, 3 * SECOND)
)
SENTENCES = (
    "somebody sees sessionReconnecting",
    "somebody sees connectionCreated",
    "somebody sees sessionConnected, then streamCreated",
    "everyone sees sessionConnected",
)


def _step():
    return st.one_of(all_deeds(NAMES[:1]), faults(), platform_steps(), st.just({"network": "heal"}))


@st.composite
def commands(draw):
    """One thing to do: its name and its arguments."""
    what = draw(
        st.sampled_from(
            ("advance", "advance", "next", "next", "do", "do", "do", "join", "until", "predicate")
        )
    )
    if what == "advance":
        return what, draw(LENGTHS)
    if what == "next":  # up to something that happens: what is done then is done among it
        return (what,)
    if what == "do":
        return what, draw(st.integers(0, 9)), draw(_step())
    if what == "join":
        name = draw(st.sampled_from((*NAMES[1:3], *LATE)))
        alone = st.just(INSTANT) | people(NAMES[:1])
        return what, name, draw(groups() if name == "crowd" else alone)
    if what == "until":
        return what, draw(st.sampled_from(SENTENCES)), draw(tenths(0, 10))
    return what, draw(st.integers(0, 5)), draw(tenths(0, 10))


@st.composite
def bases(draw):
    """What to begin with: nothing, or a scenario with people and a script of its own."""
    keys = {"seed": draw(st.integers(0, 9)), "permute_ties": draw(st.booleans())}
    if draw(st.sampled_from((False, False, True))):
        return None, keys | {"platform": draw(platforms())}
    clients = {"alice": draw(people(NAMES[:1]))}
    if draw(st.booleans()):
        since = draw(st.sampled_from((0, 1, SECOND, 5 * SECOND)))
        clients["zoe"] = sim.Person(since=since, publish="camera", network={"delay": "0s"})
    if draw(st.booleans()):
        clients[GROUP] = draw(groups())
    steps = [
        Step(at=at, client="alice", **draw(_step()))
        for at in draw(st.lists(st.sampled_from((0, 1, TENTH, SECOND, 5 * SECOND)), max_size=4))
    ]
    story = sim.Scenario(
        name="base",
        duration="10s",
        platform=draw(platforms()),
        clients=clients,
        script=steps,
        expect=["everyone sees sessionConnected", "law converge holds"],
    )
    return story, keys


def begin(base, **more):
    """A simulation of what :func:`bases` drew."""
    scenario, keys = base
    simulation = sim.Simulation(scenario, **keys, **more)
    if scenario is None:
        simulation.join("alice", role="moderator", publish="camera")
    return simulation


def obey(simulation, command, app=None):
    """Give a command; return whether it was obeyed and not refused."""
    what, *arguments = command
    try:
        if what == "join":
            simulation.join(*arguments, app=app)
        elif what == "do":
            number, keys = arguments
            clients = list(simulation.scenario.clients)
            simulation.do(clients[number % len(clients)], **keys)
        elif what == "next":
            simulation.advance((simulation.next_event_time or simulation.now) - simulation.now)
        elif what == "until":
            simulation.advance_until(arguments[0], within=arguments[1])
        elif what == "predicate":
            more = len(simulation.records) + arguments[0]
            simulation.advance_until(lambda s: len(s.records) >= more, within=arguments[1])
        else:
            simulation.advance(*arguments)
    except sim.NotReached:
        return True
    except ValueError:
        return False
    return True


def state(simulation):
    """All that can be seen of a world."""
    return (
        simulation.now,
        [tuple(record) for record in simulation.records],
        simulation.next_event_time,
        simulation.scenario,
        dict(simulation.platform.connections),
        repr(simulation),
    )
