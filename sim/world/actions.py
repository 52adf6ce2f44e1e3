"""What a script or a reaction can make an app do: one function per word of the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from sim.client.signals import ABSENT

if TYPE_CHECKING:
    from sim.client.faces import Publisher
    from sim.client.membership import Membership
    from sim.client.session import Session


class Actor(Protocol):
    """Who does it: an app and the machine that it runs on."""

    @property
    def membership(self) -> Membership: ...

    @property
    def publisher(self) -> Publisher | None: ...

    def connect(self, by: str) -> object: ...

    def publish(self, by: str) -> object: ...

    def close_browser(self, by: str, cause: int | None) -> object: ...

    def crash(self, cause: int | None) -> object: ...

    def later(self, action: Callable[[int | None], object]) -> object: ...


class Arguments(Protocol):
    """The further keys of a step or a reaction; None where one was not given."""

    @property
    def target(self) -> str | None: ...

    @property
    def to(self) -> str | None: ...

    @property
    def type(self) -> str | None: ...

    @property
    def data(self) -> str | None: ...

    @property
    def retry_after_reconnect(self) -> bool | None: ...


Action = Callable[[Actor, "Session", Arguments, str], object]
"""Called inside a task of the client; the text says who asked for it."""


def _connect(who: Actor, session: Session, _: Arguments, by: str) -> None:
    who.connect(by)


def _disconnect(who: Actor, session: Session, _: Arguments, by: str) -> None:
    session.disconnect(by)


def _publish(who: Actor, session: Session, _: Arguments, by: str) -> None:
    who.publish(by)


def _unpublish(who: Actor, session: Session, _: Arguments, by: str) -> None:
    session.unpublish(who.publisher, by)


def _destroy(who: Actor, session: Session, _: Arguments, by: str) -> None:
    if who.publisher is not None:
        who.publisher.destroy()


def _subscribe(who: Actor, session: Session, with_: Arguments, by: str) -> None:
    session.subscribe(_stream_of(session, with_.target), None, by)


def _unsubscribe(who: Actor, session: Session, with_: Arguments, by: str) -> None:
    for subscriber in session.subscribers:
        if subscriber.stream.connection.client == with_.target:
            session.unsubscribe(subscriber, by)


def _signal(who: Actor, session: Session, with_: Arguments, by: str) -> None:
    to = ABSENT if with_.to is None else _connection_of(session, with_.to)
    session.signal(
        _given(with_.type), _given(with_.data), to, _given(with_.retry_after_reconnect), None, by
    )


def _force_disconnect(who: Actor, session: Session, with_: Arguments, by: str) -> None:
    session.force_disconnect(_connection_of(session, with_.target) or with_.target, None, by)


def _force_unpublish(who: Actor, session: Session, with_: Arguments, by: str) -> None:
    session.force_unpublish(_stream_of(session, with_.target) or with_.target, None, by)


def _force_mute_stream(who: Actor, session: Session, with_: Arguments, by: str) -> None:
    session.force_mute_stream(_stream_of(session, with_.target) or with_.target, by)


def _force_mute_all(who: Actor, session: Session, _: Arguments, by: str) -> None:
    session.force_mute_all(by=by)


def _disable_force_mute(who: Actor, session: Session, _: Arguments, by: str) -> None:
    session.disable_force_mute(by)


def _audio(active: bool) -> Action:
    def act(who: Actor, session: Session, _: Arguments, by: str) -> None:
        if who.publisher is not None:
            who.publisher.publish_audio(active)

    return act


def _video(active: bool) -> Action:
    def act(who: Actor, session: Session, _: Arguments, by: str) -> None:
        if who.publisher is not None:
            who.publisher.publish_video(active)

    return act


def _close_browser(who: Actor, session: Session, _: Arguments, by: str) -> None:
    who.later(lambda cause: who.close_browser(by, cause))


def _crash(who: Actor, session: Session, _: Arguments, by: str) -> None:
    who.later(who.crash)


ACTIONS: Final[dict[str, Action]] = {
    "connect": _connect,
    "disconnect": _disconnect,
    "publish": _publish,
    "unpublish": _unpublish,
    "destroy": _destroy,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "signal": _signal,
    "force-disconnect": _force_disconnect,
    "force-unpublish": _force_unpublish,
    "force-mute-stream": _force_mute_stream,
    "force-mute-all": _force_mute_all,
    "disable-force-mute": _disable_force_mute,
    "mute-audio": _audio(False),
    "unmute-audio": _audio(True),
    "mute-video": _video(False),
    "unmute-video": _video(True),
    "close-browser": _close_browser,
    "crash": _crash,
}


def _given(value: Any) -> Any:
    return ABSENT if value is None else value


def _connection_of(session: Session, person: str | None) -> Any:
    """The person's connection that the session knows last, or None."""
    known = [c for c in session.connections.values() if c.client == person]
    return known[-1] if known else None


def _stream_of(session: Session, person: str | None) -> Any:
    """The person's stream that the session knows last, or None."""
    known = [s for s in session.streams.values() if s.connection.client == person]
    return known[-1] if known else None
