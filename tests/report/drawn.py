"""Timelines for tests of formats: of any story, with any breaches, and with hostile texts."""

from functools import cache

from attrs import evolve
from hypothesis import strategies as st

import sim
from sim.report.model.building import timeline
from sim.report.model.timeline import Finding
from sim.testing import strategies as ss

HOSTILE = (
    "</script><script>alert(1)</script>",
    "a;b#c",
    "end",
    "as",
    "loop",
    "style:x#1;",
    "classDef a:b#1;",
    "p0->>p1: x",
    "%%{init: {}}%%",
    "wrap: x",
    "<br/>",
    "]]>",
    "&amp;",
    "\x00\x1b[31m\x7f",
    "\ud800",
    "\ufffe",
    "\u202etxt",
    "ﬂ°°35¶ß",
    "two\nlines",
    "$$x$$",
    "",
    "x" * 300,
)

texts = st.sampled_from(HOSTILE) | st.text(st.characters(codec=None), max_size=30)


@cache
def of_file(name):
    """The timeline of a shipped story."""
    return timeline(sim.run(f"scenarios/{name}.yaml"))


@cache
def with_messages(name):
    """The same with its messages."""
    return timeline(sim.load(f"scenarios/{name}.yaml"))


def broken(picture, number):
    """The same with a breach at that record, and its row."""
    row = next(at for at, record in enumerate(picture.records) if record.seq == number)
    time = picture.records[row].time
    return judged(picture, [Finding("law", "one-end", "bob ended twice", time, row)]), row


@st.composite
def findings(draw, picture):
    """Breaches at any rows, as the laws and expectations of the run know them."""
    rows = range(len(picture.records))
    row = draw(st.none() | st.sampled_from(rows)) if rows else None
    time = picture.ended if row is None else picture.records[row].time
    kind = draw(st.sampled_from(("law", "expectation")))
    name = draw(st.sampled_from(sorted(picture.laws)) if kind == "law" else texts)
    return Finding(kind, name, draw(texts), time, row, draw(st.booleans()))


def judged(picture, found):
    """The timeline with these findings, and with verdicts to match."""
    found = tuple(sorted(found, key=lambda each: each.time))
    laws = {each.name: "broken" for each in found if each.kind == "law"}
    texts_ = {each.name: False for each in found if each.kind == "expectation"}
    return evolve(
        picture,
        findings=found,
        laws={**picture.laws, **laws},
        expectations={**picture.expectations, **texts_},
    )


@st.composite
def timelines(draw, **options):
    """What a run looks like, with its messages or without.

    Half of them have breaches that the run did not have.
    """
    is_wire = draw(st.booleans())
    drawn = {"people": (1, 3), "duration": ("10s", "1min"), **options}
    story = draw(ss.scenarios(**drawn))
    picture = timeline(story if is_wire else sim.run(story))
    if draw(st.booleans()):
        picture = judged(picture, draw(st.lists(findings(picture), min_size=1, max_size=4)))
    return picture


@st.composite
def hostile(draw):
    """A timeline with every text of its people and of what they did replaced."""
    picture = draw(timelines())
    lanes = [
        evolve(
            lane, name=draw(texts), tracks=tuple(evolve(t, label=draw(texts)) for t in lane.tracks)
        )
        for lane in picture.lanes
    ]
    some = draw(st.lists(texts, min_size=1, max_size=8))
    return evolve(
        picture,
        title=draw(texts),
        about=draw(texts),
        again=draw(texts),
        lanes=tuple(lanes),
        told=[some[row % len(some)] for row in range(len(picture.records))],
        arrows=tuple(evolve(arrow, label=draw(texts)) for arrow in picture.arrows[:20]),
        shades=tuple(evolve(shade, label=draw(texts)) for shade in picture.shades),
        warnings=draw(st.just(()) | st.tuples(texts)),
    )
