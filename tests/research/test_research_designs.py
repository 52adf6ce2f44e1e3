"""Properties of designs, and of the paths that they vary."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from research_scenarios import DROP, experiment

from sim.protocol.units import parse_duration
from sim.research.experiments import Hypercube, hypercube
from sim.research.experiments.paths import parsed, replaced
from sim.scenario import from_data, to_data
from sim.scenario.model import SCENARIO
from sim.scenario.nodes import from_python
from sim.scenario.problems import Reading, written
from tests import strategies


def leaves(data, path=()):
    """Every value in plain data that is neither list nor mapping, with its path."""
    if isinstance(data, dict):
        for name, each in data.items():
            yield from leaves(each, (*path, name))
    elif isinstance(data, list):
        for number, each in enumerate(data):
            yield from leaves(each, (*path, number))
    else:
        yield path, data


def at(data, path):
    for step in path:
        data = data[step]
    return data


# -- paths -----------------------------------------------------------------------------------------


@settings(max_examples=12)
@given(strategies.scenarios(), st.data())
def test_whatever_a_scenario_says_can_be_said_by_its_path(scenario, data):
    plain = to_data(scenario)
    path, value = data.draw(st.sampled_from(list(leaves(plain))))
    tree = replaced(from_python(plain), path, from_python(value))
    reading = Reading()
    again = SCENARIO.read(tree, (), reading)
    assert not reading.problems
    assert again == scenario


STEPS = st.one_of(st.integers(0, 999), st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,9}", fullmatch=True))


@given(st.from_regex(r"[a-z][a-z-]{0,9}", fullmatch=True), st.lists(STEPS, max_size=5))
def test_a_path_is_read_as_it_is_shown(first, rest):
    path = (first, *rest)
    assert parsed(written(path)) == path


def test_a_key_with_a_dot_stands_in_brackets():
    assert parsed('clients.bob.on["signal:a.b"].do') == ("clients", "bob", "on", "signal:a.b", "do")


def test_only_what_the_path_names_is_changed():
    tree = replaced(from_python(DROP), parsed("platform.grace"), from_python("9s"))
    reading = Reading()
    found = to_data(SCENARIO.read(tree, (), reading))
    assert found.pop("platform") == {"grace": "9s"}
    assert found == to_data(from_data(DROP))


# -- grids -----------------------------------------------------------------------------------------

SECONDS = st.lists(st.integers(1, 5).map("{}s".format), min_size=1, max_size=4, unique=True)


@settings(max_examples=25)
@given(SECONDS, SECONDS)
def test_a_grid_has_each_pair_once_and_its_scenarios_say_it(graces, detections):
    grid = {"platform.grace": graces, "platform.detection": detections}
    found = experiment(design={"grid": grid})
    pairs = [tuple(point.values.values()) for point in found.points]
    assert pairs == [(grace, detection) for grace in graces for detection in detections]
    assert [point.number for point in found.points] == list(range(len(pairs)))
    for point in found.points:
        platform = found.at(point).platform
        said = (platform.grace, platform.detection)
        assert said == tuple(map(parse_duration, point.values.values()))


# -- Latin hypercubes ------------------------------------------------------------------------------


@given(st.integers(2, 40), st.integers(0, 2**64 - 1))
def test_every_strip_of_every_range_has_one_point(points, seed):
    cube = Hypercube(
        points=points, seed=seed, ranges={"a": [0.0, 1.0], "b": [5.0, 10.0], "c": ["0s", "10h"]}
    )
    rows = list(cube.rows())
    assert len(rows) == points
    shares = {
        "a": [row["a"] for row in rows],
        "b": [(row["b"] - 5) / 5 for row in rows],
        "c": [parse_duration(row["c"]) / 36e9 for row in rows],
    }
    for each in shares.values():
        assert sorted(int(share * points - 1e-6 * (share == 1)) for share in each) == list(
            range(points)
        )


def whole(points, low, high, seed=1):
    """The values of a range of whole numbers, in order."""
    cube = Hypercube(points=points, seed=seed, ranges={"a": [low, high]})
    return sorted(row["a"] for row in cube.rows())


MANY = st.integers(-9, 9), st.integers(2, 12), st.integers(1, 5), st.integers(0, 2**64 - 1)


@given(*MANY)
def test_each_whole_number_has_as_many_points_as_each_other(low, numbers, times, seed):
    every = range(low, low + numbers)
    found = whole(numbers * times, low, every[-1], seed)
    assert found == sorted([*every] * times)


@given(*MANY)
def test_of_more_whole_numbers_than_points_each_point_has_some_to_itself(low, points, each, seed):
    found = whole(points, low, low + points * each - 1, seed)
    assert [(number - low) // each for number in found] == list(range(points))


@given(st.integers(-(2**60), 2**60), st.integers(1, 2**60), st.floats(0, 1))
def test_a_whole_number_is_one_of_its_range_however_large(low, width, share):
    found = hypercube.parsed([low, low + width]).at(share)
    assert isinstance(found, int)
    assert low <= found <= low + width


def test_a_crowd_of_one_to_three_is_as_often_one_as_two():
    assert Counter(whole(300, 1, 3)) == {1: 100, 2: 100, 3: 100}


def test_the_ranges_are_put_together_by_chance_and_by_the_seed_alone():
    def places(seed, *paths):
        cube = Hypercube(points=12, seed=seed, ranges={each: [0.0, 1.0] for each in paths})
        return list(cube.rows())

    assert places(1, "a", "b") == places(1, "a", "b")
    assert places(1, "a", "b") != places(2, "a", "b")
    assert [row["a"] for row in places(1, "a", "b")] == [row["a"] for row in places(1, "a")]
    assert [row["a"] for row in places(1, "a", "b")] != [row["b"] for row in places(1, "a", "b")]


def test_each_kind_of_range_is_said_as_a_file_says_it():
    assert hypercube.parsed(["1s", "2s"]).at(0.5) == "1.5s"
    assert [hypercube.parsed([1, 4]).at(each / 8) for each in range(9)] == [
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        4,
    ]
    assert hypercube.parsed([0, 0.5]).at(0.5) == 0.25
