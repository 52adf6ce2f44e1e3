"""A network is varied in the words that its scenario says it in, as if its file were edited."""

from copy import deepcopy

import pytest
from attrs import evolve

from sim.network.presets import NETWORKS
from sim.research import Experiment, compare
from sim.research.comparing.sides import Side
from sim.research.experiments.experiment import to_data as data_of
from sim.research.experiments.reading import from_data as experiment_of
from sim.scenario import Person, Scenario, as_written, dump, from_data, loads, to_data

OUTAGES = {"every": {"exponential": "60s"}, "last": {"exponential": "8s"}}
BURSTS = {"loss": {"gilbert-elliott": {"mean-burst": 4, "loss": "2%"}}}
CHAIN = {"loss": {"gilbert-elliott": {"p": "1/40", "r": "1/2", "h": 1, "k": 0}}}
IN_TIME = {"loss": {"gilbert-elliott-time": {"preset": "wifi-lossy"}}, "delay": "20ms"}
WAYS = {"loss": "1%", "delay": "20ms", "up": {"loss": "4%"}}
FIBRE = {"preset": "fibre", "outages": OUTAGES}

CASES = [
    (FIBRE, "preset", "satellite"),
    (FIBRE, "preset", "wifi-lossy"),
    (FIBRE, "delay", "80ms"),
    (FIBRE, "up.loss", "9%"),
    (FIBRE, "outages", "none"),
    (FIBRE, "outages.last", "2s"),
    (FIBRE, "outages.last.exponential", "2s"),
    ({"preset": "satellite"}, "transport.rto", "3s"),
    (WAYS, "loss", "30%"),
    (WAYS, "delay", "900ms"),
    (WAYS, "up.loss", "none"),
    (WAYS, "duplication", "5%"),
    (BURSTS, "loss.gilbert-elliott.mean-burst", 8),
    (BURSTS, "loss.gilbert-elliott.loss", "5%"),
    (CHAIN, "loss.gilbert-elliott.p", "1/7"),
    (CHAIN, "loss.gilbert-elliott.k", "3%"),
    ({"loss": {"bernoulli": "2%"}}, "loss.bernoulli", "5%"),
    (IN_TIME, "loss.gilbert-elliott-time.preset", "satellite"),
    (IN_TIME, "loss", "2%"),
]


def story(network):
    """Bob is on a network with a name, Carol on one of her own like it."""
    return {
        "name": "varied",
        "duration": "20s",
        "networks": {"cafe": network},
        "clients": {"bob": {"network": "cafe"}, "carol": {"network": deepcopy(network)}, "dan": {}},
    }


def edited(said, path, value):
    """The data with that value there."""
    changed = deepcopy(said)
    *way, last = path.split(".")
    at = changed
    for step in way:
        at = at.setdefault(step, {})
    at[last] = value
    return changed


def in_code(said):
    """The scenario as code makes it."""
    people = {name: Person(**each) for name, each in said["clients"].items()}
    return Scenario(
        name=said["name"], duration=said["duration"], networks=said["networks"], clients=people
    )


def as_experiment(scenario, values):
    return Experiment(name="e", scenario=scenario, design={"list": [values]}, replications=1)


@pytest.mark.parametrize(
    "made",
    [from_data, in_code, lambda said: evolve(from_data(said | {"duration": "9s"}), duration="20s")],
    ids=["data", "code", "changed"],
)
@pytest.mark.parametrize("place", ["networks.cafe", "clients.carol.network"])
@pytest.mark.parametrize(("network", "path", "value"), CASES)
def test_a_variation_is_the_scenario_with_the_edit(made, place, network, path, value):
    said, whole = story(network), f"{place}.{path}"
    expected = from_data(edited(said, whole, value))
    base = made(said)
    assert base == from_data(said) != expected
    found = as_experiment(base, {whole: value})
    [point] = found.points
    assert found.at(point) == expected
    assert experiment_of(data_of(found)).at(point) == expected
    assert Side.of(base).but({whole: value}).scenario == expected


@pytest.mark.parametrize("network", [FIBRE, BURSTS, CHAIN, IN_TIME, WAYS, {}])
def test_other_words_make_no_other_scenario(network):
    scenario = from_data(story(network))
    assert as_written(scenario)["networks"]["cafe"] == (network or {})
    assert from_data(as_written(scenario)) == scenario == loads(dump(scenario))
    assert to_data(loads(dump(scenario))) == to_data(scenario)
    assert hash(scenario.networks["cafe"]) == hash(loads(dump(scenario)).networks["cafe"])


def test_a_link_of_code_is_said_as_it_is():
    link = NETWORKS["wifi"].link
    people = {"bob": Person(network="cafe")}
    scenario = Scenario(name="x", duration="9s", networks={"cafe": link}, clients=people)
    mixed = evolve(scenario, networks={"cafe": {"loss": link.up.loss, "delay": link.up.delay}})
    assert as_written(scenario)["networks"] == {"cafe": {"preset": "wifi"}}
    assert as_written(mixed) == to_data(mixed)


def test_presets_are_compared():
    scenario = from_data(story(FIBRE))
    found = compare(
        scenario, {"networks.cafe.preset": "satellite"}, metric="session-duration", replications=2
    )
    assert found.second.scenario.networks["cafe"].up == NETWORKS["satellite"].link.up


@pytest.mark.parametrize("person", ["dan", "bob"])
def test_nothing_of_a_network_that_has_a_name_is_changed(person):
    """Dan's is ``fibre``, by default: a mapping in its place would be another link."""
    said = story(FIBRE)
    said["clients"]["bob"] = {"network": "wifi"}
    with pytest.raises(ValueError, match=f"clients.{person}.network of the scenario is '"):
        as_experiment(from_data(said), {f"clients.{person}.network.down.loss": "1%"})
