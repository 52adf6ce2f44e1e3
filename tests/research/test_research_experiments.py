"""Experiments as files and as data: what they say, and what is wrong with them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from research_scenarios import DROP, experiment

from sim.research import Design, Experiment
from sim.research.experiments import from_data, json_schema, load, loads
from sim.research.experiments.experiment import to_data
from sim.research.metrics import Ratio
from sim.scenario import ScenarioError

ROOT = Path(__file__).parents[2]

SCENARIO = """\
name: drop
duration: 6s
clients: {bob: {network: fibre}, mia: {}}
script:
  - {at: 2s, client: bob, network: down, for: 1s}
"""
GRACE = """\
name: grace
scenario: stories/drop.yaml
design:
  grid:
    platform.grace: [15s, 45s]
    clients.bob.network: [wifi, cellular]
replications: 200
metrics: [outages-survived, ghost-time]
"""


@pytest.fixture
def written(tmp_path):
    """Write an experiment beside the folder of its scenario, as people do; gives its path."""
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "drop.yaml").write_text(SCENARIO)

    def write(text):
        path = tmp_path / "grace.yaml"
        path.write_text(text)
        return path

    return write


def wrong(text, name="grace.yaml"):
    """The sentences that an experiment is refused with."""
    with pytest.raises(ScenarioError) as caught:
        loads(text, name)
    return [str(problem) for problem in caught.value.problems]


IN_PLACE = "\n  ".join(["scenario:", *SCENARIO.splitlines()])


def in_place(text):
    """The same experiment with its scenario in place."""
    return text.replace("scenario: stories/drop.yaml", IN_PLACE)


# -- what a file says ------------------------------------------------------------------------------


def test_a_file_names_its_scenario_as_seen_from_itself(written):
    found = load(written(GRACE))
    assert found.scenario.name == "drop"
    assert (found.name, found.replications) == ("grace", 200)
    assert [metric.name for metric in found.measured] == ["outages-survived", "ghost-time"]


def test_in_a_grid_each_value_meets_each_and_the_last_path_changes_fastest():
    found = loads(in_place(GRACE))
    assert [tuple(point.values.values()) for point in found.points] == [
        ("15s", "wifi"),
        ("15s", "cellular"),
        ("45s", "wifi"),
        ("45s", "cellular"),
    ]
    scenario = found.at(found.points[3])
    assert (scenario.platform.grace, scenario.clients["bob"].network) == (45_000_000, "cellular")
    assert scenario.seed == found.scenario.seed


def test_a_list_has_its_points_one_by_one():
    rows = [{"platform.grace": "20s"}, {}, {"script[0].for": "3s", "seed": 7}]
    found = experiment(design={"list": rows})
    assert [point.values for point in found.points] == rows
    assert found.at(found.points[1]) is found.scenario
    assert found.at(found.points[2]).seed == 7


def test_without_a_design_there_is_one_point():
    found = Experiment(name="alone", scenario=DROP)
    assert [point.values for point in found.points] == [{}]
    assert found.most == 100


def test_the_scenario_in_place_is_the_same_experiment(written):
    assert load(written(GRACE)).fingerprint == loads(in_place(GRACE)).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"replications": 5},
        {"design": {"grid": {"platform.grace": ["1s", "15s", "46s"]}}},
        {"scenario": DROP | {"seed": 2}},
        {"metrics": ["time-reconnecting"]},
        {"warm_up": "1s"},
    ],
)
def test_whatever_changes_the_results_changes_the_fingerprint(change):
    assert experiment(**change).fingerprint != experiment().fingerprint


def test_what_it_is_for_does_not():
    assert experiment(about="Out of interest.").fingerprint == experiment().fingerprint


def test_plain_data_say_the_same_experiment():
    hypercube = {"points": 4, "ranges": {"platform.grace": ["1s", "9s"]}}
    for found in (
        experiment(),
        experiment(design={"latin-hypercube": hypercube}, warm_up="1s"),
        experiment(
            replications=None,
            until={"metric": "ghost-time", "half-width": "5%", "at-most": 300, "level": 0.9},
        ),
    ):
        again = from_data(json.loads(json.dumps(to_data(found))))
        assert again.fingerprint == found.fingerprint
        assert Draft202012Validator(json_schema()).is_valid(to_data(found))


@pytest.mark.parametrize(
    ("said", "target", "relative"),
    [(0.25, 0.25, False), ("250ms", 0.25, False), ("5%", 0.05, True), (2, 2.0, False)],
)
def test_a_half_width_is_in_the_units_of_the_metric_or_a_share(said, target, relative):
    until = {"metric": "ghost-time", "half-width": said, "at-most": 50}
    rule = experiment(replications=None, until=until).until.rule
    assert (rule.target, rule.relative, rule.at_most) == (target, relative, 50)


@pytest.mark.parametrize(
    ("metric", "of"),
    [("presence", "has no unit"), ("reconnects-per-hour", "is in 1/h")],
)
def test_a_duration_is_the_half_width_of_what_is_in_seconds(metric, of):
    text = in_place(GRACE).replace(
        "replications: 200", f"until: {{metric: {metric}, half-width: 250ms, at-most: 9}}"
    )
    [sentence] = wrong(text)
    assert sentence.endswith(
        f"until.half-width: '250ms' is a duration, and {metric} {of}: write a number or 5%"
    )


def test_a_duration_is_written_as_one():
    until = {"metric": "ghost-time", "half-width": "0.25 s", "at-most": 50}
    written = to_data(experiment(replications=None, until=until))["until"]
    assert written["half-width"] == "250ms"


def test_a_function_is_a_metric():
    def quick_ends(observed):
        """How many sessions were over within a second."""
        return sum(1 for each in observed.sessions if (each.lasted_us or 9e9) < 1e6)

    [metric] = experiment(metrics=[quick_ends]).measured
    assert metric.name == "quick-ends"
    assert metric.definition == "How many sessions were over within a second."


@pytest.mark.parametrize(
    ("given", "ratio"),
    [(3, Ratio(3.0, 1.0)), (None, Ratio(0.0, 0.0)), (Ratio(1, 2), Ratio(1, 2))],
)
def test_what_a_function_returns_becomes_a_ratio(given, ratio):
    [metric] = experiment(metrics=[lambda observed: given]).measured
    assert metric.of(None) == ratio


@pytest.mark.parametrize("given", ["3", float("nan"), (1, 2), Ratio(1, float("inf"))])
def test_what_is_no_number_is_refused_with_the_name_of_the_metric(given):
    def quick_ends(observed):
        return given

    [metric] = experiment(metrics=[quick_ends]).measured
    with pytest.raises(ValueError, match="the metric quick-ends must give a finite number"):
        metric.of(None)


def test_it_shows_itself_as_code_that_makes_it():
    found = experiment().design
    assert eval(repr(found), {"Design": Design}) == found


# -- what is wrong with a file ---------------------------------------------------------------------


@pytest.mark.parametrize("share", ["5%", "0.00001%", "5.50%"])
def test_a_half_width_may_be_any_share(share):
    text = in_place(GRACE).replace(
        "replications: 200", f"until: {{metric: presence, half-width: {share}, at-most: 9}}"
    )
    found = loads(text)
    assert found.until.rule.target == pytest.approx(float(share[:-1]) / 100)
    assert from_data(to_data(found)) == found


def test_all_mistakes_are_told_at_once_each_at_its_place():
    text = in_place(GRACE).replace("[15s, 45s]", "[15s, 45]").replace("cellular", "celular")
    text = text.replace("ghost-time", "ghost-tim").replace("replications: 200", "replicatons: 200")
    found = wrong(text)
    assert [each.partition(" ")[0] for each in found] == [
        "grace.yaml:10:27:",
        "grace.yaml:11:33:",
        "grace.yaml:12:1:",
        "grace.yaml:13:29:",
    ]
    assert "platform.grace" in found[0]
    assert "no unit" in found[0]
    assert "did you mean 'cellular'?" in found[1]
    assert "did you mean 'replications'?" in found[2]
    assert "did you mean 'ghost-time'?" in found[3]


def lines(text):
    """By line, what it says of which key."""
    return [tuple(each.split(": ")[:2]) for each in wrong(text)]


def test_mistakes_of_the_scenario_hide_none_of_the_design():
    text = in_place(GRACE).replace("6s", "6").replace("platform.grace", "platform.grcae")
    text = text.replace("cellular", "celular").replace("replications: 200", "warm-up: 9s")
    assert [key for _, key in lines(text)] == [
        "scenario.duration",
        "design.grid.platform.grcae",
        "design.grid.clients.bob.network[1]",
    ]


def test_nor_do_those_in_a_file_of_its_own(written, tmp_path):
    path = written(GRACE.replace("platform.grace", "platform.grcae"))
    (tmp_path / "stories" / "drop.yaml").write_text(SCENARIO.replace("6s", "6"))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    files = [Path(each.file).name for each in caught.value.problems]
    assert sorted(files) == ["drop.yaml", "grace.yaml"]
    (tmp_path / "stories" / "drop.yaml").write_text("{")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert [Path(each.file).name for each in caught.value.problems] == ["drop.yaml"]


def test_what_is_wrong_with_a_scenario_is_not_said_of_its_points_again():
    text = in_place(GRACE).replace("at: 2s", "at: 9s")
    [sentence] = wrong(text)
    assert "scenario.script[0].at" in sentence


DESIGNS = {
    "{grid: {platform.grcae: [1s], '.': [1s]}}": ["grid..", "grid.platform.grcae"],
    "{grid: {platform.grcae: [1s]}, list: [{platform.detecton: 1s}, 3]}": [
        "grid.platform.grcae",
        "list",
        "list[0].platform.detecton",
        "list[1]",
    ],
    "{latin-hypercube: {points: 1, ranges: {platform.grcae: [1s, 2s], seed: [1s, 2]}}}": [
        "latin-hypercube.points",
        "latin-hypercube.ranges.platform.grcae",
        "latin-hypercube.ranges.seed",
    ],
    "{latin-hypercube: {points: 3, ranges: {}, sede: 1}}": [
        "latin-hypercube.ranges",
        "latin-hypercube.sede",
    ],
    "{grid: 3, list: [], latin-hypercube: {ranges: 3}}": [
        "grid",
        "latin-hypercube",
        "latin-hypercube",
        "latin-hypercube.ranges",
        "list",
    ],
}


@pytest.mark.parametrize("design", DESIGNS)
def test_mistakes_of_a_design_hide_no_others_of_it(design):
    before, _, after = in_place(GRACE).partition("design:")
    text = f"{before}design: {design}\n{after[after.index('replications') :]}"
    assert sorted(key.removeprefix("design.") for _, key in lines(text)) == DESIGNS[design]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("platform.grcae", "did you mean 'grace'?"),
        ("clients.bbo.network", "did you mean 'bob'?"),
        ("networks.cafe.loss", "is not a network of the scenario"),
        ("script[4].at", "script has 1 item, counted from 0"),
        ("laws.first", "laws: expected a list of laws, got a mapping"),
        ("name.first", "name of the scenario is 'drop', no mapping"),
        ("platform..grace", "is not the path of a parameter"),
        ("[0]", "is not the path of a parameter"),
        ("clients[0]", "is a mapping, no list"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_once(path, says):
    text = in_place(GRACE).replace("platform.grace", f'"{path}"')
    [sentence] = wrong(text)
    assert says in sentence
    assert sentence.startswith("grace.yaml:10:")


def test_values_that_do_not_go_together_are_told_with_the_point():
    text = in_place(GRACE).replace("platform.grace: [15s, 45s]", "duration: [1s, 9s]")
    found = wrong(text)
    assert found
    assert all("duration=1s" in each or "script[0]" in each for each in found)


def test_mistakes_in_the_file_of_the_scenario_are_told_with_its_name(written, tmp_path):
    path = written(GRACE)
    (tmp_path / "stories" / "drop.yaml").write_text(SCENARIO.replace("6s", "6"))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    [problem] = caught.value.problems
    assert problem.file == str(tmp_path / "stories" / "drop.yaml")
    assert (problem.line, problem.column) == (2, 11)


def test_a_scenario_that_is_not_there_is_told_where_it_is_named():
    [sentence] = wrong(GRACE)
    assert sentence.startswith("grace.yaml:2:11: scenario: stories/drop.yaml: cannot read the file")


WIDTH = "{metric: ghost-time, half-width: 1, at-most: 9}"
NO_WIDTH = WIDTH.replace("1", "0")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("replications: 200", "replications: 0", "out of range"),
        ("replications: 200", "warm-up: 6s", "nothing is left"),
        (
            "replications: 200",
            "until: {metric: ghost-time, half-width: 0, at-most: 9}",
            "more than 0",
        ),
        ("design:", f"until: {WIDTH}\ndesign:", "exclude"),
        ("[15s, 45s]", "15s", "expected a list of values"),
        ("[15s, 45s]", "[]", "the list is empty"),
        (
            "clients.bob.network: [wifi, cellular]",
            "platform: [{grace: 3s}]",
            "platform: it takes back what platform.grace says before it",
        ),
        (
            "clients.bob.network: [wifi, cellular]",
            "'[\"platform\"].grace': [9s]",
            "it takes back what platform.grace says before it",
        ),
        ("[outages-survived, ghost-time]", "[ghost-time, ghost-time]", "stands here twice"),
        ("grid:", "grdi:", "did you mean 'grid'?"),
        ("name: grace", "name: '!'", "is not a name for an experiment"),
        ("name: grace", "", "the key 'name' is missing"),
    ],
)
def test_one_mistake_is_one_sentence(old, new, says):
    [sentence] = wrong(in_place(GRACE).replace(old, new, 1))
    assert says in sentence


def test_values_that_are_equal_and_not_the_same_are_told_apart():
    text = in_place(GRACE).replace("platform.grace: [15s, 45s]", "seed: [1, 1.0, true]")
    assert [each.partition(": ")[2].partition(":")[0] for each in wrong(text)] == [
        "design.grid.seed[1]",
        "design.grid.seed[2]",
    ]


LATE = "script[0].at: 2s is after the story's end"
TOO_MANY = "clients: 12000 people are too many"
TOGETHER = {
    "an entry of a list": (
        """\
  list:
    - {platform.grace: 15s}
    - {platform.grace: 15s, duration: 1s, profile: documented}
    - {duration: 1s}""",
        [
            ("11:39", "list[1].duration", "duration=1s", LATE),
            ("12:18", "list[2].duration", "duration=1s", LATE),
        ],
    ),
    "two values of an entry": (
        """\
  list:
    - {clients.bob.count: 6000, platform.grace: 15s, clients.mia.count: 6000}
    - {clients.bob.count: 6000}""",
        [("10:7", "list[0]", "clients.bob.count=6000, clients.mia.count=6000", TOO_MANY)],
    ),
    "a value of a grid": (
        """\
  grid:
    platform.grace: [15s, 45s]
    duration: [9s, 1s]
    profile: [documented]""",
        [("11:20", "grid.duration[1]", "duration=1s", LATE)],
    ),
    "two values of a grid": (
        """\
  grid:
    clients.mia.count: [1, 6000]
    platform.grace: [15s, 45s]
    clients.bob.count: [1, 6000]""",
        [
            (
                "12:28",
                "grid.clients.bob.count[1]",
                "clients.mia.count=6000, clients.bob.count=6000",
                TOO_MANY,
            )
        ],
    ),
    "a range": (
        """\
  latin-hypercube:
    points: 2
    ranges:
      platform.grace: [15s, 45s]
      duration: [1s, 1.000001s]""",
        [
            ("13:17", "latin-hypercube.ranges.duration", f"duration={value}", LATE)
            for value in ("1.000001s", "1s")
        ],
    ),
}


@pytest.mark.parametrize("which", TOGETHER)
def test_values_with_which_the_rest_is_wrong_are_told_at_their_place_and_no_others(which):
    design, told = TOGETHER[which]
    before, _, after = in_place(GRACE).partition("design:")
    found = wrong(f"{before}design:\n{design}\n{after[after.index('replications') :]}")
    for each, (mark, path, values, sentence) in zip(found, told, strict=True):
        whole = f"grace.yaml:{mark}: design.{path}: with {values} the scenario is wrong: {sentence}"
        assert each.startswith(whole)


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "platform.grace": st.sampled_from(["15s", "45s"]),
        "duration": st.sampled_from(["1s", "3s", "9s"]),
        "seed": st.integers(1, 3),
    },
)


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_each_entry_of_a_list_that_makes_the_scenario_wrong_is_told(rows):
    before, _, after = in_place(GRACE).partition("design:")
    design = "".join(f"    - {json.dumps(row)}\n" for row in rows)
    text = f"{before}design:\n  list:\n{design}{after[after.index('replications') :]}"
    late = [number for number, row in enumerate(rows) if row.get("duration") == "1s"]
    found = lines(text) if late else []
    assert found == [
        (f"grace.yaml:{10 + n}:{_column(rows[n])}", f"design.list[{n}].duration") for n in late
    ]


def _column(row):
    """In which column the value of its duration stands."""
    return 7 + json.dumps(row).index('"1s"')


def test_what_is_wrong_with_every_point_is_told_once():
    text = in_place(GRACE).replace("clients.bob.network: [wifi, cellular]", "duration: [1s]")
    [sentence] = wrong(text)
    assert "design.grid.duration[0]: with duration=1s the scenario is wrong" in sentence


@pytest.mark.parametrize("ends", [[0, 10**400], [-1e308, 1e308], [0, float("nan")]])
def test_numbers_that_are_no_ends_of_a_range_are_told(ends):
    with pytest.raises(ScenarioError, match="no ends of a range"):
        experiment(design={"latin-hypercube": {"points": 3, "ranges": {"seed": ends}}})


def test_too_many_points_are_refused_before_they_are_made():
    values = ", ".join(f"{n}s" for n in range(1, 120))
    text = in_place(GRACE).replace("[15s, 45s]", f"[{values}]")
    [sentence] = wrong(text.replace("[wifi, cellular]", f"[{', '.join(['wifi'] * 90)}]"))
    assert "10710 points: a design has at most 10000" in sentence


@pytest.mark.parametrize("text", ["", "- a\n", "\0", "{", "a: 1\n---\nb: 2\n", b"\xff"])
def test_what_is_no_experiment_is_refused_in_a_sentence(text):
    [sentence] = wrong(text)
    assert sentence.startswith("grace.yaml:")
    assert "scenario file" not in sentence


def test_an_empty_file_is_told_what_it_needs():
    assert "at least a name and a scenario" in wrong("")[0]


def test_the_shipped_experiments_load_and_fit_the_schema():
    files = sorted((ROOT / "experiments").glob("*.yaml"))
    assert files
    for file in files:
        assert load(file).points


def test_the_schema_file_is_that_of_this_version():
    written = json.loads((ROOT / "experiments" / "experiment.schema.json").read_text())
    assert written == json_schema()
