"""Scenarios go to data, to text and back without loss, and fit the JSON Schema on the way."""

import json

from attrs import evolve
from hypothesis import given
from jsonschema import Draft202012Validator
from strategies import scenarios, stories

from sim.scenario import dump, from_data, json_schema, loads, scenario_hash, to_data

VALIDATOR = Draft202012Validator(json_schema())


@given(scenarios())
def test_what_is_dumped_loads_as_the_same_scenario(scenario):
    assert loads(dump(scenario)) == scenario


@given(scenarios())
def test_plain_data_makes_the_same_scenario_also_by_way_of_json(scenario):
    data = to_data(scenario)
    assert from_data(data) == scenario
    assert from_data(json.loads(json.dumps(data))) == scenario


@given(scenarios())
def test_what_the_loader_accepts_the_schema_accepts(scenario):
    VALIDATOR.validate(to_data(scenario))


@given(scenarios(), scenarios())
def test_the_hash_is_the_same_for_equal_scenarios_only(one, other):
    assert scenario_hash(one) == scenario_hash(loads(dump(one)))
    assert (scenario_hash(one) == scenario_hash(other)) == (one == other)
    assert scenario_hash(evolve(one, seed=(one.seed + 1) % 100)) != scenario_hash(one)


@given(stories())
def test_small_stories_are_scenarios_like_any_other(story):
    assert loads(dump(story)) == story


def test_the_hash_does_not_depend_on_the_layout_or_on_spelled_out_defaults():
    short = loads("{name: x, duration: 60s, clients: {bob: {}}}")
    long = loads(
        """
        clients:
          bob: {role: publisher, subscribe: everyone, count: 1, arrive: 0ms}
        duration: 1min   # as long
        seed: 1
        name: "x"
        """
    )
    assert short == long
    assert scenario_hash(short) == scenario_hash(long) == "17ca5a63e195e66d99af514fa7e4e90a"


def test_the_order_of_clients_counts():
    one = loads("{name: x, duration: 60s, clients: {ann: {}, bob: {}}}")
    other = loads("{name: x, duration: 60s, clients: {bob: {}, ann: {}}}")
    assert one != other
    assert scenario_hash(one) != scenario_hash(other)


def test_the_order_of_networks_and_reactions_does_not_count():
    one = loads(
        """
        {name: x, duration: 60s, networks: {a: {loss: 1%}, b: {loss: 2%}},
        clients: {bob: {on: {sessionConnected: {do: publish}, sessionReconnected: {do: signal}}}}}
        """
    )
    other = loads(
        """
        {name: x, duration: 60s, networks: {b: {loss: 2%}, a: {loss: 1%}},
        clients: {bob: {on: {sessionReconnected: {do: signal}, sessionConnected: {do: publish}}}}}
        """
    )
    assert one == other
    assert scenario_hash(one) == scenario_hash(other)


def test_short_things_stand_on_one_line_and_long_ones_are_spread_out():
    scenario = loads(
        """
        name: layout
        about: "Yes: this needs quotes"
        duration: 90s
        clients:
          bob: {publish: true, on: {sessionReconnecting: {do: signal, type: "on", data: "1:30"}}}
          eve:
            network: {delay: {lognormal: {median: 40ms, sigma: 0.5}}, loss: 2%, up: {loss: none}}
            stay: {exponential: 4min}
            rejoin: {backoff: {first: 1s, max: 30s}}
        script: [{at: 2s, client: bob, network: down, for: 5.9s}]
        expect: ["bob sees sessionReconnecting, then sessionReconnected"]
        laws: [one-end]
        """
    )
    assert dump(scenario) == LAID_OUT


LAID_OUT = """\
name: layout
about: "Yes: this needs quotes"
duration: 1min 30s
clients:
  bob: {publish: camera, on: {sessionReconnecting: {do: signal, type: "on", data: "1:30"}}}
  eve:
    network:
      up: {delay: {lognormal: {median: 40ms, sigma: 0.5}}}
      down: {loss: 0.02, delay: {lognormal: {median: 40ms, sigma: 0.5}}}
    stay: {exponential: 4min}
    rejoin: {backoff: {first: 1s, max: 30s}}
script:
  - {at: 2s, client: bob, network: down, for: 5.9s}
expect:
  - bob sees sessionReconnecting, then sessionReconnected
laws:
  - one-end
"""
