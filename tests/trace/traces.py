"""Strategies for records and whole stories, and ways to put them into files."""

import io

from hypothesis import strategies as st

from sim.trace import Header, Person, Record, Recorder, Writer, encode, read

TEXT = st.text(max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | TEXT | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
"""What JSON can say."""
DATA = st.dictionaries(TEXT, PLAIN, max_size=4)


def finite(value):
    """Whether no infinity hides in plain data."""
    if isinstance(value, float):
        return value not in (float("inf"), float("-inf"))
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    return not isinstance(value, list) or all(map(finite, value))


@st.composite
def records(draw, seq=None):
    number = draw(st.integers(1, 10**9)) if seq is None else seq
    cause = draw(st.none() | st.integers(1, number - 1)) if number > 1 else None
    return Record(
        draw(st.integers(0, 2**60)),
        number,
        draw(TEXT),
        draw(TEXT),
        draw(TEXT),
        draw(TEXT),
        draw(DATA.filter(finite)),
        cause,
    )


WORDS = st.sampled_from(("bob", "session", "event", "signal", "é\n", ""))
PARTS = st.tuples(st.integers(0, 5), WORDS, WORDS, st.integers(0, 12))


@st.composite
def stories(draw, most=12):
    """Records as a run gives them: numbered 1, 2, 3, …, in time, caused by earlier ones."""
    story = []
    now = 0
    parts = draw(st.lists(PARTS, max_size=most))
    for number, (pause, client, name, wanted) in enumerate(parts, start=1):
        now += pause
        data = {"n": pause, "who": {client: [name, None]}}
        cause = wanted if 0 < wanted < number else None
        story.append(Record(now, number, client, "session", "event", name, data, cause))
    return story


HEADER = Header(
    version="0.1",
    scenario={"name": "small"},
    scenario_hash="ab" * 16,
    name="small",
    seed=7,
    people={"bob": Person("publisher", ("publish",), {"clean-up-after": None}, (), True)},
)


def recorded(story, level=0, lines=()):
    """A Recorder that has written the story; ``story`` may hold records of any level."""
    now = [0]
    recorder = Recorder(lambda: now[0], level, lines=lines)
    for record in story:
        now[0] = record.time
        recorder(*record[2:7], record.cause)
    return recorder


def written(story, header=HEADER, ended=100):
    """The bytes of a complete trace file."""
    stream = io.BytesIO()
    with Writer(stream, header) as writer:
        recorder = recorded(story, lines=[writer.write])
        writer.finish(recorder.footer(ended))
    return stream.getvalue()


def trace_of(data):
    return read(io.BytesIO(data))


def lines(story):
    return [encode(record) for record in story]
