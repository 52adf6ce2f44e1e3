"""The calls that a case may drive, by the name that their label begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sim.client.faces import Publisher
from sim.client.session import Session
from sim.conform.app import RecordedApp
from sim.conform.arguments import (
    addressee,
    connection_of,
    literal,
    option,
    stream_of,
    target,
)
from sim.conform.case import CaseStep
from sim.conform.labels import person_of, session_of

Drive = Callable[[RecordedApp, CaseStep], object]

SCRIPT: Final = "script"


def _session(who: RecordedApp, label: str) -> Session:
    """The Session that a label is about: the page's, or one that it makes itself."""
    made = session_of(label)
    return who.session if made is None else who.client.init_session(*made)


def _args(step: CaseStep) -> Mapping[str, Any]:
    return step.args or {}


# -- the page --------------------------------------------------------------------------------------


def _connect(who: RecordedApp, step: CaseStep) -> None:
    _session(who, step.do or "").connect(None, SCRIPT)


def _disconnect(who: RecordedApp, step: CaseStep) -> None:
    who.session.disconnect(SCRIPT)


# -- publishing ------------------------------------------------------------------------------------


def _publish(who: RecordedApp, step: CaseStep) -> None:
    args = _args(step)
    publisher: Any
    if "value" in args:
        publisher = literal(args["value"])
    else:
        publisher = _chosen(who, args.get("publisher")) or who.participant.new_publisher()
    who.session.publish(publisher, None, SCRIPT)


def _chosen(who: RecordedApp, said: Any) -> Publisher | None:
    """The Publisher that is meant: by its place, by its name, or else the one made last.

    Destroyed or not: an app may hold on to it.
    """
    made = who.publishers
    if said is None or said == "a new one" or not made:
        return None
    if isinstance(said, int):
        return made[said] if said < len(made) else None
    return next((publisher for publisher in made if publisher.label == said), made[-1])


def _init_publisher(who: RecordedApp, step: CaseStep) -> None:
    who.participant.new_publisher()


def _unpublish(who: RecordedApp, step: CaseStep) -> None:
    args = _args(step)
    if "value" in args:
        publisher = literal(args["value"])
    elif step.args is None or "publisher" in args:
        publisher = _chosen(who, args.get("publisher", "the same as before"))
    else:
        publisher = None  # unpublish(), said with empty arguments
    who.session.unpublish(publisher, SCRIPT)


def _of_publisher(act: Callable[[Publisher, CaseStep], object]) -> Drive:
    """A call of a Publisher: the one that the arguments choose, or the one made last."""

    def drive(who: RecordedApp, step: CaseStep) -> None:
        publisher = _chosen(who, _args(step).get("publisher", "the same as before"))
        if publisher is not None:
            act(publisher, step)

    return drive


def _is_on(step: CaseStep) -> bool:
    return bool(_args(step).get("value", "false" not in (step.do or "")))


# -- subscribing -----------------------------------------------------------------------------------


def _subscribe(who: RecordedApp, step: CaseStep) -> None:
    args = _args(step)
    if "value" in args:
        stream: Any = literal(args["value"])
    else:
        name = args.get("stream_of") or person_of(step.do or "") or step.target
        stream = stream_of(who, str(name))
    who.session.subscribe(stream, None, SCRIPT)


def _unsubscribe(who: RecordedApp, step: CaseStep) -> None:
    args = _args(step)
    if "value" in args:
        subscriber: Any = literal(args["value"])
    else:
        subscriber = _made(who, step)
    who.session.unsubscribe(subscriber, SCRIPT)


def _made(who: RecordedApp, step: CaseStep) -> Any:
    """One of the page's Subscribers, destroyed or not: the n-th, or the one that is named."""
    made, person = who.subscribers, person_of(step.do or "")
    if person is not None and "subscriber" not in _args(step):
        theirs = [each for each in made if each.stream.connection.client == person]
        return theirs[-1] if theirs else None
    index = _args(step).get("subscriber", 0)
    return made[index] if index < len(made) else None


# -- signals and commands --------------------------------------------------------------------------


def _signal(who: RecordedApp, step: CaseStep) -> None:
    args = _args(step)
    who.session.signal(
        option(args, "type"),
        option(args, "data"),
        addressee(who, args),
        option(args, "retry_after_reconnect"),
        None,
        SCRIPT,
    )


def _force_disconnect(who: RecordedApp, step: CaseStep) -> None:
    who.session.force_disconnect(_about(who, step, connection_of), None, SCRIPT)


def _force_unpublish(who: RecordedApp, step: CaseStep) -> None:
    who.session.force_unpublish(_about(who, step, stream_of), None, SCRIPT)


def _force_mute_stream(who: RecordedApp, step: CaseStep) -> None:
    who.session.force_mute_stream(_about(who, step, stream_of), SCRIPT)


def _about(who: RecordedApp, step: CaseStep, find: Callable[[RecordedApp, str], Any]) -> Any:
    if step.target is not None:
        return find(who, step.target)
    return target(who, _args(step))


def _force_mute_all(who: RecordedApp, step: CaseStep) -> None:
    args = _args(step)
    who.session.force_mute_all(literal(args["value"]) if "value" in args else (), SCRIPT)


def _disable_force_mute(who: RecordedApp, step: CaseStep) -> None:
    who.session.disable_force_mute(SCRIPT)


CALLS: Final[dict[str, Drive]] = {
    "connect": _connect,
    "disconnect": _disconnect,
    "initPublisher": _init_publisher,
    "publish": _publish,
    "unpublish": _unpublish,
    "destroy": _of_publisher(lambda publisher, _: publisher.destroy()),
    "publishAudio": _of_publisher(lambda publisher, step: publisher.publish_audio(_is_on(step))),
    "publishVideo": _of_publisher(lambda publisher, step: publisher.publish_video(_is_on(step))),
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "signal": _signal,
    "forceDisconnect": _force_disconnect,
    "forceUnpublish": _force_unpublish,
    "forceMuteStream": _force_mute_stream,
    "forceMuteAll": _force_mute_all,
    "disableForceMute": _disable_force_mute,
}
"""What an app does in its page, inside a task of the client."""

ON_PAGE: Final[dict[str, Callable[[RecordedApp], object]]] = {
    "closeBrowser": lambda who: who.participant.close_browser(SCRIPT),
    "crash": lambda who: who.participant.crash(),
}
"""What is done to the page from outside."""

THROWN: Final = {TypeError: "TypeError", ValueError: "Error"}
"""Python's exceptions and the JavaScript errors that they stand for."""

BOTH: Final = ("signal", "forceDisconnect", "forceUnpublish")
"""Calls that end in a callback and a promise; the recordings list both."""
