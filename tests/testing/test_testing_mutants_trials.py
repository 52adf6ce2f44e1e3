"""Looking for planted faults with SessionMachine: found, shrunk, saved, and shown again."""

import pytest

from sim.scenario import load
from sim.testing.mutants import Mutant, mutant
from sim.testing.mutants.trials import play, search


@pytest.mark.search
def test_a_fault_is_found_shrunk_saved_and_shown_again_by_its_file(tmp_path):
    trial = search(mutant("announces-reconnecting-twice"), save=tmp_path)
    assert (trial.found, trial.by) == (True, "reconnecting-alternates")
    assert trial.examples <= 100
    assert trial.size.people == 1
    assert trial.size.faults <= 3
    assert trial.size.steps <= 8
    assert trial.saved.parent == tmp_path
    assert trial.reproduced


def test_without_a_fault_nothing_is_found(tmp_path):
    sound = Mutant(name="sound", sentence="Nothing is wrong.", law="signals")
    trial = search(sound, save=tmp_path, examples=10)
    assert (trial.found, trial.examples, trial.by, trial.size) == (False, 10, None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["loses-signals", "ignores-grace", "subscribes-again"])
def test_the_same_seed_finds_the_same(name, tmp_path):
    # What is imported meanwhile may change what Hypothesis draws: the first search loads it all.
    _, first, again = (search(mutant(name), save=tmp_path, seed=3, shrink=False) for _ in range(3))
    assert first.found
    assert (first.examples, first.by, first.size) == (again.examples, again.by, again.size)


def test_a_story_is_played_with_the_fault_of_an_app():
    result = play(load("scenarios/kick.yaml"), mutant("subscribes-again"))
    assert result.laws["one-subscriber-per-stream"].broken
