"""What becomes of publish() when something ends it: a table, and properties that say it holds.

The columns of the shipped client are facts: recordings m6, m8, m9, m11 and m12.
"""

from typing import Any, NamedTuple

import pytest
from harness import Stage
from hypothesis import given
from hypothesis import strategies as st
from openings import lone, prevent

from sim.client import Client
from sim.protocol import quirks
from sim.protocol.frames import Status
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND

SHIPPED = "opentok.js-2.35.2"
T = Timers()
BOUND = T.acquire_media
ASKED = BOUND + T.prepare_publishing
HOP = 5 * MILLISECOND
"""More than the way to the platform and back, and a turn or two."""
CAMERA, ASKING, ASKED_FOR, THERE = "before the camera", "before the request", "asked for", "there"
MOMENTS = {
    CAMERA: (HOP, BOUND - HOP),
    ASKING: (BOUND + HOP, ASKED - HOP),
    ASKED_FOR: (ASKED + HOP, ASKED + 10 * SECOND),
    THERE: (ASKED + HOP, ASKED + 10 * SECOND),
}
"""Stages of publish(), and when they are: after the call, in microseconds."""

# -- deeds -----------------------------------------------------------------------------------------


def unpublish(stage, alice, publisher):
    stage.act(alice, lambda: alice.session.unpublish(publisher))


def destroy(stage, alice, publisher):
    stage.act(alice, publisher.destroy)


def disconnect(stage, alice, publisher):
    stage.act(alice, alice.session.disconnect)


def remove(stage, alice, publisher):
    content = {"id": "alice#1", "reason": "forceDisconnected"}
    stage.platform.tell("alice#1", "deleted", "connection", content)


def close_page(stage, alice, publisher):
    alice.close_browser(stage.now, None)
    stage.act(alice, lambda: None)


# -- the table -------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What an app sees, what the platform is asked for, what remains."""

    story: list[str]
    asked: list[str]
    state: str
    elements: int


def gone(reason: str, *end: str) -> list[str]:
    return [f"publisher: streamDestroyed {reason}", "publisher: destroyed", *end]


def over(reason: str, *end: str) -> list[str]:
    return [f"sessionDisconnected {reason}", *gone(reason, *end)]


KICKED, AWAY = "forceDisconnected", "networkDisconnected"
CANCEL, ERROR = "publish failed OT_CANCEL None", "publish failed Error None"
LOST = ["publisher: streamDestroyed reset", "publish failed OT_UNEXPECTED_SERVER_RESPONSE 2001"]
LATE = ["publisher: streamDestroyed reset", "publish failed OT_TIMEOUT 1500"]
CREATE, DELETE = "create stream alice#1.1", "delete stream alice#1.1"


def row(story, asked, state="connected", elements=0):
    return Outcome(story, asked, state, elements)


END = "disconnected"
TABLE: dict[tuple[Any, str], tuple[Outcome, Outcome | None]] = {
    (unpublish, CAMERA): (row(gone("unpublished", CANCEL), [DELETE]), None),
    (unpublish, ASKING): (row(gone("unpublished", CANCEL), [DELETE]), None),
    (unpublish, ASKED_FOR): (row(gone("unpublished", CANCEL), [CREATE, DELETE]), None),
    (destroy, CAMERA): (row(gone("reset", ERROR), []), None),
    (destroy, ASKING): (row(gone("reset", CANCEL), []), row(gone("reset"), [])),
    (destroy, ASKED_FOR): (
        row(gone("reset", CANCEL), [CREATE, DELETE]),
        row(gone("reset"), [CREATE]),
    ),
    (remove, CAMERA): (row(over(KICKED, ERROR), [], END), None),
    (remove, ASKING): (row(over(KICKED, CANCEL), [], END), row(over(KICKED), [], END)),
    (remove, ASKED_FOR): (
        row(over(KICKED, CANCEL), [CREATE], END),
        row(over(KICKED), [CREATE], END),
    ),
    (disconnect, ASKED_FOR): (
        row([*LOST, "sessionDisconnected clientDisconnected", "disconnect ok"], [CREATE], END, 1),
        row(LOST, [CREATE], "disconnecting", 1),
    ),
    (close_page, CAMERA): (row(["publisher: streamDestroyed reset"], [], "disconnecting"), None),
    (close_page, ASKING): (row(["publisher: streamDestroyed reset"], [], "disconnecting"), None),
    (close_page, ASKED_FOR): (
        row(["publisher: streamDestroyed reset"], [CREATE, DELETE], "disconnecting"),
        row(["publisher: streamDestroyed reset"], [CREATE], "disconnecting"),
    ),
}
"""By deed and moment: what the documented client does, and the shipped one if something else."""

