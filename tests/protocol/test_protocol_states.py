"""The state machines: tables equal to the specification's, and nothing moves but through them."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specification import specification

from sim.protocol.states import MACHINES, Machine

SPECIFIED = {
    name: machine
    for name, machine in specification()["state_machines"].items()
    if "transitions" in machine
}
OF_THE_BROWSER = {"ice"}
"""Not the vendor's: the states that browsers give a peer connection."""
CLIENT = Path(__file__).parents[2] / "sim/client"


def machine(name: str, at: str | None = None) -> tuple[Machine, list[tuple[str, str]]]:
    moves: list[tuple[str, str]] = []
    made = Machine(name, lambda before, after: moves.append((before, after)))
    if at is not None:
        made.state = at
    return made, moves


def pairs(allowed: bool) -> list[tuple[str, str, str]]:
    return [
        (name, before, after)
        for name, (table, _) in MACHINES.items()
        for before in table
        for after in table
        if (after in table[before]) is allowed
    ]


@given(st.sampled_from(sorted(MACHINES)), st.data())
def test_a_machine_never_leaves_its_table(name, data):
    table, _ = MACHINES[name]
    subject, moves = machine(name)
    for wanted in data.draw(st.lists(st.sampled_from([*table, "nowhere"]), max_size=30)):
        before = subject.state
        moved = subject.to(wanted)
        assert moved == (wanted in table[before])
        assert subject.state == (wanted if moved else before)
    assert all(after in table[before] for before, after in moves)


def test_the_machines_are_those_of_the_specification():
    assert set(MACHINES) == {*SPECIFIED, *OF_THE_BROWSER}


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_table_equals_the_specification(name):
    table, initial = MACHINES[name]
    assert initial == SPECIFIED[name]["initial"]
    assert {state: list(after) for state, after in table.items()} == SPECIFIED[name]["transitions"]


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_can_be_reached(name):
    table, initial = MACHINES[name]
    reached, waiting = {initial}, [initial]
    while waiting:
        found = set(table[waiting.pop()]) - reached
        reached |= found
        waiting += sorted(found)
    assert reached == set(table)


def words(tree):
    """The states that a file moves to, or compares with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "to":
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))
        if isinstance(node, ast.Compare) and getattr(node.left, "attr", "") == "state":
            yield from (
                each.value
                for compared in node.comparators
                for each in ast.walk(compared)
                if isinstance(each, ast.Constant)
            )


def test_every_state_that_the_client_names_is_in_a_table():
    known = {state for table, _ in MACHINES.values() for state in table}
    named = {
        word
        for path in CLIENT.glob("*.py")
        for word in words(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {"disconnecting", "reconnecting", "MediaBound", "Failed"} < named <= known


@pytest.mark.parametrize(("name", "before", "after"), pairs(allowed=True))
def test_a_listed_transition_is_made_and_reported(name, before, after):
    subject, moves = machine(name, before)
    assert subject.can(after)
    assert subject.to(after)
    assert subject.state == after
    assert moves == [(before, after)]


@pytest.mark.parametrize(("name", "before", "after"), pairs(allowed=False))
def test_an_unlisted_transition_is_refused_and_not_reported(name, before, after):
    subject, moves = machine(name, before)
    assert not subject.can(after)
    assert not subject.to(after)
    assert subject.state == before
    assert moves == []


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_starts_in_the_initial_state(name):
    assert machine(name)[0].state == MACHINES[name][1] == next(iter(MACHINES[name][0]))
