"""Every event and every reason in scope is reached by some small story, or is listed here."""

import pytest
from stories import told

import sim
from sim.draws.distributions import Constant
from sim.network.specs import DirectionSpec, LinkSpec
from sim.protocol import reasons
from sim.protocol.events import EVENTS
from sim.protocol.units import MILLISECOND

PAIR = {
    "alice": {"role": "moderator", "publish": "camera"},
    "bob": {"publish": "camera"},
}
SLOW = LinkSpec(
    DirectionSpec(delay=Constant(500 * MILLISECOND)),
    DirectionSpec(delay=Constant(500 * MILLISECOND)),
)


def tiny(*script, people=PAIR, **more):
    return told("2min", people, *script, **more)


def subscribes_to_what_has_ended(app):
    """An app that holds on to a stream and subscribes to it when it is too late."""
    kept, session = [], app.session
    session.on("streamDestroyed", lambda event: kept.append(event.stream))
    session.on("signal:late", lambda event: session.subscribe(kept[0]))


STORIES = {
    "goodbye": tiny(("10s", "bob", {"do": "disconnect"})),
    "kick": tiny(("10s", "alice", {"do": "force-disconnect", "target": "bob"})),
    "stream ended by a moderator": tiny(
        ("10s", "alice", {"do": "force-unpublish", "target": "bob"})
    ),
    "unpublish": tiny(("10s", "bob", {"do": "unpublish"})),
    "unsubscribe": tiny(("10s", "bob", {"do": "unsubscribe", "target": "alice"})),
    "short outage": tiny(("10s", "bob", {"network": "down", "lasting": "20s"})),
    "long outage": tiny(("10s", "bob", {"network": "down"})),
    "long outage between two": tiny(
        ("10s", "bob", {"network": "down"}), platform={"peer-to-peer": True}
    ),
    "rotation": tiny(("10s", "bob", {"platform": "rotate"})),
    "browser closed": tiny(("10s", "bob", {"do": "close-browser"})),
    "idle": tiny(people={"alice": {}, "bob": {}}, platform={"media-idle": "20s"}),
    "idle while publishing": tiny(
        ("990ms", "bob", {"do": "publish"}),
        people={"alice": {}, "bob": {}},
        platform={"media-idle": "1s"},
    ),
    "idle while subscribing": tiny(
        people={"alice": {"publish": "camera", "arrive": "6s"}, "bob": {"network": SLOW}},
        platform={"media-idle": "600ms"},
    ),
    "signals": tiny(
        ("10s", "bob", {"do": "signal", "data": "hello"}),
        ("10s", "bob", {"do": "signal", "type": "chat"}),
    ),
    "mute": tiny(("10s", "alice", {"do": "force-mute-all"})),
    "picture off and on": tiny(
        ("10s", "bob", {"do": "mute-video"}), ("11s", "bob", {"do": "unmute-video"})
    ),
    "subscribed too late": tiny(
        ("10s", "alice", {"do": "unpublish"}), ("11s", "alice", {"do": "signal", "type": "late"})
    ),
}
APPS = {"subscribed too late": {"bob": subscribes_to_what_has_ended}}

MEDIA = "media that go wrong inside a page are not modelled"
NOT_BY_US = "documented only: our platform tells others clientDisconnected of what its owner ends"
OUT_OF_REACH = {
    ("Session", "streamDestroyed", reasons.MEDIA_STOPPED): NOT_BY_US,
    ("Session", "streamDestroyed", reasons.RESET): NOT_BY_US,
    ("Publisher", "streamDestroyed", reasons.MEDIA_STOPPED): MEDIA,
    ("Subscriber", "destroyed", reasons.BIND_FAILED): MEDIA,
    ("Subscriber", "destroyed", reasons.UNKNOWN): MEDIA,
}
"""The one list of what no story reaches, and why. What a story does reach must not stand here."""


def named(event):
    return "signal:<type>" if event.startswith("signal:") else event


def wanted():
    """Object's class, event, reason: every one in scope."""
    for event in (each for each in EVENTS if each.in_scope):
        for reason in event.reasons or (None,):
            yield event.object, event.name, reason


@pytest.fixture(scope="module")
def reached():
    events = {}
    for name, story in STORIES.items():
        result = sim.run(story, apps=APPS.get(name))
        assert result.broken == []
        for record in result.events:
            kind = record.object.partition("(")[0].rstrip("0123456789").capitalize()
            reason = record.data.get("reason")
            for each in (reason, None):
                events.setdefault((kind, named(record.name), each), name)
    return events


@pytest.mark.parametrize("event", list(wanted()), ids=lambda e: " ".join(filter(None, e)))
def test_every_event_and_reason_is_reached_or_listed(reached, event):
    assert (event in reached) != (event in OUT_OF_REACH), reached.get(event)


def test_nothing_is_told_that_the_catalogue_does_not_know(reached):
    known = {(event.object, event.name) for event in EVENTS}
    assert {(kind, name) for kind, name, _ in reached} <= known


def test_no_reason_is_told_that_the_catalogue_does_not_know(reached):
    known = set(wanted())
    reasoned = {(event.object, event.name) for event in EVENTS if event.reasons}
    told_of = {event for event in reached if event[:2] in reasoned and event[2] is not None}
    assert told_of <= known


def test_every_tiny_story_is_needed(reached):
    """A story that reaches nothing first could go."""
    assert set(STORIES) == set(reached.values())


def test_what_is_out_of_reach_is_in_the_catalogue():
    assert set(OUT_OF_REACH) <= set(wanted())