OVER: dict[str, tuple[Outcome, Outcome | None]] = {
    CAMERA: (row(over(AWAY, ERROR), [], END), None),
    ASKING: (row(over(AWAY, CANCEL), [], END), row(over(AWAY), [], END)),
    ASKED_FOR: (
        row([*LOST, f"sessionDisconnected {AWAY}"], [], END, 1),
        row(LOST, [], "connected", 1),
    ),
}
"""The same for the end of the window, whose request has never left."""

KEPT: dict[tuple[Any, str], tuple[list[str], list[str]]] = {
    (unpublish, CAMERA): ([CANCEL], [CANCEL]),
    (unpublish, ASKING): ([CANCEL], [CANCEL]),
    (unpublish, ASKED_FOR): ([CANCEL], [CANCEL]),
    (remove, CAMERA): ([CANCEL], LATE),
    (remove, ASKING): ([CANCEL], LATE),
    (remove, ASKED_FOR): ([CANCEL], LOST),
}
"""What comes after the streamDestroyed that keeps the Publisher, documented and shipped."""


def publishing(stage: Stage, alice: Client, keeps: bool = False) -> Any:
    publisher = stage.act(alice, alice.init_publisher)
    if keeps:
        publisher.on("streamDestroyed", prevent)
    stage.act(alice, lambda: alice.session.publish(publisher))
    return publisher


def outcome(deed: Any, after: int, keeps: bool = False, **options: Any) -> Outcome:
    stage, alice = lone(**options)
    stage.platform.answers["create stream"] = [None]
    at = stage.now
    publisher = publishing(stage, alice, keeps)
    stage.run(after)
    deed(stage, alice, publisher)
    elements = len(alice.page.document.elements)
    state = alice.session.state
    if alice.alive:
        stage.run("30s")
        elements, state = len(alice.page.document.elements), alice.session.state
    return Outcome(stage.story(since=at), stage.requests(since=at), state, elements)


def window_over(before: int, **options: Any) -> Outcome:
    """The window of an outage is over that long after publish() was called in it."""
    stage, alice = lone(**options)
    stage.kill(then="hanging")
    stage.run(30 * SECOND - before)
    at = stage.now
    publishing(stage, alice)
    stage.run("1min")
    elements = len(alice.page.document.elements)
    return Outcome(stage.story(since=at), stage.requests(since=at), alice.session.state, elements)


# -- it holds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("deed", "moment"), TABLE)
@given(data=st.data())
def test_the_table_holds_at_whatever_time(deed, moment, data):
    documented, shipped = TABLE[deed, moment]
    after = data.draw(st.integers(*MOMENTS[moment]))
    assert outcome(deed, after) == documented
    assert outcome(deed, after, profile=SHIPPED) == (shipped or documented)


@pytest.mark.parametrize("moment", OVER)
@given(data=st.data())
def test_the_table_holds_at_the_end_of_the_window(moment, data):
    documented, shipped = OVER[moment]
    before = data.draw(st.integers(*MOMENTS[moment]))
    assert window_over(before) == documented
    assert window_over(before, profile=SHIPPED) == (shipped or documented)


@pytest.mark.parametrize(("deed", "moment"), KEPT)
@given(data=st.data())
def test_the_table_of_kept_publishers_holds_at_whatever_time(deed, moment, data):
    after = data.draw(st.integers(*MOMENTS[moment]))
    begins = ["publisher: streamDestroyed unpublished"]
    if deed is remove:
        begins = [f"sessionDisconnected {KICKED}", f"publisher: streamDestroyed {KICKED}"]
    for profile, ends in zip(("documented", SHIPPED), KEPT[deed, moment], strict=True):
        got = outcome(deed, after, keeps=True, profile=profile)
        assert got.story == [*begins, *ends]
        assert got.elements == 1


