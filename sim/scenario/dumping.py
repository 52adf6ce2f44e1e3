"""Scenarios to plain data, to YAML text and to a hash."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from sim.network.specs import LinkSpec
from sim.scenario.layout import yaml_text
from sim.scenario.model import SCENARIO, Scenario


def to_data(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario as plain data: what a file would say, without what is as by default.

    Equal scenarios have equal data; the order of keys is that of the language, and that of the
    scenario for clients and networks.

    >>> from sim.scenario.model import Person
    >>> to_data(Scenario(name="x", duration="60s", clients={"bob": Person()}))
    {'name': 'x', 'duration': '1min', 'clients': {'bob': {}}}
    """
    data: dict[str, Any] = SCENARIO.write(scenario)
    return data


def as_written(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario as plain data, its networks in the words that they were said in.

    Data of equal scenarios may differ: ``{preset: wifi}`` is also said by its loss and its delay.
    What is to be changed in such data, key by key, is what the scenario's author has written.

    >>> from sim.scenario.model import Person
    >>> cafe = {"preset": "wifi", "delay": "80ms"}
    >>> scenario = Scenario(
    ...     name="x", duration="60s", networks={"cafe": cafe}, clients={"bob": Person()}
    ... )
    >>> as_written(scenario)["networks"]
    {'cafe': {'preset': 'wifi', 'delay': '80ms'}}
    """
    data = to_data(scenario)
    for name, link in scenario.networks.items():
        data["networks"][name] = link.written or data["networks"][name]
    for name, person in scenario.clients.items():
        said = person.network.written if isinstance(person.network, LinkSpec) else person.network
        # A name is said also if it is the one by default: nothing of it can be changed.
        if said:
            data["clients"][name]["network"] = said
    return data


def dump(scenario: Scenario) -> str:
    """Return a file of the scenario, ending with a line feed; loading it gives an equal one."""
    return yaml_text(to_data(scenario))


def scenario_hash(scenario: Scenario) -> str:
    """Return 32 hexadecimal digits that stand for what a scenario says, its seed included.

    How a file is laid out, and whether it says what is so by default, makes no difference. The
    order of the clients does: it decides what comes first among equals.
    """
    data = to_data(scenario)
    data["clients"] = list(data["clients"].items())
    canonical = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return blake2b(canonical.encode("ascii"), digest_size=16).hexdigest()
