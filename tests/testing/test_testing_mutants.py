"""The planted faults: what is said of them, how they are named, what they leave alone."""

import pytest

import sim
from sim.client import Client
from sim.laws import catalogue
from sim.platform import Platform
from sim.testing.mutants import MUTANTS, Mutant, mutant
from sim.testing.mutants.mutant import planted


@pytest.mark.parametrize("name", MUTANTS)
def test_each_says_what_is_wrong_in_one_sentence_and_which_law_names_it(name):
    each = MUTANTS[name]
    assert each.name == name
    assert each.sentence.endswith(".")
    assert ". " not in each.sentence
    assert each.law in catalogue()


@pytest.mark.parametrize("name", MUTANTS)
def test_each_breaks_something(name):
    each = MUTANTS[name]
    assert each.breaks in ("client", "platform", "client and platform", "app")


def test_there_are_at_least_twenty_five_of_all_kinds():
    assert len(MUTANTS) >= 25
    assert {each.breaks for each in MUTANTS.values()} >= {"client", "platform", "app"}


def test_no_two_do_the_same():
    sentences = [each.sentence for each in MUTANTS.values()]
    assert len(set(sentences)) == len(sentences)


def test_every_law_names_one():
    assert set(catalogue()) - {each.law for each in MUTANTS.values()} == set()


def test_one_is_found_by_its_name():
    assert mutant("loses-signals") is MUTANTS["loses-signals"]


def test_of_another_name_the_nearest_is_said():
    with pytest.raises(ValueError, match=r"'lose-signals' is not a planted fault: did you mean"):
        mutant("lose-signals")


def test_a_class_says_what_it_breaks():
    class OtherClient(Client):
        """A client of another class."""

    class OtherPlatform(Platform):
        """A platform."""

    def app(_):
        """Does nothing."""

    whole = planted("signals", OtherClient, OtherPlatform, app)
    assert whole == Mutant(
        name="other-client",
        sentence="A client of another class.",
        law="signals",
        client_class=OtherClient,
        platform_class=OtherPlatform,
        app=app,
    )
    assert whole.breaks == "client and platform and app"


def people():
    world = sim.Simulation(**parts(mutant("swaps-signals")))
    world.join("alice", publish="camera")
    world.join("bob")
    return world


def parts(fault):
    made = {"client_class": fault.client_class, "platform_class": fault.platform_class}
    return {part: maker for part, maker in made.items() if maker}


def test_a_world_with_a_fault_can_be_copied_and_goes_on_alike():
    world = people()
    world.advance("2s")
    world.do("alice", do="signal", data="one")
    other = world.fork()
    for each in (world, other):
        each.do("alice", do="signal", data="two")
        each.advance("2s")
    assert world.close().digest == other.close().digest
    assert "signals" in [breach.law for breach in world.broken]