@given(
    deed=st.sampled_from([unpublish, destroy, remove]),
    moment=st.sampled_from([CAMERA, ASKING, ASKED_FOR]),
    keeps=st.booleans(),
    data=st.data(),
)
def test_with_the_quirks_of_publishing_off_the_shipped_client_keeps_the_contract(
    deed, moment, keeps, data
):
    after = data.draw(st.integers(*MOMENTS[moment]))
    off = dict.fromkeys(
        [
            quirks.END_UNTOLD,
            quirks.UNANSWERED_PUBLISH,
            quirks.STREAM_LEFT,
            quirks.SPOILT,
            quirks.KEPT_PUBLISHER,
        ],
        False,
    )
    got = outcome(deed, after, keeps, profile=SHIPPED, quirks=off)
    assert got == outcome(deed, after, keeps)
    assert len([line for line in got.story if line.startswith("publish ")]) == 1


@given(after=st.integers(*MOMENTS[THERE]), deed=st.sampled_from([unpublish, destroy, close_page]))
def test_what_is_published_is_deleted_however_it_ends(after, deed):
    for profile in ("documented", SHIPPED):
        stage, alice = lone(profile=profile)
        publisher = publishing(stage, alice)
        stage.run(after)
        at = stage.now
        deed(stage, alice, publisher)
        assert stage.requests(since=at) == [DELETE]


@given(after=st.integers(1, ASKED + 10 * SECOND), deed=st.sampled_from([destroy, close_page]))
def test_the_element_has_left_the_page_when_the_end_by_reset_is_told(after, deed):
    stage, alice = lone()
    publisher = publishing(stage, alice)
    counts = []
    publisher.on("streamDestroyed", lambda _: counts.append(len(alice.page.document.elements)))
    stage.run(after)
    deed(stage, alice, publisher)
    assert counts == [0]


# -- a session whose end is never told -------------------------------------------------------------


def untold(**options: Any) -> tuple[Stage, Client]:
    stage, alice = lone(profile=SHIPPED, **options)
    stage.kill(then="hanging")
    stage.run("29s")
    publishing(stage, alice)
    stage.run("500ms")
    return stage, alice


def test_requests_made_before_are_answered_as_lost_and_those_made_after_never():
    stage, alice = lone(profile=SHIPPED)
    stage.kill(then="hanging")
    stage.run("29s")
    at = stage.now
    stage.act(alice, lambda: alice.session.signal(data="before"))
    publishing(stage, alice)
    stage.run("500ms")
    stage.act(alice, lambda: alice.session.signal(data="after"))
    stage.run("1min")
    assert stage.story(since=at) == ["signal failed OT_NOT_CONNECTED 500", *LOST]


def test_whatever_is_called_afterwards_fails_or_hangs():
    stage, alice = untold(role="moderator")
    stage.run("1min")
    stage.restore()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal(data="x"))
    stage.act(alice, lambda: alice.session.force_disconnect("bob#1"))
    assert stage.story(since=at) == [
        "signal failed OT_NOT_CONNECTED 500",
        "forceDisconnect failed OT_INVALID_PARAMETER 1011",
    ]
    stage.act(alice, alice.session.connect)
    publishing(stage, alice)
    stage.run("1s")
    assert stage.story(since=at)[2:] == [
        f"publisher1{line[9:]}" if "publisher" in line else line for line in LOST
    ]
    assert alice.session.state == "connected"
    assert alice.session.is_connected()
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert alice.session.state == "disconnecting"
    assert len(stage.story(since=at)) == 4


def test_what_is_called_afterwards_fails_because_of_the_outage():
    stage, alice = untold(role="moderator")
    stage.run("1min")
    stage.act(alice, lambda: alice.session.force_disconnect("bob#1"))
    stage.act(alice, lambda: alice.session.signal(data="x"))
    (outage,) = [r.number for r in stage.told() if r.name == "sessionReconnecting"]
    failed = [r for r in stage.records if r.kind == "callback" and not r.data["ok"]][-2:]
    assert [(r.name, r.cause) for r in failed] == [
        ("forceDisconnect", outage),
        ("signal", outage),
    ]


