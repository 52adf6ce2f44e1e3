"""Publishing, unpublishing, subscribing, toggling."""

import pytest
from platform_stage import Stage

from sim.protocol.units import HOUR


def test_everybody_hears_of_a_new_stream_its_publisher_included_after_the_answer() -> None:
    stage = Stage()
    alice, bob = stage.join("alice"), stage.join("bob", "subscriber")
    stage.forget_talk()
    stage.ask(
        alice, "create", "stream", 77, id="alice#1.1", name="desk", hasAudio=True, hasVideo=False
    )
    notice = {
        "id": "alice#1.1",
        "connection": "alice#1",
        "client": "alice",
        "name": "desk",
        "hasAudio": True,
        "hasVideo": False,
    }
    assert alice.story() == ["200", "created stream alice#1.1"]
    assert bob.told("created", "stream") == [notice] == alice.told("created", "stream")
    number, *rest = stage.record("published")
    data = {"connection": "alice#1", "stream": "alice#1.1"}
    assert rest == ["alice", "platform", "state", "published", data, 77]
    assert {frame.cause for frame in alice.heard + bob.heard} == {number}


def test_a_subscriber_may_not_publish() -> None:
    stage = Stage()
    bob = stage.join("bob", "subscriber")
    number = stage.ask(bob, "create", "stream", 77, id="bob#1.1")
    assert stage.status(bob, number) == 403
    data = {"command": "publish", "status": 403, "by": "bob#1"}
    assert stage.record("refused")[1:] == ("bob", "platform", "decision", "refused", data, 77)
    assert bob.statuses[number].cause == stage.record("refused")[0]
    assert stage.platform.streams() == {}


def test_the_limit_of_streams_holds() -> None:
    stage = Stage(stream_limit=1)
    alice = stage.join("alice")
    first = stage.publish(alice, 1)
    stage.publish(alice, 2)
    assert alice.statuses[3].status == 409
    assert alice.statuses[3].content == {"reason": "streamLimitExceeded"}
    assert stage.platform.streams() == {first: "alice#1"}


def test_a_streams_name_is_used_once() -> None:
    stage = Stage()
    alice = stage.join("alice")
    for _ in range(2):
        stage.publish(alice)
    stage.ask(alice, "delete", "stream", id="alice#1.1")
    stage.publish(alice)
    assert [alice.statuses[number].status for number in (2, 3, 4, 5)] == [200, 409, 200, 409]


@pytest.mark.parametrize("echo", [True, False])
def test_unpublishing_is_told_to_the_others_and_by_choice_to_oneself(echo) -> None:
    stage = Stage(unpublish_echo=echo, leave_reason="bye")
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.publish(alice)
    stage.forget_talk()
    stage.ask(alice, "delete", "stream", 77, id="alice#1.1")
    assert alice.story() == (["200", "deleted stream alice#1.1"] if echo else ["200"])
    assert bob.told("deleted", "stream") == [
        {"id": "alice#1.1", "connection": "alice#1", "reason": "bye"}
    ]
    data = {"connection": "alice#1", "stream": "alice#1.1", "reason": "bye"}
    assert stage.record("unpublished")[4:] == ("unpublished", data, 77)
    assert not stage.names("decision")


def test_deleting_once_more_what_one_has_lost_is_no_wish_to_moderate() -> None:
    stage = Stage()
    mod, bob = stage.join("mod", "moderator"), stage.join("bob")
    stage.publish(bob)
    stage.ask(mod, "delete", "stream", id="bob#1.1")
    number = stage.ask(bob, "delete", "stream", id="bob#1.1")
    assert stage.status(bob, number) == 404
    assert [name for _, name, _ in stage.names("decision")] == ["accepted"]


def test_subscribing_takes_a_stream_and_the_capability() -> None:
    stage = Stage()
    alice, mute = stage.join("alice"), stage.join("mute", "publisheronly")
    stream = stage.publish(alice)
    wishes = [(alice, stream), (alice, "nostream"), (mute, stream)]
    numbers = [
        (person, stage.ask(person, "create", "subscriber", id="sub1", stream=name))
        for person, name in wishes
    ]
    assert [stage.status(*one) for one in numbers] == [200, 404, 403]
    assert [data for _, name, data in stage.names("decision")] == [
        {"command": "subscribe", "status": 404, "by": "alice#1"},
        {"command": "subscribe", "status": 403, "by": "mute#1"},
    ]


def test_the_limit_of_subscriptions_counts_those_alive() -> None:
    stage = Stage(subscription_limit=1)
    alice = stage.join("alice")
    first, second = stage.publish(alice, 1), stage.publish(alice, 2)

    def subscribe(stream: str) -> int:
        return stage.status(alice, stage.ask(alice, "create", "subscriber", id="s", stream=stream))

    def unsubscribe(stream: str) -> int:
        return stage.status(alice, stage.ask(alice, "delete", "subscriber", id="s", stream=stream))

    assert [subscribe(first), subscribe(second)] == [200, 409]
    assert alice.statuses[alice.number].content["reason"] == "streamLimitExceeded"
    assert [unsubscribe(first), unsubscribe(first), subscribe(second)] == [200, 404, 200]
    stage.ask(alice, "delete", "stream", id=second)
    assert [unsubscribe(second), subscribe(first)] == [404, 200]


def test_having_subscribed_is_having_used_media() -> None:
    stage = Stage(media_idle=HOUR, detection=3 * HOUR)
    alice = stage.join("alice")
    viewer = stage.join("viewer", "subscriber")
    stage.publish(alice)
    stage.ask(viewer, "create", "subscriber", id="sub1", stream="nostream")
    stage.wait(HOUR)
    assert viewer.ended == "mediaIdle"
    assert alice.ended is None


def test_toggling_is_told_to_everybody_else() -> None:
    stage = Stage()
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.publish(alice)
    stage.forget_talk()
    wish = {"stream": "alice#1.1", "channel": "audio1", "active": False}
    stage.ask(alice, "update", "channel", 77, **wish)
    assert alice.story() == ["200"]
    assert bob.told("updated", "channel") == [wish]
    assert bob.heard[0].cause == 77


def test_only_ones_own_channels_can_be_toggled() -> None:
    stage = Stage()
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.publish(alice)
    wish = {"stream": "alice#1.1", "channel": "video1", "active": False}
    number = stage.ask(bob, "update", "channel", **wish)
    assert stage.status(bob, number) == 404
    number = stage.ask(alice, "update", "channel", **(wish | {"channel": "smell1"}))
    assert stage.status(alice, number) == 404
    assert not bob.told("updated", "channel")
    assert not stage.names("decision")
