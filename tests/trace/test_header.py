import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import HEADER, PLAIN

import sim
from sim.trace import Bounds, Footer, Header, Person

NAMES = st.text(max_size=6)
PEOPLE = st.dictionaries(
    NAMES,
    st.builds(
        Person,
        NAMES,
        st.lists(NAMES, max_size=3).map(tuple),
        st.dictionaries(NAMES, st.none() | st.integers(), max_size=2),
        st.lists(NAMES, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_size=3,
)
HEADERS = st.builds(
    Header,
    version=NAMES,
    scenario=PLAIN,
    scenario_hash=NAMES,
    name=NAMES,
    seed=st.integers(),
    replication=st.integers(0),
    profile=NAMES,
    quirks=st.lists(NAMES, max_size=2).map(tuple),
    level=NAMES,
    duration=st.integers(0),
    people=PEOPLE,
    bounds=st.builds(Bounds, *[st.integers(0, 10**9)] * 6),
)


@given(HEADERS)
def test_a_header_is_read_as_it_was_written(header):
    assert Header.from_data(header.to_data()) == header


def test_what_is_missing_has_a_default_and_what_is_new_is_ignored():
    data = {"format": "session-sim-trace", "format_version": 1, "colour": "blue"}
    assert Header.from_data(data) == Header()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": "pcap"}, "it is not a trace: its first line is not a session-sim-trace header"),
        ({"format_version": 9}, "it has trace format version 9; this program reads 1"),
        ({"seed": "7"}, "the header: seed must be a whole number"),
        ({"seed": True}, "the header: seed must be a whole number"),
        ({"people": []}, "the header: people must be an object"),
        ({"people": {"bob": 3}}, 'the header\'s people["bob"] must be an object'),
        ({"people": {"bob": {"role": 3}}}, 'the header\'s people["bob"]: role must be a text'),
        ({"people": {"bob": {"suppressed": 1}}}, "suppressed must be true or false"),
        ({"quirks": "all"}, "the header: quirks must be a list"),
        ({"bounds": {"silence": 5.9}}, "the header's bounds: silence must be a whole number"),
    ],
)
def test_a_wrong_header_is_refused_in_one_sentence(changes, sentence):
    with pytest.raises(ValueError) as caught:
        Header.from_data(HEADER.to_data() | changes)
    assert sentence in str(caught.value)


def test_a_footer_is_read_as_it_was_written():
    footer = Footer(3, "ab", 9)
    assert Footer.from_data(footer.to_data()) == footer


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"footer": True, "records": 3, "digest": "ab"}, "the footer has no ended"),
        ({"records": "3"}, "the footer: records must be a whole number"),
    ],
)
def test_a_wrong_footer_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(ValueError) as caught:
        Footer.from_data(data)
    assert str(caught.value) == sentence


def test_members_of_a_group_are_people_of_the_group():
    header = Header(people={"guests": Person("subscriber"), "anne-marie": Person("moderator")})
    assert header.person("guests-12").role == "subscriber"
    assert header.person("anne-marie").role == "moderator"
    assert header.person("guests-x") is None
    assert header.person("stranger") is None


def test_bounds_are_made_of_the_timers():
    bounds = Bounds()
    assert bounds.delivery == 7_900_000
    assert bounds.outage == 58_800_000
    assert bounds.memory == bounds.outage + bounds.delivery


def test_the_usual_bounds_are_those_of_a_story_with_the_usual_settings():
    story = sim.Scenario(name="usual", duration="1s", clients={"bob": sim.Person()})
    assert sim.run(story).header.bounds == Bounds()


def test_the_bounds_of_calls_follow_the_timers():
    story = sim.loads(
        "name: slow\nduration: 1s\nclients: {bob: {}}\n"
        "timers: {acquire-media: 3s, publish-timeout: 20s, subscribe-timeout: 40s, bind-media: 1s,"
        " connect-attempts: 1}\n"
    )
    bounds = sim.run(story).header.bounds
    assert (bounds.publish, bounds.subscribe) == (23_030_000, 41_000_000)
    assert bounds.joining == 120_000_000 + bounds.connect + bounds.outage