def test_a_destroyed_publisher_swallows_the_end_as_well():
    stage, alice = lone(profile=SHIPPED)
    stage.platform.answers["create stream"] = [None]
    publisher = publishing(stage, alice)
    stage.run("1s")
    stage.act(alice, publisher.destroy)
    stage.run("1s")
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story(since=at) == []
    assert alice.session.state == "disconnecting"


def test_an_unpublished_publisher_does_not():
    stage, alice = lone(profile=SHIPPED)
    stage.platform.answers["create stream"] = [None]
    publisher = publishing(stage, alice)
    stage.run("1s")
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.run("1s")
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story(since=at) == ["sessionDisconnected clientDisconnected", "disconnect ok"]


def test_it_can_be_copied():
    stage, alice = untold()
    stage.run("1min")
    saved = alice.snapshot()
    alice.restore(saved)
    assert alice.snapshot() == saved
    assert alice.canonical(stage.now) == alice.canonical(stage.now)
    at = stage.now
    stage.act(alice, lambda: alice.session.signal(data="x"))
    assert stage.story(since=at) == ["signal failed OT_NOT_CONNECTED 500"]


# -- destroyed, spoilt, kept -----------------------------------------------------------------------


def test_a_publisher_destroyed_while_asked_for_is_answered_with_the_request():
    stage, alice = lone(profile=SHIPPED)
    stage.platform.answers["create stream"] = [None]
    publisher = publishing(stage, alice)
    stage.run("1s")
    at = stage.now
    stage.act(alice, publisher.destroy)
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    answer = Status(stage.platform.requests[-1].txn, 200, {}, None)
    alice.receive(stage.dials[-1][1].attempt, answer, stage.now, None)
    stage.run("1min")
    assert stage.story(since=at) == gone("reset", ERROR)
    assert list(alice.session.streams) == ["alice#1.1"]


def test_publishing_what_is_destroyed_is_never_answered():
    stage, alice = lone(profile=SHIPPED)
    publisher = stage.act(alice, alice.init_publisher)
    stage.act(alice, publisher.destroy)
    stage.run("1s")
    at = stage.now
    assert stage.act(alice, lambda: alice.session.publish(publisher)) is publisher
    stage.run("1min")
    assert stage.story(since=at) == []


def spoilt(**options: Any) -> tuple[Stage, Client, list[str]]:
    stage, alice = lone(**options)
    publisher = publishing(stage, alice, keeps=True)
    unpublish(stage, alice, publisher)
    stage.run("1s")
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1min")
    return stage, alice, stage.story(since=at)


def test_a_publisher_kept_before_its_camera_may_be_published():
    _, _, story = spoilt()
    assert story == ["publisher: streamCreated alice#1.2", "publish ok"]


def test_in_the_shipped_client_others_see_it_and_it_does_not():
    stage, alice, story = spoilt(profile=SHIPPED)
    assert story == LATE
    assert stage.requests()[-2:] == ["create stream alice#1.2", "delete stream alice#1.2"]
    assert alice.session.streams == {}


def test_a_publisher_kept_twice_is_destroyed_by_unpublishing_without_its_end_being_told():
    stage, alice = lone(profile=SHIPPED)
    publisher = publishing(stage, alice, keeps=True)
    stage.run("1s")
    for _ in range(2):
        stage.act(alice, alice.session.disconnect)
        stage.run("1s")
        stage.act(alice, alice.session.connect)
        stage.run("1s")
        at = stage.now
        stage.act(alice, lambda: alice.session.unpublish(publisher))
        seen = stage.story(since=at)
        stage.act(alice, lambda: alice.session.publish(publisher))
        stage.run("1s")
    assert seen == ["publisher: destroyed"]


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("profile", ["documented", SHIPPED])
def test_unpublishing_in_the_listener_of_stream_created(keeps, profile):
    stage, alice = lone(profile=profile)
    publisher = publishing(stage, alice, keeps)
    publisher.on("streamCreated", lambda _: alice.session.unpublish(publisher))
    at = stage.now
    stage.run("1s")
    told = [] if profile == SHIPPED else [CANCEL]
    ends = ["publish ok"] if keeps else ["publisher: destroyed", *told]
    assert stage.story(since=at) == [
        "publisher: streamCreated alice#1.1",
        "publisher: streamDestroyed alice#1.1 unpublished",
        *ends,
    ]
