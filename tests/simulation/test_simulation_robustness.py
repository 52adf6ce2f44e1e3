"""Whatever a ``Simulation`` is given: it is taken, or refused in one sentence, changing nothing."""

from contextlib import suppress

import pytest
from commands import bases, begin, commands, obey, state
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.protocol.units import SECOND


def pair(**more):
    s = sim.Simulation(seed=7, **more)
    s.join("alice", role="moderator", publish="camera")
    s.join("bob", publish="camera")
    s.advance("20s")
    return s


def goes_on(s):
    """The world can be driven, and what was done is a scenario with the same digest."""
    s.do("bob", network="down", lasting="9s")
    s.advance("20s")
    assert s.client("bob").sees("sessionReconnected")
    return sim.run(s.scenario, apps=s._apps).digest == s.result.digest


# -- predicates ------------------------------------------------------------------------------------


def raises(_):
    raise LookupError("not here")


def raises_later(s):
    if s.now > 21 * SECOND:
        raise LookupError("not here")


PREDICATES = (
    (raises, LookupError, "not here"),
    (raises_later, LookupError, "not here"),
    (lambda: True, TypeError, "takes 0 positional arguments"),
    (lambda s: s.advance("1s"), ValueError, "a predicate cannot drive it"),
    (lambda s: s.do("bob", do="crash"), ValueError, "a predicate cannot drive it"),
    (lambda s: s.join("carol"), ValueError, "a predicate cannot drive it"),
    (lambda s: s.heal(), ValueError, "a predicate cannot drive it"),
    (lambda s: s.close(), ValueError, "a predicate cannot drive it"),
    (lambda s: s.advance_until(raises, within="1s"), ValueError, "a predicate cannot drive it"),
)


@pytest.mark.parametrize("number", range(len(PREDICATES)))
def test_what_a_predicate_raises_reaches_the_caller_and_the_world_goes_on(number):
    predicate, error, words = PREDICATES[number]
    s = pair()
    with pytest.raises(error, match=words):
        s.advance_until(predicate, within="5s")
    assert goes_on(s)


def test_a_predicate_may_look_at_everything():
    s = pair()
    s.do("bob", do="disconnect")
    looked = []

    def predicate(s):
        s.check()
        looked.append((s.result.count, s.fork().now, s.next_event_time))
        return s.client("alice").sees("connectionDestroyed")

    s.advance_until(predicate, within="5s")
    plain = pair()
    plain.do("bob", do="disconnect")
    plain.advance(s.now - plain.now)
    assert len(looked) > 1
    assert state(s) == state(plain)


@given(bases(), st.lists(commands(), max_size=8), st.integers(0, 20))
@settings(max_examples=25)
def test_a_predicate_that_fails_anywhere_leaves_a_story_that_can_be_told_again(base, orders, after):
    s = begin(base)
    for order in orders:
        obey(s, order)
    looks = iter(range(after))
    with pytest.raises((StopIteration, sim.NotReached)):
        s.advance_until(lambda _: next(looks) < 0, within="20s")
    obey(s, ("do", 0, {"do": "disconnect"}))
    s.advance("1s")
    again = sim.run(s.scenario, permute_ties=s._options.permute_ties)
    assert again.digest == s.result.digest


# -- apps ------------------------------------------------------------------------------------------


class Broken:
    """An app that has done all that it can when it fails."""

    def __init__(self, app):
        app.session.on("streamCreated", lambda event: event)
        app.timeout(0, lambda: app.session.signal("never"))
        app.init_publisher()
        app.session.connect()
        raise LookupError("broken")


@pytest.mark.parametrize("keys", [{}, {"count": 3}])
def test_who_brings_an_app_that_cannot_begin_has_not_joined(keys):
    s = pair()
    with pytest.raises(LookupError, match="broken"):
        s.join("carol", app=Broken, **keys)
    assert (list(s.scenario.clients), list(s.platform.connections)) == (
        ["alice", "bob"],
        ["alice#1", "bob#1"],
    )
    assert goes_on(s)
    s.join("carol", app=lambda app: app.session.connect(), **keys)
    s.advance("1s")
    assert sim.run(s.scenario, apps=s._apps).digest == s.result.digest


