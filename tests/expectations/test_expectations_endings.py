"""How things stand at the end, and what the laws say."""

import pytest
from witness import Witness


def test_the_last_state_counts():
    witness = Witness("at the end bob is connected", "at the end bob is disconnected")
    assert [outcome.held for outcome in witness.outcomes()] == [False, True]
    witness.record("1s", "bob", "session", "state", "connecting")
    witness.record("2s", "bob", "session", "state", "connected")
    assert [outcome.held for outcome in witness.outcomes()] == [True, False]
    assert witness.outcomes()[1].why == "bob is connected, at 0:02.000, #2"


def test_who_never_came_is_said_to_have_not():
    witness = Witness("at the end bob is connected")
    assert witness.outcome().why == "bob is disconnected and never tried to connect"


@pytest.mark.parametrize(("kind", "name"), [("fault", "crash"), ("call", "closeBrowser")])
def test_who_has_no_page_is_disconnected_and_has_nothing(kind, name):
    witness = Witness("at the end bob is disconnected", "at the end bob has no publishers")
    witness.record("1s", "bob", "session", "state", "connected")
    witness.record("1s", "bob", "page", "state", "inserted", element="publisher")
    assert [outcome.held for outcome in witness.outcomes()] == [False, False]
    witness.record("2s", "bob", "browser", kind, name)
    outcomes = witness.outcomes()
    assert [outcome.held for outcome in outcomes] == [True, True]
    assert outcomes[0].why == "bob is disconnected, at 0:02.000, #3"


def test_elements_of_the_page_are_counted():
    witness = Witness(
        "at the end bob has 2 subscribers",
        "at the end bob has 1 publisher",
        "at the end alice has no subscribers",
    )
    inserted = (
        "publisher",
        "publisher1",
        "subscriber(al)",
        "subscriber(al)#1",
        "subscriber(eve)",
    )
    for element in inserted:
        witness.record("1s", "bob", "page", "state", "inserted", element=element)
    for element in ("publisher", "subscriber(al)"):
        witness.record("2s", "bob", "page", "state", "removed", element=element)
    assert [outcome.held for outcome in witness.outcomes()] == [True, True, True]
    assert [outcome.why for outcome in witness.outcomes()] == [
        "bob has 2 subscribers: subscriber(al)#1 at 0:01.000, #4, subscriber(eve) at 0:01.000, #5",
        "bob has 1 publisher: publisher1 at 0:01.000, #2",
        "alice has 0 subscribers",
    ]


def test_an_element_that_is_missing_is_told_by_the_last_that_went():
    witness = Witness("at the end bob has 1 subscriber")
    assert witness.outcome().why == "bob has 0 subscribers"
    witness.record("1s", "bob", "page", "state", "inserted", element="subscriber(alice)")
    witness.record("2s", "bob", "page", "state", "removed", element="subscriber(alice)")
    assert witness.outcome().why == "bob has 0 subscribers; the last went at 0:02.000, #2"


@pytest.mark.parametrize(
    ("sentence", "laws", "held", "why"),
    [
        ("law one-end holds", {"one_end": None}, True, "one-end held"),
        ("law one-end holds", {"one_end": "at 0:09.000, #7"}, False,
         "one-end broke at 0:09.000, #7"),
        ("law one-end breaks", {"one_end": "at 0:09.000, #7"}, True,
         "one-end broke at 0:09.000, #7"),
        ("law one-end breaks", {"one_end": None}, False, "one-end held"),
        ("law one-end breaks", {}, False, "the law one-end was not checked"),
    ],
)  # fmt: skip
def test_laws_hold_or_break(sentence, laws, held, why):
    outcome = Witness(sentence).outcome(**laws)
    assert (outcome.text, outcome.held, outcome.why) == (sentence, held, why)


def test_outcomes_come_in_the_order_of_the_clauses_and_without_laws_too():
    witness = Witness("law one-end holds", "bob sees signal", "at the end bob is connected")
    texts = [outcome.text for outcome in witness.checker.finish(0)]
    assert texts == ["law one-end holds", "bob sees signal", "at the end bob is connected"]
