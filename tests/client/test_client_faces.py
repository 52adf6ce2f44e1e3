"""What apps see of the client is what they may call or read, and nothing else."""

from __future__ import annotations

import pytest
from openings import meeting

TARGET = {"kind", "label", "off", "on", "once"}
PUBLISHER = TARGET | {
    *("destroy", "has_audio", "has_video", "is_alive", "publish_audio", "publish_video"),
    *("state", "stream"),
}
SUBSCRIBER = TARGET | {"is_alive", "state", "stream"}
SESSION = TARGET | {
    *("capabilities", "connect", "connection", "connections", "disable_force_mute", "disconnect"),
    *("force_disconnect", "force_mute_all", "force_mute_stream", "force_unpublish"),
    *("get_publisher_for_stream", "get_subscribers_for_stream", "is_connected", "publish"),
    *("publishers", "signal", "state", "streams", "subscribe", "subscribers", "unpublish"),
    "unsubscribe",
}


@pytest.fixture
def objects():
    """What an app holds on to: a Session, its Publisher, its Subscriber."""
    _, alice, publisher, subscriber = meeting()
    return alice.session, publisher, subscriber


@pytest.mark.parametrize(("place", "names"), list(enumerate((SESSION, PUBLISHER, SUBSCRIBER))))
def test_an_app_sees_what_it_may_call_or_read(objects, place, names):
    assert {name for name in dir(objects[place]) if not name.startswith("_")} == names


def test_wherever_an_app_gets_an_object_it_is_the_same(objects):
    session, publisher, subscriber = objects
    assert session.publishers == (publisher,)
    assert session.subscribers == (subscriber,)
    assert session.get_publisher_for_stream(publisher.stream) is publisher
    assert session.get_subscribers_for_stream(subscriber.stream) == [subscriber]


def test_what_an_app_is_told_of_is_the_object_that_it_knows():
    stage, alice, publisher, subscriber = meeting()
    told = []
    publisher.on("streamDestroyed", lambda event: told.append(event.target))
    subscriber.on("destroyed", lambda event: told.append(event.target))
    stage.act(alice, publisher.destroy)
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    assert told == [publisher, subscriber]
    assert (publisher.is_alive, publisher.state, subscriber.is_alive) == (False, "Destroyed", False)


def test_sound_and_picture_are_read_as_they_were_switched():
    stage, alice, publisher, _ = meeting()
    stage.act(alice, lambda: publisher.publish_audio(False))
    assert (publisher.has_audio, publisher.has_video) == (False, True)
    stage.act(alice, lambda: publisher.publish_video(False))
    assert (publisher.has_audio, publisher.has_video) == (False, False)