def test_of_a_group_nobody_has_joined_if_the_app_of_one_cannot_begin():
    s, heard, lines = pair(), [], []
    other = sim.Simulation(seed=7, sinks=[heard.append], recording=lambda _: lines.append)

    def app(app):
        app.session.connect()
        if app.name == "guests-3":
            raise LookupError("broken")

    other.join("alice", role="moderator", publish="camera")
    other.join("bob", publish="camera")
    other.advance("20s")
    with pytest.raises(LookupError):
        other.join("guests", count=4, app=app)
    s.advance(1)
    other.advance(1)
    assert state(other) == state(s)
    assert heard == list(other.records)
    assert len(lines) == len(heard)


@given(bases(), st.lists(commands(), min_size=1, max_size=8), st.lists(st.integers(1, 3)))
@settings(max_examples=25)
def test_the_story_is_the_same_without_those_whose_apps_cannot_begin(base, orders, counts):
    disturbed, plain = begin(base), begin(base)
    for number, order in enumerate(orders):
        if order[0] in ("until", "predicate", "next"):  # they look at what this instant brings
            continue
        assert obey(disturbed, order) == obey(plain, order)
        with pytest.raises(LookupError):
            disturbed.join(
                "mallory", count=counts[number % len(counts)] if counts else 1, app=Broken
            )
        if disturbed.now > plain.now:  # who comes after a step comes a microsecond later
            plain.advance(1)
    disturbed.advance(SECOND)
    plain.advance(SECOND)
    assert state(disturbed) == state(plain)


def test_an_app_cannot_drive_the_world_while_it_begins():
    s = pair()
    with pytest.raises(ValueError, match="an app cannot drive it"):
        s.join("carol", app=lambda _: s.advance("1s"))
    with pytest.raises(ValueError, match="an app cannot drive it"):
        s.join("carol", app=lambda _: s.fork())
    assert goes_on(s)


def test_an_app_cannot_end_the_world_that_it_is_in():
    s, heard = pair(), []

    def app(app):
        def close():
            try:
                s.close()
            except ValueError as refused:
                heard.append(str(refused))

        app.timeout(5, close)

    s.join("carol", app=app)
    assert goes_on(s)
    assert heard == ["the world is in the middle of something: an app cannot drive it"]


def test_an_app_that_cannot_begin_in_a_later_page_is_written_down_as_in_a_browser():
    pages = []

    def app(app):
        pages.append(app)
        if len(pages) > 1:
            raise LookupError("once is enough")

    s = pair()
    s.join("carol", app=app, publish="camera")
    s.advance("1s")
    s.do("carol", do="crash")
    s.advance("1s")
    s.do("carol", do="connect")
    s.advance("1s")
    thrown = [r.data for r in s.records if r.name == "listenerThrew"]
    assert thrown == [{"event": "load", "error": "LookupError: once is enough"}]
    assert s.client("carol").state == "connected"


def test_a_client_that_cannot_be_made_has_not_joined():
    class Refusing(sim.client.Client):
        def __init__(self, name, journal, **keys):
            if name == "carol":
                raise LookupError("no client")
            super().__init__(name, journal, **keys)

    s = pair(client_class=Refusing)
    with pytest.raises(LookupError, match="no client"):
        s.join("carol")
    s.do("bob", do="disconnect")
    s.advance("1s")
    assert list(s.platform.connections) == ["alice#1"]


# -- arguments -------------------------------------------------------------------------------------

BEGINNINGS = (
    ({"scenario": 7}, "a scenario is a sim.Scenario or the name of a file, not 7"),
    ({"scenario": {"name": "x"}}, "not {'name': 'x'}: sim.scenario.from_data makes one of it"),
    ({"scenario": "no\x1b[31m.yaml"}, r"no\\x1b\[31m.yaml: cannot read the file"),
    ({"laws": 3}, "laws: expected a list of laws"),
    ({"laws": [3]}, "laws"),
    ({"apps": 3}, "apps are a dict of names and apps, not 3"),
    ({"apps": [("bob", print)]}, "apps are a dict"),
    ({"sinks": None}, "sinks are a list of functions"),
    ({"sinks": "print"}, "a sink is a function that gets each record, not 'p'"),
    ({"recording": 3}, "a recording is a function that gets the header"),
    ({"recording": lambda _: 3}, "a recording returns what takes its lines, not 3"),
    ({"level": []}, r"there is no trace level \[\]; the levels are"),
    ({"sede": 3}, "'sede' is not an argument of Simulation: did you mean 'seed'"),
    ({"permute_tie": True}, "did you mean 'permute_ties'"),
    ({"permute_ties": "no"}, "permute_ties must be True or False, not 'no'"),
    ({"keep": None}, "keep must be True, False or 'events', not None"),
    ({"client_class": True}, "client_class must be a class or a function that makes a client"),
    ({"platform_class": 7}, "platform_class must be a class or a function that makes a platform"),
    ({"seed": 10**400}, "seed must be at most 18446744073709551615, not 1000"),
    ({"replication": 1.5}, "replication must be a whole number from 0 on, not 1.5"),
    ({"max_events": 10**5000}, "max_events must be at most .*, not a number of 16610 bits"),
    ({"name": 7}, "name: 7 is not text"),
    ({"networks": 7}, "networks: expected a mapping"),
    ({"platform": {"grac\x1be": "5s"}}, r"grac\\x1be' is not a key here: did you mean 'grace'"),
    ({"timers": ["1s"]}, "timers: expected a mapping"),
    ({"profile": "x" * 10_000}, "there is no profile 'xxx"),
)

