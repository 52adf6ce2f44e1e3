"""Whatever is in a file: it loads, or it is refused with sentences. Nothing else happens."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from strategies import scenarios, texts

from sim.scenario import Scenario, ScenarioError, dump, from_data, loads, to_data
from sim.scenario.model import SCENARIO

GOOD = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def refusal(load, content):
    """What is wrong with it, or None if it loads. No other exception is caught."""
    try:
        loaded = load(content)
    except ScenarioError as error:
        return error
    assert isinstance(loaded, Scenario)
    return None


def load_or_refuse(content):
    """Load; a refusal must have sentences, one a line, each with a place."""
    error = refusal(loads, content)
    if error is not None:
        assert len(str(error).split("\n")) == len(error.problems) >= 1
        assert all(each.line >= 1 and each.column >= 1 for each in error.problems)


# fmt: off
PIECES = st.sampled_from((
    "", " ", "\n", "\n  ", ":", ": ", "- ", "{", "}", "[", "]", ",", '"', "'", "#", "&a ", "*a",
    "!x ", "\t", "|", ">", "%", "~", "null", "true", "1e999", "-1", "0", ".nan", "1/0", "99999d",
    "on", "é", "\x00", "clients", "bob", "guests-99999999999999999999", "{}", "[]", "2s",
))
# fmt: on


@st.composite
def mutations(draw):
    """A good file in which some stretches have been replaced."""
    text = draw(st.sampled_from(GOOD)).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from((0, 0, 1, 2, 5, 20)))
        text = text[:start] + draw(PIECES) + text[start + length :]
    return text


@given(mutations())
def test_a_good_file_with_accidents_loads_or_is_refused(text):
    load_or_refuse(text)


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf{name: x, duration: 1s, clients: {a: {}}}")
def test_any_bytes_load_or_are_refused(content):
    load_or_refuse(content)


@given(st.text(max_size=100) | texts())
def test_any_text_loads_or_is_refused(text):
    load_or_refuse(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def twisted(draw):
    """The data of a scenario in which one value, somewhere, is something else."""
    data = {key: SCENARIO.keys[key].shape.write(SCENARIO.keys[key].default) for key in ("script",)}
    data |= {"name": "x", "duration": "1min", "clients": {"bob": {}}}
    data |= {draw(st.sampled_from(list(SCENARIO.keys))): draw(JSON)}
    person = {draw(st.sampled_from(list(SCENARIO.keys["clients"].shape.item.keys))): draw(JSON)}
    return data | draw(st.sampled_from(({}, {"clients": {"bob": person}})))


@given(twisted())
def test_any_value_anywhere_is_taken_or_refused(data):
    error = refusal(from_data, data)
    assert error is None or error.problems


@given(scenarios(), st.data())
def test_a_scenario_of_any_kind_with_a_line_missing_loads_or_is_refused(scenario, data):
    lines = dump(scenario).splitlines(keepends=True)
    missing = data.draw(st.integers(0, len(lines) - 1))
    load_or_refuse("".join(lines[:missing] + lines[missing + 1 :]))


NUMBERS = st.one_of(
    st.sampled_from(
        (float("inf"), float("-inf"), float("nan"), 1e308, 5e-324, 10**5_000, -(10**400))
    ),
    st.integers(300, 5_000).map(lambda digits: 10**digits),
    st.integers(),
    st.floats(),
)
LONG = st.sampled_from(
    ("x" * 10_000, "guests-" + "9" * 400, "9" * 400 + "s", "ro\x1b[31mle\u202e" * 99, "x\ny")
)


@given(scenarios(), NUMBERS | LONG, st.data())
def test_any_value_in_the_place_of_any_other_is_taken_or_refused(scenario, value, data):
    tree = to_data(scenario)
    ways = list(places(tree))
    path = data.draw(st.sampled_from(ways), "place")
    short_and_plain(refusal(from_data, replaced(tree, path, value)))


@given(scenarios(), LONG, st.data())
def test_any_name_in_the_place_of_any_key_is_taken_or_refused(scenario, name, data):
    tree = to_data(scenario)
    ways = [path for path in places(tree) if isinstance(path[-1], str)]
    *path, key = data.draw(st.sampled_from(ways), "key")
    inside = at(tree, path)
    renamed = {name if each == key else each: value for each, value in inside.items()}
    short_and_plain(refusal(from_data, replaced(tree, path, renamed)))


def short_and_plain(error):
    """Every line is short, and nothing in it acts on a terminal."""
    for line in str(error or "").split("\n"):
        assert len(line) < 2_000
        assert line.isprintable()


def at(value, path):
    """The value at the end of a way."""
    for key in path:
        value = value[key]
    return value


def places(value, path=()):
    """The way to every value inside of plain data."""
    inner = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else inner:
        yield (*path, key)
        yield from places(each, (*path, key))


def replaced(value, path, new):
    """A copy of plain data with another value there."""
    if not path:
        return new
    key, *rest = path
    copy = value.copy()
    copy[key] = replaced(copy[key], rest, new)
    return copy
