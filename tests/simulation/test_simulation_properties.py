"""Whatever is done by hand: it is kept as a scenario, and a fork goes the same way."""

import pytest
from commands import bases, begin, commands, obey, state
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.scenario import dump, loads

MANY = 250
FEW = 40


def again(simulation, scenario, **more):
    options = simulation._options
    return sim.run(scenario, permute_ties=options.permute_ties, apps=simulation._apps, **more)


def answers(app):
    """An app with listeners and timeouts of its own, that dials before anybody tells it to."""
    session = app.session
    session.on("sessionConnected", lambda _: app.timeout(0, lambda: session.signal("hello")))
    session.on("signal:hello", lambda _: app.timeout(100, lambda: None))
    app.timeout(300, session.connect)
    if app.name in ("erin", "frank"):
        session.connect()


def kept_as_a_scenario(base, orders, app):
    simulation = begin(base)
    for order in orders:
        obey(simulation, order, app)
    scenario = simulation.scenario
    result = again(simulation, scenario)
    assert simulation.result.digest == result.digest
    assert again(simulation, loads(dump(scenario))).digest == result.digest
    before = simulation.scenario
    final = simulation.close()
    assert (final.digest, final.ended) == (result.digest, result.ended)
    assert simulation.scenario == before
    assert _said(final) == _said(result)


def _said(result):
    laws = {name: (v.exercised, v.broken) for name, v in result.laws.items()}
    return laws, result.expectations, result.clients, result.told, result.seed, result.profile


def forks_go_the_same_way(base, orders, cut, app):
    original, plain = begin(base), begin(base)
    for order in orders[:cut]:
        assert obey(original, order, app) == obey(plain, order, app)
    before = state(original)
    fork = original.fork()
    assert state(original) == before
    assert state(fork) == before
    for order in orders[cut:]:
        obey(fork, order, app)
    assert state(original) == before
    for order in orders[cut:]:
        obey(original, order, app)
        obey(plain, order, app)
    assert state(original) == state(fork) == state(plain)


ORDERS = st.lists(commands(), min_size=4, max_size=16)
APPS = st.sampled_from((None, answers))


@given(bases(), ORDERS, APPS)
@settings(max_examples=FEW)
def test_what_was_done_is_a_scenario_with_the_same_digest(base, orders, app):
    kept_as_a_scenario(base, orders, app)


@given(bases(), ORDERS, st.integers(0, 12), APPS)
@settings(max_examples=FEW)
def test_a_fork_anywhere_leaves_the_original_alone_and_goes_the_same_way(base, orders, cut, app):
    forks_go_the_same_way(base, orders, cut, app)


@pytest.mark.slow
@given(bases(), ORDERS, APPS)
@settings(max_examples=MANY)
def test_what_was_done_in_many_stories_is_a_scenario_with_the_same_digest(base, orders, app):
    kept_as_a_scenario(base, orders, app)


@pytest.mark.slow
@given(bases(), ORDERS, st.integers(0, 12), APPS)
@settings(max_examples=MANY)
def test_forks_of_many_stories_go_the_same_way(base, orders, cut, app):
    forks_go_the_same_way(base, orders, cut, app)


@given(bases(), ORDERS, st.integers(0, 12))
@settings(max_examples=FEW)
def test_looking_changes_nothing(base, orders, cut):
    looked, plain = begin(base), begin(base)
    for number, order in enumerate(orders):
        obey(looked, order)
        obey(plain, order)
        if number >= cut:
            assert looked.result.digest
            assert looked.broken == []
            looked.check()
    assert state(looked) == state(plain)