COMMANDS = (
    (lambda s: s.client(["alice"]), "a name is text, not"),
    (lambda s: s.client("\x1b[31m"), r"'\\x1b\[31m' is not somebody here"),
    (lambda s: s.do("bob", do="disconnect", client="bob"), "'client' is not a key of a step"),
    (lambda s: s.do("bob", do="disconnect", self=3), "'self' is not a key of a step"),
    (lambda s: s.do(["bob"], do="disconnect"), "expected a name, got a list"),
    (lambda s: s.do("bob", **{"x" * 10_000: 3}), "is not a key of a step"),
    (
        lambda s: s.do(
            "bob", do="signal", retry_after_reconnect=True, **{"retry-after-reconnect": True}
        ),
        "'retry_after_reconnect' and 'retry-after-reconnect' are two spellings of one key",
    ),
    (
        lambda s: s.do("bob", network="down", lasting="1s", **{"for": "1s"}),
        "'lasting' and 'for' are two spellings of one key: keep one",
    ),
    (lambda s: s.join("carol", name="dora"), "'name' is not a key of a person"),
    (
        lambda s: s.join("carol", app=object),
        "an app gets the App and nothing else: <class 'object'>",
    ),
    (lambda s: s.join("carol", app=lambda: 0), "an app gets the App and nothing else"),
    (lambda s: s.join("carol", count=10**400), "out of range"),
    (lambda s: s.join("x" * 10_000), "is not a name"),
    (lambda s: s.heal(7), "7 is not text"),
    (lambda s: s.advance(10**400), "out of range"),
    (lambda s: s.advance("9" * 400 + "s"), "too many digits"),
    (lambda s: s.advance("\x1b[31m"), "is not a duration"),
    (lambda s: s.advance_until(["x"], within="1s"), "a sentence or a predicate"),
    (lambda s: s.advance_until("x" * 10_000, within="1s"), "1000 characters"),
    (lambda s: s.advance_until("bob sees signal", within=None), "None is no duration"),
)


def is_one_short_sentence(error):
    return str(error).isprintable() and len(str(error)) < 1_000


@pytest.mark.parametrize(("arguments", "sentence"), BEGINNINGS)
def test_what_cannot_begin_is_refused_in_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        sim.Simulation(**arguments)
    assert is_one_short_sentence(refused.value)


@pytest.mark.parametrize("number", range(len(COMMANDS)))
def test_what_cannot_be_meant_is_refused_in_one_sentence_and_changes_nothing(number):
    command, sentence = COMMANDS[number]
    s = pair()
    before = state(s)
    with pytest.raises(ValueError, match=sentence) as refused:
        command(s)
    assert is_one_short_sentence(refused.value)
    assert state(s) == before


def test_what_is_run_is_refused_likewise():
    for arguments, sentence in (({"scenario": 7}, "a scenario is"), ({"apps": 3}, "apps are")):
        with pytest.raises(ValueError, match=sentence):
            sim.run(**{"scenario": "scenarios/kick.yaml"} | arguments)


# -- anything at all -------------------------------------------------------------------------------


class Odd:
    """A thing that cannot be shown, compared or found in a set."""

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no repr")

    def __eq__(self, other):
        raise RuntimeError("no eq")


ITSELF = []
ITSELF.append(ITSELF)
# fmt: off
THINGS = (
    None, True, False, 0, -1, 7, 1.5, float("nan"), float("inf"), 10**400, -(10**400), 10**5_000,
    "", "x" * 10_000, "\x1b[31m", "\u202e", "\ud800", "a\nb", "20s", "9" * 400 + "s", "everyone",
    "alice", "bob", "nobody", "camera", "down", "signal", "disconnect", "crash", "wifi", b"bob",
    ["bob"], ("bob",), {"bob": 1}, {1: 2}, frozenset({"bob"}), range(3), [[]], ITSELF, {},
    {"preset": "wifi"}, sim.Person(), sim.Person(since="5s"), object(), Odd(), 1j, sim,
)
KEYS = (
    "role", "network", "publish", "subscribe", "count", "arrive", "connect", "stay", "leave",
    "rejoin", "on", "policy", "connection_events_suppressed", "connection-events-suppressed", "do",
    "platform", "lasting", "for", "direction", "mode", "target", "to", "type", "data", "code",
    "retry_after_reconnect", "migrate", "at", "since", "client", "self", "\x1b[31m", "y" * 1_000,
)
OPTIONS = (
    "scenario", "seed", "networks", "platform", "timers", "profile", "name", "laws", "apps",
    "sinks", "recording", "replication", "permute_ties", "max_events", "keep", "level",
    "client_class", "platform_class", "sede", "self", "permute-ties",
)
# fmt: on
ANYTHING = st.sampled_from(THINGS)
SOMEBODY = st.sampled_from(("alice", "dora", "bob")) | ANYTHING


def some(names):
    return st.dictionaries(st.sampled_from(names), ANYTHING, max_size=3)


GARBAGE = st.one_of(
    st.tuples(st.just("advance"), st.tuples(ANYTHING), st.just({})),
    st.tuples(st.just("heal"), st.tuples(ANYTHING), st.just({})),
    st.tuples(st.just("client"), st.tuples(ANYTHING), st.just({})),
    st.tuples(st.just("advance_until"), st.tuples(ANYTHING), st.builds(dict, within=ANYTHING)),
    st.tuples(st.just("do"), st.tuples(SOMEBODY), some(KEYS)),
    st.tuples(st.just("join"), st.tuples(SOMEBODY), some((*KEYS, "app", "person"))),
)


def short_lines(refused):
    for line in str(refused).split("\n"):
        assert line.isprintable()
        assert len(line) < 2_000


def attempt(simulation, garbage):
    """Give a command; return whether it was obeyed. Only what is documented is caught."""
    method, arguments, keys = garbage
    try:
        getattr(simulation, method)(*arguments, **keys)
    except sim.NotReached:
        return True
    except ValueError as refused:
        short_lines(refused)
        return False
    return True


@given(bases(), st.lists(st.tuples(commands(), st.lists(GARBAGE, max_size=6)), max_size=5))
@settings(max_examples=60)
def test_whatever_is_asked_for_is_done_or_changes_nothing(base, orders):
    disturbed, plain = begin(base), begin(base)
    for order, things in orders:
        assert obey(disturbed, order) == obey(plain, order)
        for garbage in things:
            before = state(disturbed)
            if attempt(disturbed, garbage):
                assert attempt(plain, garbage)
            else:
                assert state(disturbed) == before
    assert state(disturbed) == state(plain)
    again = sim.run(plain.scenario, permute_ties=plain._options.permute_ties)
    assert disturbed.result.digest == again.digest


@given(some(OPTIONS))
@settings(max_examples=200)
def test_whatever_a_world_begins_with_it_begins_or_is_refused(arguments):
    try:
        begun = sim.Simulation(**arguments)
    except ValueError as refused:
        short_lines(refused)
    else:
        with suppress(sim.StoryWithoutEnd):  # few events were allowed
            begun.join("alice")
            begun.advance("1s")


def test_the_link_of_one_who_was_not_let_in_is_nobodys():
    def fail(app):
        raise RuntimeError("no page")

    with sim.Simulation(networks={"train": {"preset": "cellular"}}) as s:
        with pytest.raises(RuntimeError):
            s.join("bob", network="train", app=fail)
        s.join("bob", network="fibre", publish="camera")
        s.advance("5s")
        s.do("bob", network="change", to="train")
        s.advance("30s")
    assert s.world.participants["bob"].driver.link.name == "bob@train"
    assert sim.run(s.scenario).digest == s.result.digest
